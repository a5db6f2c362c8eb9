//! The target of a run, by the alternatives in `spec/helpers.toml`.

use openapi_lower_runtime::Error;

#[cfg(helper = "run_files")]
use crate::generated::types::TempFile;
use crate::{
    client::Client,
    execution::Execution,
    generated::{helper_operations, types},
};

/// The inputs and options of a [`Run`](crate::Run): the body of the operation that
/// [`Client::run`](crate::Client::run) calls, which depends on the OpenAPI document.
#[cfg(helper = "run.workflow")]
pub type ExecuteRequest = types::WorkflowExecuteRequest;
/// The inputs and options of a [`Run`](crate::Run): the body of the operation that
/// [`Client::run`](crate::Client::run) calls, which depends on the OpenAPI document.
#[cfg(helper = "run.agent")]
pub type ExecuteRequest = types::ExecuteAgentRequest;

/// The inputs and options of a [`Run`](crate::Run) of one version: the body of the operation that
/// [`Client::run_version`](crate::Client::run_version) calls, which depends on the document.
#[cfg(helper = "run_version.version")]
pub type VersionExecuteRequest = types::VersionExecuteRequest;
/// The inputs and options of a [`Run`](crate::Run) of one version: the body of the operation that
/// [`Client::run_version`](crate::Client::run_version) calls, which depends on the document.
#[cfg(helper = "run_version.agent")]
pub type VersionExecuteRequest = types::ExecuteWorkflowRequest;

/// The target of a run.
#[derive(Clone, Debug)]
pub(super) enum RunTarget {
    /// A workflow, or an agent.
    Workflow { id: String, request: ExecuteRequest },
    /// A version of a workflow.
    #[cfg(helper = "run_version")]
    Version { id: String, version_id: String, request: VersionExecuteRequest },
}

impl RunTarget {
    /// Starts an execution.
    pub(super) async fn start(self, client: &Client) -> Result<Execution, Error> {
        match self {
            Self::Workflow { id, request } => {
                #[cfg(helper = "run.workflow")]
                let call = helper_operations::workflow_execute_post(client).workflow_id(id);
                #[cfg(helper = "run.agent")]
                let call = helper_operations::agent_execute_post(client).agent_id(id);
                let response = call.body(request).send().await?;
                Execution::started(client, &response.execution_id)
            }
            #[cfg(helper = "run_version")]
            Self::Version { id, version_id, request } => {
                #[cfg(helper = "run_version.version")]
                let call = helper_operations::workflow_versions_execute(client)
                    .workflow_id(id)
                    .version_id(version_id);
                #[cfg(helper = "run_version.agent")]
                let call = helper_operations::agent_workflows_execute(client)
                    .agent_id(id)
                    .workflow_id(version_id);
                let response = call.body(request).send().await?;
                Execution::started(client, &response.execution_id)
            }
        }
    }

    /// Adds uploaded files to those of the request.
    #[cfg(helper = "run_files")]
    pub(super) fn with_temp_files(mut self, uploaded: Vec<TempFile>) -> Self {
        if !uploaded.is_empty() {
            let temp_files = match &mut self {
                Self::Workflow { request, .. } => &mut request.temp_files,
                #[cfg(helper = "run_version")]
                Self::Version { request, .. } => &mut request.temp_files,
            };
            temp_files.get_or_insert_default().extend(uploaded);
        }
        self
    }
}
