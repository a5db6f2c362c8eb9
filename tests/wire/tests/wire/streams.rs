//! Responses and bodies that are series of items.

use std::sync::{Arc, Mutex};

use futures::{StreamExt, TryStreamExt, stream};
use serde_json::json;
use wire::{
    ErrorKind, JsonLines, RetryPolicy, Sleeper,
    documents::streams::{
        Client,
        types::{Event, Piece},
    },
};
use wiremock::{MockServer, ResponseTemplate};

use super::{
    document_client, serve,
    server::{Step, serve_script},
};

/// Starts a server that responds with these bytes.
async fn serve_as(media_type: &str, body: impl Into<Vec<u8>>) -> MockServer {
    serve(ResponseTemplate::new(200).set_body_raw(body.into(), media_type)).await
}

async fn serve_events(body: &str) -> MockServer {
    serve_as("text/event-stream", body).await
}

fn pieces(pieces: &[Piece]) -> Vec<&str> {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// A response in chunks of these bytes.
fn chunked(media_type: &str, chunks: &[&[u8]]) -> String {
    let mut response = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\ntransfer-encoding: chunked\r\n\r\n"
    );
    for chunk in chunks.iter().filter(|chunk| !chunk.is_empty()) {
        let text = String::from_utf8_lossy(chunk);
        response += &format!("{:x}\r\n{text}\r\n", chunk.len());
    }
    response + "0\r\n\r\n"
}

#[tokio::test]
async fn streams_split_at_every_byte_give_the_same_items() {
    let body = "\u{feff}: comment\r\ndata: {\"text\":\r\ndata: \"one\"}\r\n\r\nid: 7\ndata:{\"text\":\"two\"}\n\n\
                retry: 10\rdata: {\"text\":\"three\"}\r\revent: x\n\ndata: {\"text\":\"lost\"}\n";
    let body = body.as_bytes();
    // Every byte apart, and every place where one chunk ends and another begins. Text in UTF-8 is
    // split at the mark only, since the script is text.
    let splits = (3..body.len()).map(|at| vec![&body[..at], &body[at..]]);
    let single: Vec<&[u8]> = std::iter::once(&body[..3]).chain(body[3..].chunks(1)).collect();
    for chunks in splits.chain([single, vec![body]]) {
        let response = chunked("text/event-stream", &chunks);
        let server = serve_script([Step::Respond(response)]).await;
        let client = document_client!(streams, &server.url);
        let events = client.data().send().await.unwrap().into_inner();
        let items: Vec<Piece> = events.try_collect().await.unwrap();
        assert_eq!(pieces(&items), ["one", "two", "three"]);
    }
}

#[tokio::test]
async fn lines_and_records_split_at_every_byte_give_the_same_items() {
    for (media_type, body) in [
        ("application/x-ndjson", "{\"text\":\"one\"}\r\n\n{\"text\":\n{\"text\":\"two\"}"),
        (
            "application/json-seq",
            "\x1e{\"text\":\"one\"}\n\x1e\n\x1e{\"text\":\n\x1e{\"text\":\"two\"}\n",
        ),
    ] {
        let body = body.as_bytes();
        for at in 0..body.len() {
            let response = chunked(media_type, &[&body[..at], &body[at..]]);
            let server = serve_script([Step::Respond(response)]).await;
            let client = document_client!(streams, &server.url);
            let items: Vec<_> = match media_type {
                "application/x-ndjson" => {
                    client.lines().send().await.unwrap().into_inner().collect().await
                }
                _ => client.sequence().send().await.unwrap().into_inner().collect().await,
            };
            let texts: Vec<_> =
                items.iter().map(|item| item.as_ref().map(|one| &*one.text)).collect();
            let [Ok("one"), Err(error), Ok("two")] = texts[..] else { panic!("{texts:?}") };
            assert_eq!(error.kind(), ErrorKind::Decode);
            assert!(error.to_string().contains("item 2: "), "{error}");
        }
    }
}

