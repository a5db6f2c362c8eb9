//! Running an agent: starting it, and waiting for it.

use std::time::Instant;

use openapi_lower_runtime::{BoxFuture, Error, uuid::Uuid};

use crate::{
    client::Client,
    execution::{Execution, Wait, WaitOutcome},
    generated::types::ExecuteAgentRequest,
};

/// What is to be run.
#[derive(Clone, Debug)]
pub struct RunRequest {
    client: Client,
    agent_id: Uuid,
    request: ExecuteAgentRequest,
}

/// A run: awaited, it starts the agent and waits as [`Execution::wait`] does, by the same settings.
/// [`Run::start`] starts it only. The time that the start takes counts against the deadline, which
/// doesn't cut it off: an agent that may run isn't left alone.
///
/// # Errors
///
/// Those of the start; those of the wait name the execution, which goes on.
pub type Run = Wait<RunRequest>;

impl Client {
    /// Runs an agent.
    ///
    /// ```no_run
    /// # async fn example(client: asteroid_agents::Client, agent: uuid::Uuid) -> Result<(), asteroid_agents::Error> {
    /// use std::time::Duration;
    ///
    /// use asteroid_agents::types::ExecuteAgentRequest;
    ///
    /// let request = ExecuteAgentRequest::new();
    /// let outcome = client.run(agent, request.clone()).deadline(Duration::from_secs(600)).await?;
    /// println!("{}", outcome.execution().status);
    ///
    /// // Its id at once, whatever becomes of the wait.
    /// let execution = client.run(agent, request).start().await?;
    /// println!("{}", execution.id());
    /// # Ok(())
    /// # }
    /// ```
    pub fn run(&self, agent_id: impl Into<Uuid>, request: impl Into<ExecuteAgentRequest>) -> Run {
        let (agent_id, request) = (agent_id.into(), request.into());
        Wait::of(RunRequest { client: self.clone(), agent_id, request })
    }
}

impl Run {
    /// Starts the agent and doesn't wait; the execution can be waited for at any time.
    ///
    /// # Errors
    ///
    /// Those of the start. After one that isn't an answer (a timeout, a broken connection) it isn't
    /// known whether the agent runs.
    pub async fn start(self) -> Result<Execution, Error> {
        self.source.start().await
    }
}

impl RunRequest {
    async fn start(self) -> Result<Execution, Error> {
        // Later versions deprecate it and still have it.
        #[allow(deprecated)]
        let start = self.client.agent_execute_post();
        let started = start.agent_id(self.agent_id).body(self.request).send().await?;
        Ok(self.client.execution(started.execution_id))
    }
}

impl IntoFuture for Run {
    type Output = Result<WaitOutcome, Error>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let Self { source, mut settings } = self;
            let begun = Instant::now();
            let execution = source.start().await?;
            settings.charge(begun.elapsed());
            settings.wait(execution).await
        })
    }
}
