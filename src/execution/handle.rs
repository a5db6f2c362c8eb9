//! An execution as a handle: what people do with it, in a call each.
//!
//! Everything here goes through the generated builders and names only what all versions of the
//! document have; build.rs leaves out the helpers whose operations a document lacks.

#[cfg(any(helper = "files", helper = "recording"))]
use openapi_lower_runtime::Download;
use openapi_lower_runtime::{Error, ErrorKind, poll::PollError, uuid::Uuid};

use crate::{
    client::Client,
    generated::{operations, types},
};

/// An execution of an agent, by its id: a cheap handle, whether or not there is such an execution.
///
/// [`Client::run`] starts one; [`Client::execution`] is for one that was started.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use asteroid_agents::WaitOutcome;
///
/// let execution = client.execution("6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01".parse::<uuid::Uuid>()?);
/// match execution.wait().await? {
///     WaitOutcome::Finished(state) => println!("{}: {:?}", state.status, state.execution_result),
///     WaitOutcome::ActionRequired(state) => println!("{}: it waits for you", state.status),
///     _ => {}
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Execution {
    client: Client,
    id: Uuid,
}

impl Client {
    /// The execution of this id. Nothing is sent.
    pub fn execution(&self, id: impl Into<Uuid>) -> Execution {
        Execution { client: self.clone(), id: id.into() }
    }
}

impl Execution {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// What is known of it now.
    pub fn get(&self) -> operations::ExecutionGet {
        self.client.execution_get().execution_id(self.id)
    }

    /// The last of its activities, the newest first.
    #[cfg(helper = "activities")]
    pub fn last_activities(&self, count: u32) -> operations::ExecutionActivitiesGet {
        let call = self.client.execution_activities_get().execution_id(self.id);
        // As the narrowest type that a version of the document gives it.
        call.order("desc").limit(i32::try_from(count).unwrap_or(i32::MAX))
    }

    /// Says something to it.
    #[cfg(helper = "messages")]
    pub fn message(&self, text: impl Into<String>) -> operations::ExecutionUserMessagesAdd {
        let body = types::UserMessagesAddTextBody::new(text);
        self.client.execution_user_messages_add().execution_id(self.id).body(body)
    }

    /// Asks for another status.
    #[cfg(helper = "status")]
    pub fn set_status(
        &self,
        status: impl Into<types::UpdateableStatus>,
    ) -> operations::ExecutionStatusUpdate {
        let body = types::UpdateExecutionStatusRequest::new(status);
        self.client.execution_status_update().execution_id(self.id).body(body)
    }

    /// Asks it to end.
    #[cfg(helper = "status")]
    pub fn cancel(&self) -> operations::ExecutionStatusUpdate {
        self.set_status("cancelled")
    }

    /// Asks it to hold on.
    #[cfg(helper = "status")]
    pub fn pause(&self) -> operations::ExecutionStatusUpdate {
        self.set_status("paused")
    }

    /// Asks it to go on.
    #[cfg(helper = "status")]
    pub fn resume(&self) -> operations::ExecutionStatusUpdate {
        self.set_status("running")
    }

    /// The files that it has and made, by directory.
    #[cfg(helper = "files")]
    pub fn files(&self) -> operations::ExecutionFilesGet {
        self.client.execution_files_get().execution_id(self.id)
    }

    /// Gives it files to work with.
    #[cfg(helper = "files")]
    pub fn upload(
        &self,
        files: impl IntoIterator<Item = impl Into<openapi_lower_runtime::Part>>,
    ) -> operations::ExecutionContextFilesUpload {
        self.client.execution_context_files_upload().execution_id(self.id).files(files)
    }

    /// Downloads one of [`Self::files`], by its id. Where it is, is asked for first.
    #[cfg(helper = "files")]
    pub fn download(&self, file_id: impl Into<String>) -> Download {
        let url = self.client.execution_file_download_redirect();
        self.client.runtime().download_from(url.execution_id(self.id).file_id(file_id).send())
    }

    /// Downloads the recording of its browser. Where it is, is asked for first.
    #[cfg(helper = "recording")]
    pub fn recording(&self) -> Download {
        let url = self.client.execution_recording_redirect();
        self.client.runtime().download_from(url.execution_id(self.id).send())
    }

    /// An error about this execution, whatever it was asked for.
    pub(super) fn failed(&self, error: Error) -> Error {
        error.with_context(format_args!("execution {}", self.id))
    }

    /// Why nothing is asked any more.
    pub(super) fn stopped(
        &self,
        stop: PollError,
        status: Option<&types::ExecutionStatus>,
    ) -> Error {
        self.failed(match (stop, status) {
            (PollError::Request(error), _) => error,
            (_, Some(status)) => {
                let message = format!("the deadline passed; it was `{status}` when last seen");
                Error::new(ErrorKind::Timeout, message)
            }
            (_, None) => Error::new(ErrorKind::Timeout, "the deadline passed"),
        })
    }
}
