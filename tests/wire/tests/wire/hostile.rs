//! Servers that try to leak the credential, forge output, or take time and memory.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use wire::{Error, ErrorKind, KEY, RetryPolicy, types};
use wiremock::ResponseTemplate;

use crate::{client, printed, serve};

/// All texts that a program shows of an error: its own, and those of its response.
fn shown(error: &Error) -> String {
    let mut text = printed(error);
    if let Some(api) = error.api() {
        text += &format!("\n{api}\n{api:?}\n{:?}\n{:?}", api.message(), api.code());
    }
    text
}

#[tokio::test]
async fn an_echoed_key_is_masked() {
    let json = |text: String| ResponseTemplate::new(401).set_body_raw(text, "application/json");
    let long = format!("{}{KEY}", "x".repeat(295));
    let responses = [
        json(format!(r#"{{"message":"the key {KEY} is unknown","code":"{KEY}"}}"#)),
        ResponseTemplate::new(403).set_body_string(format!("no {KEY}, no entry")),
        // The excerpt ends inside the key.
        ResponseTemplate::new(403).set_body_string(long),
        ResponseTemplate::new(400).insert_header("x-request-id", KEY),
        ResponseTemplate::new(200).set_body_raw(format!("<p>{KEY}</p>"), "text/html"),
        ResponseTemplate::new(200).insert_header("content-type", format!("text/{KEY}").as_str()),
        json(format!("{{\"{KEY}\":")),
    ];
    for response in responses {
        let server = serve(response.clone()).await;
        let error = client(&server).items_list().send().await.unwrap_err();
        let text = shown(&error);
        assert!(!text.contains(&KEY[..8]), "{text}");
    }
    let echo = format!("you are {KEY}");
    let server = serve(ResponseTemplate::new(401).set_body_string(&echo)).await;
    let error = client(&server).items_list().send().await.unwrap_err();
    assert_eq!(error.raw(), Some(echo.as_bytes()), "the raw body stays as it is");
}

#[tokio::test]
async fn other_forms_of_the_credential_are_masked() {
    let server = serve(
        ResponseTemplate::new(401)
            .set_body_string("Basic dXNlcjpwYSBzcw==, password pa ss, query user%3Apa%20ss"),
    )
    .await;
    let client = wire::client(&server.uri()).api_key("user:pa ss").build().unwrap();
    let error = client.auth_basic().send().await.unwrap_err();
    let text = shown(&error);
    for secret in ["dXNlcjpwYSBzcw", "pa ss", "pa%20ss"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[tokio::test]
async fn control_characters_are_escaped_and_texts_bounded() {
    let message = "\u{1b}[31mred\u{1b}[0m\r\nsecond\u{202e}evil\u{7}\u{9b}2J";
    let body = serde_json::json!({ "message": message, "code": message });
    let api = ResponseTemplate::new(400).set_body_json(body);
    let text = ResponseTemplate::new(400).set_body_string(message);
    let long = ResponseTemplate::new(400)
        .insert_header("x-request-id", "r".repeat(60_000).as_str())
        .set_body_string("x".repeat(60_000));
    let date = format!(r#"{{"items":[{{"id":"1","at":"{}"}}]}}"#, "9".repeat(1_000_000));
    let key = format!(r#"{{"{}\u001b":"#, "k".repeat(1_000_000));
    let ok = |body: String| ResponseTemplate::new(200).set_body_raw(body, "application/json");
    for response in [api, text, long, ok(date), ok(key)] {
        let server = serve(response).await;
        let error = client(&server).items_list().send().await.unwrap_err();
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(text.len() < 5_000, "{} bytes", text.len());
            let control = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!text.contains(control), "{text:?}");
        }
    }
}

/// reqwest repeats requests that an HTTP/2 server didn't process; the caller's policy decides.
#[tokio::test]
async fn a_refused_stream_is_sent_once_and_counted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (received, counter) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let requests = received.clone();
    drop(counter);
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            let mut connection = h2::server::handshake(connection).await.unwrap();
            let requests = requests.clone();
            tokio::spawn(async move {
                while let Some(Ok((_, mut respond))) = connection.accept().await {
                    requests.fetch_add(1, Ordering::Relaxed);
                    respond.send_reset(h2::Reason::REFUSED_STREAM);
                }
            });
        }
    });
    let call = |policy: RetryPolicy| {
        let client = wire::client(&url)
            .retry(policy.sleeper(wire::Sleeper::new(|_| Box::pin(std::future::ready(())))))
            .configure(|http| http.http2_prior_knowledge());
        client.build().unwrap().notes_add().body("once").send()
    };
    let error = call(RetryPolicy::none()).await.unwrap_err();
    assert_eq!((received.swap(0, Ordering::Relaxed), error.attempts()), (1, 1), "{error:?}");
    // The stream wasn't processed (RFC 9113, section 8.7): even a POST may be repeated.
    assert_eq!(error.kind(), ErrorKind::Connect);
    let error = call(RetryPolicy::new().max_retries(2)).await.unwrap_err();
    assert_eq!((received.load(Ordering::Relaxed), error.attempts()), (3, 3), "{error:?}");
}

