//! Handles to executions: the calls that concern one execution, without its id as a parameter.
//!
//! The methods use only generated items that `spec/helpers.toml` lists. build.rs disables a helper
//! (`cfg(helper = "…")`) if the document lacks one of its items. They call operations by
//! `helper_operations`, where none is deprecated.

use std::sync::Arc;

#[cfg(any(helper = "files", helper = "recording"))]
use openapi_lower_runtime::Download;
#[cfg(any(helper = "run", helper = "rerun"))]
use openapi_lower_runtime::uuid::Uuid;
use openapi_lower_runtime::{Error, ErrorKind, poll::PollError};

use crate::{
    client::Client,
    generated::{helper_operations, operations, types},
};

/// A handle to one execution of a workflow or an agent.
///
/// [`Client::run`] starts an execution; [`Client::execution`] makes a handle from an id. A handle
/// is cheap to clone and holds only the client and the id: an execution with that id need not
/// exist. Methods return builders of operations, which send nothing before they are awaited.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use asteroid_agents::WaitOutcome;
///
/// let execution = client.execution("6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01");
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
    id: Arc<str>,
}

impl Client {
    /// Returns a handle to the execution with this id: a `Uuid`, or its text. Nothing is sent.
    ///
    /// If a text isn't a UUID, each call fails before anything is sent, with an error of kind
    /// [`Request`](crate::ErrorKind::Request) that names the parameter.
    #[cfg_attr(docsrs, doc(cfg(feature = "execution")))]
    pub fn execution(&self, id: impl Into<String>) -> Execution {
        Execution { client: self.clone(), id: id.into().into() }
    }
}

impl Execution {
    /// Returns the client.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Returns the id of the execution: the text of a UUID, or else the text that
    /// [`Client::execution`] was called with.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Requests the current state of the execution: its status, its result and more.
    pub fn get(&self) -> operations::ExecutionGet {
        helper_operations::execution_get(&self.client).execution_id(self.id())
    }

    /// Requests the newest `count` activities, newest first. The API may return fewer.
    #[cfg(helper = "activities")]
    pub fn last_activities(&self, count: u32) -> operations::ExecutionActivitiesGet {
        let call =
            helper_operations::execution_activities_get(&self.client).execution_id(self.id());
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
        helper_operations::execution_user_messages_add(&self.client)
            .execution_id(self.id())
            .body(body)
    }

    /// Requests the list of the execution's files, by directory.
    #[cfg(helper = "files")]
    #[cfg_attr(docsrs, doc(cfg(feature = "files")))]
    pub fn files(&self) -> operations::ExecutionFilesGet {
        helper_operations::execution_files_get(&self.client).execution_id(self.id())
    }

    /// Uploads files for the execution to work with.
    #[cfg(helper = "files")]
    #[cfg_attr(docsrs, doc(cfg(feature = "files")))]
    pub fn upload(
        &self,
        files: impl IntoIterator<Item = impl Into<openapi_lower_runtime::Part>>,
    ) -> operations::ExecutionContextFilesUpload {
        helper_operations::execution_context_files_upload(&self.client)
            .execution_id(self.id())
            .files(files)
    }

    /// Downloads one of the execution's [`files`](Self::files), by the file's id.
    ///
    /// The URL is requested from the API first; the file is then read without the API key.
    #[cfg(helper = "files")]
    #[cfg_attr(docsrs, doc(cfg(feature = "files")))]
    pub fn download(&self, file_id: impl Into<String>) -> Download {
        let url = helper_operations::execution_file_download_redirect(&self.client);
        self.client.runtime().download_from(url.execution_id(self.id()).file_id(file_id).send())
    }

    /// Downloads the recording of the execution's browser.
    ///
    /// The URL is requested from the API first; the file is then read without the API key.
    #[cfg(helper = "recording")]
    pub fn recording(&self) -> Download {
        let url = helper_operations::execution_recording_redirect(&self.client);
        self.client.runtime().download_from(url.execution_id(self.id()).send())
    }

    /// Returns a handle to an execution that was started, by the id in the response: a UUID, though
    /// not all operations declare it as one.
    #[cfg(any(helper = "run", helper = "rerun"))]
    pub(crate) fn started(client: &Client, id: &impl ToString) -> Result<Self, Error> {
        let id = id.to_string();
        match Uuid::try_parse(&id) {
            Ok(id) => Ok(client.execution(id)),
            Err(error) => {
                let message = format!("the id `{id}` of the started execution: {error}");
                Err(Error::new(ErrorKind::Decode, message))
            }
        }
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
