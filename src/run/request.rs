//! Runs of workflows and agents: the request that starts an execution, and the wait for it.

#[cfg(helper = "run_files")]
use openapi_lower_runtime::Part;
use openapi_lower_runtime::{BoxFuture, Error};

#[cfg(helper = "run_files")]
use super::files::RunFiles;
#[cfg(helper = "run_version")]
use super::target::VersionExecuteRequest;
use super::target::{ExecuteRequest, RunTarget};
use crate::{
    client::Client,
    execution::{Execution, Wait, WaitOutcome},
};

/// The request that a [`Run`] sends: what to run, with its inputs and files.
#[derive(Debug)]
pub struct RunRequest {
    client: Client,
    target: RunTarget,
    #[cfg(helper = "run_files")]
    files: RunFiles,
}

/// A future that starts a workflow or an agent, then waits for the execution until it ends or
/// requires action.
///
/// [`Client::run`] creates it. Its settings and its output are those of a [`Wait`]. Use
/// [`Run::start`] to start without waiting.
///
/// The time that the start takes, with the upload of [files](Run::files), counts against the
/// [`deadline`](Wait::deadline), but the start itself isn't cancelled at the deadline: its response
/// has the id of the execution.
///
/// # Errors
///
/// - Errors of the operation that starts the execution, and of the upload of files before it. After
///   a timeout or a broken connection, the execution may have been started: see [`Run::start`].
/// - Errors of [`Wait`]. They name the execution, which goes on.
pub type Run = Wait<RunRequest>;

impl Client {
    /// Returns a future that runs a workflow, or an agent, and waits for it: see [`Run`].
    ///
    #[cfg_attr(
        helper = "run.workflow",
        doc = "It calls `WorkflowExecutePost`: `id` is the id of a workflow."
    )]
    #[cfg_attr(
        helper = "run.agent",
        doc = "It calls `AgentExecutePost`: `id` is the id of an agent. With a document that has \
               `WorkflowExecutePost`, it calls that, and `id` is the id of a workflow."
    )]
    /// **Whether a workflow has the id of the agent that it was before isn't known**: neither the
    /// OpenAPI document of any version nor the vendor's list of successors says so. Don't carry ids
    /// over without looking them up in a list of workflows.
    ///
    /// ```no_run
    /// # async fn example(
    /// #     client: asteroid_agents::Client,
    /// #     id: asteroid_agents::uuid::Uuid,
    /// # ) -> Result<(), asteroid_agents::Error> {
    /// use std::time::Duration;
    ///
    /// use asteroid_agents::ExecuteRequest;
    ///
    /// let request = ExecuteRequest::new();
    /// let outcome = client.run(id, request.clone()).deadline(Duration::from_secs(600)).await?;
    /// println!("{}", outcome.execution().status);
    ///
    /// // Starts an execution and returns a handle to it at once.
    /// let execution = client.run(id, request).start().await?;
    /// println!("{}", execution.id());
    /// # Ok(())
    /// # }
    /// ```
    #[cfg_attr(docsrs, doc(cfg(all(feature = "agents", feature = "execution"))))]
    pub fn run(&self, id: impl Into<String>, request: impl Into<ExecuteRequest>) -> Run {
        Run::with_target(self, RunTarget::Workflow { id: id.into(), request: request.into() })
    }

    /// Returns a future that runs one version of a workflow and waits for it: see [`Run`].
    ///
    #[cfg_attr(
        helper = "run_version.version",
        doc = "It calls `WorkflowVersionsExecute` with the id of a workflow and of its version."
    )]
    #[cfg_attr(
        helper = "run_version.agent",
        doc = "It calls `AgentWorkflowsExecute` with the id of an agent and of its workflow, which \
               is what later versions of the document name a version of a workflow."
    )]
    /// As for [`run`](Self::run), whether ids stayed the same isn't known.
    #[cfg(helper = "run_version")]
    #[cfg_attr(
        docsrs,
        doc(cfg(all(feature = "agents", feature = "execution", feature = "workflows")))
    )]
    pub fn run_version(
        &self,
        id: impl Into<String>,
        version_id: impl Into<String>,
        request: impl Into<VersionExecuteRequest>,
    ) -> Run {
        let (id, version_id) = (id.into(), version_id.into());
        Run::with_target(self, RunTarget::Version { id, version_id, request: request.into() })
    }
}

impl Run {
    fn with_target(client: &Client, target: RunTarget) -> Self {
        Wait::new(RunRequest {
            client: client.clone(),
            target,
            #[cfg(helper = "run_files")]
            files: RunFiles::default(),
        })
    }

    /// Starts the execution and returns a handle to it, without waiting for it.
    ///
    /// # Errors
    ///
    /// Errors of the operation that starts the execution, and of the upload of files before it.
    /// After a timeout or a broken connection it is unknown whether the execution was started.
    pub async fn start(self) -> Result<Execution, Error> {
        self.source.start().await
    }
}

#[cfg(helper = "run_files")]
#[cfg_attr(docsrs, doc(cfg(feature = "files")))]
impl Run {
    /// Adds a file for the execution to work with: see [`files`](Self::files).
    pub fn file(self, file: impl Into<Part>) -> Self {
        self.files([file])
    }

    /// Adds files for the execution to work with. They are uploaded when the run is started, in one
    /// request before it, and belong to the execution from its start on. ([`Execution::upload`]
    /// adds files to an execution that was started already.)
    ///
    #[cfg_attr(
        helper = "run_files.upload",
        doc = "They are uploaded by `TempFilesUpload`, to the organization of the API key or to \
               that of [`organization`](Self::organization)."
    )]
    #[cfg_attr(
        helper = "run_files.stage",
        doc = "They are uploaded by `TempFilesStage`, which needs the \
               [`organization`](Self::organization): without it, the run fails before anything is \
               sent."
    )]
    ///
    /// [`Execution::upload`]: crate::Execution::upload
    ///
    /// ```no_run
    /// # async fn example(
    /// #     client: asteroid_agents::Client,
    /// #     (id, organization): (asteroid_agents::uuid::Uuid, asteroid_agents::uuid::Uuid),
    /// # ) -> Result<(), asteroid_agents::Error> {
    /// use asteroid_agents::{ExecuteRequest, Part};
    ///
    /// let table = Part::bytes("a,b\n1,2").file_name("table.csv");
    /// let run = client.run(id, ExecuteRequest::new());
    /// run.organization(organization).file(table).file(Part::file("report.pdf")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn files(mut self, files: impl IntoIterator<Item = impl Into<Part>>) -> Self {
        self.source.files.parts.extend(files.into_iter().map(Into::into));
        self
    }

    /// Sets the organization to which [files](Self::files) are uploaded: its id, a `Uuid` or the
    /// text of one.
    pub fn organization(mut self, organization: impl Into<String>) -> Self {
        self.source.files.organization = Some(organization.into());
        self
    }
}

impl RunRequest {
    async fn start(self) -> Result<Execution, Error> {
        #[cfg(helper = "run_files")]
        let target = self.target.with_temp_files(self.files.upload(&self.client).await?);
        #[cfg(not(helper = "run_files"))]
        let target = self.target;
        target.start(&self.client).await
    }
}

impl IntoFuture for Run {
    type Output = Result<WaitOutcome, Error>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.settings.start_and_wait(self.source.start()))
    }
}
