//! Attacks of a reviewer who did not write the client, as a server and as a careless caller.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::net::TcpListener;
use wire::{Error, ErrorKind, KEY, RetryPolicy, types};
use wiremock::ResponseTemplate;

use crate::{client, only_request, printed, serve, serve_no_content};

fn shown(error: &Error) -> String {
    let mut text = printed(error);
    if let Some(api) = error.api() {
        text += &format!("\n{api}\n{api:?}\n{:?}\n{:?}", api.message(), api.code());
    }
    text
}

fn json(body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_raw(body, "application/json")
}

fn drawing() -> types::Drawing {
    types::Drawing::new(None, types::AnyShape::Unrecognized(serde_json::json!({})))
}

async fn drawn(body: String) -> Result<wire::Response<types::Drawn>, Error> {
    let server = serve(json(body)).await;
    client(&server).shapes_draw().body(drawing()).send().await
}

/// Aborts the whole process (stack overflow).
#[tokio::test]
async fn deep_lossy_value() {
    let depth = std::env::var("ATTACK_DEPTH").map_or(20_000, |depth| depth.parse().unwrap());
    let value = format!("{}1e5{}", "[".repeat(depth), "]".repeat(depth));
    let body = format!(r#"{{"shapes":[],"bag":{{"size":1,"x":{value}}}}}"#);
    println!("{} bytes", body.len());
    println!("{:?}", drawn(body).await.map(|_| ()).map_err(|error| error.to_string()));
}

#[tokio::test]
async fn deep_lossy_union() {
    let depth = 20_000;
    let value = format!("{}1e5{}", "[".repeat(depth), "]".repeat(depth));
    let body = format!(r#"{{"shapes":[],"nests":[{value}]}}"#);
    println!("{:?}", drawn(body).await.map(|_| ()).map_err(|error| error.to_string()));
}

#[tokio::test]
async fn whitespace_is_scanned_at_each_level() {
    let depth = 100;
    let space = " ".repeat(16 << 20);
    let value = format!("{}{space}1e5{}", "[".repeat(depth), "]".repeat(depth));
    let body = format!(r#"{{"shapes":[],"bag":{{"size":1,"x":{value}}}}}"#);
    let server = serve(json(body)).await;
    let timeout = Duration::from_secs(3);
    let client = wire::client(&server.uri()).timeout(timeout).build().unwrap();
    let started = Instant::now();
    let outcome = client.shapes_draw().body(drawing()).send().await;
    println!("{:?}: {:?}", started.elapsed(), outcome.map(|_| ()).map_err(|e| e.to_string()));
    assert!(started.elapsed() < timeout + Duration::from_secs(1));
}

#[tokio::test]
async fn large_strings_in_nested_unions() {
    let mut nest = format!(r#"{{"s":"{}"}}"#, "x".repeat(1 << 18));
    for _ in 0..50 {
        nest = format!(r#"{{"inner":{nest},"x":1}}"#);
    }
    let body = format!(r#"{{"shapes":[],"nests":[{nest}]}}"#);
    let server = serve(json(body)).await;
    let timeout = Duration::from_secs(3);
    let client = wire::client(&server.uri()).timeout(timeout).build().unwrap();
    let started = Instant::now();
    let outcome = client.shapes_draw().body(drawing()).send().await;
    println!("{:?}: {:?}", started.elapsed(), outcome.map(|_| ()).map_err(|e| e.to_string()));
    assert!(started.elapsed() < timeout + Duration::from_secs(1));
}

#[tokio::test]
async fn redirect_scheme() {
    let server =
        serve(ResponseTemplate::new(302).insert_header("location", format!("{KEY}://x/").as_str()))
            .await;
    let error = client(&server).download(server.uri()).bytes().await.unwrap_err();
    assert!(!shown(&error).contains(KEY), "{}", shown(&error));
}

#[tokio::test]
async fn goaway_debug_data() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            let _ = connection.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await;
            let _ = connection.read(&mut [0; 4096]).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
            let data = format!("{KEY}{}", "z".repeat(16_000));
            let length = (8 + data.len()) as u32;
            let mut frame = length.to_be_bytes()[1..].to_vec();
            frame.extend([7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
            frame.extend(data.as_bytes());
            let _ = connection.write_all(&frame).await;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    });
    let client = wire::client(&url).configure(|http| http.http2_prior_knowledge()).build().unwrap();
    let error = client.items_list().send().await.unwrap_err();
    let debug = format!("{error:?}");
    println!("{} bytes, {error}", debug.len());
    assert!(!debug.contains(KEY), "key in Debug: {}", &debug[..400.min(debug.len())]);
    assert!(debug.len() < 5_000);
}

async fn echo(key: &str, response: ResponseTemplate) -> String {
    let server = serve(response).await;
    let client = wire::client(&server.uri()).api_key(key).build().unwrap();
    shown(&client.auth_basic().send().await.unwrap_err())
}

#[tokio::test]
async fn basic_without_colon() {
    let server = serve(ResponseTemplate::new(401)).await;
    let client = wire::client(&server.uri()).api_key("k3yy-secret-42").build().unwrap();
    let _ = client.auth_basic().send().await;
    let sent = only_request(&server).await.headers["authorization"].to_str().unwrap().to_owned();
    let text = echo("k3yy-secret-42", ResponseTemplate::new(401).set_body_string(&sent)).await;
    assert!(!text.contains(&sent), "{text}");
}

#[tokio::test]
async fn key_with_outer_space() {
    let text = echo(
        &format!("{KEY} "),
        ResponseTemplate::new(401).set_body_string(format!("bad key '{KEY}'")),
    )
    .await;
    assert!(!text.contains(KEY), "{text}");
}

#[tokio::test]
async fn json_escapes() {
    // System.Text.Json of .NET escapes `+`, Go's encoding/json `&`.
    let response = ResponseTemplate::new(401)
        .set_body_raw(r#"{"errors":["bad key abcdef\u002Bghijkl=="]}"#, "application/json");
    let text = echo("abcdef+ghijkl==", response).await;
    assert!(!text.contains("ghijkl"), "{text}");
}

#[tokio::test]
async fn html_and_lowercase_percent() {
    let response = ResponseTemplate::new(401).set_body_string("k abc&amp;defghi, q abc%26defghi");
    let text = echo("abc&defghi", response).await;
    assert!(!text.contains("defghi"), "{text}");
    let response = ResponseTemplate::new(401).set_body_string("q abc%2fdefghi");
    let text = echo("abc/defghi", response).await;
    assert!(!text.contains("defghi"), "{text}");
}

#[tokio::test]
async fn lowercased_media_type() {
    let server =
        serve(ResponseTemplate::new(200).insert_header("content-type", "text/SeCrEt-KeY-1")).await;
    let client = wire::client(&server.uri()).api_key("SeCrEt-KeY-1").build().unwrap();
    let text = shown(&client.items_list().send().await.unwrap_err());
    assert!(!text.to_lowercase().contains("secret-key-1"), "{text}");
}

#[tokio::test]
async fn whitespace_in_key() {
    let text = echo("user:pa ss", ResponseTemplate::new(401).set_body_string("x pa\n ss x")).await;
    assert!(!text.contains("pa ss"), "{text}");
}

#[tokio::test]
async fn invisible_characters() {
    let message = "a\u{e0041}\u{e0042}b\u{180e}c\u{ad}d\u{fff9}e\u{3164}f\u{1d173}g";
    let server = serve(ResponseTemplate::new(400).set_body_string(message)).await;
    let error = client(&server).items_list().send().await.unwrap_err();
    let text = error.to_string();
    for c in ['\u{e0041}', '\u{180e}', '\u{ad}', '\u{fff9}', '\u{3164}', '\u{1d173}'] {
        if text.contains(c) {
            println!("shown: U+{:04X}", u32::from(c));
        }
    }
    assert!(text.is_ascii(), "{text:?}");
}

async fn h2_post(after_head: bool, policy: RetryPolicy) -> (usize, Error) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let received = Arc::new(AtomicUsize::new(0));
    let requests = received.clone();
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            let mut connection = h2::server::handshake(connection).await.unwrap();
            let requests = requests.clone();
            tokio::spawn(async move {
                while let Some(Ok((_, mut respond))) = connection.accept().await {
                    requests.fetch_add(1, Ordering::Relaxed);
                    if after_head {
                        let mut body = respond.send_response(Default::default(), false).unwrap();
                        body.send_data("x".into(), false).unwrap();
                        tokio::spawn(async move {
                            tokio::time::sleep(Duration::from_millis(200)).await;
                            body.send_reset(h2::Reason::REFUSED_STREAM);
                        });
                    } else {
                        connection.abrupt_shutdown(h2::Reason::NO_ERROR);
                    }
                }
            });
        }
    });
    let client = wire::client(&url)
        .retry(policy.sleeper(wire::Sleeper::new(|_| Box::pin(std::future::ready(())))))
        .configure(|http| http.http2_prior_knowledge());
    let client = client.timeout(Duration::from_secs(5)).build().unwrap();
    let error = client
        .request(reqwest::Method::POST, "/notes")
        .json("once")
        .send::<String>()
        .await
        .unwrap_err();
    (received.load(Ordering::Relaxed), error)
}

#[tokio::test]
async fn reset_after_the_response_head() {
    let (received, error) = h2_post(true, RetryPolicy::default()).await;
    println!("{received} {error:?} {:?}", error.status());
    assert_eq!(received, 1, "{error:?}");
    assert_ne!(error.kind(), ErrorKind::Connect);
}

#[cfg(unix)]
#[tokio::test]
async fn permissions_of_the_partial_file() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secret");
    std::fs::write(&path, "old").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let server = serve(ResponseTemplate::new(200).set_body_string("x".repeat(3 << 20))).await;
    let modes = Arc::new(std::sync::Mutex::new(Vec::new()));
    let (seen, parent) = (modes.clone(), directory.path().to_owned());
    client(&server)
        .download(server.uri())
        .on_progress(move |_, _| {
            for entry in std::fs::read_dir(&parent).unwrap().flatten() {
                if entry.file_name().to_string_lossy().ends_with(".part") {
                    let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
                    seen.lock().unwrap().push(mode);
                }
            }
        })
        .to_path(&path)
        .await
        .unwrap();
    let modes = modes.lock().unwrap();
    assert!(modes.iter().all(|mode| mode & 0o077 == 0), "{:o}", modes[0]);
}

#[cfg(unix)]
#[tokio::test]
async fn set_user_id_is_removed() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tool");
    std::fs::write(&path, "old").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o4755)).unwrap();
    let server = serve(ResponseTemplate::new(200).set_body_string("#!/bin/evil")).await;
    client(&server).download(server.uri()).to_path(&path).await.unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode & 0o6000, 0, "{mode:o}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_that_appears_during_the_download() {
    use std::os::unix::fs::FileTypeExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("file");
    let server = serve(ResponseTemplate::new(200).set_body_string("x")).await;
    let there = path.clone();
    let outcome = client(&server)
        .download(server.uri())
        .on_progress(move |_, _| {
            let _ = std::os::unix::net::UnixListener::bind(&there);
        })
        .to_path(&path)
        .await;
    assert!(std::fs::symlink_metadata(&path).unwrap().file_type().is_socket(), "{outcome:?}");
}

