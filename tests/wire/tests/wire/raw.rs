use futures::StreamExt;
use wire::{ErrorKind, RetryPolicy, types};
use wiremock::ResponseTemplate;

use crate::{client, retries::recorded, serve, serve_no_content, serve_sequence};

#[tokio::test]
async fn a_raw_response_is_returned_whatever_its_status() {
    for status in [200, 204, 302, 404, 418, 500] {
        let response = ResponseTemplate::new(status)
            .insert_header("x-request-id", "r-1")
            .set_body_raw("not json", "text/x-other");
        let server = serve(response).await;
        let response = client(&server).items_list().limit(3).send_raw().await.unwrap();
        assert_eq!((response.status().as_u16(), response.request_id()), (status, Some("r-1")));
        assert_eq!(response.headers()["content-type"], "text/x-other");
        let body = response.into_inner().bytes().await.unwrap();
        assert_eq!(body, if status == 204 { "" } else { "not json" });
    }
}

#[tokio::test]
async fn send_raw_sends_the_same_request_with_retries() {
    let server = serve_sequence([ResponseTemplate::new(503), ResponseTemplate::new(200)]).await;
    let (policy, waits) = recorded(RetryPolicy::new());
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    let response = client.items_list().names(["a"]).send_raw().await.unwrap();
    assert_eq!((response.status().as_u16(), waits.millis().len()), (200, 1));
    let requests = server.received_requests().await.unwrap();
    assert!(requests.iter().all(|request| request.url.query() == Some("names=a")));
    assert!(requests.iter().all(|request| request.headers["x-wire-key"] == wire::KEY));

    // After the last retry, an error response is returned as it is.
    let server = serve(ResponseTemplate::new(503).set_body_string("down")).await;
    let (policy, waits) = recorded(RetryPolicy::new());
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    let response = client.items_list().send_raw().await.unwrap();
    assert_eq!((response.status().as_u16(), waits.millis().len()), (503, 2));
    assert_eq!(response.into_inner().next().await.unwrap().unwrap(), "down");
}

#[tokio::test]
async fn send_raw_sends_bodies_and_forms() {
    let server = serve(ResponseTemplate::new(409)).await;
    let client = client(&server);
    let body = types::NewItem::new("n");
    assert_eq!(client.items_create().body(body).send_raw().await.unwrap().status(), 409);
    let upload = client.files_upload().files([vec![1]]);
    assert_eq!(upload.send_raw().await.unwrap().status(), 409);
}

#[tokio::test]
async fn send_raw_returns_the_error_of_an_invalid_request() {
    let server = serve_no_content().await;
    let error = client(&server).items_get().send_raw().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
    assert_eq!(error.to_string(), "itemsGet: `item_id` is required and wasn't set");
}
