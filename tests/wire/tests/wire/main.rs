//! What goes over the wire, tested from outside against servers on loopback.

mod answers;
mod auth;
mod bodies;
mod config;
mod downloads;
mod errors;
mod faults;
mod limits;
mod multipart;
mod options;
mod pages;
mod parameters;
mod raw;
mod redirects;
mod requests;
mod retries;
mod secrets;
mod server;
mod traces;
mod types;
mod uploads;

use std::{
    future::IntoFuture,
    sync::atomic::{AtomicUsize, Ordering},
};

use wire::{Client, Error};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

/// A server that gives every request this answer.
async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// A server that gives these answers one after the other; the last one stays.
async fn answering_in_turn(answers: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let answers: Vec<_> = answers.into_iter().collect();
    let asked = AtomicUsize::new(0);
    let server = MockServer::start().await;
    let answer = move |_: &Request| {
        answers[asked.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1)].clone()
    };
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

async fn answering_no_content() -> MockServer {
    answering(ResponseTemplate::new(204)).await
}

fn client(server: &MockServer) -> Client {
    wire::client(&server.uri()).build().expect("these settings are good")
}

/// The only request that arrived.
async fn only_request(server: &MockServer) -> Request {
    let mut requests = server.received_requests().await.expect("recording is on");
    assert_eq!(requests.len(), 1, "{requests:?}");
    requests.remove(0)
}

async fn no_request(server: &MockServer) {
    assert_eq!(server.received_requests().await.expect("recording is on").len(), 0);
}

/// The error, its causes included, as a user would print it.
fn printed(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text += &format!("\n{cause}\n{cause:?}");
        source = cause.source();
    }
    text
}

#[test]
fn futures_are_send_and_owned() {
    fn check<F>(_: impl Fn(&Client) -> F)
    where
        F: IntoFuture + Send + 'static,
        F::IntoFuture: Send + 'static,
    {
    }
    fn check_future<F: Future + Send + 'static>(_: impl Fn(&Client) -> F) {}
    check(Client::items_list);
    check(Client::files_upload);
    check_future(|client| client.items_list().send());
    check_future(|client| client.files_upload().send());
    check_future(|client| client.files_download().send());
    check_future(|client| client.runs_start().send());
    check_future(|client| client.runs_start().send_raw());
    check_future(|client| client.request(reqwest::Method::GET, "/x").send::<String>());
    check_future(|client| client.request(reqwest::Method::GET, "/x").send_raw());
}
