//! Handles to executions: the calls that concern one execution, without its id as a parameter.
//!
//! The methods use only generated items that `spec/helpers.toml` lists. build.rs disables a helper
//! (`cfg(helper = "…")`) if the document lacks one of its items.

#[cfg(any(helper = "files", helper = "recording"))]
use openapi_lower_runtime::Download;
use openapi_lower_runtime::{Error, ErrorKind, poll::PollError, uuid::Uuid};

use crate::{
    client::Client,
    generated::{operations, types},
};

/// A handle to one execution of an agent.
///
/// [`Client::run`] starts an execution; [`Client::execution`] makes a handle from an id. A handle
/// is cheap to clone and holds only the client and the id: an execution with that id need not
/// exist. Methods return builders of operations, which send nothing before they are awaited.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use asteroid_agents::{WaitOutcome, uuid::Uuid};
///
/// let id: Uuid = "6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01".parse()?;
/// let execution = client.execution(id);
/// match execution.wait().await? {
///     WaitOutcome::Finished(state) => println!("{}: {:?}", state.status, state.execution_result),
///     WaitOutcome::ActionRequired(state) => println!("{}: action required", state.status),
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
    /// Returns a handle to the execution with this id. Nothing is sent.
    pub fn execution(&self, id: impl Into<Uuid>) -> Execution {
        Execution { client: self.clone(), id: id.into() }
    }
}

impl Execution {
    /// Returns the id of the execution.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// Requests the current state of the execution: its status, its result and more.
    pub fn get(&self) -> operations::ExecutionGet {
        self.client.execution_get().execution_id(self.id)
    }

    /// Requests the newest `count` activities, newest first. The API may return fewer.
    #[cfg(helper = "activities")]
    pub fn last_activities(&self, count: u32) -> operations::ExecutionActivitiesGet {
        let call = self.client.execution_activities_get().execution_id(self.id);
        // i32 is the narrowest type that any version of the document declares for `limit`.
        call.order("desc").limit(i32::try_from(count).unwrap_or(i32::MAX))
    }

    /// Requests the first `count` activities, oldest first.
    #[cfg(helper = "activities")]
    pub(super) fn first_activities(&self, count: u32) -> operations::ExecutionActivitiesGet {
        self.last_activities(count).order("asc")
    }

    /// Sends a user message to the execution.
    #[cfg(helper = "messages")]
    pub fn message(&self, text: impl Into<String>) -> operations::ExecutionUserMessagesAdd {
        let body = types::UserMessagesAddTextBody::new(text);
        self.client.execution_user_messages_add().execution_id(self.id).body(body)
    }

    /// Requests a change of the status.
    #[cfg(helper = "status")]
    pub fn set_status(
        &self,
        status: impl Into<types::UpdateableStatus>,
    ) -> operations::ExecutionStatusUpdate {
        let body = types::UpdateExecutionStatusRequest::new(status);
        self.client.execution_status_update().execution_id(self.id).body(body)
    }

    /// Cancels the execution: requests the status `cancelled`.
    #[cfg(helper = "status")]
    pub fn cancel(&self) -> operations::ExecutionStatusUpdate {
        self.set_status("cancelled")
    }

    /// Pauses the execution: requests the status `paused`.
    #[cfg(helper = "status")]
    pub fn pause(&self) -> operations::ExecutionStatusUpdate {
        self.set_status("paused")
    }

    /// Resumes the execution: requests the status `running`.
    #[cfg(helper = "status")]
    pub fn resume(&self) -> operations::ExecutionStatusUpdate {
        self.set_status("running")
    }

    /// Requests the list of the execution's files, by directory.
    #[cfg(helper = "files")]
    pub fn files(&self) -> operations::ExecutionFilesGet {
        self.client.execution_files_get().execution_id(self.id)
    }

    /// Uploads files for the execution to work with.
    #[cfg(helper = "files")]
    pub fn upload(
        &self,
        files: impl IntoIterator<Item = impl Into<openapi_lower_runtime::Part>>,
    ) -> operations::ExecutionContextFilesUpload {
        self.client.execution_context_files_upload().execution_id(self.id).files(files)
    }

    /// Downloads one of the execution's [`files`](Self::files), by the file's id.
    ///
    /// The URL is requested from the API first; the file is then read without the API key.
    #[cfg(helper = "files")]
    pub fn download(&self, file_id: impl Into<String>) -> Download {
        let url = self.client.execution_file_download_redirect();
        self.client.runtime().download_from(url.execution_id(self.id).file_id(file_id).send())
    }

    /// Downloads the recording of the execution's browser.
    ///
    /// The URL is requested from the API first; the file is then read without the API key.
    #[cfg(helper = "recording")]
    pub fn recording(&self) -> Download {
        let url = self.client.execution_recording_redirect();
        self.client.runtime().download_from(url.execution_id(self.id).send())
    }

    /// Adds the execution's id to the message of an error.
    pub(super) fn with_context(&self, error: Error) -> Error {
        error.with_context(format_args!("execution {}", self.id))
    }

    /// Converts an error of polling; `last_status` is the last polled status, if any.
    pub(super) fn poll_error(
        &self,
        error: PollError,
        last_status: Option<&types::ExecutionStatus>,
    ) -> Error {
        self.with_context(match (error, last_status) {
            (PollError::Request(error), _) => error,
            (_, Some(status)) => {
                let message = format!("the deadline passed; the last status was `{status}`");
                Error::new(ErrorKind::Timeout, message)
            }
            (_, None) => Error::new(ErrorKind::Timeout, "the deadline passed"),
        })
    }
}
