use asteroid_agents::{ErrorKind, Run, types::ExecuteAgentRequest, uuid::Uuid};
use openapi_mock::{MockResponse, MockServer};
use serde_json::json;

use crate::{ID, assert_names_execution, called_operations, client, mock_with_statuses, no_pauses};

/// A mock that starts executions with [`ID`] and these statuses.
fn runnable_mock(statuses: &[&str]) -> MockServer {
    let mock = mock_with_statuses(statuses);
    mock.respond_with("AgentExecutePost", |_| {
        MockResponse::new().with_value("/executionId", ID.to_string())
    });
    mock
}

fn run(mock: &MockServer) -> Run {
    let request = ExecuteAgentRequest::new().with_version(3);
    client(mock).run(Uuid::from_u128(7), request)
}

#[tokio::test]
async fn a_run_starts_the_agent_once_and_waits() {
    let mock = runnable_mock(&["queued", "running", "completed"]);
    let outcome = run(&mock).sleeper(no_pauses().0).await.unwrap();
    assert!(outcome.is_finished());
    assert_eq!(
        called_operations(&mock),
        ["AgentExecutePost", "ExecutionGet", "ExecutionGet", "ExecutionGet"]
    );
    assert_eq!(mock.violations(), []);
    let exchanges = mock.exchanges();
    assert!(exchanges[0].path.ends_with(&format!("/agents/{}/execute", Uuid::from_u128(7))));
    assert_eq!(exchanges[0].body_value, Some(json!({ "version": 3 })));
    assert!(exchanges[1].path.ends_with(&format!("/executions/{ID}")));
}

#[tokio::test]
async fn start_does_not_wait() {
    let mock = runnable_mock(&["completed"]);
    let execution = run(&mock).start().await.unwrap();
    assert_eq!(
        (execution.id(), called_operations(&mock)),
        (ID, vec!["AgentExecutePost".to_owned()])
    );
    assert!(execution.wait().await.unwrap().is_finished());
}

#[tokio::test]
async fn errors_of_the_wait_name_the_execution() {
    let mock = runnable_mock(&["running"]);
    mock.respond_once("ExecutionGet", MockResponse::status(401));
    let error = run(&mock).await.unwrap_err();
    assert_names_execution(&error);
    assert_eq!(error.status().unwrap(), 401);
}

#[tokio::test]
async fn a_failed_start_is_not_polled() {
    let mock = runnable_mock(&["running"]);
    mock.respond_once("AgentExecutePost", MockResponse::status(422));
    let error = run(&mock).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Api, Some("AgentExecutePost")));
    assert_eq!(called_operations(&mock), ["AgentExecutePost"]);
}

#[test]
fn runs_are_send_and_static() {
    fn check<T: Send + 'static>() {}
    check::<Run>();
    check::<<Run as IntoFuture>::IntoFuture>();
}
