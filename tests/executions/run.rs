use asteroid_agents::{ErrorKind, ExecuteRequest, Part, Run, VersionExecuteRequest, uuid::Uuid};
use openapi_mock::MockServer;
use serde_json::json;

use crate::{
    ID, assert_names_execution, called_operations, client, exchanges, mock_with_statuses, no_pauses,
};

/// The operation that a run calls.
const EXECUTE: &str =
    if cfg!(helper = "run.workflow") { "WorkflowExecutePost" } else { "AgentExecutePost" };

/// The operation that a run of one version calls.
const EXECUTE_VERSION: &str = if cfg!(helper = "run_version.version") {
    "WorkflowVersionsExecute"
} else {
    "AgentWorkflowsExecute"
};

/// The operation that uploads the files of a run.
const UPLOAD: &str =
    if cfg!(helper = "run_files.upload") { "TempFilesUpload" } else { "TempFilesStage" };

const WORKFLOW: Uuid = Uuid::from_u128(7);
const ORGANIZATION: Uuid = Uuid::from_u128(8);

/// A mock that starts executions with [`ID`] and these statuses.
fn runnable_mock(statuses: &[&str]) -> MockServer {
    let mock = mock_with_statuses(statuses);
    for operation in [EXECUTE, EXECUTE_VERSION] {
        mock.respond(operation, json!({ "executionId": ID }));
    }
    mock
}

fn run(mock: &MockServer) -> Run {
    let request = ExecuteRequest::new().with_version(3);
    client(mock).run(WORKFLOW, request)
}

#[tokio::test]
async fn a_run_starts_the_agent_once_and_waits() {
    let mock = runnable_mock(&["queued", "running", "completed"]);
    let outcome = run(&mock).sleeper(no_pauses().0).await.unwrap();
    assert!(outcome.is_finished());
    assert_eq!(called_operations(&mock), [EXECUTE, "ExecutionGet", "ExecutionGet", "ExecutionGet"]);
    mock.assert_valid();
    let exchanges = exchanges(&mock);
    let kind = if cfg!(helper = "run.workflow") { "workflows" } else { "agents" };
    assert!(exchanges[0].path.ends_with(&format!("/{kind}/{WORKFLOW}/execute")));
    assert_eq!(exchanges[0].body_value, Some(json!({ "version": 3 })));
    assert!(exchanges[1].path.ends_with(&format!("/executions/{ID}")));
}

#[tokio::test]
async fn start_does_not_wait() {
    let mock = runnable_mock(&["completed"]);
    let execution = run(&mock).start().await.unwrap();
    assert_eq!(execution.id(), ID.to_string());
    assert_eq!(called_operations(&mock), [EXECUTE]);
    assert!(execution.wait().await.unwrap().is_finished());
}

#[tokio::test]
async fn errors_of_the_wait_name_the_execution() {
    let mock = runnable_mock(&["running"]);
    mock.fail("ExecutionGet", 401).times(1);
    let error = run(&mock).await.unwrap_err();
    assert_names_execution(&error);
    assert_eq!(error.status().unwrap(), 401);
}

#[tokio::test]
async fn a_failed_start_is_not_polled() {
    let mock = runnable_mock(&["running"]);
    mock.fail(EXECUTE, 422).times(1);
    let error = run(&mock).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Api, Some(EXECUTE)));
    assert_eq!(called_operations(&mock), [EXECUTE]);
}

#[tokio::test]
async fn a_version_is_run_by_its_id() {
    let mock = runnable_mock(&["completed"]);
    let run = client(&mock).run_version(WORKFLOW, "v 1", VersionExecuteRequest::new());
    let outcome = run.sleeper(no_pauses().0).await.unwrap();
    assert!(outcome.is_finished());
    assert_eq!(called_operations(&mock), [EXECUTE_VERSION, "ExecutionGet"]);
    let path = &exchanges(&mock)[0].path;
    assert!(path.contains(&WORKFLOW.to_string()) && path.ends_with("/v%201/execute"), "{path}");
    mock.assert_valid();
}

