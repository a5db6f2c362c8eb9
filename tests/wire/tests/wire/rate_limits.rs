//! Rate limits: those of the API, as its responses report them, and those that a client sets for
//! itself.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use tokio::{
    sync::Notify,
    time::{Instant, timeout},
};
use wire::{Error, ErrorKind, RateLimit, RetryPolicy};
use wiremock::ResponseTemplate;

use crate::{
    retries::recorded,
    serve, serve_sequence,
    server::{Step, serve_script},
};

/// Returns the rate limit of a response with these headers: the limit, the remaining requests, and
/// the seconds until the reset.
async fn reported(headers: &[(&str, &str)]) -> Option<(Option<u64>, Option<u64>, Option<u64>)> {
    let response = |status| {
        headers.iter().fold(ResponseTemplate::new(status), |response, (name, value)| {
            response.append_header(*name, *value)
        })
    };
    let server = serve_sequence([response(204), response(429)]).await;
    let client = crate::client(&server);
    let success = client.auth_none().send().await.unwrap().rate_limit();
    let error = client.auth_none().send().await.unwrap_err();
    assert_eq!(error.rate_limit(), success);
    assert!(error.is_rate_limited());
    success.map(|RateLimit { limit, remaining, reset, .. }| {
        (limit, remaining, reset.map(|reset| reset.as_secs()))
    })
}

#[tokio::test]
async fn structured_fields_report_the_quota_with_the_fewest_requests() {
    let policy = ("ratelimit-policy", "\"burst\";q=100;w=60,\"daily\";q=1000;w=86400");
    for (fields, expected) in [
        (vec![("ratelimit", "\"burst\";r=50;t=30"), policy], (Some(100), Some(50), Some(30))),
        (
            vec![("ratelimit", "\"burst\";r=50;t=30, \"daily\";r=9;t=3600"), policy],
            (Some(1000), Some(9), Some(3600)),
        ),
        // Several lines are one list.
        (
            vec![("ratelimit", "\"burst\";r=0;t=30"), ("ratelimit", "\"daily\";r=0;t=40"), policy],
            (Some(1000), Some(0), Some(40)),
        ),
        (vec![("ratelimit", "\"other\";r=7")], (None, Some(7), None)),
        // Separators in a name, and what isn't known.
        (
            vec![
                ("ratelimit", "\"a,\\\";r=1\" ; r=5;t=3;pk=:Zm9v:, token;x=1"),
                ("ratelimit-policy", "\"a,\\\";r=1\";q=8"),
            ],
            (Some(8), Some(5), Some(3)),
        ),
        // Quotas of bytes aren't of requests.
        (
            vec![
                ("ratelimit", "\"bytes\";r=3;t=1, \"calls\";r=20;t=2"),
                (
                    "ratelimit-policy",
                    "\"bytes\";q=99;qu=\"content-bytes\", \"calls\";q=30;qu=\"requests\"",
                ),
            ],
            (Some(30), Some(20), Some(2)),
        ),
        // Of version 07 of the draft.
        (
            vec![
                ("ratelimit", "limit=100, remaining=4, reset=12"),
                ("ratelimit-policy", "100;w=60"),
            ],
            (Some(100), Some(4), Some(12)),
        ),
    ] {
        assert_eq!(reported(&fields).await, Some(expected), "{fields:?}");
    }
}