fn event(payload: &str) -> String {
    format!(
        r#"{{"id":"{0}","executionId":"{0}","timestamp":"2026-01-01T00:00:00Z","payload":{payload}}}"#,
        uuid::Uuid::nil()
    )
}

#[tokio::test]
async fn odd_members_of_a_tagged_union() {
    let mut lost = Vec::new();
    for payload in [
        r#"{"odd":1e400,"activityType":"later"}"#,
        r#"{"odd":"\ud800","activityType":"later"}"#,
        r#"{"activityType":"\ud800"}"#,
        r#"{"activityType":1e400}"#,
        r#"{"odd":1e400}"#,
        r#"{"odd":1e400,"activityType":"reasoning","reasoning":"a"}"#,
        r#""later""#,
        "null",
        "[]",
        "5",
    ] {
        let body = format!(
            "[{},{}]",
            event(r#"{"activityType":"reasoning","reasoning":"a"}"#),
            event(payload)
        );
        let server = serve(json(body)).await;
        if let Err(error) = client(&server).events_list().send().await {
            lost.push(format!("{payload}: {error}"));
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}

#[tokio::test]
async fn digits_before_the_tag() {
    let big = "123456789012345678901234567890";
    let body = format!("[{}]", event(&format!(r#"{{"odd":{big},"activityType":"later"}}"#)));
    let server = serve(json(body)).await;
    let events = client(&server).events_list().send().await.unwrap();
    let wire::operations::EventsListSuccess::Ok(events) = &*events else { panic!("{events:?}") };
    let types::EventPayload::Unrecognized(later) = &events[0].payload else { panic!("{events:?}") };
    assert_eq!(later["odd"], big);
}

/// Not hostile at all: a long list of small union values.
#[tokio::test]
async fn long_list_of_valid_union_values() {
    let count = 200_000;
    let body = format!("[{}{}]", r#"{"ratio":1.5},"#.repeat(count - 1), r#"{"ratio":1.5}"#);
    println!("{} bytes", body.len());
    let server = serve(json(body)).await;
    let list: Vec<types::Ratio> = client(&server)
        .request(reqwest::Method::GET, "/x")
        .send::<Vec<types::Ratio>>()
        .await
        .unwrap()
        .into_inner();
    let right = list.iter().filter(|r| matches!(r, types::Ratio::RatioNumber(_))).count();
    println!("right {right} of {count}; last: {:?}", list.last());
    assert_eq!(right, count);
}

/// One odd member uses up the effort of the members after it.
#[tokio::test]
async fn an_odd_member_before_valid_ones() {
    let mut nest = "{}".to_owned();
    for _ in 0..60 {
        nest = format!(r#"{{"inner":{nest},"x":1}}"#);
    }
    let body = format!(r#"{{"shapes":[],"nests":[{nest},{{"stop":1}},{{"stop":2}}]}}"#);
    let drawn = drawn(body).await.unwrap();
    let nests = drawn.nests.as_ref().unwrap();
    assert!(matches!(nests[1], types::Nest::NestWide(_)), "{:?}", nests[1]);
}

/// The proxy that the caller configures counts, not that of the environment.
#[tokio::test]
async fn proxy_of_the_caller() {
    if let Ok(own) = std::env::var("ATTACK_OWN_PROXY") {
        let client = wire::client("http://api.invalid/").allow_http();
        let proxy = reqwest::Proxy::all(own).unwrap();
        let client = client.configure(|http| http.proxy(proxy)).build().unwrap();
        let _ = client.auth_none().send().await;
        return;
    }
    let (environment, own) = (serve_no_content().await, serve_no_content().await);
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .arg("attack::proxy_of_the_caller")
        .env("ATTACK_OWN_PROXY", own.uri())
        .env("HTTP_PROXY", environment.uri())
        .status();
    assert!(status.unwrap().success());
    let received = [&environment, &own].map(|server| server.received_requests());
    let [environment, own] = received;
    let (environment, own) = (environment.await.unwrap().len(), own.await.unwrap().len());
    assert_eq!((environment, own), (0, 1), "requests to the environment's and the own proxy");
}

/// A valid list of small values: 5.5 MB in all.
#[tokio::test]
async fn long_list_of_valid_union_values_without_optionals() {
    let count = 700_000;
    let body = format!("[{}{}]", r#"{"stop":1},"#.repeat(count - 1), r#"{"stop":1}"#);
    let server = serve(json(body)).await;
    let list = client(&server)
        .request(reqwest::Method::GET, "/x")
        .send::<Vec<types::Nest>>()
        .await
        .unwrap()
        .into_inner();
    let right = list.iter().filter(|r| matches!(r, types::Nest::NestWide(_))).count();
    println!("right {right} of {count}; last: {:?}", list.last());
    assert_eq!(right, count);
}