#[tokio::test]
async fn files_are_uploaded_before_the_run_and_named_in_its_request() {
    let mock = runnable_mock(&["completed"]);
    let own = json!({ "id": ID, "name": "own.txt" });
    let request: ExecuteRequest = serde_json::from_value(json!({ "tempFiles": [own] })).unwrap();
    let run = client(&mock).run(WORKFLOW, request).organization(ORGANIZATION);
    let table = Part::bytes("a,b").file_name("table.csv");
    let run = run.file(table).files([Part::bytes("x").file_name("x.txt")]);
    assert_eq!(called_operations(&mock).len(), 0);
    run.start().await.unwrap();
    assert_eq!(called_operations(&mock), [UPLOAD, EXECUTE]);
    let exchanges = exchanges(&mock);
    let names = exchanges[0].uploads.iter().map(|one| one.file_name.as_deref().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["table.csv", "x.txt"]);
    let target = format!("{}?{}", exchanges[0].path, exchanges[0].query);
    assert!(target.contains(&ORGANIZATION.to_string()), "{target}");
    // Those of the request stay.
    let uploaded = exchanges[0].response.as_ref().unwrap().json().unwrap()["tempFiles"].clone();
    let mut expected = vec![own];
    expected.extend(uploaded.as_array().unwrap().clone());
    assert!(expected.len() > 1, "the mock returned a file");
    assert_eq!(exchanges[1].body_value, Some(json!({ "tempFiles": expected })));
    mock.assert_valid();
}

#[tokio::test]
async fn a_failed_upload_starts_nothing() {
    let mock = runnable_mock(&["completed"]);
    mock.fail(UPLOAD, 403);
    let run = run(&mock).organization(ORGANIZATION).file(Part::bytes("x").file_name("x.txt"));
    let error = run.await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.operation()), (403, Some(UPLOAD)));
    assert_eq!(called_operations(&mock), [UPLOAD]);
}

#[tokio::test]
async fn a_missing_organization_is_an_error_before_anything_is_sent_if_the_upload_needs_it() {
    let mock = runnable_mock(&["completed"]);
    let started = run(&mock).file(Part::bytes("x").file_name("x.txt")).start().await;
    if cfg!(helper = "run_files.stage") {
        let error = started.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().contains("organization_id"), "{error}");
        assert_eq!(called_operations(&mock).len(), 0);
    } else {
        started.unwrap();
        assert_eq!(called_operations(&mock), [UPLOAD, EXECUTE]);
    }
}

#[tokio::test]
async fn an_id_that_is_no_uuid_is_an_error_that_names_it() {
    let mock = runnable_mock(&["completed"]);
    mock.respond(EXECUTE_VERSION, json!({ "executionId": "e-17" }));
    let run = client(&mock).run_version(WORKFLOW, "v1", VersionExecuteRequest::new());
    let error = run.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("`e-17`"), "{error}");
}

#[tokio::test]
async fn the_id_of_a_run_may_be_text() {
    let mock = runnable_mock(&["completed"]);
    let request = ExecuteRequest::new();
    client(&mock).run(WORKFLOW.to_string(), request.clone()).start().await.unwrap();
    let path = exchanges(&mock).remove(0).path;
    assert!(path.ends_with(&format!("/{WORKFLOW}/execute")), "{path}");
    mock.take_exchanges();
    // Workflows have ids of any form.
    if cfg!(helper = "run.agent") {
        let error = client(&mock).run("seven", request).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Request, Some(EXECUTE)));
        assert!(error.to_string().contains("`agent_id` isn't a UUID: "), "{error}");
        assert_eq!(called_operations(&mock).len(), 0);
    }
    // So has the organization of later uploads.
    if cfg!(helper = "run_files.stage") {
        let file = Part::bytes("x").file_name("x.txt");
        let error = run(&mock).organization("acme").file(file).await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Request, Some(UPLOAD)));
        assert!(error.to_string().contains("`organization_id` isn't a UUID: "), "{error}");
        assert_eq!(called_operations(&mock).len(), 0);
    }
}

#[test]
fn runs_are_send_and_static() {
    fn check<T: Send + 'static>() {}
    check::<Run>();
    check::<<Run as IntoFuture>::IntoFuture>();
}
