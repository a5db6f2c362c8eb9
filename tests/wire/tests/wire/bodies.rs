use reqwest::Method;
use wire::types;
use wiremock::ResponseTemplate;

use crate::{
    assert_no_request, client, document_client, only_request, serve, serve_no_content,
    server::{ScriptedServer, Step, serve_script},
};

fn new_item() -> types::NewItem {
    types::NewItem::new("n")
}

async fn serve_item() -> wiremock::MockServer {
    let item = serde_json::json!({ "id": "1", "name": "n", "status": "open" });
    serve(ResponseTemplate::new(201).set_body_json(item)).await
}

#[tokio::test]
async fn a_json_body_is_sent() {
    let server = serve_item().await;
    client(&server).items_create().body(new_item()).send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.body, br#"{"name":"n"}"#);
}

#[tokio::test]
async fn an_empty_optional_list_is_sent() {
    let server = serve_item().await;
    let body = new_item().with_tags(Vec::<String>::new());
    client(&server).items_create().body(body).send().await.unwrap();
    assert_eq!(only_request(&server).await.body, br#"{"name":"n","tags":[]}"#);
}

#[tokio::test]
async fn a_missing_required_body_is_an_error() {
    let server = serve_item().await;
    let error = client(&server).items_create().send().await.unwrap_err();
    assert_eq!(error.to_string(), "itemsCreate: `body` is required and wasn't set");
    assert_eq!(error.attempts(), 0);
    assert_no_request(&server).await;
}

#[tokio::test]
async fn an_optional_body_is_sent_only_when_set() {
    let server = serve_item().await;
    client(&server).items_update().item_id("1").send().await.unwrap();
    let request = only_request(&server).await;
    assert!(request.body.is_empty());
    assert!(!request.headers.contains_key("content-type"));

    let server = serve_item().await;
    client(&server).items_update().item_id("1").body(new_item()).send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["content-type"], "application/json");
    assert_eq!(request.body, br#"{"name":"n"}"#);
}

/// RFC 9110, section 8.6. HTTP libraries leave the header out, and wiremock doesn't show its
/// absence before the request is parsed.
#[tokio::test]
async fn a_request_without_a_body_has_the_length_0() {
    let no_content = || Step::Respond("HTTP/1.1 204 No Content\r\n\r\n".to_owned());
    let head = |server: &ScriptedServer, request: &str| {
        let requests = server.requests();
        assert!(requests[0].starts_with(request), "{requests:?}");
        requests[0].to_ascii_lowercase()
    };
    let server = serve_script([no_content()]).await;
    document_client!(empty_posts, &*server.url).publish().send().await.unwrap();
    assert!(head(&server, "POST /publish").contains("\r\ncontent-length: 0\r\n"));

    // An optional body that isn't set. The response lacks the documented body.
    let server = serve_script([no_content()]).await;
    let client = wire::client(&server.url).build().unwrap();
    client.items_update().item_id("1").send().await.unwrap_err();
    assert!(head(&server, "PATCH /items/1").contains("\r\ncontent-length: 0\r\n"));

    for method in [Method::POST, Method::PUT, Method::PATCH] {
        let server = serve_script([no_content()]).await;
        let client = wire::client(&server.url).build().unwrap();
        client.request(method.clone(), "/a").send::<()>().await.unwrap();
        let text = head(&server, &format!("{method} /a"));
        assert!(text.contains("\r\ncontent-length: 0\r\n"), "{text}");
        assert!(!text.contains("transfer-encoding"), "{text}");
    }
    for method in [Method::GET, Method::DELETE, Method::HEAD] {
        let server = serve_script([no_content()]).await;
        let client = wire::client(&server.url).build().unwrap();
        client.request(method.clone(), "/a").send::<()>().await.unwrap();
        assert!(!head(&server, &format!("{method} /a")).contains("content-length"));
    }
    let server = serve_script([no_content()]).await;
    wire::client(&server.url).build().unwrap().files_replace().body("").send().await.unwrap();
    assert!(head(&server, "PUT /files").contains("\r\ncontent-length: 0\r\n"));
}

#[tokio::test]
async fn a_documented_body_of_delete_is_sent() {
    let server = serve_no_content().await;
    let body = types::ItemsDeleteBody::new("old");
    client(&server).items_delete().item_id("1").body(body).send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(
        (request.method.as_str(), request.body.as_slice()),
        ("DELETE", &br#"{"reason":"old"}"#[..])
    );
}

#[tokio::test]
async fn text_and_bytes_are_sent_unchanged() {
    let server = serve(ResponseTemplate::new(201).set_body_string("ok")).await;
    client(&server).notes_add().body("a \u{2713}").send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["content-type"], "text/plain");
    assert_eq!(request.body, "a \u{2713}".as_bytes());

    let server = serve_no_content().await;
    client(&server).files_replace().body(vec![0, 159, 146]).send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["content-type"], "application/octet-stream");
    assert_eq!(request.body, [0, 159, 146]);
}

#[tokio::test]
async fn a_form_body_is_urlencoded() {
    let server = serve(ResponseTemplate::new(204)).await;
    let body = types::Filter::new().with_a("x y").with_list(["p", "q&"]);
    client(&server).search_form().undeclared("u").body(body).send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["content-type"], "application/x-www-form-urlencoded");
    assert_eq!(String::from_utf8_lossy(&request.body), "a=x%20y&list=p&list=q%26");
}

#[test]
fn the_debug_output_of_a_builder_omits_bytes() {
    let client = wire::client("http://localhost").build().unwrap();
    let text = format!("{:?}", client.files_replace().body("secret bytes"));
    assert!(!text.contains("secret") && text.contains("12 bytes"), "{text}");
}
