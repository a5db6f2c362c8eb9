use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use futures::StreamExt;
use reqwest::Method;
use wire::{Client, Error, ErrorKind, Part, RetryPolicy, Sleeper};
use wiremock::{MockServer, Request, ResponseTemplate};

use crate::{
    serve_sequence,
    server::{Step, serve_script},
};

/// Returns a policy that records its delays and doesn't wait. The backoff has no random part.
pub(crate) fn recorded(policy: RetryPolicy) -> (RetryPolicy, Waits) {
    let waits = Waits::default();
    let recorder = waits.clone();
    let policy = policy.randomness(|| 1.0).sleeper(Sleeper::new(move |wait| {
        recorder.0.lock().unwrap().push(wait);
        std::future::ready(())
    }));
    (policy, waits)
}

/// The recorded delays of a policy.
#[derive(Clone, Default)]
pub(crate) struct Waits(Arc<Mutex<Vec<Duration>>>);

impl Waits {
    /// Returns the delays in milliseconds.
    pub(crate) fn millis(&self) -> Vec<u128> {
        self.0.lock().unwrap().iter().map(Duration::as_millis).collect()
    }
}

fn client(url: &str, policy: RetryPolicy) -> Client {
    wire::client(url).retry(policy).build().unwrap()
}

async fn requests(server: &MockServer) -> Vec<Request> {
    server.received_requests().await.unwrap()
}

/// Sends a call that fails once with `failure`. Returns the number of requests, and whether the
/// call succeeded.
async fn send_after_failure(
    method: Method,
    failure: ResponseTemplate,
    policy: RetryPolicy,
) -> (usize, bool) {
    let server = serve_sequence([failure, ResponseTemplate::new(204)]).await;
    let (policy, _) = recorded(policy);
    let result = client(&server.uri(), policy).request(method, "/x").send::<()>().await;
    (requests(&server).await.len(), result.is_ok())
}

/// HTTP methods, and whether they are idempotent.
const METHODS: [(&str, bool); 9] = [
    ("GET", true),
    ("HEAD", true),
    ("OPTIONS", true),
    ("TRACE", true),
    ("PUT", true),
    ("DELETE", true),
    ("POST", false),
    ("PATCH", false),
    ("PURGE", false),
];

#[tokio::test]
async fn retries_depend_on_status_and_method() {
    for (method, idempotent) in METHODS {
        let method = || Method::from_bytes(method.as_bytes()).unwrap();
        for status in [408, 500, 502, 503, 504] {
            let outcome =
                send_after_failure(method(), ResponseTemplate::new(status), RetryPolicy::new())
                    .await;
            let expected = if idempotent { (2, true) } else { (1, false) };
            assert_eq!(outcome, expected, "{} {status}", method());
            let policy = RetryPolicy::new().any_method();
            let outcome = send_after_failure(method(), ResponseTemplate::new(status), policy).await;
            assert_eq!(outcome, (2, true), "{} {status}, any method", method());
        }
        let outcome =
            send_after_failure(method(), ResponseTemplate::new(429), RetryPolicy::new()).await;
        assert_eq!(outcome, (2, true), "{} 429", method());
        for status in [302, 400, 401, 404, 409, 425, 501, 505] {
            let policy = RetryPolicy::new().any_method();
            let outcome = send_after_failure(method(), ResponseTemplate::new(status), policy).await;
            assert_eq!(outcome, (1, false), "{} {status}", method());
        }
    }
}

#[tokio::test]
async fn a_broken_connection_is_retried_if_the_method_is_idempotent() {
    for (method, idempotent) in METHODS {
        let broken = [Step::Close, Step::Respond("HTTP/1.1 204 No Content\r\n\r\n".to_owned())];
        let server = serve_script(broken).await;
        let (policy, waits) = recorded(RetryPolicy::new());
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = client(&server.url, policy).request(method.clone(), "/x");
        let result = request.json("a body").send::<()>().await;
        if idempotent {
            result.unwrap();
            let requests = server.requests();
            assert_eq!(requests.len(), 2);
            assert_eq!(requests[0], requests[1]);
            assert!(requests[1].contains(wire::KEY) && requests[1].ends_with("\"a body\""));
        } else {
            let error = result.unwrap_err();
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1), "{method}");
            assert_eq!((server.requests().len(), waits.millis().len()), (1, 0));
        }
    }
}

