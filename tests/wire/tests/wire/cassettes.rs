//! Recorded requests and responses, and their playback.

use std::{fs, path::Path, sync::Arc};

use openapi_lower_runtime::{
    TransportBody, TransportError,
    cassettes::{Playback, Recorder},
    http::{Request, Response},
};
use serde_json::Value;
use wire::{Client, Error, ErrorKind, KEY, Part, RetryPolicy, Sleeper, types};
use wiremock::ResponseTemplate;

use crate::{printed, serve, serve_no_content};

fn recording(url: &str, path: &Path) -> Client {
    let path = path.to_owned();
    let wrap = move |inner| Recorder::new(inner, path).secret("pässwort");
    wire::client(url).wrap_transport(wrap).build().unwrap()
}

/// A client that plays a recording back, with another key than the recorded one.
fn playing(url: &str, playback: Arc<Playback>) -> Client {
    let policy = RetryPolicy::new().sleeper(Sleeper::new(|_| async {}));
    wire::client(url).api_key("other").retry(policy).transport(playback).build().unwrap()
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn note(client: &Client, text: &str) -> Result<String, Error> {
    client.notes_add().body(text).await.map(|note| note.to_string())
}

#[tokio::test]
async fn recorded_exchanges_are_played_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.jsonl");
    let response = ResponseTemplate::new(201)
        .insert_header("x-request-id", "r-1")
        .set_body_raw("née", "text/plain; charset=utf-8");
    let server = serve(response).await;
    let client = recording(&server.uri(), &path);
    assert_eq!(note(&client, "one").await.unwrap(), "née");
    assert_eq!(note(&client, "two").await.unwrap(), "née");
    let upload = || [Part::bytes(vec![0xff, 0])];
    client.files_upload().files(upload()).await.unwrap();
    let recorded = lines(&path);
    assert_eq!(recorded.len(), 3);
    assert_eq!(recorded[0]["request"]["method"], "POST");
    assert_eq!(recorded[0]["request"]["url"], format!("{}/notes", server.uri()));
    assert_eq!(recorded[0]["request"]["body"], "one");
    assert_eq!(recorded[0]["response"]["status"], 201);
    assert_eq!(recorded[0]["response"]["body"], "née");
    assert!(recorded[2]["request"]["body"]["base64"].is_string());
    let uri = server.uri();
    drop(server);

    let playback = Arc::new(Playback::open(&path).unwrap());
    let client = playing(&uri, playback.clone());
    // Bodies are compared, so that the order of calls may be another one.
    assert_eq!(note(&client, "two").await.unwrap(), "née");
    let error = note(&client, "two").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 1));
    assert!(printed(&error).contains("no unused exchange for POST"), "{error:?}");
    assert_eq!(playback.unused(), 2);
    let response = client.notes_add().body("one").await.unwrap();
    assert_eq!(response.request_id(), Some("r-1"));
    // But those of forms aren't: their boundaries are random.
    client.files_upload().files(upload()).await.unwrap();
    assert_eq!(playback.unused(), 0);
}

