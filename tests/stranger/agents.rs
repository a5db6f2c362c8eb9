//! A crate that tests its own code with the mock: `.ci/packages` builds it outside the workspace.

use asteroid_agents::{Client, Error};

/// Returns the status of an execution and the number of its newest activities, at most 1.
pub async fn summary(client: &Client, id: &str) -> Result<String, Error> {
    let execution = client.execution(id);
    let state = execution.get().await?;
    let activities = execution.last_activities(1).await?;
    Ok(format!("{}, {} new", state.status, activities.len()))
}

#[cfg(test)]
mod tests {
    use asteroid_agents::{Client, DOCUMENT, ErrorKind};
    use serde_json::json;

    use super::summary;

    const ID: &str = "6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01";

    #[tokio::test]
    async fn an_execution_is_summarized() {
        let mock = openapi_mock::start(DOCUMENT).await.unwrap();
        let client = Client::builder().api_key("test").base_url(mock.url()).build().unwrap();
        mock.respond("ExecutionGet", json!({ "status": "completed" }));
        mock.respond("ExecutionActivitiesGet", json!([{}]));
        mock.fail("ExecutionGet", 503).header("retry-after", "0").times(1);
        assert_eq!(summary(&client, ID).await.unwrap(), "completed, 1 new");

        let requests = mock.requests("ExecutionGet");
        assert_eq!(requests.len(), 2, "the failure and its retry");
        assert_eq!(requests[0].parameter("executionId"), Some(&json!(ID)));
        let limit = mock.requests("ExecutionActivitiesGet")[0].parameter("limit").cloned();
        assert_eq!(limit, Some(json!(1)));
        mock.assert_valid();
    }

    #[tokio::test]
    async fn an_unknown_execution_is_an_error() {
        let mock = openapi_mock::start(DOCUMENT).await.unwrap();
        let client = Client::builder().api_key("test").base_url(mock.url()).build().unwrap();
        mock.respond_status("ExecutionGet", 404, json!({ "message": "no such execution" }));
        let error = summary(&client, ID).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Api);
        assert!(error.to_string().ends_with("no such execution"), "{error}");
    }
}