#[tokio::test]
async fn an_item_that_cannot_be_decoded_does_not_lose_the_others() {
    let server =
        serve_events("data: {\"text\":\"a\"}\n\ndata: {\"text\":5}\n\ndata: {\"text\":\"b\"}\n\n")
            .await;
    let client = document_client!(streams, server.uri());
    let mut events = client.data().send().await.unwrap().into_inner();
    assert_eq!(events.next().await.unwrap().unwrap().text, "a");
    let error = events.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("item 2: text: invalid type"), "{error}");
    assert_eq!(events.next().await.unwrap().unwrap().text, "b");
    assert!(events.next().await.is_none());
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_sentinel_ends_the_stream() {
    let body = "data: {\"text\":\"a\"}\n\ndata: [DONE]\n\ndata: {\"text\":\"b\"}\n\n";
    let client = document_client!(streams, serve_events(body).await.uri());
    let events = client.data().send().await.unwrap().into_inner().until("[DONE]");
    let items: Vec<Piece> = events.try_collect().await.unwrap();
    assert_eq!(pieces(&items), ["a"]);
}

#[tokio::test]
async fn events_have_types_and_ids() {
    let body = "event: note\nid: 5\ndata: a\ndata: b\n\ndata\n\nid\ndata: c\n\nid: 9\n\n";
    let client = document_client!(streams, serve_events(body).await.uri());
    let mut events = client.untyped().send().await.unwrap().into_inner();
    let first = events.next().await.unwrap().unwrap();
    assert_eq!((first.event.as_deref(), &*first.data), (Some("note"), "a\nb"));
    assert_eq!(events.last_event_id(), Some("5"));
    let second = events.next().await.unwrap().unwrap();
    assert_eq!((second.event, second.data.as_str(), second.id), (None, "", None));
    assert_eq!(events.last_event_id(), Some("5"));
    events.next().await.unwrap().unwrap();
    assert_eq!(events.last_event_id(), None, "an empty id resets it");
    assert!(events.next().await.is_none());
    assert_eq!(events.last_event_id(), Some("9"), "an event without data sets the id");
}

#[tokio::test]
async fn texts_and_whole_events_are_items() {
    let client = document_client!(streams, serve_events("data: {a\n\ndata: b\n\n").await.uri());
    let events = client.texts().send().await.unwrap().into_inner();
    let items: Vec<String> = events.try_collect().await.unwrap();
    assert_eq!(items, ["{a", "b"]);

    let body = "event: piece\nid: 1\ndata: {\"text\":\"a\"}\n\nevent: end\ndata: 7\n\nevent: new\ndata: {}\n\n";
    let client = document_client!(streams, serve_events(body).await.uri());
    let mut events = client.events().send().await.unwrap().into_inner();
    let Event::Piece(piece) = events.next().await.unwrap().unwrap() else { panic!() };
    assert_eq!((piece.data.text.as_str(), piece.id.as_deref()), ("a", Some("1")));
    let Event::End(end) = events.next().await.unwrap().unwrap() else { panic!() };
    assert_eq!(end.data, "7", "text that looks like JSON");
    let new = events.next().await.unwrap().unwrap();
    assert_eq!(new, Event::Unrecognized(json!({ "event": "new", "data": {} })));
    assert_eq!(events.last_event().unwrap().event.as_deref(), Some("new"));
}

#[tokio::test]
async fn lines_of_other_media_types_are_read() {
    let client =
        document_client!(streams, serve_as("text/plain", "{\"text\":\"a\"}\n").await.uri());
    let items: Vec<Piece> =
        client.lines().send().await.unwrap().into_inner().try_collect().await.unwrap();
    assert_eq!(pieces(&items), ["a"]);
    let body = "{\"text\":\"a\"}\n{\"text\":\"b\"}\n";
    let server = serve_as("application/stream+json", body).await;
    let client = document_client!(streams, server.uri());
    let items: Vec<Piece> =
        client.stream_json().send().await.unwrap().into_inner().try_collect().await.unwrap();
    assert_eq!(pieces(&items), ["a", "b"]);
    let server = serve(ResponseTemplate::new(204)).await;
    let client = document_client!(streams, server.uri());
    assert!(client.lines().send().await.unwrap().into_inner().next().await.is_none());
}