#[tokio::test]
async fn a_connect_error_is_retried_for_every_method() {
    for (method, _) in METHODS {
        let (policy, waits) = recorded(RetryPolicy::new());
        let client = client("http://127.0.0.1:1", policy);
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let error = client.request(method, "/x").send::<()>().await.unwrap_err();
        assert!(error.is_connect());
        assert_eq!((error.attempts(), waits.millis()), (3, vec![500, 1000]));
    }
}

#[tokio::test]
async fn a_connect_timeout_is_a_connect_error() {
    // A listener with a full queue accepts no more connections.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    for _ in 0..8 {
        let connecting = tokio::net::TcpStream::connect(address);
        if let Ok(stream) = tokio::time::timeout(Duration::from_millis(20), connecting).await {
            queued.push(stream.unwrap());
        }
    }
    let (policy, _) = recorded(RetryPolicy::new());
    let settings = wire::client(&format!("http://{address}")).retry(policy);
    let client = settings.connect_timeout(Duration::from_millis(20)).build().unwrap();
    let error = client.notes_add().body("x").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3), "{error:?}");
}

/// While tokio's clock is paused, it jumps to the next timer when all tasks are idle: an attempt
/// without a response takes no time. An attempt with a response needs a running clock.
#[tokio::test]
async fn a_timeout_is_retried_if_the_method_is_idempotent() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n";
    let script = || {
        let stalls = [Step::Stall(String::new()), Step::Stall(head.to_owned())];
        stalls.into_iter().chain([Step::Respond(head.to_owned())])
    };
    let never = Duration::from_secs(3600);
    let server = serve_script(script()).await;
    let policy = RetryPolicy::new().sleeper(Sleeper::new({
        let waits = AtomicUsize::new(0);
        move |_| {
            if waits.fetch_add(1, Ordering::Relaxed) == 1 {
                tokio::time::resume();
            }
            std::future::ready(())
        }
    }));
    let settings = wire::client(&server.url).retry(policy).connect_timeout(never);
    let client = settings.build().unwrap();
    tokio::time::pause();
    client.request(Method::GET, "/x").send::<()>().await.unwrap();
    assert_eq!(server.requests().len(), 3);

    let server = serve_script(script()).await;
    let settings = wire::client(&server.url).retry(RetryPolicy::new()).connect_timeout(never);
    let client = settings.build().unwrap();
    tokio::time::pause();
    let error = client.notes_add().body("x").send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
}

#[tokio::test]
async fn the_backoff_doubles_up_to_its_cap() {
    let server = serve_sequence([ResponseTemplate::new(503)]).await;
    let (policy, waits) = recorded(RetryPolicy::new().max_retries(6));
    let error = client(&server.uri(), policy).auth_none().send().await.unwrap_err();
    assert_eq!(error.attempts(), 7);
    assert_eq!(waits.millis(), [500, 1000, 2000, 4000, 8000, 8000]);

    let policy = RetryPolicy::new().backoff(Duration::from_millis(3), Duration::from_millis(5));
    let (policy, waits) = recorded(policy.max_retries(3));
    client(&server.uri(), policy).auth_none().send().await.unwrap_err();
    assert_eq!(waits.millis(), [3, 5, 5]);
}

#[tokio::test]
async fn the_backoff_has_full_jitter() {
    let server = serve_sequence([ResponseTemplate::new(503)]).await;
    for (random, expected) in [
        (0.0, [0, 0]),
        (0.25, [125, 250]),
        (f64::NAN, [0, 0]),
        (-1.0, [0, 0]),
        (7.0, [500, 1000]),
        (f64::INFINITY, [500, 1000]),
    ] {
        let (policy, waits) = recorded(RetryPolicy::new());
        let client = client(&server.uri(), policy.randomness(move || random));
        client.auth_none().send().await.unwrap_err();
        assert_eq!(waits.millis(), expected, "{random}");
    }
}

