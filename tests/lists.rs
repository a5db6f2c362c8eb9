//! Tests of list operations of the vendored document against the mock.

use asteroid_agents::{Client, DOCUMENT, types::ExecutionStatus};
use futures::TryStreamExt;
use serde_json::json;

#[tokio::test]
async fn streams_return_every_item_and_send_the_filters_with_each_page() {
    let mock = openapi_mock::start(DOCUMENT).await.unwrap();
    mock.pages("ExecutionsList", 45).unwrap();
    let client = Client::builder().api_key("k").base_url(mock.url()).build().unwrap();
    let list = client.executions_list().status([ExecutionStatus::Failed]).page_size(20);
    let executions: Vec<_> = list.stream().try_collect().await.unwrap();

    let requests = mock.requests("ExecutionsList");
    let pages = requests.iter().map(|one| one.response.as_ref().unwrap().json().unwrap());
    let ids = pages.flat_map(|page| page["items"].as_array().unwrap().clone());
    let ids: Vec<_> = ids.map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    let returned: Vec<_> = executions.iter().map(|execution| execution.id.to_string()).collect();
    assert_eq!((returned.len(), returned), (45, ids));
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|one| one.parameter("status") == Some(&json!(["failed"]))));
    mock.assert_valid();
}
