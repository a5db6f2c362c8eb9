//! Base URLs whose path doesn't fit the document: the prefix of its paths is doubled, or the path
//! of its server is missing.

use wire::documents::path_prefix::Client;
use wiremock::ResponseTemplate;

use crate::{only_request, serve, serve_no_content, traces::start_recording};

/// The base URL that a client uses for one that was set.
fn used(base_url: &str) -> String {
    let client = Client::builder().base_url(base_url).build().unwrap();
    client.base_url().as_str().to_owned()
}

#[test]
fn the_prefix_of_all_paths_is_removed_from_the_end_of_a_base_url() {
    for (set, expected) in [
        ("https://api.example/agents/v2", "https://api.example/"),
        ("https://api.example/agents/v2/", "https://api.example/"),
        ("https://gateway.example/a/b/agents/v2", "https://gateway.example/a/b"),
        ("http://127.0.0.1:8080/agents/v2", "http://127.0.0.1:8080/"),
        // Only once.
        ("https://api.example/agents/v2/agents/v2", "https://api.example/agents/v2"),
    ] {
        assert_eq!(used(set), expected, "{set}");
    }
}

#[test]
fn other_base_urls_stay_as_they_are() {
    for url in [
        "https://api.example/",
        "https://gateway.example/agents",
        "https://gateway.example/v2",
        "https://gateway.example/my-agents/v2",
        "https://gateway.example/agents/v20",
        "https://gateway.example/agents/v2/proxy",
        // The path of other operations isn't the prefix.
        "https://gateway.example/users/v2",
    ] {
        assert_eq!(used(url), url);
    }
    // A client of a document without a common prefix.
    let client = wire::builder().api_key("k").base_url("https://gateway.example/agents/v2");
    assert_eq!(client.build().unwrap().base_url().path(), "/agents/v2");
}

#[tokio::test]
async fn all_operations_are_found_below_a_base_url_of_before() {
    for (base, expected) in [("/agents/v2", ""), ("/gateway/agents/v2", "/gateway")] {
        let server = serve_no_content().await;
        let client = Client::builder().base_url(format!("{}{base}", server.uri()));
        let client = client.build().unwrap();
        client.thing_get().id("a b").await.unwrap();
        client.whoami().await.unwrap();
        let requests = server.received_requests().await.unwrap();
        let paths: Vec<_> = requests.iter().map(|request| request.url.path()).collect();
        let expected =
            ["/agents/v2/things/a%20b", "/users/v2/whoami"].map(|path| format!("{expected}{path}"));
        assert_eq!(paths, expected);
    }
}

#[test]
fn an_event_reports_that_the_prefix_is_removed() {
    let recorder = start_recording();
    used("https://secret.example/secret");
    assert_eq!(recorder.events().len(), 0);
    used("https://secret.example/secret/agents/v2");
    let events = recorder.events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].get("prefix"), "/agents/v2");
    assert!(events[0].get("message").starts_with("the base URL ends with the prefix"));
    assert!(!recorder.all_fields().contains("secret"), "{}", recorder.all_fields());
}

/// The document's server is `https://eu.wire.example/v1`.
#[tokio::test]
async fn not_found_names_the_path_that_a_bare_base_url_lacks() {
    let response = ResponseTemplate::new(404).insert_header("x-request-id", "r-1");
    let server = serve(response.set_body_string("x".repeat(9_000))).await;
    let error = wire::client(&server.uri()).build().unwrap().auth_none().send().await.unwrap_err();
    let hint = format!(
        "; the base URL {}/ lacks the path /v1 of the API's server (request id r-1)",
        server.uri()
    );
    assert!(error.to_string().ends_with(&hint), "{error}");
    assert!(!error.to_string().contains(wire::KEY), "{error}");
    assert_eq!(only_request(&server).await.url.path(), "/auth/none");
    // The message of the server stays as it is.
    assert!(!error.api().unwrap().to_string().contains("lacks"), "{error}");
}

#[tokio::test]
async fn no_path_is_missing_below_another_path_or_with_another_status() {
    for (path, status) in [("/v1", 404), ("/gateway", 404), ("", 403), ("", 500)] {
        let server = serve(ResponseTemplate::new(status)).await;
        let client = wire::client(&format!("{}{path}", server.uri())).build().unwrap();
        let error = client.auth_none().send().await.unwrap_err();
        assert!(!error.to_string().contains("lacks"), "{path} {status}: {error}");
    }
    // Nor with a document whose server has none.
    let server = serve(ResponseTemplate::new(404)).await;
    let client = crate::document_client!(path_prefix, server.uri());
    let error = client.whoami().await.unwrap_err();
    assert!(!error.to_string().contains("lacks"), "{error}");
}
