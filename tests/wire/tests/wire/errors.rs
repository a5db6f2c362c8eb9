use wire::{Error, ErrorKind, types};
use wiremock::ResponseTemplate;

use crate::{client, document_client, only_request, printed, serve, server};

async fn list_error(response: ResponseTemplate) -> Error {
    let server = serve(response).await;
    client(&server).items_list().send().await.unwrap_err()
}

#[tokio::test]
async fn a_documented_error_has_a_typed_body() {
    let body = serde_json::json!({ "code": 404, "message": "no such item" });
    let response =
        ResponseTemplate::new(404).set_body_json(body).insert_header("x-request-id", "r-9");
    let error = list_error(response).await;
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.request_id(), Some("r-9"));
    let api = error.api().unwrap();
    assert_eq!(
        (api.status().as_u16(), api.code(), api.message()),
        (404, Some("404"), Some("no such item"))
    );
    let body: &types::NotFoundBody = api.body().unwrap();
    assert_eq!(body.code, 404);
    assert!(api.body::<types::Problem>().is_none());
    let text = error.to_string();
    assert!(text.starts_with("itemsList: 404 Not Found: no such item; the base URL "), "{text}");
    assert!(text.ends_with(" (request id r-9)"), "{text}");
}

#[tokio::test]
async fn errors_of_a_range_and_the_default_have_typed_bodies() {
    let problem = r#"{"title":"too many","detail":"wait a little"}"#;
    let response =
        ResponseTemplate::new(429).set_body_raw(problem, "application/problem+json; charset=utf-8");
    let error = list_error(response).await;
    assert_eq!(error.api().unwrap().body::<types::Problem>().unwrap().title, "too many");
    assert!(error.is_retryable());

    let failure = serde_json::json!({ "error": "boom" });
    let error = list_error(ResponseTemplate::new(500).set_body_json(failure)).await;
    let api = error.api().unwrap();
    assert_eq!(api.body::<types::Failure>().unwrap().error, "boom");
    assert_eq!(api.message(), Some("boom"));
}

#[tokio::test]
async fn a_shared_response_has_one_type_for_all_operations_and_statuses() {
    use wire::documents::shared_responses::types::{Bad, Sort};

    let failure = async |status: u16| {
        let body = serde_json::json!({ "message": "no", "id": "7" });
        serve(ResponseTemplate::new(status).set_body_json(body)).await
    };
    let assert_bad = |error: Error, text: &str| {
        let bad: &Bad = error.api().unwrap().body().unwrap();
        assert_eq!((bad.message.as_deref(), bad.id.as_deref()), (Some("no"), Some("7")));
        assert_eq!(error.to_string(), text);
    };
    for (status, text) in [(400, "get_a: 400 Bad Request: no"), (404, "get_a: 404 Not Found: no")] {
        let server = failure(status).await;
        let client = document_client!(shared_responses, server.uri());
        assert_bad(client.get_a().send().await.unwrap_err(), text);
    }
    // The shared parameter has one type, too.
    let server = failure(400).await;
    let call = document_client!(shared_responses, server.uri()).get_b().sort(Sort::B);
    assert_bad(call.send().await.unwrap_err(), "get_b: 400 Bad Request: no");
    assert_eq!(only_request(&server).await.url.query(), Some("sort=b"));
    let server = failure(400).await;
    let call = document_client!(shared_responses, server.uri()).get_c().sort(Sort::A);
    assert_bad(call.send().await.unwrap_err(), "get_c: 400 Bad Request: no");
    assert_eq!(only_request(&server).await.url.query(), Some("sort=a"));
}

#[tokio::test]
async fn a_text_error_is_a_string() {
    let server = serve(ResponseTemplate::new(500).set_body_string("disk full")).await;
    let body = types::NewItem::new("n");
    let error = client(&server).items_create().body(body).send().await.unwrap_err();
    assert_eq!(error.api().unwrap().body::<String>().unwrap(), "disk full");
    assert_eq!(error.to_string(), "itemsCreate: 500 Internal Server Error: disk full");
}

#[tokio::test]
async fn an_unexpected_html_body_is_an_api_error() {
    let page = format!("<html>{}</html>", "bad gateway ".repeat(2_000));
    let response = ResponseTemplate::new(502)
        .set_body_raw(page.clone(), "text/html")
        .insert_header("server", "proxy");
    let error = list_error(response).await;
    let api = error.api().unwrap();
    assert_eq!(api.status(), 502);
    assert_eq!(api.headers()["server"], "proxy");
    assert_eq!(api.raw(), page.as_bytes());
    assert!(api.body::<types::Failure>().is_none());
    assert!(error.is_retryable());
    let text = error.to_string();
    assert!(text.starts_with("itemsList: 502 Bad Gateway: <html>bad gateway"), "{text}");
    assert!(text.len() < 500, "{} bytes", text.len());
}

