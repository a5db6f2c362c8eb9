//! Tests that all helpers exist for which the vendored document has operations, over the operations
//! that it prefers, whatever its version is.

use asteroid_agents::{Client, DOCUMENT, uuid::Uuid};

/// Whether the document has an operation.
fn has(operation: &str) -> bool {
    let id = format!("operationId: {operation}");
    DOCUMENT.lines().any(|line| line.trim() == id)
}

#[test]
fn helpers_exist_if_the_document_has_one_of_their_operations() {
    for (helper, exists, operations) in [
        ("executions", cfg!(helper = "executions"), &["ExecutionGet"][..]),
        ("activities", cfg!(helper = "activities"), &["ExecutionActivitiesGet"]),
        ("messages", cfg!(helper = "messages"), &["ExecutionUserMessagesAdd"]),
        ("status", cfg!(helper = "status"), &["ExecutionStatusUpdate"]),
        ("cancel", cfg!(helper = "cancel"), &["ExecutionCancel", "ExecutionStatusUpdate"]),
        ("pause", cfg!(helper = "pause"), &["ExecutionPause", "ExecutionStatusUpdate"]),
        ("resume", cfg!(helper = "resume"), &["ExecutionResume", "ExecutionStatusUpdate"]),
        ("rerun", cfg!(helper = "rerun"), &["ExecutionRerun"]),
        ("long_poll", cfg!(helper = "long_poll"), &["ExecutionSyncGet"]),
        ("files", cfg!(helper = "files"), &["ExecutionFilesGet"]),
        ("recording", cfg!(helper = "recording"), &["ExecutionRecordingRedirect"]),
        ("run", cfg!(helper = "run"), &["WorkflowExecutePost", "AgentExecutePost"]),
        (
            "run_version",
            cfg!(helper = "run_version"),
            &["WorkflowVersionsExecute", "AgentWorkflowsExecute"],
        ),
        ("run_files", cfg!(helper = "run_files"), &["TempFilesUpload", "TempFilesStage"]),
    ] {
        assert_eq!(exists, operations.iter().any(|id| has(id)), "{helper}");
    }
}

#[test]
fn helpers_call_the_operations_of_today_where_the_document_has_them() {
    for (helper, chosen, operation) in [
        ("cancel", cfg!(helper = "cancel.operation"), "ExecutionCancel"),
        ("pause", cfg!(helper = "pause.operation"), "ExecutionPause"),
        ("resume", cfg!(helper = "resume.operation"), "ExecutionResume"),
        ("run", cfg!(helper = "run.workflow"), "WorkflowExecutePost"),
        ("run_version", cfg!(helper = "run_version.version"), "WorkflowVersionsExecute"),
        ("run_files", cfg!(helper = "run_files.upload"), "TempFilesUpload"),
    ] {
        assert_eq!(chosen, has(operation), "{helper}");
    }
}

/// Programs that are written for one document compile: the futures aren't polled.
#[test]
fn the_requests_of_runs_are_those_of_the_operations() {
    let client = Client::new("key").unwrap();
    #[cfg(helper = "run.workflow")]
    {
        use asteroid_agents::types::{VersionExecuteRequest, WorkflowExecuteRequest};
        drop(client.run("workflow", WorkflowExecuteRequest::new()));
        drop(client.run(Uuid::nil(), WorkflowExecuteRequest::new()).into_future());
        drop(client.run_version(Uuid::nil(), "version", VersionExecuteRequest::new()));
    }
    #[cfg(helper = "run.agent")]
    {
        use asteroid_agents::types::{ExecuteAgentRequest, ExecuteWorkflowRequest};
        drop(client.run(Uuid::nil(), ExecuteAgentRequest::new()).into_future());
        drop(client.run("agent", ExecuteAgentRequest::new()));
        drop(client.run_version(Uuid::nil(), "version", ExecuteWorkflowRequest::new()));
    }
    drop(client);
}