/// Starts a server that sends `head` again and again, with a pause between two.
async fn serve_endless(head: &'static [u8], pause: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let _ = connection.read(&mut [0; 4096]).await;
                while connection.write_all(head).await.is_ok() {
                    if pause.is_zero() {
                        tokio::task::yield_now().await;
                    } else {
                        tokio::time::sleep(pause).await;
                    }
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn the_timeout_holds_against_endless_heads() {
    let slow = Duration::from_millis(10);
    for (head, pause) in [
        (&b"HTTP/1.1 100 Continue\r\n\r\n"[..], Duration::ZERO),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", slow),
        (b"HTTP/1.1 200 OK\r\nx-slow: 1\r\n", slow),
    ] {
        let url = serve_endless(head, pause).await;
        let timeout = Duration::from_millis(300);
        let client = wire::client(&url).timeout(timeout).build().unwrap();
        let started = Instant::now();
        let error = client.items_list().send().await.unwrap_err();
        assert!(error.is_timeout() || error.kind() == ErrorKind::Transport, "{error:?}");
        assert!(started.elapsed() < timeout + Duration::from_secs(1), "{:?}", started.elapsed());
    }
}

#[tokio::test]
async fn an_error_body_is_read_up_to_64_kib() {
    let body = format!(r#"{{"message":"{}"}}"#, "x".repeat(1 << 20));
    let response = ResponseTemplate::new(400).set_body_raw(body.clone(), "application/json");
    let server = serve(response.clone()).await;
    let error = client(&server).items_list().send().await.unwrap_err();
    assert_eq!(error.raw().unwrap().len(), 64 << 10);
    let server = serve(response).await;
    let whole = client(&server).items_list().send_raw().await.unwrap();
    assert_eq!(whole.into_inner().bytes().await.unwrap().len(), body.len());
}

#[tokio::test]
async fn recursive_unions_have_a_budget_for_the_whole_body() {
    // Each level could be either variant until its last property, and is neither.
    let mut nest = "{}".to_owned();
    for _ in 0..60 {
        nest = format!(r#"{{"inner":{nest},"x":1}}"#);
    }
    let nests = vec![nest; 200].join(",");
    let body = format!(r#"{{"shapes":[],"nests":[{nests}]}}"#);
    let server = serve(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
    let started = Instant::now();
    let drawing = types::Drawing::new(None, types::AnyShape::Unrecognized(serde_json::json!({})));
    let drawn = client(&server).shapes_draw().body(drawing).send().await.unwrap();
    assert_eq!(drawn.nests.as_ref().unwrap().len(), 200);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

/// Responds to `shapesDraw` with a bag of these properties.
async fn bag(properties: &str, limit: Option<usize>) -> Result<types::Bag, Error> {
    let body = format!(r#"{{"shapes":[],"bag":{{"size":1{properties}}}}}"#);
    let server = serve(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
    let client = wire::client(&server.uri());
    let client = match limit {
        Some(limit) => client.undeclared_limit(limit),
        None => client,
    };
    let drawing = types::Drawing::new(None, types::AnyShape::Unrecognized(serde_json::json!({})));
    let call = client.build().unwrap().shapes_draw().body(drawing);
    call.send().await.map(|drawn| drawn.bag.clone().unwrap())
}

/// Small values take up to 30 times their text in memory.
#[tokio::test]
async fn undeclared_data_is_limited() {
    let zeros = |count: usize| format!(r#","x":[{}0]"#, "0,".repeat(count));
    assert_eq!(bag(&zeros(250_000), None).await.unwrap().extra.len(), 1);
    let error = bag(&zeros(400_000), None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("8388608 bytes (`undeclared_limit`)"), "{error}");
    assert_eq!(error.status().unwrap(), 200);
    bag(&zeros(400_000), Some(32 << 20)).await.unwrap();
    bag(&zeros(2_000), Some(1 << 10)).await.unwrap_err();

    let events = format!(
        r#"[{{"id":"{0}","executionId":"{0}","timestamp":"2026-01-01T00:00:00Z",
        "payload":{{"activityType":"later","data":[{1}0]}}}}]"#,
        uuid::Uuid::nil(),
        "{},".repeat(400_000)
    );
    let server = serve(ResponseTemplate::new(200).set_body_raw(events, "application/json")).await;
    let error = client(&server).events_list().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge, "{error}");
}

#[tokio::test]
async fn undeclared_numbers_keep_their_digits() {
    let odd = r#"{"whole":123456789012345678901234567890,"huge":1e400,"half":"\ud800!","one":1}"#;
    let expected = serde_json::json!({
        "whole": "123456789012345678901234567890", "huge": "1e400", "half": "\u{fffd}\u{fffd}\u{fffd}!",
        "one": 1,
    });
    let bag = bag(&format!(r#","class name":"c","odd":{odd}"#), None).await.unwrap();
    assert_eq!((bag.size, bag.class_name.as_deref()), (1, Some("c")));
    assert_eq!(bag.extra["odd"], expected);
    let again = serde_json::to_value(&bag).unwrap();
    let written = serde_json::json!({ "size": 1, "class name": "c", "odd": expected });
    assert_eq!(again, written);

    let event = |payload: &str| {
        format!(
            r#"{{"id":"{0}","executionId":"{0}","timestamp":"2026-01-01T00:00:00Z","payload":{payload}}}"#,
            uuid::Uuid::nil()
        )
    };
    let events = [
        event(&format!(r#"{{"activityType":"later","odd":{odd}}}"#)),
        event(r#"{"activityType":"reasoning","reasoning":"a","reasoning":"b","extra":1e400}"#),
        event(r#"{"activityType":"reasoning","reasoning":"a","activityType":"later"}"#),
        event(r#"{"reasoning":"no tag"}"#),
    ];
    let body = format!("[{}]", events.join(","));
    let server = serve(ResponseTemplate::new(200).set_body_raw(body, "application/json")).await;
    let events = client(&server).events_list().send().await.unwrap();
    let wire::operations::EventsListSuccess::Ok(events) = &*events else { panic!("{events:?}") };
    let types::EventPayload::Unrecognized(later) = &events[0].payload else { panic!("{events:?}") };
    assert_eq!(later["odd"], expected);
    for event in &events[1..3] {
        let types::EventPayload::Reasoning(event) = &event.payload else { panic!("{event:?}") };
        assert_eq!(event.reasoning, "a");
    }
    assert!(matches!(&events[3].payload, types::EventPayload::Unrecognized(_)));
}