#[tokio::test]
async fn the_default_backoff_is_random() {
    let server = serve_sequence([ResponseTemplate::new(503)]).await;
    let recorded: Arc<Mutex<Vec<Duration>>> = Arc::default();
    let recorder = recorded.clone();
    let policy = RetryPolicy::new().max_retries(1).sleeper(Sleeper::new(move |wait| {
        recorder.lock().unwrap().push(wait);
        std::future::ready(())
    }));
    let client = client(&server.uri(), policy);
    for _ in 0..20 {
        client.auth_none().send().await.unwrap_err();
    }
    let mut waits = recorded.lock().unwrap().clone();
    assert!(waits.iter().all(|wait| *wait <= Duration::from_millis(500)), "{waits:?}");
    waits.sort();
    waits.dedup();
    assert!(waits.len() > 10, "{waits:?}");
}

/// Sends a GET that fails with 429 and these headers once. Returns the delays, and the outcome.
async fn waits_for(headers: &[(&str, &str)]) -> (Vec<u128>, Result<(), Error>) {
    let mut rejection = ResponseTemplate::new(429);
    for (name, value) in headers {
        rejection = rejection.insert_header(*name, *value);
    }
    let server = serve_sequence([rejection, ResponseTemplate::new(204)]).await;
    let (policy, waits) = recorded(RetryPolicy::new());
    let result = client(&server.uri(), policy).auth_none().send().await;
    (waits.millis(), result.map(drop))
}

