//! Runs of agents: the request that starts an execution, and the wait for it.

use std::time::Instant;

use openapi_lower_runtime::{BoxFuture, Error, uuid::Uuid};

use crate::{
    client::Client,
    execution::{Execution, Wait, WaitOutcome},
    generated::types::ExecuteAgentRequest,
};

/// The request that a [`Run`] sends: an agent and its inputs.
#[derive(Clone, Debug)]
pub struct RunRequest {
    client: Client,
    agent_id: Uuid,
    request: ExecuteAgentRequest,
}

/// A future that starts an agent, then polls the execution until it ends or requires action.
///
/// [`Client::run`] creates it. Its settings and its output are those of a [`Wait`]. Use
/// [`Run::start`] to start the agent without waiting.
///
/// The time that the start takes counts against the [`deadline`](Wait::deadline), but the start
/// itself isn't cancelled at the deadline: its response has the id of the execution.
///
/// # Errors
///
/// - Errors of `AgentExecutePost`. After a timeout or a broken connection, the agent may be
///   running: see [`Run::start`].
/// - Errors of [`Wait`]. They name the execution, which goes on.
pub type Run = Wait<RunRequest>;

impl Client {
    /// Returns a future that runs an agent and waits for it: see [`Run`].
    ///
    /// ```no_run
    /// # async fn example(
    /// #     client: asteroid_agents::Client,
    /// #     agent: asteroid_agents::uuid::Uuid,
    /// # ) -> Result<(), asteroid_agents::Error> {
    /// use std::time::Duration;
    ///
    /// use asteroid_agents::types::ExecuteAgentRequest;
    ///
    /// let request = ExecuteAgentRequest::new();
    /// let outcome = client.run(agent, request.clone()).deadline(Duration::from_secs(600)).await?;
    /// println!("{}", outcome.execution().status);
    ///
    /// // Starts the agent and returns a handle to the execution at once.
    /// let execution = client.run(agent, request).start().await?;
    /// println!("{}", execution.id());
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&self, agent_id: impl Into<Uuid>, request: impl Into<ExecuteAgentRequest>) -> Run {
        let (agent_id, request) = (agent_id.into(), request.into());
        Wait::new(RunRequest { client: self.clone(), agent_id, request })
    }
}

impl Run {
    /// Starts the agent and returns a handle to the execution, without waiting for it.
    ///
    /// # Errors
    ///
    /// Errors of `AgentExecutePost`. After a timeout or a broken connection it is unknown whether
    /// the agent was started.
    pub async fn start(self) -> Result<Execution, Error> {
        self.source.start().await
    }
}

impl RunRequest {
    async fn start(self) -> Result<Execution, Error> {
        // Later versions of the document deprecate this operation.
        #[allow(deprecated)]
        let call = self.client.agent_execute_post();
        let response = call.agent_id(self.agent_id).body(self.request).send().await?;
        Ok(self.client.execution(response.execution_id))
    }
}

impl IntoFuture for Run {
    type Output = Result<WaitOutcome, Error>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { source, mut settings } = self;
            let started = Instant::now();
            let execution = source.start().await?;
            settings.charge(started.elapsed());
            settings.wait(execution).await
        })
    }
}
