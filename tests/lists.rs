//! Tests of list operations of the vendored document against the mock.

use asteroid_agents::{Client, types::ExecutionStatus};
use futures::TryStreamExt;
use openapi_mock::{Api, MockServer};

#[tokio::test]
async fn streams_return_every_item_and_send_the_filters_with_each_page() {
    let api = Api::parse(include_str!("../spec/openapi.yaml")).unwrap();
    let mock = MockServer::start(api).unwrap();
    mock.pages("ExecutionsList", 45).unwrap();
    let client = Client::builder().api_key("k").base_url(mock.url()).build().unwrap();
    let list = client.executions_list().status([ExecutionStatus::Failed]).page_size(20);
    let executions: Vec<_> = list.stream().try_collect().await.unwrap();

    let pages = mock.exchanges().into_iter().map(|one| one.response.unwrap().json().unwrap());
    let ids = pages.flat_map(|page| page["items"].as_array().unwrap().clone());
    let ids: Vec<_> = ids.map(|item| item["id"].as_str().unwrap().to_owned()).collect();
    let returned: Vec<_> = executions.iter().map(|execution| execution.id.to_string()).collect();
    assert_eq!((returned.len(), returned), (45, ids));
    let queries: Vec<_> = mock.exchanges().into_iter().map(|one| one.query).collect();
    assert_eq!(queries.len(), 3);
    assert!(queries.iter().all(|query| query.contains("status=failed")), "{queries:?}");
    assert_eq!(mock.violations(), []);
}