#[tokio::test]
async fn single_fields_report_a_quota() {
    let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    let later = "Sun, 06 Nov 1994 08:50:07 GMT";
    for (fields, expected) in [
        (
            vec![
                ("ratelimit-limit", "100, 100;w=60"),
                ("ratelimit-remaining", "5"),
                ("ratelimit-reset", "30"),
            ],
            (Some(100), Some(5), Some(30)),
        ),
        (
            vec![("x-ratelimit-limit", "60"), ("x-ratelimit-remaining", "0")],
            (Some(60), Some(0), None),
        ),
        (vec![("x-rate-limit-remaining", "3")], (None, Some(3), None)),
        // The standard's own field first.
        (vec![("x-ratelimit-remaining", "3"), ("ratelimit", "\"a\";r=2")], (None, Some(2), None)),
        (vec![("x-ratelimit-reset", "1.5")], (None, None, Some(1))),
        (vec![("x-ratelimit-reset", "1000000000"), date], (None, None, Some(215_888_223))),
        // A reset in the past is now.
        (vec![("x-ratelimit-reset", "1000000000")], (None, None, Some(0))),
        (vec![("x-ratelimit-reset", later), date], (None, None, Some(30))),
        (vec![("x-ratelimit-limit", "many"), ("ratelimit-reset", "7")], (None, None, Some(7))),
    ] {
        assert_eq!(reported(&fields).await, Some(expected), "{fields:?}");
    }
    // 30 seconds later, in seconds and milliseconds since 1970.
    let date = ("date", "Sun, 09 Sep 2001 01:47:00 GMT");
    for reset in ["1000000050", "1000000050000"] {
        let expected = Some((None, None, Some(30)));
        assert_eq!(reported(&[("x-ratelimit-reset", reset), date]).await, expected, "{reset}");
    }
}

#[tokio::test]
async fn a_response_without_a_valid_field_reports_no_limit() {
    for fields in [
        vec![],
        vec![("ratelimit", "")],
        vec![("ratelimit", "\"open;r=1")],
        vec![("ratelimit", "\"a\";r=-1;t=x, ;;=, =")],
        vec![("x-ratelimit-limit", "-1"), ("x-ratelimit-reset", "NaN")],
        vec![("x-ratelimit-reset", "inf"), ("ratelimit-reset", "-5")],
        vec![("x-ratelimit-reset", "99999999999999999999999999999999")],
    ] {
        assert_eq!(reported(&fields).await, None, "{fields:?}");
    }
}

#[tokio::test]
async fn only_429_is_a_rate_limit() {
    for (status, expected) in [(429, true), (503, false), (403, false), (500, false)] {
        let server = serve(ResponseTemplate::new(status).insert_header("retry-after", "1")).await;
        let error = crate::client(&server).auth_none().send().await.unwrap_err();
        assert_eq!(error.is_rate_limited(), expected, "{status}");
    }
    let offline = wire::client("http://127.0.0.1:1").build().unwrap();
    let error = offline.auth_none().send().await.unwrap_err();
    assert!(!error.is_rate_limited() && error.rate_limit().is_none());
}

/// A server that responds when it is told to, and counts the requests that wait.
async fn gate() -> (String, Arc<Gate>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let gate = Arc::new(Gate::default());
    let shared = gate.clone();
    tokio::spawn(async move {
        loop {
            let (connection, _) = listener.accept().await.unwrap();
            let gate = shared.clone();
            tokio::spawn(async move { gate.respond(connection).await });
        }
    });
    (url, gate)
}

#[derive(Default)]
struct Gate {
    current: AtomicUsize,
    most: AtomicUsize,
    /// The paths of the requests.
    paths: Mutex<Vec<String>>,
    arrived: Notify,
    open: Notify,
}

impl Gate {
    async fn respond(&self, mut connection: tokio::net::TcpStream) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            match connection.read_u8().await {
                Ok(byte) => request.push(byte),
                Err(_) => return,
            }
        }
        let request = String::from_utf8(request).unwrap();
        let path = request.split(' ').nth(1).unwrap().to_owned();
        self.paths.lock().unwrap().push(path);
        let current = self.current.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(current, Ordering::SeqCst);
        self.arrived.notify_one();
        self.open.notified().await;
        self.current.fetch_sub(1, Ordering::SeqCst);
        let response = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
        let _ = connection.write_all(response).await;
    }

    fn current(&self) -> usize {
        self.current.load(Ordering::SeqCst)
    }

    /// Waits until this many requests wait.
    async fn wait_for(&self, requests: usize) {
        while self.current() < requests {
            self.arrived.notified().await;
        }
    }
}

