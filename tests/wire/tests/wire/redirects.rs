use wire::{ErrorKind, KEY};
use wiremock::ResponseTemplate;

use crate::{answering, answering_no_content, client, no_request, only_request};

async fn redirected_to(location: &str) -> Result<String, wire::Error> {
    let server = answering(ResponseTemplate::new(307).insert_header("location", location)).await;
    let url = client(&server).recording_open().send().await?;
    Ok(url.as_str().replace(&server.uri(), "[server]"))
}

#[tokio::test]
async fn the_target_is_the_answer_and_is_not_followed() {
    let second = answering_no_content().await;
    let target = format!("{}/recording.mp4?sig=1", second.uri());
    assert_eq!(redirected_to(&target).await.unwrap(), target);
    no_request(&second).await;
}

#[tokio::test]
async fn a_redirect_that_is_not_documented_is_an_error() {
    let answer = ResponseTemplate::new(302).insert_header("location", "https://files.example/a");
    let server = answering(answer).await;
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
async fn a_redirect_without_a_target_is_an_error() {
    let server = answering(ResponseTemplate::new(307)).await;
    let error = client(&server).recording_open().send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Decode, 307));
    assert!(error.to_string().contains("a redirect without Location"), "{error}");
}

#[tokio::test]
async fn its_errors_are_typed() {
    let server = answering(ResponseTemplate::new(404).set_body_string("no recording")).await;
    let error = client(&server).recording_open().send().await.unwrap_err();
    assert_eq!(error.api().unwrap().body::<String>().unwrap(), "no recording");
}

#[tokio::test]
async fn the_key_reaches_no_second_host() {
    let second = answering_no_content().await;
    let first = answering(ResponseTemplate::new(302).insert_header("location", second.uri())).await;
    let error = client(&first).versioned_get().send().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(only_request(&first).await.headers["x-wire-key"], KEY);
    no_request(&second).await;
}
