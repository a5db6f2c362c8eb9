//! Tests of the exchanged HTTP messages, against servers on loopback.

mod attack;
mod auth;
mod base_urls;
mod bodies;
mod cassettes;
mod compositions;
mod config;
mod credentials;
mod date_times;
mod directions;
mod downloads;
mod enums;
mod errors;
mod expansions;
mod faults;
mod hostile;
mod integers;
mod key_provider;
mod lenient;
mod limits;
mod methods;
mod multipart;
mod multipart_parts;
mod names;
mod odd_texts;
mod options;
mod pages;
mod paging;
mod parameters;
mod path_queries;
mod rate_limits;
mod raw;
mod reading;
mod redirects;
mod representations;
mod requests;
mod responses;
mod retries;
mod secrets;
mod server;
mod servers;
mod streams;
mod traces;
mod transports;
mod types;
mod uploads;
mod uuids;
mod webhooks;

use std::{
    future::IntoFuture,
    sync::atomic::{AtomicUsize, Ordering},
};

use wire::{Client, Error};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

/// Starts a server that responds to every request with `response`.
async fn serve(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    server
}

/// Starts a server that responds with these responses one after the other, and repeats the last
/// one.
async fn serve_sequence(responses: impl IntoIterator<Item = ResponseTemplate>) -> MockServer {
    let responses: Vec<_> = responses.into_iter().collect();
    let requests = AtomicUsize::new(0);
    let server = MockServer::start().await;
    let response = move |_: &Request| {
        let index = requests.fetch_add(1, Ordering::Relaxed);
        responses[index.min(responses.len() - 1)].clone()
    };
    Mock::given(any()).respond_with(response).mount(&server).await;
    server
}

/// Creates a client of one of the documents of single constructs, without retries.
macro_rules! document_client {
    ($document:ident, $url:expr) => {
        wire::documents::$document::Client::builder()
            .base_url($url)
            .retry(wire::RetryPolicy::none())
            .build()
            .expect("the settings are valid")
    };
}
use document_client;

/// Starts a server that responds to every request with 204.
async fn serve_no_content() -> MockServer {
    serve(ResponseTemplate::new(204)).await
}

/// Creates a client of a server.
fn client(server: &MockServer) -> Client {
    wire::client(&server.uri()).build().expect("the settings are valid")
}

/// Returns the only request that was received.
async fn only_request(server: &MockServer) -> Request {
    let mut requests = server.received_requests().await.expect("recording is on");
    assert_eq!(requests.len(), 1, "{requests:?}");
    requests.remove(0)
}

async fn assert_no_request(server: &MockServer) {
    assert_eq!(server.received_requests().await.expect("recording is on").len(), 0);
}

/// Returns all texts of an error and its sources, in `Display` and `Debug` format.
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
fn futures_are_send_and_static() {
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