#[tokio::test]
async fn an_undocumented_status_is_marked() {
    let server = serve(ResponseTemplate::new(418).set_body_string("short and stout")).await;
    let error = client(&server).items_get().item_id("1").send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 418));
    let expected = "itemsGet: 418 I'm a teapot (undocumented status): short and stout";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn an_error_body_that_does_not_decode_is_an_api_error() {
    let error = list_error(ResponseTemplate::new(404).set_body_json(serde_json::json!([1]))).await;
    let api = error.api().unwrap();
    assert!(api.body::<types::NotFoundBody>().is_none());
    assert_eq!(api.raw().as_ref(), b"[1]");
}

#[tokio::test]
async fn a_decode_error_names_the_field() {
    let item =
        |status: serde_json::Value| serde_json::json!({ "id": "1", "name": "a", "status": status });
    let items = [item("open".into()), item("open".into()), item("open".into()), item(3.into())];
    let body = serde_json::json!({ "items": items, "total": 4 });
    let response = ResponseTemplate::new(200).set_body_json(body.clone());
    let error = list_error(response).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!(error.raw().unwrap(), body.to_string().as_bytes());
    assert!(error.to_string().contains("items[3].status: "), "{error}");
}

#[tokio::test]
async fn an_unexpected_media_type_is_a_decode_error() {
    let response = ResponseTemplate::new(200).set_body_raw("<html>log in</html>", "text/html");
    let error = list_error(response.clone()).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("expected JSON, found media type `text/html`"), "{error}");

    let server = serve(response).await;
    let error = client(&server).notes_add().body("x").send().await.unwrap_err();
    assert!(error.to_string().contains("expected text, found media type `text/html`"), "{error}");
}

#[tokio::test]
async fn truncated_json_differs_from_a_broken_connection() {
    let response =
        ResponseTemplate::new(200).set_body_raw(r#"{"items": [{"id": "#, "application/json");
    let error = list_error(response).await;
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("EOF"), "{error}");

    let malformed = r#"{"items": [{"id": "1", "name" "a"}], "total": 1}"#;
    let response = ResponseTemplate::new(200).set_body_raw(malformed, "application/json");
    let error = list_error(response).await;
    assert!(error.to_string().ends_with("expected `:` at line 1 column 31"), "{error}");

    let url = server::serve_raw(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{\"items\"",
    )
    .await;
    let client = wire::client(&url).build().unwrap();
    let error = client.items_list().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!(error.raw().unwrap(), b"{\"items\"");
    assert!(error.is_retryable());
}

#[tokio::test]
async fn an_empty_body_is_reported() {
    let error = list_error(ResponseTemplate::new(200)).await;
    assert!(error.to_string().contains("the body is empty"), "{error}");
}

#[tokio::test]
async fn a_connect_error_does_not_show_the_url() {
    let client = wire::client("http://127.0.0.1:1").build().unwrap();
    let error = client.items_list().ids(["secret-id"]).send().await.unwrap_err();
    assert!(error.is_connect() && error.is_retryable());
    assert_eq!(error.status(), None);
    assert_eq!(error.to_string(), "itemsList: can't connect");
    assert!(!printed(&error).contains("secret-id"), "{}", printed(&error));
    assert!(printed(&error).contains("refused"), "{}", printed(&error));
}

#[tokio::test]
async fn errors_do_not_show_the_key() {
    let responses = [
        ResponseTemplate::new(404)
            .set_body_json(serde_json::json!({ "code": 404, "message": "m" })),
        ResponseTemplate::new(502).set_body_raw("<html>", "text/html"),
        ResponseTemplate::new(200).set_body_raw("{", "application/json"),
    ];
    for response in responses {
        let error = list_error(response).await;
        assert!(!printed(&error).contains(wire::KEY), "{}", printed(&error));
    }
}

#[tokio::test]
async fn an_error_of_a_streamed_operation_is_decoded() {
    let body = serde_json::json!({ "code": 404, "message": "no file" });
    let server = serve(ResponseTemplate::new(404).set_body_json(body)).await;
    let error = client(&server).files_download().send().await.unwrap_err();
    assert_eq!(error.api().unwrap().body::<types::NotFoundBody>().unwrap().message, "no file");
}

#[tokio::test]
async fn a_documented_error_without_a_body_is_documented() {
    let server = serve(ResponseTemplate::new(409).set_body_string("busy")).await;
    let error = client(&server).runs_start().send().await.unwrap_err();
    assert_eq!(error.to_string(), "runsStart: 409 Conflict: busy");
    let server = serve(ResponseTemplate::new(409)).await;
    let error = client(&server).runs_start().send().await.unwrap_err();
    assert_eq!(error.to_string(), "runsStart: 409 Conflict");
    assert_eq!(error.api().unwrap().body::<()>(), Some(&()));
}

#[tokio::test]
async fn an_error_in_bytes_has_them_as_its_body() {
    let response = ResponseTemplate::new(415).set_body_raw(vec![1, 2], "image/png");
    let server = serve(response).await;
    let error = client(&server).runs_start().send().await.unwrap_err();
    assert_eq!(error.api().unwrap().body::<bytes::Bytes>().unwrap(), &[1, 2][..]);
}
