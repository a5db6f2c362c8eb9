use std::{sync::atomic::Ordering, time::Duration};

use reqwest::header::HeaderMap;
use wire::{CallOptions, ErrorKind, KEY, RetryPolicy, types};
use wiremock::ResponseTemplate;

use crate::{
    assert_no_request, client, only_request,
    retries::recorded,
    serve_no_content, serve_sequence,
    server::{Step, serve_counting, serve_script},
};

/// Returns all values of a header, joined by commas.
fn header_values(headers: &HeaderMap, name: &str) -> String {
    let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap());
    values.collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn options_override_the_timeout() {
    let server = serve_script([Step::Stall(String::new()), Step::Stall(String::new())]).await;
    let client = wire::client(&server.url).build().unwrap();
    let impatient = client.with_options(CallOptions::new().timeout(Duration::from_secs(3)));
    // A request without a response takes no time while tokio's clock is paused.
    tokio::time::pause();
    let started = tokio::time::Instant::now();
    assert!(impatient.auth_none().send().await.unwrap_err().is_timeout());
    assert!(impatient.files_download().send().await.unwrap_err().is_timeout());
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(client.base_url(), impatient.base_url());
}

#[tokio::test]
async fn clients_with_options_share_connections() {
    let (url, connections) = serve_counting().await;
    let client = wire::client(&url).build().unwrap();
    for index in 0..3 {
        let options = CallOptions::new().header("x-index", index.to_string());
        client.with_options(options).auth_none().send().await.unwrap();
    }
    client.auth_none().send().await.unwrap();
    // One as a rule, and four without sharing.
    assert!(connections.load(Ordering::Relaxed) < 4);
}

#[tokio::test]
async fn options_override_the_retry_policy() {
    let server = serve_sequence([ResponseTemplate::new(503)]).await;
    let (policy, _) = recorded(RetryPolicy::new().max_retries(4));
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    let once = client.with_options(CallOptions::new().retry(RetryPolicy::none()));
    assert_eq!(once.auth_none().send().await.unwrap_err().attempts(), 1);
    assert_eq!(client.auth_none().send().await.unwrap_err().attempts(), 5);
}

#[tokio::test]
async fn later_options_override_and_headers_are_merged() {
    let server = serve_no_content().await;
    let client = client(&server);
    let first = CallOptions::new().header("X-One", "1").header("x-two", "2");
    let second = CallOptions::new().header("X-Two", "two").header("X-Three", "3");
    let merged = client.with_options(first).with_options(second);
    merged.with_options(CallOptions::new()).auth_none().send().await.unwrap();
    let headers = only_request(&server).await.headers;
    let values = |name: &str| header_values(&headers, name);
    assert_eq!(
        (values("x-one"), values("x-two"), values("x-three")),
        ("1".into(), "two".into(), "3".into())
    );
}

#[tokio::test]
async fn the_original_client_is_not_changed() {
    let server = serve_no_content().await;
    let client = client(&server);
    drop(client.with_options(CallOptions::new().header("x-one", "1")));
    client.auth_none().send().await.unwrap();
    assert!(!only_request(&server).await.headers.contains_key("x-one"));
}

#[tokio::test]
async fn headers_override_defaults() {
    let server = serve_no_content().await;
    let options = CallOptions::new().header("accept", "text/csv").header("user-agent", "me/1");
    client(&server).with_options(options).auth_none().send().await.unwrap();
    let headers = only_request(&server).await.headers;
    let values = |name: &str| header_values(&headers, name);
    assert_eq!((values("accept"), values("user-agent")), ("text/csv".into(), "me/1".into()));
}

#[tokio::test]
async fn headers_do_not_override_parameters() {
    let server = serve_no_content().await;
    let options = CallOptions::new().header("api-version", "1").header("cookie", "a=1");
    let client = client(&server).with_options(options);
    client.versioned_get().api_version("2").send().await.unwrap();
    let headers = only_request(&server).await.headers;
    let values = |name: &str| header_values(&headers, name);
    assert_eq!((values("api-version"), values("cookie")), ("2".into(), "a=1".into()));
}

#[tokio::test]
async fn invalid_and_derived_headers_are_errors_before_anything_is_sent() {
    let server = serve_no_content().await;
    let client = client(&server);
    for (name, value, reason) in [
        ("X-Wire-Key", "v4lue", "the header `x-wire-key` carries the credential"),
        ("Host", "v4lue.example", "the header `host` is derived from the request"),
        ("Content-Length", "0", "the header `content-length` is derived"),
        ("transfer-encoding", "chunked", "the header `transfer-encoding` is derived"),
        ("Connection", "close", "the header `connection` is derived"),
        ("Content-Type", "v4lue", "the header `content-type` is derived"),
        ("x bad", "v4lue", "`x bad` isn't a valid header name"),
        ("", "v4lue", "`` isn't a valid header name"),
        ("x-bad", "v4lue\r\nx-more: 1", "`x-bad` has characters that a header can't carry"),
    ] {
        let options = CallOptions::new().header("x-good", "1").header(name, value);
        let client = client.with_options(options).with_options(CallOptions::new());
        let errors = [
            client.versioned_get().send().await.unwrap_err(),
            client.request(reqwest::Method::GET, "/x").send::<()>().await.unwrap_err(),
            client.items_create().body(types::NewItem::new("n")).send_raw().await.unwrap_err(),
        ];
        for error in errors {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
            assert!(error.to_string().contains(reason), "{error}");
            assert!(!crate::printed(&error).contains("v4lue"), "{error:?}");
        }
    }
    assert_no_request(&server).await;
}

#[tokio::test]
async fn authorization_can_be_set_unless_it_carries_the_credential() {
    let server = serve_no_content().await;
    let gateway = CallOptions::new().header("Authorization", "Basic Z2F0ZQ==");
    let client = client(&server).with_options(gateway);
    client.versioned_get().send().await.unwrap();
    let headers = only_request(&server).await.headers;
    assert_eq!(headers["authorization"], "Basic Z2F0ZQ==");
    assert_eq!(headers["x-wire-key"], KEY);
    let error = client.auth_bearer().send().await.unwrap_err();
    assert!(error.to_string().contains("`authorization` carries the credential"), "{error}");
}

#[test]
fn debug_output_does_not_show_header_values() {
    let options = CallOptions::new().header("x-gateway-token", "v4lue");
    let shown = format!("{options:?}");
    assert!(shown.contains("x-gateway-token") && !shown.contains("v4lue"), "{shown}");
}
