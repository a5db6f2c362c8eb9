use reqwest::Method;
use serde_json::json;
use wire::{Error, ErrorKind, KEY, RetryPolicy, types};
use wiremock::ResponseTemplate;

use crate::{
    assert_no_request, client, only_request, retries::recorded, serve, serve_no_content,
    serve_sequence,
};

#[tokio::test]
async fn a_request_has_the_base_url_the_key_and_the_parts_of_the_caller() {
    let response = json!({ "id": "1", "name": "a", "status": "open" });
    let server = serve(ResponseTemplate::new(201).set_body_json(response)).await;
    let client = wire::client(&format!("{}/base/", server.uri())).build().unwrap();
    let created = client
        .request(Method::POST, "/new/{kind}/{id}")
        .path("id", 7)
        .path("kind", "a/b")
        .query("tag", "x y")
        .query("tag", "&")
        .header("X-Trace", "t")
        .json(&types::NewItem::new("n"))
        .send::<types::Item>()
        .await
        .unwrap();
    assert_eq!((created.status().as_u16(), created.name.as_str()), (201, "a"));
    let request = only_request(&server).await;
    assert_eq!(request.url.path(), "/base/new/a%2Fb/7");
    assert_eq!(request.url.query(), Some("tag=x%20y&tag=%26"));
    assert_eq!(request.method, "POST");
    assert_eq!(request.headers["x-wire-key"], KEY);
    assert_eq!(request.headers["x-trace"], "t");
    assert_eq!(request.headers["content-type"], "application/json");
    assert!(request.headers["accept"].to_str().unwrap().starts_with("application/json"));
    assert_eq!(request.body, br#"{"name":"n"}"#);
}

#[tokio::test]
async fn errors_name_method_and_path_template() {
    let body = json!({ "code": 404, "message": "no such thing" });
    let server = serve(ResponseTemplate::new(404).set_body_json(body)).await;
    let client = wire::client(&format!("{}/v1", server.uri())).build().unwrap();
    let request = client.request(Method::GET, "/new/{id}").path("id", "s3cret");
    let error = request.query("q", "s3cret").send::<()>().await.unwrap_err();
    assert_eq!(error.to_string(), "GET /new/{id}: 404 Not Found: no such thing");
    assert_eq!((error.operation(), error.kind()), (Some("GET /new/{id}"), ErrorKind::Api));
    let api = error.api().unwrap();
    assert_eq!((api.code(), api.message()), (Some("404"), Some("no such thing")));
    assert!(!crate::printed(&error).contains("s3cret"));
}

#[tokio::test]
async fn a_decode_error_names_the_field() {
    let body = json!({ "id": 1 });
    let server = serve(ResponseTemplate::new(200).set_body_json(body)).await;
    let request = client(&server).request(Method::GET, "/new");
    let error = request.send::<types::Item>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("id: "), "{error}");
}

#[tokio::test]
async fn an_empty_body_decodes_as_null() {
    let server = serve_no_content().await;
    client(&server).request(Method::DELETE, "/new").send::<()>().await.unwrap();
    let item = client(&server).request(Method::GET, "/new").send::<Option<types::Item>>().await;
    assert!(item.unwrap().is_none());
    let error = client(&server).request(Method::GET, "/new").send::<types::Item>().await;
    assert!(error.unwrap_err().to_string().contains("the body is empty"));
}

#[tokio::test]
async fn requests_are_retried() {
    let server = serve_sequence([ResponseTemplate::new(503), ResponseTemplate::new(204)]).await;
    let (policy, waits) = recorded(RetryPolicy::new());
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    client.request(Method::PUT, "/new").json(&[1]).send::<()>().await.unwrap();
    assert_eq!(waits.millis(), [500]);
    let bodies: Vec<_> =
        server.received_requests().await.unwrap().into_iter().map(|r| r.body).collect();
    assert_eq!(bodies, [b"[1]", b"[1]"]);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let second = serve_no_content().await;
    let response = ResponseTemplate::new(307).insert_header("location", second.uri());
    let server = serve(response).await;
    let error = client(&server).request(Method::GET, "/new").send::<()>().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 307);
    let raw = client(&server).request(Method::GET, "/new").send_raw().await.unwrap();
    assert_eq!(raw.headers()["location"], second.uri().as_str());
    assert_no_request(&second).await;
}

/// Sends a request that is invalid, and returns its error.
async fn invalid_request_error(template: &str, values: &[(&str, &str)]) -> Error {
    let server = serve_no_content().await;
    let mut request = client(&server).request(Method::GET, template);
    for (name, value) in values {
        request = request.path(*name, *value);
    }
    let error = request.send::<()>().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
    assert_no_request(&server).await;
    error
}

#[tokio::test]
async fn an_invalid_path_is_an_error() {
    for (template, values, reason) in [
        ("new", &[][..], "the path must begin with a slash"),
        ("https://other.example/", &[], "the path must begin with a slash"),
        ("", &[], "the path must begin with a slash"),
        ("/../x", &[], "the path contains the dot-segment `..`"),
        ("/a/%2E./x", &[], "the path contains the dot-segment `%2E.`"),
        ("/a\\..\\x", &[], "the path contains the character '\\\\'"),
        ("/a?b=c", &[], "the path contains the character '?'"),
        ("/a#b", &[], "the path contains the character '#'"),
        ("/.\t./x", &[], "the path contains the character '\\t'"),
        ("/{id}", &[], "missing path parameter `id`"),
        ("/{id}/{other}", &[("id", "1")], "missing path parameter `other`"),
        ("/{id}", &[("id", "1"), ("it", "2")], "the path has no placeholder `{it}`"),
        ("/{id}", &[("id", "1"), ("id", "2")], "path parameter `id` is set twice"),
        ("/{id}", &[("id", "")], "path parameter `id` is empty"),
        ("/{id}", &[("id", "..")], "path parameter `id` is `..`"),
        ("/a/{id}/b", &[("id", ".")], "path parameter `id` is `.`"),
        ("/.{id}", &[("id", ".")], "path parameter `id` is `..`"),
        ("/%2e{id}", &[("id", ".")], "path parameter `id` is `%2e.`"),
    ] {
        let error = invalid_request_error(template, values).await.to_string();
        assert!(error.contains(reason), "{template}: {error}");
    }
}

#[tokio::test]
async fn the_method_connect_is_an_error() {
    let server = serve_no_content().await;
    let error = client(&server).request(Method::CONNECT, "/x").send::<()>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert_no_request(&server).await;
}

#[test]
fn debug_output_does_not_show_values() {
    let client = wire::client("https://x.example").build().unwrap();
    let request = client.request(Method::GET, "/a/{id}").path("id", "s3cret");
    let shown = format!("{:?}", request.query("q", "s3cret").json("s3cret"));
    assert!(shown.contains("/a/{id}") && !shown.contains("s3cret"), "{shown}");
}

#[tokio::test]
async fn a_malformed_path_template_is_an_error() {
    for (template, values) in [
        ("/{a/b}", &[("a/b", "1")][..]),
        ("/{a", &[]),
        ("/a}", &[]),
        ("/{}", &[("", "1")]),
        ("/{{a}}", &[("a", "1")]),
        ("/{a{b}}", &[("b", "1")]),
    ] {
        let error = invalid_request_error(template, values).await;
        let text = error.to_string();
        assert!(text.contains("placeholder"), "{template}: {text}");
    }
}
