//! Tests code that uses the client: against a mock of the API, which knows the OpenAPI document.
//!
//! ```sh
//! cargo run --example testing
//! ```
//!
//! In a crate of yours, the test is a function with `#[tokio::test]`, and `openapi-mock` is a
//! dev-dependency.

use std::time::Duration;

use asteroid_agents::{
    Client, DOCUMENT, Error, ExecuteRequest, Interaction, WaitOutcome, types::ExecutionStatus,
};
use futures::TryStreamExt;
use serde_json::json;

const AGENT: &str = "6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01";

/// The operation that `Client::run` calls: that of workflows, if the document has it.
const EXECUTE: &str =
    if cfg!(helper = "run.workflow") { "WorkflowExecutePost" } else { "AgentExecutePost" };

/// The code under test: runs an agent, confirms what it asks, and returns the status at the end and
/// the number of activities.
async fn run_confirmed(client: &Client, pause: Duration) -> Result<(String, usize), Error> {
    let execution = client.run(AGENT, ExecuteRequest::new()).start().await?;
    let wait =
        execution.wait().poll_every(pause, pause).on_interaction(|execution, state| async move {
            if state.status != ExecutionStatus::AwaitingConfirmation {
                return Ok(Interaction::Return);
            }
            execution.message("Yes, go on.").await?;
            Ok(Interaction::Continue)
        });
    let status = match wait.await? {
        WaitOutcome::Finished(state) => state.status.to_string(),
        other => format!("stopped: {}", other.execution().status),
    };
    let activities: Vec<_> = execution.activities().poll_every(pause, pause).try_collect().await?;
    Ok((status, activities.len()))
}

/// A test of it: an execution that awaits a confirmation, behind an overloaded API.
async fn an_execution_is_confirmed() -> Result<(), Box<dyn std::error::Error>> {
    let mock = openapi_mock::start(DOCUMENT).await?;
    let client = Client::builder().api_key("test").base_url(mock.url()).build()?;

    // Values that matter; all others are generated, so that each response is valid.
    mock.respond(EXECUTE, json!({ "executionId": "00000000-0000-4000-8000-000000000009" }));
    let statuses = ["running", "awaiting_confirmation", "running", "completed"];
    mock.respond_in_turn("ExecutionGet", statuses.map(|status| json!({ "status": status })));
    // An activity more with each request, up to 3.
    mock.growing_list("ExecutionActivitiesGet", 1, 3)?;
    // Calls that only read are retried.
    mock.fail("ExecutionActivitiesGet", 503).header("retry-after", "0").times(1);

    let outcome = run_confirmed(&client, Duration::from_millis(10)).await?;
    assert_eq!(outcome, ("completed".to_owned(), 3));

    // What the code has sent, decoded: one run, one message, to this execution.
    assert_eq!(mock.requests(EXECUTE).len(), 1);
    let messages = mock.requests("ExecutionUserMessagesAdd");
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].body_value, Some(json!({ "message": "Yes, go on." })));
    // No request violated the document.
    mock.assert_valid();
    Ok(())
}

/// Another one: the API rejects the run.
async fn a_run_that_is_rejected_is_an_error() -> Result<(), Box<dyn std::error::Error>> {
    let mock = openapi_mock::start(DOCUMENT).await?;
    let client = Client::builder().api_key("test").base_url(mock.url()).build()?;
    mock.fail(EXECUTE, 403);

    let error = run_confirmed(&client, Duration::ZERO).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(403));
    // Nothing else was called.
    assert_eq!(mock.exchanges().len(), 1);
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    an_execution_is_confirmed().await?;
    a_run_that_is_rejected_is_an_error().await?;
    println!("2 tests passed");
    Ok(())
}
