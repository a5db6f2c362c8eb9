//! Reruns of executions.

use openapi_lower_runtime::{BoxFuture, Error};

use super::{
    handle::Execution,
    wait::{Wait, WaitOutcome},
};
use crate::generated::{helper_operations, types::RerunExecutionRequest};

/// The request that a [`Rerun`] sends: an execution and what to change.
#[derive(Clone, Debug)]
pub struct RerunRequest {
    execution: Execution,
    request: Option<RerunExecutionRequest>,
}

/// A future that reruns an execution, then waits for the new one until it ends or requires action.
///
/// [`Execution::rerun`] creates it. Its settings and its output are those of a [`Wait`]; its errors
/// are those of `ExecutionRerun` and of a wait. Use [`Rerun::start`] to rerun without waiting.
pub type Rerun = Wait<RerunRequest>;

impl Execution {
    /// Returns a future that runs the workflow of this execution again and waits for the new
    /// execution: see [`Rerun`].
    ///
    /// `request` has what is to be different: other inputs or another profile; `None` for nothing.
    ///
    /// ```no_run
    /// # use asteroid_agents::{Error, Execution};
    /// # async fn example(execution: Execution) -> Result<(), Error> {
    /// let outcome = execution.rerun(None).await?;
    /// println!("{}", outcome.execution().status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn rerun(&self, request: impl Into<Option<RerunExecutionRequest>>) -> Rerun {
        Wait::new(RerunRequest { execution: self.clone(), request: request.into() })
    }
}

impl Rerun {
    /// Reruns the execution and returns a handle to the new one, without waiting for it.
    ///
    /// # Errors
    ///
    /// Errors of `ExecutionRerun`. After a timeout or a broken connection it is unknown whether
    /// there is a new execution.
    pub async fn start(self) -> Result<Execution, Error> {
        self.source.start().await
    }
}

impl RerunRequest {
    async fn start(self) -> Result<Execution, Error> {
        let Self { execution, request } = self;
        let client = execution.client();
        let mut call = helper_operations::execution_rerun(client).execution_id(execution.id());
        if let Some(request) = request {
            call = call.body(request);
        }
        let response = call.send().await.map_err(|error| execution.with_context(error))?;
        Execution::started(client, &response.execution_id)
    }
}

impl IntoFuture for Rerun {
    type Output = Result<WaitOutcome, Error>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.settings.start_and_wait(self.source.start()))
    }
}
