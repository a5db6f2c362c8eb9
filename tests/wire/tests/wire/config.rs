use std::time::Duration;

use wire::{ErrorKind, builder};
use wiremock::ResponseTemplate;

use crate::{client, document_client, only_request, serve, serve_no_content};

#[tokio::test]
async fn the_user_agent_names_the_crate_and_the_caller() {
    let server = serve_no_content().await;
    client(&server).auth_none().send().await.unwrap();
    assert_eq!(only_request(&server).await.headers["user-agent"], "wire/0.0.0");

    let server = serve_no_content().await;
    let client = wire::client(&server.uri()).user_agent("tool/1.2").build().unwrap();
    client.auth_none().send().await.unwrap();
    assert_eq!(only_request(&server).await.headers["user-agent"], "tool/1.2 wire/0.0.0");
}

#[tokio::test]
async fn the_document_version_is_not_sent() {
    let server = serve_no_content().await;
    client(&server).versioned_get().send().await.unwrap();
    assert!(!only_request(&server).await.headers.contains_key("api-version"));

    let server = serve_no_content().await;
    client(&server).versioned_get().api_version("7").send().await.unwrap();
    let request = only_request(&server).await;
    let values: Vec<_> = request.headers.get_all("api-version").iter().collect();
    assert_eq!(values, ["7"]);
}

/// A header can't carry every version.
#[tokio::test]
async fn a_document_version_may_have_any_characters() {
    let server = serve_no_content().await;
    let client = document_client!(version_not_ascii, server.uri());
    client.a().api_version("7").send().await.unwrap();
    let request = only_request(&server).await;
    let values: Vec<_> = request.headers.get_all("api-version").iter().collect();
    assert_eq!(values, ["7"]);
}

#[test]
fn the_default_base_url_is_the_server_of_the_document() {
    let client = builder().api_key("k").build().unwrap();
    assert_eq!(client.base_url().as_str(), "https://eu.wire.example/v1");
}

#[test]
fn http_needs_loopback_or_allow_http() {
    for url in
        ["http://127.0.0.1:8080", "http://localhost/v1", "http://[::1]:1", "https://x.example"]
    {
        builder().api_key("k").base_url(url).build().unwrap();
    }
    let error = builder().api_key("k").base_url("http://10.0.0.1").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("`allow_http`"), "{error}");
    builder().api_key("k").base_url("http://10.0.0.1").allow_http().build().unwrap();
}

#[test]
fn an_invalid_base_url_is_an_error() {
    for url in [
        "",
        "x.example",
        "/v1",
        "ftp://x.example",
        "https://u:p@x.example",
        "https://x.example?a=1",
    ] {
        let error = builder().api_key("k").base_url(url).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{url}");
        assert!(error.to_string().starts_with("base URL"), "{error}");
    }
}

#[tokio::test]
async fn an_attempt_times_out() {
    let server = serve(ResponseTemplate::new(204).set_delay(Duration::from_secs(30))).await;
    let settings = wire::client(&server.uri()).timeout(Duration::from_millis(20));
    let error = settings.build().unwrap().auth_none().send().await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn configure_can_not_enable_redirects() {
    let target = serve_no_content().await;
    let response = ResponseTemplate::new(302).insert_header("location", target.uri());
    let server = serve(response).await;
    let client = wire::client(&server.uri())
        .configure(|http| {
            let headers = [("x-extra".parse().unwrap(), "1".parse().unwrap())];
            http.default_headers(headers.into_iter().collect())
                .redirect(reqwest::redirect::Policy::limited(5))
        })
        .build()
        .unwrap();
    let error = client.auth_none().send().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(only_request(&server).await.headers["x-extra"], "1");
    crate::assert_no_request(&target).await;
}