#[tokio::test]
async fn retry_after_replaces_the_backoff() {
    let date = ("date", "Wed, 25 Nov 2026 08:30:00 GMT");
    let cases: &[(&[(&str, &str)], u128)] = &[
        (&[], 500),
        (&[("retry-after", "0")], 0),
        (&[("retry-after", " 7 ")], 7000),
        (&[("retry-after", "60")], 60_000),
        (&[date, ("retry-after", "Wed, 25 Nov 2026 08:30:09 GMT")], 9000),
        (&[date, ("retry-after", "Wednesday, 25-Nov-26 08:30:10 GMT")], 10_000),
        (&[date, ("retry-after", "Wed, 25 Nov 2026 08:29:59 GMT")], 0),
        (&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")], 0),
        // Invalid values are ignored.
        (&[("retry-after", "")], 500),
        (&[("retry-after", "soon")], 500),
        (&[("retry-after", "-5")], 500),
        (&[("retry-after", "1.5")], 500),
        (&[("retry-after", "Wed, 99 Foo 2026 08:30:09 GMT")], 500),
    ];
    for (headers, expected) in cases {
        let (waits, result) = waits_for(headers).await;
        assert!(result.is_ok(), "{headers:?}");
        assert_eq!(waits, [*expected], "{headers:?}");
    }
}

#[tokio::test]
async fn a_retry_after_above_the_cap_ends_the_call() {
    let date = ("date", "Wed, 25 Nov 2026 08:30:00 GMT");
    for headers in [
        &[("retry-after", "61")][..],
        &[("retry-after", "86400")],
        &[("retry-after", "99999999999999999999999999")],
        &[date, ("retry-after", "Wed, 25 Nov 2026 08:31:01 GMT")],
        &[("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")],
    ] {
        let (waits, result) = waits_for(headers).await;
        let error = result.unwrap_err();
        assert_eq!((waits.len(), error.attempts(), error.status().unwrap().as_u16()), (0, 1, 429));
        assert!(error.headers().unwrap().contains_key("retry-after"));
    }
    let rejection = ResponseTemplate::new(503).insert_header("retry-after", "120");
    let server = serve_sequence([rejection, ResponseTemplate::new(204)]).await;
    let (policy, waits) = recorded(RetryPolicy::new().retry_after_cap(Duration::from_secs(120)));
    client(&server.uri(), policy).auth_none().send().await.unwrap();
    assert_eq!(waits.millis(), [120_000]);
}

#[tokio::test]
async fn a_delay_beyond_the_deadline_ends_the_call() {
    let rejection = ResponseTemplate::new(429).insert_header("retry-after", "30");
    let server = serve_sequence([rejection]).await;
    for (deadline, attempts) in [(29, 1), (30, 1), (3600, 3)] {
        let policy = RetryPolicy::new().deadline(Duration::from_secs(deadline));
        let (policy, _) = recorded(policy);
        let error = client(&server.uri(), policy).auth_none().send().await.unwrap_err();
        assert_eq!(error.attempts(), attempts, "{deadline} s");
        assert_eq!(error.status().unwrap(), 429);
    }
}

#[tokio::test]
async fn an_attempt_ends_at_the_deadline() {
    let server = serve_script([Step::Stall(String::new()), Step::Stall(String::new())]).await;
    let policy = RetryPolicy::new().deadline(Duration::from_millis(50));
    let started = Instant::now();
    // The timeout of the attempt is 60 s.
    let error = client(&server.url, policy).auth_none().send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
    assert!(started.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn a_broken_body_is_retried_if_the_method_is_idempotent() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n[\"a";
    let whole =
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\n\r\n[\"a\"]";
    let server =
        serve_script([Step::Respond(cut.to_owned()), Step::Respond(whole.to_owned())]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let client = client(&server.url, policy.clone());
    let names = client.exports_get().item_id("1").name("n").send().await.unwrap();
    assert_eq!(*names, ["a"]);

    // A POST may have had an effect.
    let server =
        serve_script([Step::Respond(cut.to_owned()), Step::Respond(whole.to_owned())]).await;
    let client = self::client(&server.url, policy);
    let error = client.runs_start().send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    assert_eq!(error.status().unwrap(), 200);
}

#[tokio::test]
async fn a_decode_error_is_not_retried() {
    let response = ResponseTemplate::new(200).set_body_raw("{\"cut", "application/json");
    let server = serve_sequence([response]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let error = client(&server.uri(), policy).items_list().send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1));
}

#[tokio::test]
async fn a_response_with_a_broken_body_is_retried_by_its_status() {
    let cut =
        |status: &str| Step::Respond(format!("HTTP/1.1 {status}\r\ncontent-length: 9\r\n\r\ntoo"));
    let done = || Step::Respond("HTTP/1.1 204 No Content\r\n\r\n".to_owned());
    let (policy, waits) = recorded(RetryPolicy::new().max_retries(1));
    let client = |url: &str| client(url, policy.clone());
    // The API didn't process the POST: the status is 429, although the body is incomplete.
    let server = serve_script([cut("429 Too Many Requests"), done()]).await;
    client(&server.url).runs_start().send().await.unwrap();
    assert_eq!(waits.millis().len(), 1);

    let server = serve_script([cut("503 Service Unavailable"), done()]).await;
    let error = client(&server.url).runs_start().send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
    assert_eq!((error.status().unwrap().as_u16(), error.raw().unwrap()), (503, &b"too"[..]));
    // An incomplete body doesn't make the status 404 retryable.
    let server = serve_script([cut("404 Not Found"), done()]).await;
    let error = client(&server.url).files_download().send().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (404, 1));
}

#[tokio::test]
async fn the_timeout_applies_to_the_body_of_an_error() {
    let stalled = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 9\r\n\r\ntoo";
    for is_download in [true, false] {
        let server = serve_script([Step::Stall(stalled.to_owned())]).await;
        let client = wire::client(&server.url).timeout(Duration::from_secs(1)).build().unwrap();
        let error = match is_download {
            true => client.files_download().send().await.unwrap_err(),
            false => client.runs_start().send().await.unwrap_err(),
        };
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
        assert_eq!((error.status().unwrap().as_u16(), error.raw().unwrap()), (503, &b"too"[..]));
    }
}

#[tokio::test]
async fn a_stream_is_retried_until_it_starts() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc";
    let server = serve_script([Step::Close, Step::Respond(cut.to_owned())]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let download = client(&server.url, policy).files_download().send().await.unwrap();
    let mut chunks = download.into_inner();
    assert_eq!(chunks.next().await.unwrap().unwrap(), "abc");
    let error = chunks.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 2));
    assert!(chunks.next().await.is_none());
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn the_timeout_applies_to_each_read_of_a_stream() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc";
    let server = serve_script([Step::Stall(head.to_owned())]).await;
    let client = wire::client(&server.url).build().unwrap();
    let mut chunks = client.files_download().send().await.unwrap().into_inner();
    assert_eq!(chunks.next().await.unwrap().unwrap(), "abc");
    let started = tokio::time::Instant::now();
    tokio::time::pause();
    let error = chunks.next().await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "filesDownload: timed out");
    assert!(error.is_timeout() && started.elapsed() >= Duration::from_secs(60));
    assert!(chunks.next().await.is_none());
}