#[tokio::test]
async fn an_item_beyond_the_limit_is_an_error_and_the_next_one_is_read() {
    let long = "x".repeat(2_000);
    for (media_type, body) in [
        (
            "text/event-stream",
            format!("data: {{\"text\":\"{long}\"}}\n\ndata: {{\"text\":\"a\"}}\n\n"),
        ),
        ("text/event-stream", format!("{}\ndata: {{\"text\":\"a\"}}\n\n", "data: x\n".repeat(600))),
        ("application/x-ndjson", format!("{{\"text\":\"{long}\"}}\n{{\"text\":\"a\"}}\n")),
    ] {
        let server = serve_as(media_type, body).await;
        let client =
            Client::builder().base_url(server.uri()).response_limit(1_000).build().unwrap();
        let items: Vec<_> = match media_type {
            "text/event-stream" => client.data().send().await.unwrap().into_inner().collect().await,
            _ => client.lines().send().await.unwrap().into_inner().collect().await,
        };
        let [Err(error), Ok(piece)] = &items[..] else { panic!("{items:?}") };
        assert_eq!((error.kind(), piece.text.as_str()), (ErrorKind::TooLarge, "a"));
        assert!(error.to_string().contains("item 1: it is larger than the limit of 1000 bytes"));
    }
}