/// Sends a request to a path in a task of its own, and lets it run until it waits.
async fn spawn_call(
    client: &wire::Client,
    path: &str,
) -> tokio::task::JoinHandle<Result<(), Error>> {
    let call = client.request(reqwest::Method::GET, path);
    let task = tokio::spawn(async move { call.send::<()>().await.map(drop) });
    tokio::task::yield_now().await;
    task
}

#[tokio::test]
async fn attempts_beyond_the_limit_wait_in_their_order() {
    let (url, gate) = gate().await;
    let client = wire::client(&url).max_concurrent(2).build().unwrap();
    // Clones and clients with options share the limit.
    let other = client.clone().with_options(wire::CallOptions::new().header("x-other", "1"));
    let mut calls = Vec::new();
    for (index, client) in [&client, &other].into_iter().cycle().take(8).enumerate() {
        calls.push(spawn_call(client, &format!("/{index}")).await);
    }
    for call in calls {
        gate.wait_for(1).await;
        gate.open.notify_one();
        // The calls that wait on this one go on.
        let _ = timeout(Duration::from_secs(20), call).await.unwrap();
    }
    assert_eq!(gate.most.load(Ordering::SeqCst), 2);
    let paths = gate.paths.lock().unwrap().clone();
    let order: Vec<usize> = paths.iter().map(|path| path[1..].parse().unwrap()).collect();
    // The first two are sent at once, in either order.
    assert_eq!(order[2..], [2, 3, 4, 5, 6, 7], "{order:?}");
}

#[tokio::test]
async fn a_dropped_call_releases_its_permit_or_takes_none() {
    let (url, gate) = gate().await;
    let client = wire::client(&url).max_concurrent(1).build().unwrap();
    let sent = spawn_call(&client, "/sent").await;
    gate.wait_for(1).await;
    let waiting = spawn_call(&client, "/waiting").await;
    let last = spawn_call(&client, "/last").await;
    waiting.abort();
    sent.abort();
    // It waited behind both.
    while gate.paths.lock().unwrap().len() < 2 {
        gate.arrived.notified().await;
    }
    gate.open.notify_waiters();
    last.await.unwrap().unwrap();
    assert_eq!(*gate.paths.lock().unwrap(), ["/sent", "/last"]);
}

#[tokio::test]
async fn a_permit_is_free_during_the_delay_of_a_retry() {
    let server = serve_sequence([ResponseTemplate::new(503), ResponseTemplate::new(204)]).await;
    let policy = {
        let inner: Arc<Mutex<Option<wire::Client>>> = Arc::default();
        let shared = inner.clone();
        let sleeper = wire::Sleeper::new(move |_| {
            let client = shared.lock().unwrap().clone();
            async move {
                // Another call of the same client, whose only permit would be taken.
                client.unwrap().auth_none().send().await.unwrap();
            }
        });
        (RetryPolicy::new().sleeper(sleeper), inner)
    };
    let (policy, inner) = policy;
    let client = wire::client(&server.uri()).retry(policy).max_concurrent(1).build().unwrap();
    *inner.lock().unwrap() = Some(client.clone());
    timeout(Duration::from_secs(20), client.auth_none().send()).await.unwrap().unwrap();
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
}

fn seconds(times: &[Duration]) -> Vec<u64> {
    times.iter().map(Duration::as_secs).collect()
}

#[tokio::test(start_paused = true)]
async fn no_period_has_more_attempts_than_the_rate() {
    let url = offline();
    let client = wire::client(&url).rate(3, Duration::from_secs(10)).build().unwrap();
    let start = Instant::now();
    let mut times = Vec::new();
    for pause in [0, 4, 0, 0, 0, 0, 25, 0, 0, 0] {
        tokio::time::advance(Duration::from_secs(pause)).await;
        client.auth_none().send().await.unwrap_err();
        times.push(start.elapsed());
    }
    assert_eq!(seconds(&times), [0, 4, 4, 10, 14, 14, 39, 39, 39, 49]);
}