#[tokio::test]
async fn a_recording_has_no_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secrets.jsonl");
    // The server repeats the key in a header and in the body, in several encodings.
    let mut body = format!("k={KEY} pässwort {}", KEY.to_uppercase()).into_bytes();
    let server = serve(
        ResponseTemplate::new(200)
            .insert_header("set-cookie", "session=s3cret")
            .insert_header("x-echo", KEY)
            .set_body_raw(body.clone(), "text/plain"),
    )
    .await;
    let client = recording(&server.uri(), &path);
    let _ = client.items_get().item_id("pässwort").await;
    let _ = client.auth_bearer().await;
    let _ = client.auth_basic().await;
    let _ = client.auth_query().await;
    let _ = client.auth_cookie().await;
    let login = types::Login::new(Some(KEY.to_owned()), [KEY], KEY, "ada");
    let _ = client.logins_add().token("t").body(login).await;
    assert_eq!(lines(&path).len(), 6);
    let text = fs::read_to_string(&path).unwrap().to_ascii_lowercase();
    for secret in [KEY, "azn5lw9mlxrozs10zxn0cz", "s3cret", "pässwort", "p%c3%a4sswort"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    let recorded = lines(&path);
    let url = recorded[3]["request"]["url"].as_str().unwrap();
    assert!(url.ends_with("?key=[redacted]"), "{url}");

    // Nor has one of bytes that aren't UTF-8.
    body.push(0xff);
    let server = serve(ResponseTemplate::new(200).set_body_bytes(body)).await;
    let path = folder.path().join("bytes.jsonl");
    let client = recording(&server.uri(), &path);
    let file = client.files_download().await.unwrap().into_inner().bytes().await.unwrap();
    // What the caller gets is unchanged.
    assert!(file.starts_with(format!("k={KEY}").as_bytes()));
    let uri = server.uri();
    drop(server);
    let client = playing(&uri, Arc::new(Playback::open(&path).unwrap()));
    let file = client.files_download().await.unwrap().into_inner().bytes().await.unwrap();
    assert!(file.starts_with(b"k=[redacted] p") && file.ends_with(&[0xff]), "{file:?}");
}

#[tokio::test]
async fn any_key_plays_a_recording_back_in_which_the_query_has_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("query.jsonl");
    let server = serve_no_content().await;
    recording(&server.uri(), &path).auth_query().await.unwrap();
    let client = playing(&server.uri(), Arc::new(Playback::open(&path).unwrap()));
    client.auth_query().await.unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

/// Without them, the recorder doesn't know the key.
#[tokio::test]
async fn a_request_without_its_extensions_is_not_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("stripped.jsonl");
    let recorder = Recorder::new(
        |_: Request<TransportBody>| async { Ok(Response::new(TransportBody::empty())) },
        &path,
    );
    let recorder = Arc::new(recorder);
    let strip = move |mut request: Request<TransportBody>| {
        request.extensions_mut().clear();
        openapi_lower_runtime::Transport::send(&recorder, request)
    };
    let client = wire::client("https://api.wire.example").transport(strip).build().unwrap();
    let error = client.auth_query().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(!path.exists());
}

#[tokio::test]
async fn an_attempt_without_a_response_is_not_recorded_and_an_unwritable_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("failed.jsonl");
    let failing = |_: Request<TransportBody>| async { Err(TransportError::new("broken")) };
    let client = wire::client("https://api.wire.example");
    let client = client.transport(Recorder::new(failing, &path)).build().unwrap();
    client.auth_none().await.unwrap_err();
    assert!(!path.exists());

    let server = serve_no_content().await;
    let client = recording(&server.uri(), &folder.path().join("no/such/folder.jsonl"));
    let error = client.auth_none().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(printed(&error).contains("can't write the cassette"), "{error:?}");
}

#[test]
fn a_file_that_is_no_recording_is_an_error_that_names_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.jsonl");
    let exchange = |response: &str| {
        format!(r#"{{"request":{{"method":"GET","url":"u"}},"response":{response}}}"#)
    };
    let valid = exchange(r#"{"status":200}"#);
    for (line, reason) in [
        ("[]".to_owned(), "line 2: invalid"),
        (exchange(r#"{"status":99}"#), "line 2: `status` isn't a status"),
        (exchange(r#"{"status":200,"headers":[["a b","c"]]}"#), "line 2: the header `a b`"),
        (exchange(r#"{"status":200,"headers":[["a","\n"]]}"#), "line 2: the header `a`"),
        (exchange(r#"{"status":200,"body":{"base64":"?"}}"#), "line 2: `body` isn't Base64"),
    ] {
        fs::write(&path, format!("{valid}\n{line}\n")).unwrap();
        let error = Playback::open(&path).unwrap_err();
        assert!(error.to_string().starts_with(reason), "{error}");
    }
    fs::write(&path, format!("{valid}\n\n")).unwrap();
    assert_eq!(Playback::open(&path).unwrap().unused(), 1);
    assert!(Playback::open(folder.path().join("none")).is_err());
}
