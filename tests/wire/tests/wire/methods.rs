//! Methods that OpenAPI 3.0 doesn't have.

use futures::TryStreamExt;
use wire::{
    RetryPolicy, Sleeper,
    documents::methods::{
        Client,
        types::{FindByFormFilter, FindByFormFilterRange, Query},
    },
};
use wiremock::{MockServer, ResponseTemplate};

use super::{serve, serve_sequence};

fn client(url: &str) -> Client {
    let policy = RetryPolicy::default().sleeper(Sleeper::new(|_| async {}));
    Client::builder().base_url(url).api_key("k3y").retry(policy).build().unwrap()
}

/// Method, path with query, and key of each request.
async fn received(server: &MockServer) -> Vec<(String, String, bool)> {
    let requests = server.received_requests().await.unwrap();
    let line = |one: &wiremock::Request| {
        let query = one.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        (
            one.method.to_string(),
            one.url.path().to_owned() + &query,
            one.headers.contains_key("x-key"),
        )
    };
    requests.iter().map(line).collect()
}

#[tokio::test]
async fn every_method_is_sent_as_the_document_has_it() {
    let server = serve(ResponseTemplate::new(204)).await;
    let client = client(&server.uri());
    client.find().area("a/b").send().await.unwrap();
    client.copy().area("a").destination("b").send().await.unwrap();
    client.purge_search_by_area().area("a").send().await.unwrap();
    client.choices().area("a").send().await.unwrap();
    client.trace().area("a").send().await.unwrap();
    let line = |method: &str, path: &str, key| (method.to_owned(), path.to_owned(), key);
    assert_eq!(
        received(&server).await,
        [
            line("GET", "/search/a%2Fb", true),
            line("COPY", "/search/a", true),
            line("Purge", "/search/a", true),
            line("OPTIONS", "/search/a", true),
            // Its response would repeat the key.
            line("TRACE", "/search/a", false),
        ]
    );
}

#[tokio::test]
async fn query_has_content_and_is_repeated() {
    let server = serve_sequence([
        ResponseTemplate::new(503),
        ResponseTemplate::new(200).set_body_json(["a"]),
    ])
    .await;
    let client = client(&server.uri());
    let names = client.search().area("a").limit(3).body(Query::new().with_q("x")).send().await;
    assert_eq!(*names.unwrap(), ["a"]);
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[1].body, br#"{"q":"x"}"#);
    assert_eq!(received(&server).await[1], ("QUERY".into(), "/search/a?limit=3".into(), true));
}

#[tokio::test]
async fn a_method_that_is_not_known_to_be_idempotent_is_sent_once() {
    let server = serve(ResponseTemplate::new(503)).await;
    let client = client(&server.uri());
    client.copy().area("a").destination("b").send().await.unwrap_err();
    assert_eq!(received(&server).await.len(), 1);
}

#[tokio::test]
async fn item_schemas_of_media_type_components_are_read() {
    let body = "event: e\ndata: {\"q\":\"x\"}\n\n";
    let server = serve(ResponseTemplate::new(200).set_body_raw(body, "text/event-stream")).await;
    let mut events = client(&server.uri()).events().send().await.unwrap().into_inner();
    let event = events.try_next().await.unwrap().unwrap();
    assert_eq!((event.event.as_deref(), event.data.q.as_deref()), (Some("e"), Some("x")));
}

#[tokio::test]
async fn a_parameter_can_be_the_whole_query() {
    let server = serve(ResponseTemplate::new(204)).await;
    let client = client(&server.uri());
    let range = FindByFormFilterRange::new().with_gt(5);
    let filter = FindByFormFilter::new("x&y").with_tags(["b", "c"]).with_range(range);
    client.find_by_form().filter(filter).send().await.unwrap();
    client.find_by_json().filter(Query::new().with_q("a&b")).send().await.unwrap();
    client.find_by_text().filter("a=b&c").send().await.unwrap();
    client.find_by_text().send().await.unwrap();
    let queries: Vec<_> = received(&server).await.into_iter().map(|(_, path, _)| path).collect();
    assert_eq!(
        queries,
        [
            "/find?a=x%26y&tags=b&tags=c&range%5Bgt%5D=5",
            "/find?%7B%22q%22%3A%22a%26b%22%7D",
            "/find?a%3Db%26c",
            "/find"
        ]
    );
}