/// The URL of a port on which nothing listens: an attempt fails without waiting, so that a paused
/// clock advances in waits only.
fn offline() -> String {
    "http://127.0.0.1:1".to_owned()
}

#[tokio::test(start_paused = true)]
async fn retries_count_as_attempts() {
    let (policy, _) = recorded(RetryPolicy::new());
    let client = wire::client(&offline()).retry(policy).rate(1, Duration::from_secs(5));
    let client = client.build().unwrap();
    let start = Instant::now();
    let error = client.auth_none().send().await.unwrap_err();
    assert_eq!((error.attempts(), start.elapsed().as_secs()), (3, 10));
}

#[tokio::test(start_paused = true)]
async fn waiting_counts_toward_the_deadline_and_not_toward_the_timeout() {
    let limited = || {
        let builder = wire::client(&offline()).timeout(Duration::from_secs(1));
        builder.rate(1, Duration::from_secs(5))
    };
    // Longer than the timeout.
    let client = limited().build().unwrap();
    let start = Instant::now();
    client.auth_none().send().await.unwrap_err();
    assert!(client.auth_none().send().await.unwrap_err().is_connect());
    assert_eq!(start.elapsed().as_secs(), 5);

    let policy = RetryPolicy::none().deadline(Duration::from_secs(2));
    let client = limited().retry(policy).build().unwrap();
    let start = Instant::now();
    client.auth_none().send().await.unwrap_err();
    let error = client.auth_none().send().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert!(error.to_string().contains("limits"), "{error}");
    assert_eq!(start.elapsed().as_secs(), 2);
    // The call that gave up has taken no part of the rate: the next one waits for the first only.
    let client = client.with_options(wire::CallOptions::new().retry(RetryPolicy::none()));
    assert!(client.auth_none().send().await.unwrap_err().is_connect());
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_share_the_rate_in_their_order() {
    let client = wire::client(&offline()).rate(2, Duration::from_secs(60)).build().unwrap();
    let start = Instant::now();
    let calls = (0..5).map(|_| {
        let client = client.clone();
        async move {
            assert!(client.auth_none().send().await.unwrap_err().is_connect());
            start.elapsed()
        }
    });
    let mut calls: Vec<_> = calls.map(Box::pin).collect();
    // The fourth gives up while it waits, and takes nothing.
    let dropped = calls.remove(3);
    let (times, gave_up) = tokio::join!(join_all(calls), timeout(Duration::from_secs(30), dropped));
    assert!(gave_up.is_err());
    assert_eq!(seconds(&times), [0, 0, 60, 60]);
}

#[tokio::test]
async fn downloads_from_other_hosts_are_not_limited() {
    let server = serve_script([Step::Stall(String::new())]).await;
    let client = wire::client(&server.url).max_concurrent(1).build().unwrap();
    let stalled = spawn_call(&client, "/stalled").await;
    let files = serve(ResponseTemplate::new(200).set_body_bytes("a file")).await;
    let download = client.download(format!("{}/file", files.uri())).bytes();
    assert_eq!(timeout(Duration::from_secs(20), download).await.unwrap().unwrap().len(), 6);
    stalled.abort();
}

#[test]
fn limits_that_let_nothing_pass_are_refused() {
    let builder = || wire::client("https://api.example");
    let second = Duration::from_secs(1);
    for (name, builder) in [
        ("max_concurrent", builder().max_concurrent(0)),
        ("rate", builder().rate(0, second)),
        ("rate", builder().rate(1, Duration::ZERO)),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(&format!("`{name}`")), "{error}");
    }
    builder().max_concurrent(usize::MAX).rate(usize::MAX, Duration::MAX).build().unwrap();
}
