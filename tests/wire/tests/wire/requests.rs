use reqwest::Method;
use serde_json::json;
use wire::{Error, ErrorKind, KEY, RetryPolicy, types};
use wiremock::ResponseTemplate;

use crate::{
    answering, answering_in_turn, answering_no_content, client, no_request, only_request,
    retries::recorded,
};

#[tokio::test]
async fn it_has_the_base_url_the_key_and_what_the_caller_says() {
    let answer = json!({ "id": "1", "name": "a", "status": "open" });
    let server = answering(ResponseTemplate::new(201).set_body_json(answer)).await;
    let client = wire::client(&format!("{}/base/", server.uri())).build().unwrap();
    let made = client
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
    assert_eq!((made.status().as_u16(), made.name.as_str()), (201, "a"));
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
async fn its_errors_name_method_and_template() {
    let body = json!({ "code": 404, "message": "no such thing" });
    let server = answering(ResponseTemplate::new(404).set_body_json(body)).await;
    let request = client(&server).request(Method::GET, "/new/{id}").path("id", "s3cret");
    let error = request.query("q", "s3cret").send::<()>().await.unwrap_err();
    assert_eq!(error.to_string(), "GET /new/{id}: 404 Not Found: no such thing");
    assert_eq!((error.operation(), error.kind()), (Some("GET /new/{id}"), ErrorKind::Api));
    let api = error.api().unwrap();
    assert_eq!((api.code(), api.message()), (Some("404"), Some("no such thing")));
    assert!(!crate::printed(&error).contains("s3cret"));
}

#[tokio::test]
async fn a_body_of_another_shape_names_the_field() {
    let body = json!({ "id": 1 });
    let server = answering(ResponseTemplate::new(200).set_body_json(body)).await;
    let request = client(&server).request(Method::GET, "/new");
    let error = request.send::<types::Item>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("id: "), "{error}");
}

#[tokio::test]
async fn no_body_is_nothing() {
    let server = answering_no_content().await;
    client(&server).request(Method::DELETE, "/new").send::<()>().await.unwrap();
    let item = client(&server).request(Method::GET, "/new").send::<Option<types::Item>>().await;
    assert!(item.unwrap().is_none());
    let error = client(&server).request(Method::GET, "/new").send::<types::Item>().await;
    assert!(error.unwrap_err().to_string().contains("the body is empty"));
}

#[tokio::test]
async fn it_has_the_same_retries() {
    let server = answering_in_turn([ResponseTemplate::new(503), ResponseTemplate::new(204)]).await;
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
    let second = answering_no_content().await;
    let answer = ResponseTemplate::new(307).insert_header("location", second.uri());
    let server = answering(answer).await;
    let error = client(&server).request(Method::GET, "/new").send::<()>().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 307);
    let raw = client(&server).request(Method::GET, "/new").send_raw().await.unwrap();
    assert_eq!(raw.headers()["location"], second.uri().as_str());
    no_request(&second).await;
}

async fn refused(template: &str, values: &[(&str, &str)]) -> Error {
    let server = answering_no_content().await;
    let mut request = client(&server).request(Method::GET, template);
    for (name, value) in values {
        request = request.path(*name, *value);
    }
    let error = request.send::<()>().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
    no_request(&server).await;
    error
}

#[tokio::test]
async fn nothing_leads_out_of_the_path() {
    for (template, values, reason) in [
        ("new", &[][..], "the path doesn't begin with a slash"),
        ("https://other.example/", &[], "the path doesn't begin with a slash"),
        ("", &[], "the path doesn't begin with a slash"),
        ("/../x", &[], "`..` in the path names another path"),
        ("/a/%2E./x", &[], "`%2E.` in the path names another path"),
        ("/a\\..\\x", &[], "the path has the character '\\\\'"),
        ("/a?b=c", &[], "the path has the character '?'"),
        ("/a#b", &[], "the path has the character '#'"),
        ("/.\t./x", &[], "the path has the character '\\t'"),
        ("/{id}", &[], "path parameter `id` wasn't set"),
        ("/{id}/{other}", &[("id", "1")], "path parameter `other` wasn't set"),
        ("/{id}", &[("id", "1"), ("it", "2")], "there is no `{it}` in the path"),
        ("/{id}", &[("id", "1"), ("id", "2")], "path parameter `id` is set twice"),
        ("/{id}", &[("id", "")], "path parameter `id` is empty"),
        ("/{id}", &[("id", "..")], "path parameter `id` is `..`"),
        ("/a/{id}/b", &[("id", ".")], "path parameter `id` is `.`"),
        ("/.{id}", &[("id", ".")], "path parameter `id` is `..`"),
        ("/%2e{id}", &[("id", ".")], "path parameter `id` is `%2e.`"),
    ] {
        let error = refused(template, values).await.to_string();
        assert!(error.contains(reason), "{template}: {error}");
    }
}

#[tokio::test]
async fn connect_is_refused() {
    let server = answering_no_content().await;
    let error = client(&server).request(Method::CONNECT, "/x").send::<()>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    no_request(&server).await;
}

#[test]
fn debug_shows_no_value() {
    let client = wire::client("https://x.example").build().unwrap();
    let request = client.request(Method::GET, "/a/{id}").path("id", "s3cret");
    let shown = format!("{:?}", request.query("q", "s3cret").json("s3cret"));
    assert!(shown.contains("/a/{id}") && !shown.contains("s3cret"), "{shown}");
}
