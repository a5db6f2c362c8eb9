//! Paths of the document with a query or a fragment.

use wiremock::Request;

use crate::{document_client, only_request, serve_no_content};

#[tokio::test]
async fn the_query_of_a_path_is_sent_once() {
    let server = serve_no_content().await;
    document_client!(path_queries, server.uri()).notes_add().send().await.unwrap();
    assert_eq!(target(&only_request(&server).await), "/v1/notes");

    let server = serve_no_content().await;
    document_client!(path_queries, server.uri()).notes_add_beta().send().await.unwrap();
    assert_eq!(target(&only_request(&server).await), "/v1/notes?beta=true");

    let server = serve_no_content().await;
    let client = document_client!(path_queries, format!("{}/base", server.uri()));
    client.notes_add_beta().dry(false).send().await.unwrap();
    assert_eq!(target(&only_request(&server).await), "/base/v1/notes?beta=true&dry=false");
}

#[tokio::test]
async fn the_fragment_of_a_path_distinguishes_operations_and_is_not_sent() {
    let server = serve_no_content().await;
    document_client!(path_queries, server.uri()).queue_send().send().await.unwrap();
    assert_eq!(target(&only_request(&server).await), "/v1/queue");

    let server = serve_no_content().await;
    let client = document_client!(path_queries, server.uri());
    client.post_v1_queue_action_receive().send().await.unwrap();
    assert_eq!(target(&only_request(&server).await), "/v1/queue");
}

/// A query without values stays as it is, whatever other parameters need.
#[tokio::test]
async fn a_flag_in_the_query_of_a_path_is_sent_as_it_is() {
    let server = serve_no_content().await;
    document_client!(path_queries, server.uri()).notes_find().text("a b").send().await.unwrap();
    assert_eq!(target(&only_request(&server).await), "/v1/notes?find&q=a%20b&text=a%20b");
}

/// Path and query of a request.
fn target(request: &Request) -> String {
    assert_eq!(request.url.fragment(), None);
    let query = request.url.query().map(|query| format!("?{query}"));
    format!("{}{}", request.url.path(), query.unwrap_or_default())
}
