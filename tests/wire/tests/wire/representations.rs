//! Bodies and responses of several media types.

use futures::TryStreamExt;
use wire::{
    JsonLines,
    documents::representations::{
        operations::MixedSuccess,
        types::{Note, Piece},
    },
};
use wiremock::{MockServer, ResponseTemplate};

use super::{document_client, serve};

/// Starts a server that responds with this media type and body.
async fn serve_as(media_type: &str, body: &str) -> MockServer {
    serve(ResponseTemplate::new(200).set_body_raw(body, media_type)).await
}

/// The media type and the body of the only request.
async fn received(server: &MockServer) -> (String, String) {
    let requests = server.received_requests().await.unwrap();
    let [request] = requests.as_slice() else { panic!("{} requests", requests.len()) };
    let media_type = request.headers.get("content-type").map(|one| one.to_str().unwrap());
    let body = String::from_utf8(request.body.clone()).unwrap();
    (media_type.unwrap_or_default().to_owned(), body)
}

async fn accepted(server: &MockServer) -> String {
    let requests = server.received_requests().await.unwrap();
    requests[0].headers["accept"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn each_body_setter_chooses_a_media_type() {
    let note = || Note::new("a b");
    for (media_type, body, set) in [
        ("application/json", r#"{"title":"a b"}"#, 0),
        ("application/x-www-form-urlencoded", "title=a%20b", 1),
        ("text/plain", "a b", 2),
        ("application/jsonl", "{\"title\":\"a b\"}\n{\"title\":\"c\"}\n", 3),
    ] {
        let server = serve_as("application/json", r#"{"title":"x"}"#).await;
        let request = document_client!(representations, server.uri()).add();
        let request = match set {
            0 => request.body(note()),
            1 => request.body_form(note()),
            2 => request.body_text("a b"),
            _ => request.body_jsonl([note(), Note::new("c")]),
        };
        request.send().await.unwrap();
        assert_eq!(received(&server).await, (media_type.to_owned(), body.to_owned()));
        assert_eq!(
            accepted(&server).await,
            "application/json, application/vnd.note+json",
            "the errors are JSON as well"
        );
    }
}

#[tokio::test]
async fn the_parts_of_a_form_choose_multipart() {
    let server = serve_as("application/json", r#"{"title":"x"}"#).await;
    let client = document_client!(representations, server.uri());
    client.add().file(b"bytes".to_vec()).title("t").send().await.unwrap();
    let (media_type, body) = received(&server).await;
    assert!(media_type.starts_with("multipart/form-data; boundary="), "{media_type}");
    assert!(body.contains("name=\"file\"") && body.contains("name=\"title\""), "{body}");
}

#[tokio::test]
async fn a_request_has_exactly_one_body() {
    let server = serve_as("application/json", r#"{"title":"x"}"#).await;
    let client = document_client!(representations, server.uri());
    let setters =
        "`body` or the form (`file`, `title`) or `body_form` or `body_jsonl` or `body_text`";
    let none = client.add().send().await.unwrap_err();
    assert_eq!(none.to_string(), format!("add: a body is required: set {setters}"));
    let two = client.add().body(Note::new("a")).title("b").send().await.unwrap_err();
    let message = "add: several bodies are set, by `body` and the form (`file`, `title`)";
    assert_eq!(two.to_string(), message);
    let incomplete = client.add().title("b").send().await.unwrap_err();
    assert_eq!(incomplete.to_string(), "add: `file` is required and wasn't set");
    assert!(server.received_requests().await.unwrap().is_empty());
    client.optional().send().await.unwrap();
    assert_eq!(received(&server).await, (String::new(), String::new()));
}

#[tokio::test]
async fn each_send_method_requests_a_representation() {
    let server = serve_as("text/event-stream", "data: {\"text\":\"a\"}\n\n").await;
    let client = document_client!(representations, server.uri());
    let events = client.add().body(Note::new("a")).send_event_stream().await.unwrap();
    let pieces: Vec<Piece> = events.into_inner().try_collect().await.unwrap();
    assert_eq!(pieces[0].text, "a");
    assert_eq!(accepted(&server).await, "text/event-stream, application/json;q=0.9");

    let server = serve_as("audio/mpeg", "sound").await;
    let client = document_client!(representations, server.uri());
    let sound = client.add().body(Note::new("a")).send_mpeg().await.unwrap();
    assert_eq!(sound.into_inner().bytes().await.unwrap(), "sound");
    assert_eq!(accepted(&server).await, "audio/mpeg, application/json;q=0.9");

    let server = serve_as("text/plain", "words").await;
    let client = document_client!(representations, server.uri());
    let text = client.add().body(Note::new("a")).send_text().await.unwrap();
    let expected =
        wire::documents::representations::operations::AddSendTextSuccess::Ok("words".into());
    assert_eq!(*text, expected);
}

#[tokio::test]
async fn a_response_of_another_media_type_is_an_error_with_its_body() {
    let server = serve_as("application/json", r#"{"title":"x"}"#).await;
    let client = document_client!(representations, server.uri());
    let error = client.add().body(Note::new("a")).send_event_stream().await.unwrap_err();
    let message = "expected text/event-stream, found media type `application/json`";
    assert!(error.to_string().contains(message), "{error}");
    assert_eq!(error.status().unwrap(), 200);
}

#[tokio::test]
async fn a_documented_error_of_an_alternative_is_decoded() {
    let body = r#"{"text":"no"}"#;
    let server = serve(ResponseTemplate::new(409).set_body_raw(body, "application/json")).await;
    let client = document_client!(representations, server.uri());
    let error = client.add().body(Note::new("a")).send_event_stream().await.unwrap_err();
    assert_eq!(error.api().unwrap().body::<Piece>().unwrap().text, "no");
}

#[tokio::test]
async fn a_stream_beside_another_success_has_a_method_of_its_own() {
    let server = serve_as("text/event-stream", "data: {\"text\":\"a\"}\n\n").await;
    let client = document_client!(representations, server.uri());
    let whole = client.mixed().send().await.unwrap();
    assert!(matches!(&*whole, MixedSuccess::Ok(bytes) if bytes.starts_with(b"data: ")));
    let events = client.mixed().send_event_stream().await.unwrap();
    assert_eq!(events.into_inner().try_next().await.unwrap().unwrap().text, "a");
}

#[tokio::test]
async fn requests_can_be_copied_and_a_stream_is_sent_once() {
    let server = serve_as("application/json", r#"{"title":"x"}"#).await;
    let client = document_client!(representations, server.uri());
    let again =
        |error: wire::Error| error.to_string().contains("a copy of the request has sent already");
    let part = wire::Part::stream("streamed", None);
    let form = client.add().file(part);
    form.clone().send().await.unwrap();
    assert!(again(form.send().await.unwrap_err()));
    let lines = JsonLines::stream(futures::stream::iter([Note::new("a")]));
    let lines = client.add().body_jsonl(lines);
    lines.clone().send().await.unwrap();
    assert!(again(lines.send().await.unwrap_err()));
    let buffered = client.add().file(b"bytes".to_vec());
    buffered.clone().send().await.unwrap();
    buffered.send().await.unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), 4);
}
