use asteroid_agents::{ErrorKind, Run, types::ExecuteAgentRequest, uuid::Uuid};
use openapi_mock::{MockApi, MockResponse};
use serde_json::json;

use crate::{ID, assert_names_it, at_once, called, client, with_statuses};

/// The start is answered with [`ID`].
fn starting(statuses: &[&str]) -> MockApi {
    let mock = with_statuses(statuses);
    mock.always("AgentExecutePost", |_| MockResponse::new().with("/executionId", ID.to_string()));
    mock
}

fn run(mock: &MockApi) -> Run {
    let request = ExecuteAgentRequest::new().with_version(3);
    client(mock).run(Uuid::from_u128(7), request)
}

#[tokio::test]
async fn it_starts_the_agent_once_and_waits() {
    let mock = starting(&["queued", "running", "completed"]);
    let outcome = run(&mock).sleeper(at_once().0).await.unwrap();
    assert!(outcome.is_finished());
    assert_eq!(called(&mock), ["AgentExecutePost", "ExecutionGet", "ExecutionGet", "ExecutionGet"]);
    assert_eq!(mock.violations(), []);
    let exchanges = mock.exchanges();
    assert!(exchanges[0].path.ends_with(&format!("/agents/{}/execute", Uuid::from_u128(7))));
    assert_eq!(exchanges[0].value, Some(json!({ "version": 3 })));
    assert!(exchanges[1].path.ends_with(&format!("/executions/{ID}")));
}

#[tokio::test]
async fn it_can_be_started_alone() {
    let mock = starting(&["completed"]);
    let execution = run(&mock).start().await.unwrap();
    assert_eq!((execution.id(), called(&mock)), (ID, vec!["AgentExecutePost".to_owned()]));
    assert!(execution.wait().await.unwrap().is_finished());
}

#[tokio::test]
async fn a_wait_that_fails_names_the_execution() {
    let mock = starting(&["running"]);
    mock.next("ExecutionGet", MockResponse::status(401));
    let error = run(&mock).await.unwrap_err();
    assert_names_it(&error);
    assert_eq!(error.status().unwrap(), 401);
}

#[tokio::test]
async fn a_start_that_fails_is_not_waited_for() {
    let mock = starting(&["running"]);
    mock.next("AgentExecutePost", MockResponse::status(422));
    let error = run(&mock).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Api, Some("AgentExecutePost")));
    assert_eq!(called(&mock), ["AgentExecutePost"]);
}

#[test]
fn runs_are_send_and_owned() {
    fn check<T: Send + 'static>() {}
    check::<Run>();
    check::<<Run as IntoFuture>::IntoFuture>();
}
