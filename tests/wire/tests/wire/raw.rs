use futures::StreamExt;
use wire::{ErrorKind, RetryPolicy, types};
use wiremock::ResponseTemplate;

use crate::{answering, answering_in_turn, answering_no_content, client, retries::recorded};

#[tokio::test]
async fn an_answer_is_given_as_it_comes_whatever_its_status() {
    for status in [200, 204, 302, 404, 418, 500] {
        let answer = ResponseTemplate::new(status)
            .insert_header("x-request-id", "r-1")
            .set_body_raw("not json", "text/x-other");
        let server = answering(answer).await;
        let answer = client(&server).items_list().limit(3).send_raw().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.request_id()), (status, Some("r-1")));
        assert_eq!(answer.headers()["content-type"], "text/x-other");
        let body = answer.into_inner().bytes().await.unwrap();
        assert_eq!(body, if status == 204 { "" } else { "not json" });
    }
}

#[tokio::test]
async fn it_is_the_same_request_and_has_the_same_retries() {
    let server = answering_in_turn([ResponseTemplate::new(503), ResponseTemplate::new(200)]).await;
    let (policy, waits) = recorded(RetryPolicy::new());
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    let answer = client.items_list().names(["a"]).send_raw().await.unwrap();
    assert_eq!((answer.status().as_u16(), waits.millis().len()), (200, 1));
    let requests = server.received_requests().await.unwrap();
    assert!(requests.iter().all(|request| request.url.query() == Some("names=a")));
    assert!(requests.iter().all(|request| request.headers["x-wire-key"] == wire::KEY));

    // When no retry helps, the answer is still one.
    let server = answering(ResponseTemplate::new(503).set_body_string("down")).await;
    let (policy, waits) = recorded(RetryPolicy::new());
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    let answer = client.items_list().send_raw().await.unwrap();
    assert_eq!((answer.status().as_u16(), waits.millis().len()), (503, 2));
    assert_eq!(answer.into_inner().next().await.unwrap().unwrap(), "down");
}

#[tokio::test]
async fn uploads_and_bodies_go_the_same_way() {
    let server = answering(ResponseTemplate::new(409)).await;
    let client = client(&server);
    let body = types::NewItem::new("n");
    assert_eq!(client.items_create().body(body).send_raw().await.unwrap().status(), 409);
    let upload = client.files_upload().files([vec![1]]);
    assert_eq!(upload.send_raw().await.unwrap().status(), 409);
}

#[tokio::test]
async fn what_can_not_be_sent_is_an_error_here_too() {
    let server = answering_no_content().await;
    let error = client(&server).items_get().send_raw().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
    assert_eq!(error.to_string(), "itemsGet: `item_id` is required and wasn't set");
}