#[tokio::test]
async fn a_stalled_stream_is_a_timeout() {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: {\"text\":\"a\"}\n\n";
    let server = serve_script([Step::Stall(head.to_owned())]).await;
    let timeout = std::time::Duration::from_millis(200);
    let client = Client::builder().base_url(&server.url).timeout(timeout).build().unwrap();
    let mut events = client.data().send().await.unwrap().into_inner();
    assert_eq!(events.next().await.unwrap().unwrap().text, "a");
    assert!(events.next().await.unwrap().unwrap_err().is_timeout());
    assert!(events.next().await.is_none());
}

/// A client whose delays are recorded, not waited for.
fn recording(url: &str) -> (Client, Arc<Mutex<Vec<u128>>>) {
    let delays: Arc<Mutex<Vec<u128>>> = Arc::default();
    let recorded = delays.clone();
    let sleeper = Sleeper::new(move |delay| {
        recorded.lock().unwrap().push(delay.as_millis());
        async {}
    });
    let policy = RetryPolicy::none().sleeper(sleeper);
    let client = Client::builder().base_url(url).retry(policy).build().unwrap();
    (client, delays)
}

fn events(body: &str) -> Step {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    Step::Respond(format!("{head}{body}"))
}

#[tokio::test]
async fn a_get_reconnects_where_it_broke_off() {
    let broken = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: 999\r\n\r\n\
                  data: {\"text\":\"b\"}\n\ndata: {\"te";
    let server = serve_script([
        events("retry: 40\nid: 1\ndata: {\"text\":\"a\"}\n\n"),
        Step::Respond(broken.to_owned()),
        events("id: \ndata: {\"text\":\"c\"}\n\n"),
        Step::Respond("HTTP/1.1 204 No Content\r\n\r\n".to_owned()),
    ])
    .await;
    let (client, delays) = recording(&server.url);
    let stream = client.data().send().await.unwrap().into_inner().reconnect(1).unwrap();
    let items: Vec<Piece> = stream.try_collect().await.unwrap();
    assert_eq!(pieces(&items), ["a", "b", "c"]);
    assert_eq!(*delays.lock().unwrap(), [40, 40, 40]);
    let ids: Vec<_> = server
        .requests()
        .iter()
        .map(|request| {
            let line = request.lines().find_map(|line| line.strip_prefix("last-event-id: "));
            line.map(str::to_owned)
        })
        .collect();
    assert_eq!(ids, [None, Some("1".to_owned()), Some("1".to_owned()), None]);
}

#[tokio::test]
async fn reconnection_is_bounded_and_ends_at_an_error() {
    let server = serve_script([
        events("data: {\"text\":\"a\"}\n\n"),
        events(": nothing\n\n"),
        events(""),
        events("data: {\"text\":\"never\"}\n\n"),
    ])
    .await;
    let (client, delays) = recording(&server.url);
    let stream = client.data().send().await.unwrap().into_inner().reconnect(2).unwrap();
    let items: Vec<Piece> = stream.try_collect().await.unwrap();
    assert_eq!((pieces(&items), server.requests().len()), (vec!["a"], 3));
    assert_eq!(*delays.lock().unwrap(), [3000, 3000], "the default delay");

    let refused = "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n".to_owned();
    let server = serve_script([events("data: {\"text\":\"a\"}\n\n"), Step::Respond(refused)]).await;
    let (client, _) = recording(&server.url);
    let mut stream = client.data().send().await.unwrap().into_inner().reconnect(9).unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().text, "a");
    assert_eq!(stream.next().await.unwrap().unwrap_err().status().unwrap(), 403);
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn only_a_get_of_events_reconnects() {
    let server = serve_events("data: {\"text\":\"a\"}\n\n").await;
    let client = document_client!(streams, server.uri());
    let stream = client.post_data().send().await.unwrap().into_inner();
    assert_eq!(stream.reconnect(1).unwrap_err().kind(), ErrorKind::Request);
    let server = serve_as("application/x-ndjson", "{\"text\":\"a\"}\n").await;
    let client = document_client!(streams, server.uri());
    let stream = client.lines().send().await.unwrap().into_inner();
    assert_eq!(stream.reconnect(1).unwrap_err().kind(), ErrorKind::Request);
    // Without `reconnect`, the end is the end.
    let server = serve_script([events("data: {\"text\":\"a\"}\n\n")]).await;
    let (client, delays) = recording(&server.url);
    let items: Vec<Piece> =
        client.data().send().await.unwrap().into_inner().try_collect().await.unwrap();
    assert_eq!((items.len(), delays.lock().unwrap().len()), (1, 0));
}

#[tokio::test]
async fn lines_are_sent_from_memory_and_from_a_stream() {
    let piece = |text: &str| Piece::new(text);
    let server = serve(ResponseTemplate::new(204)).await;
    let client = document_client!(streams, server.uri());
    client.send_lines().body([piece("a"), piece("b")]).send().await.unwrap();
    let streamed = stream::iter(["c", "d"]).map(Piece::new);
    client.send_lines().body(JsonLines::stream(streamed)).send().await.unwrap();
    client.send_sequence().body(vec![piece("e")]).send().await.unwrap();
    client.send_sequence().send().await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let bodies: Vec<_> =
        requests.iter().map(|one| String::from_utf8(one.body.clone()).unwrap()).collect();
    assert_eq!(
        bodies,
        [
            "{\"text\":\"a\"}\n{\"text\":\"b\"}\n",
            "{\"text\":\"c\"}\n{\"text\":\"d\"}\n",
            "\x1e{\"text\":\"e\"}\n",
            ""
        ]
    );
    assert_eq!(requests[0].headers["content-type"], "application/jsonl");
    let error = client.send_lines().send().await.unwrap_err();
    assert_eq!(error.to_string(), "send_lines: `body` is required and wasn't set");
}

#[tokio::test]
async fn a_reconnection_that_fails_without_a_response_is_tried_again() {
    let server = serve_script([
        events("id: 1\ndata: {\"text\":\"a\"}\n\n"),
        Step::Close,
        events("data: {\"text\":\"b\"}\n\n"),
        Step::Respond("HTTP/1.1 204 No Content\r\n\r\n".to_owned()),
    ])
    .await;
    let (client, _) = recording(&server.url);
    let stream = client.data().send().await.unwrap().into_inner().reconnect(2).unwrap();
    let items: Vec<Piece> = stream.try_collect().await.unwrap();
    assert_eq!((pieces(&items), server.requests().len()), (vec!["a", "b"], 4));
}

#[tokio::test]
async fn an_event_that_is_too_large_has_its_id_and_is_no_progress() {
    let long = format!("id: 8\ndata: {}\n\n", "x".repeat(2_000));
    let server = serve_script([events(&long), events(&long), events(&long)]).await;
    let policy = RetryPolicy::none().sleeper(Sleeper::new(|_| async {}));
    let client = Client::builder().base_url(&server.url).retry(policy).response_limit(1_000);
    let client = client.build().unwrap();
    let mut stream = client.data().send().await.unwrap().into_inner().reconnect(1).unwrap();
    let mut errors = 0;
    while let Some(item) = stream.next().await {
        assert_eq!(item.unwrap_err().kind(), ErrorKind::TooLarge);
        errors += 1;
    }
    assert_eq!((errors, stream.last_event_id()), (2, Some("8")));
    assert!(server.requests()[1].contains("last-event-id: 8"));
}
