use asteroid_agents::types::RerunExecutionRequest;
use openapi_mock::MockServer;
use serde_json::json;

use crate::{
    ID, assert_names_execution, called_operations, client, exchanges, mock_with_statuses, no_pauses,
};

const NEW_ID: asteroid_agents::uuid::Uuid = asteroid_agents::uuid::Uuid::from_u128(9);

/// A mock on which a rerun has [`NEW_ID`] and these statuses.
fn rerunnable_mock(statuses: &[&str]) -> MockServer {
    let mock = mock_with_statuses(statuses);
    mock.respond("ExecutionRerun", json!({ "executionId": NEW_ID }));
    mock
}

#[tokio::test]
async fn a_rerun_waits_for_the_new_execution() {
    let mock = rerunnable_mock(&["completed"]);
    let rerun = client(&mock).execution(ID).rerun(None);
    assert!(rerun.sleeper(no_pauses().0).await.unwrap().is_finished());
    assert_eq!(called_operations(&mock)[0], "ExecutionRerun");
    let exchanges = exchanges(&mock);
    assert!(exchanges[0].path.ends_with(&format!("/executions/{ID}/rerun")));
    assert_eq!(exchanges[0].body_value, None);
    assert!(exchanges[1..].iter().all(|one| one.path.contains(&NEW_ID.to_string())));
    mock.assert_valid();
}

#[tokio::test]
async fn a_rerun_may_have_other_inputs() {
    let mock = rerunnable_mock(&["completed"]);
    let request: RerunExecutionRequest =
        serde_json::from_value(json!({ "inputs": { "city": "London" } })).unwrap();
    let execution = client(&mock).execution(ID).rerun(request).start().await.unwrap();
    assert_eq!(execution.id(), NEW_ID.to_string());
    let body = exchanges(&mock)[0].body_value.clone();
    assert_eq!(body, Some(json!({ "inputs": { "city": "London" } })));
    assert_eq!(called_operations(&mock), ["ExecutionRerun"]);
}

#[tokio::test]
async fn an_error_of_a_rerun_names_the_execution() {
    let mock = rerunnable_mock(&["completed"]);
    mock.fail("ExecutionRerun", 404).times(1);
    let error = client(&mock).execution(ID).rerun(None).await.unwrap_err();
    assert_names_execution(&error);
    assert_eq!(error.status().unwrap(), 404);
}
