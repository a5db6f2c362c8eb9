use std::time::Duration;

use wire::{ErrorKind, builder};
use wiremock::ResponseTemplate;

use crate::{answering, answering_no_content, client, only_request};

#[tokio::test]
async fn the_user_agent_names_the_crate_and_the_caller() {
    let server = answering_no_content().await;
    client(&server).auth_none().send().await.unwrap();
    assert_eq!(only_request(&server).await.headers["user-agent"], "wire/0.0.0");

    let server = answering_no_content().await;
    let client = wire::client(&server.uri()).user_agent("tool/1.2").build().unwrap();
    client.auth_none().send().await.unwrap();
    assert_eq!(only_request(&server).await.headers["user-agent"], "tool/1.2 wire/0.0.0");
}

#[tokio::test]
async fn no_api_version_is_sent_unasked() {
    let server = answering_no_content().await;
    client(&server).versioned_get().send().await.unwrap();
    assert!(!only_request(&server).await.headers.contains_key("api-version"));

    let server = answering_no_content().await;
    client(&server).versioned_get().api_version("7").send().await.unwrap();
    let request = only_request(&server).await;
    let values: Vec<_> = request.headers.get_all("api-version").iter().collect();
    assert_eq!(values, ["7"]);
}

#[test]
fn the_server_of_the_document_is_the_default() {
    let client = builder().api_key("k").build().unwrap();
    assert_eq!(client.base_url().as_str(), "https://eu.wire.example/v1");
}

#[test]
fn plain_http_is_for_loopback() {
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
fn a_base_url_that_is_none_is_refused() {
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
async fn an_attempt_ends_after_its_timeout() {
    let server = answering(ResponseTemplate::new(204).set_delay(Duration::from_secs(30))).await;
    let settings = wire::client(&server.uri()).timeout(Duration::from_millis(20));
    let error = settings.build().unwrap().auth_none().send().await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn the_transport_can_be_configured_but_for_redirects() {
    let target = answering_no_content().await;
    let answer = ResponseTemplate::new(302).insert_header("location", target.uri());
    let server = answering(answer).await;
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
    crate::no_request(&target).await;
}
