use wire::{ErrorKind, KEY};
use wiremock::ResponseTemplate;

use crate::{assert_no_request, client, only_request, serve, serve_no_content};

/// Calls an operation that responds with this `Location`, and returns its target.
async fn redirected_to(location: &str) -> Result<String, wire::Error> {
    let server = serve(ResponseTemplate::new(307).insert_header("location", location)).await;
    let url = client(&server).recording_open().send().await?;
    Ok(url.as_str().replace(&server.uri(), "[server]"))
}

#[tokio::test]
async fn a_documented_redirect_returns_its_target() {
    let second = serve_no_content().await;
    let target = format!("{}/recording.mp4?sig=1", second.uri());
    assert_eq!(redirected_to(&target).await.unwrap(), target);
    assert_no_request(&second).await;
}

#[tokio::test]
async fn an_undocumented_redirect_is_an_error() {
    let response = ResponseTemplate::new(302).insert_header("location", "https://files.example/a");
    let server = serve(response).await;
    let error = client(&server).recording_open().send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 302));
    assert_eq!(error.headers().unwrap()["location"], "https://files.example/a");
}

#[tokio::test]
async fn a_relative_target_is_resolved() {
    assert_eq!(redirected_to("../a/b?c=1").await.unwrap(), "[server]/a/b?c=1");
    assert_eq!(redirected_to("//other.example/x").await.unwrap(), "http://other.example/x");
}

#[tokio::test]
async fn a_redirect_without_location_is_an_error() {
    let server = serve(ResponseTemplate::new(307)).await;
    let error = client(&server).recording_open().send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Decode, 307));
    assert!(error.to_string().contains("the redirect has no `Location` header"), "{error}");
}

#[tokio::test]
async fn errors_of_a_redirecting_operation_are_typed() {
    let server = serve(ResponseTemplate::new(404).set_body_string("no recording")).await;
    let error = client(&server).recording_open().send().await.unwrap_err();
    assert_eq!(error.api().unwrap().body::<String>().unwrap(), "no recording");
}

#[tokio::test]
async fn the_key_is_not_sent_to_a_second_host() {
    let second = serve_no_content().await;
    let first = serve(ResponseTemplate::new(302).insert_header("location", second.uri())).await;
    let error = client(&first).versioned_get().send().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(only_request(&first).await.headers["x-wire-key"], KEY);
    assert_no_request(&second).await;
}