#[tokio::test]
async fn the_timeout_applies_to_the_start_of_a_stream() {
    let server = serve_script([Step::Stall(String::new())]).await;
    let client = wire::client(&server.url).timeout(Duration::from_millis(30)).build().unwrap();
    assert!(client.files_download().send().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_stream_body_is_not_retried() {
    let stream = || {
        let chunks = futures::stream::iter([Ok::<_, std::io::Error>("once")]);
        reqwest::Body::wrap_stream(chunks)
    };
    let server = serve_sequence([ResponseTemplate::new(429), ResponseTemplate::new(204)]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let client = client(&server.uri(), policy);
    let error = client.files_replace().body(stream()).send().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (429, 1));
    client.files_replace().body(stream()).send().await.unwrap();

    let server = serve_sequence([ResponseTemplate::new(429)]).await;
    let client = self::client(&server.uri(), RetryPolicy::new());
    let part = Part::stream(stream(), Some(4));
    let error = client.files_upload().files([part]).send().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (429, 1));
}

#[tokio::test]
async fn parts_from_bytes_and_paths_are_retried() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.pdf");
    std::fs::write(&path, b"%PDF").unwrap();
    let server = serve_sequence([ResponseTemplate::new(429), ResponseTemplate::new(204)]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let call = client(&server.uri(), policy).files_upload();
    let parts = [Part::file(&path), Part::bytes("a,b").file_name("t.csv").content_type("text/csv")];
    call.files(parts).title("both").send().await.unwrap();
    let requests = requests(&server).await;
    let body = |request: &Request| {
        let content_type = request.headers["content-type"].to_str().unwrap();
        let boundary = content_type.split_once("boundary=").unwrap().1;
        String::from_utf8_lossy(&request.body).replace(boundary, "-")
    };
    assert_eq!(requests.len(), 2);
    assert_eq!(body(&requests[0]), body(&requests[1]));
    for part in ["%PDF", "report.pdf", "a,b", "t.csv", "text/csv", "both"] {
        assert!(body(&requests[1]).contains(part), "{part}");
    }
}

#[tokio::test]
async fn a_file_removed_before_a_retry_ends_the_call() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.pdf");
    std::fs::write(&path, b"%PDF").unwrap();
    let server = serve_sequence([ResponseTemplate::new(429)]).await;
    let removed = path.clone();
    let policy = RetryPolicy::new().sleeper(Sleeper::new(move |_| {
        std::fs::remove_file(&removed).unwrap();
        std::future::ready(())
    }));
    let call = client(&server.uri(), policy).files_upload().files([Part::file(&path)]);
    let error = call.send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 1));
}

#[tokio::test]
async fn a_large_error_body_is_returned_after_retries() {
    let response = ResponseTemplate::new(503).set_body_string("x".repeat(1 << 20));
    let server = serve_sequence([response]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let error = client(&server.uri(), policy).items_list().send().await.unwrap_err();
    assert_eq!((error.attempts(), error.raw().unwrap().len()), (3, 64 << 10));
    assert!(error.to_string().len() < 500);
}

#[tokio::test]
async fn the_policy_none_does_not_retry() {
    let server = serve_sequence([ResponseTemplate::new(503)]).await;
    let client = client(&server.uri(), RetryPolicy::none());
    let error = client.auth_none().send().await.unwrap_err();
    assert_eq!((error.attempts(), requests(&server).await.len()), (1, 1));
}

#[tokio::test]
async fn the_default_sleeper_waits() {
    let server = serve_sequence([ResponseTemplate::new(503), ResponseTemplate::new(204)]).await;
    let policy = RetryPolicy::new().backoff(Duration::from_millis(20), Duration::from_millis(20));
    let started = Instant::now();
    client(&server.uri(), policy.randomness(|| 1.0)).auth_none().send().await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(20));
}

#[test]
fn debug_output_shows_the_policy() {
    let shown = format!("{:?}", RetryPolicy::new().deadline(Duration::from_secs(90)));
    for part in ["max_retries: 2", "500ms..=8s", "retry_after_cap: 60s", "Some(90s)"] {
        assert!(shown.contains(part), "{shown}");
    }
}
