//! Transports of the caller: what a client promises holds whatever they do.

use std::{
    convert::Infallible,
    error::Error as StdError,
    fmt,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures::{StreamExt, stream};
use http_body::{Body, Frame};
use http_body_util::StreamBody;
use openapi_lower_runtime::{
    ReqwestTransport, Transport, TransportBody, TransportError,
    http::{HeaderMap, Method, Request, Response, Uri, header, response},
};
use reqwest::ResponseBuilderExt;
use tokio::time::Instant;
use wire::{
    BoxFuture, Client, ClientBuilder, Error, ErrorKind, KEY, Part, RetryPolicy, Sleeper, types,
};

use crate::{only_request, printed, serve, serve_no_content};

/// The base URL of the clients. Nothing connects to it.
const BASE_URL: &str = "https://api.wire.example/v1";

/// The timeout of attempts.
const TIMEOUT: Duration = Duration::from_secs(5);

type Exchanged = Result<Response<TransportBody>, TransportError>;

/// The head of a request.
#[derive(Clone, Debug)]
struct Head {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl Head {
    /// Returns all that the head has, sensitive values included.
    fn text(&self) -> String {
        let values = self.headers.values().map(|value| String::from_utf8_lossy(value.as_bytes()));
        format!("{self:?} {}", values.collect::<Vec<_>>().join("\n"))
    }
}

/// A transport that keeps the heads of requests, and reacts by a function.
#[derive(Clone)]
struct Scripted {
    heads: Arc<Mutex<Vec<Head>>>,
    react: fn(Head) -> BoxFuture<Exchanged>,
}

impl Scripted {
    fn new(react: fn(Head) -> BoxFuture<Exchanged>) -> Self {
        Self { heads: Arc::default(), react }
    }

    fn heads(&self) -> Vec<Head> {
        self.heads.lock().unwrap().clone()
    }
}

impl Transport for Scripted {
    fn send(&self, request: Request<TransportBody>) -> BoxFuture<Exchanged> {
        let (parts, _) = request.into_parts();
        let head = Head { method: parts.method, uri: parts.uri, headers: parts.headers };
        self.heads.lock().unwrap().push(head.clone());
        (self.react)(head)
    }
}

fn now(sent: Exchanged) -> BoxFuture<Exchanged> {
    Box::pin(async { sent })
}

fn status(status: u16) -> response::Builder {
    Response::builder().status(status).header("content-type", "application/json")
}

/// Responds with JSON that no operation expects.
fn respond(response: response::Builder) -> BoxFuture<Exchanged> {
    now(response.body(r#"{"message":"no"}"#.into()).map_err(TransportError::new))
}

/// Responds with an endless or broken body.
fn respond_streamed<S>(response: response::Builder, frames: S) -> BoxFuture<Exchanged>
where
    S: stream::Stream<Item = Result<Frame<Bytes>, std::io::Error>> + Send + 'static,
{
    let body = TransportBody::new(StreamBody::new(frames));
    now(response.body(body).map_err(TransportError::new))
}

fn data(text: &'static str) -> Result<Frame<Bytes>, std::io::Error> {
    Ok(Frame::data(Bytes::from_static(text.as_bytes())))
}

fn builder(transport: impl Transport) -> ClientBuilder {
    let policy = RetryPolicy::new().sleeper(Sleeper::new(|_| async {}));
    wire::client(BASE_URL).timeout(TIMEOUT).retry(policy).transport(transport)
}

/// Calls an operation of each authentication scheme and each form of body.
async fn call(client: Client, operation: &str) -> Result<(), Error> {
    match operation {
        "get" => client.items_get().item_id("1").await.map(drop),
        "bearer" => client.auth_bearer().await.map(drop),
        "basic" => client.auth_basic().await.map(drop),
        "query" => client.auth_query().await.map(drop),
        "cookie" => client.auth_cookie().await.map(drop),
        "post" => client.runs_start().await.map(drop),
        "post json" => client.items_create().body(types::NewItem::new("n")).await.map(drop),
        _ => client.files_upload().files([Part::bytes("a")]).await.map(drop),
    }
}

const GETS: [&str; 5] = ["get", "bearer", "basic", "query", "cookie"];
const POSTS: [&str; 3] = ["post", "post json", "post form"];

/// An error that shows all of a request, in its text and in its causes.
#[derive(Debug)]
struct Telltale(Head);

impl fmt::Display for Telltale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.text())
    }
}

impl StdError for Telltale {}

/// An error that is its own cause.
#[derive(Debug)]
struct Circular;

impl fmt::Display for Circular {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("circular")
    }
}

impl StdError for Circular {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self)
    }
}

/// A future that is never ready, and always wakes.
struct Restless;

impl Future for Restless {
    type Output = Exchanged;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Exchanged> {
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

/// The behavior of a transport, and the kind of error and the number of attempts that follow.
struct Row {
    name: &'static str,
    react: fn(Head) -> BoxFuture<Exchanged>,
    kind: ErrorKind,
    gets: usize,
    posts: usize,
}

const fn row(
    name: &'static str,
    react: fn(Head) -> BoxFuture<Exchanged>,
    kind: ErrorKind,
    gets: usize,
    posts: usize,
) -> Row {
    Row { name, react, kind, gets, posts }
}

const ROWS: &[Row] = &[
    // Errors.
    row("fails", |_| now(Err(TransportError::new("broken"))), ErrorKind::Transport, 3, 1),
    row(
        "isn't connected",
        |_| now(Err(TransportError::not_connected("x"))),
        ErrorKind::Connect,
        3,
        3,
    ),
    row("refuses", |_| now(Err(TransportError::refused("no"))), ErrorKind::Request, 1, 1),
    row(
        "repeats the request in its error",
        |head| now(Err(TransportError::new(Telltale(head)))),
        ErrorKind::Transport,
        3,
        1,
    ),
    row(
        "repeats the request in the cause of its error",
        |head| now(Err(TransportError::new(std::io::Error::other(Telltale(head))))),
        ErrorKind::Transport,
        3,
        1,
    ),
    row(
        "returns an error that is its own cause",
        |_| now(Err(TransportError::new(Circular))),
        ErrorKind::Transport,
        3,
        1,
    ),
    row(
        "returns such an error in the body",
        |_| {
            let body = StreamBody::new(stream::once(async {
                Err::<Frame<Bytes>, _>(Box::<dyn StdError + Send + Sync>::from(Circular))
            }));
            now(status(200).body(TransportBody::new(body)).map_err(TransportError::new))
        },
        ErrorKind::Transport,
        3,
        1,
    ),
    row(
        "repeats the request in an error of the body",
        |head| {
            let error = std::io::Error::other(Telltale(head));
            respond_streamed(status(200), stream::iter([data("{"), Err(error)]))
        },
        ErrorKind::Transport,
        3,
        1,
    ),
    // Time.
    row("never returns", |_| Box::pin(std::future::pending()), ErrorKind::Timeout, 3, 1),
    row(
        "never ends the body",
        |_| {
            respond_streamed(
                status(200),
                stream::once(async { data("{") }).chain(stream::pending()),
            )
        },
        ErrorKind::Timeout,
        3,
        1,
    ),
    row(
        "sends a byte of the body each second",
        |_| {
            let bytes = stream::repeat(()).then(|()| async {
                tokio::time::sleep(Duration::from_secs(1)).await;
                data(" ")
            });
            respond_streamed(status(200), bytes)
        },
        ErrorKind::Timeout,
        3,
        1,
    ),
    // Size.
    row(
        "returns an endless body",
        |_| respond_streamed(status(200), stream::repeat_with(|| data("[[[[[[[["))),
        ErrorKind::TooLarge,
        1,
        1,
    ),
    row(
        "returns an endless body of an error",
        |_| respond_streamed(status(500), stream::repeat_with(|| data("[[[[[[[["))),
        ErrorKind::Api,
        3,
        1,
    ),
    row(
        "returns less than it declares",
        |_| respond(status(200).header("content-length", "900")),
        ErrorKind::Transport,
        3,
        1,
    ),
    // Statuses.
    row("continues", |_| respond(status(100)), ErrorKind::Api, 1, 1),
    row("switches protocols", |_| respond(status(101)), ErrorKind::Api, 1, 1),
    row("hints", |_| respond(status(103)), ErrorKind::Api, 1, 1),
    row(
        "redirects to another host",
        |_| respond(status(302).header("location", "https://other.example/")),
        ErrorKind::Api,
        1,
        1,
    ),
    row(
        "redirects with the same method",
        |_| respond(status(308).header("location", "https://other.example/")),
        ErrorKind::Api,
        1,
        1,
    ),
    row("redirects to nowhere", |_| respond(status(307)), ErrorKind::Api, 1, 1),
    row("isn't modified", |_| respond(status(304)), ErrorKind::Api, 1, 1),
    row("requires a proxy's credential", |_| respond(status(407)), ErrorKind::Api, 1, 1),
    row("times out", |_| respond(status(408)), ErrorKind::Api, 3, 1),
    row("fails as a server", |_| respond(status(500)), ErrorKind::Api, 3, 1),
    row(
        "is unavailable",
        |_| respond(status(503).header("retry-after", "0")),
        ErrorKind::Api,
        3,
        1,
    ),
    // It says that the request wasn't processed, which is repeated as documented.
    row("limits the rate", |_| respond(status(429)), ErrorKind::Api, 3, 3),
    row("returns a status of no class", |_| respond(status(600)), ErrorKind::Api, 1, 1),
    row("returns the last status", |_| respond(status(999)), ErrorKind::Api, 1, 1),
    // Heads that repeat the credential.
    row(
        "repeats the request in the response",
        |head| {
            let text = head.text();
            let one_line: String = text.chars().filter(char::is_ascii_graphic).collect();
            let response =
                status(400).header("x-request-id", &one_line).header("location", &one_line);
            now(response.body(text.into()).map_err(TransportError::new))
        },
        ErrorKind::Api,
        1,
        1,
    ),
    row(
        "repeats the request in a body of another type",
        |head| {
            let response = Response::builder().header("content-type", "text/html");
            now(response.body(head.text().into()).map_err(TransportError::new))
        },
        ErrorKind::Decode,
        1,
        1,
    ),
];

#[tokio::test(start_paused = true)]
async fn no_transport_repeats_a_post_shows_the_key_or_outlasts_the_timeout() {
    for row in ROWS {
        for operation in GETS.into_iter().chain(POSTS) {
            // The other operations respond to successes with no body.
            let has_no_body = !["get", "post", "post json"].contains(&operation);
            let name = format!("{}: {operation}", row.name);
            let transport = Scripted::new(row.react);
            let client = builder(transport.clone()).response_limit(1 << 16).build().unwrap();
            let started = Instant::now();
            let outcome = call(client, operation).await;
            let heads = transport.heads();
            let expected = if GETS.contains(&operation) { row.gets } else { row.posts };
            assert!(started.elapsed() <= TIMEOUT * expected as u32, "{name}");
            let expected_method =
                if GETS.contains(&operation) { Method::GET } else { Method::POST };
            for head in &heads {
                assert_eq!(head.method, expected_method, "{name}");
                assert_eq!(head.uri.host(), Some("api.wire.example"), "{name}");
            }
            match outcome {
                Ok(()) => assert!(has_no_body && heads.len() == 1, "{name}"),
                Err(error) => {
                    assert_eq!(error.kind(), row.kind, "{name}: {error}");
                    assert_eq!(error.attempts() as usize, heads.len(), "{name}");
                    assert_eq!(heads.len(), expected, "{name}: {error}");
                    let text = format!("{}\n{:?}", printed_bounded(&error), error);
                    assert!(!text.contains(KEY), "{name}: {text}");
                    assert!(!text.contains("azN5LW9mLXRoZS10ZXN0cz"), "{name}: {text}");
                }
            }
        }
    }
}

/// Returns all texts of an error; fails if it has no end.
fn printed_bounded(error: &Error) -> String {
    let mut source = StdError::source(error);
    for _ in 0..100 {
        match source {
            None => return printed(error),
            Some(cause) => source = cause.source(),
        }
    }
    panic!("an error without end");
}

#[tokio::test(start_paused = true)]
async fn a_call_ends_at_its_deadline() {
    let never: fn(Head) -> BoxFuture<Exchanged> = |_| Box::pin(std::future::pending());
    let slowly: fn(Head) -> BoxFuture<Exchanged> = |_| {
        let bytes = stream::repeat(()).then(|()| async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            data(" ")
        });
        respond_streamed(status(200), bytes)
    };
    let late: fn(Head) -> BoxFuture<Exchanged> = |_| {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            Err(TransportError::not_connected("no route"))
        })
    };
    for react in [never, slowly, late] {
        for operation in GETS.into_iter().chain(POSTS) {
            let policy = RetryPolicy::new().max_retries(u32::MAX).deadline(Duration::from_secs(2));
            let transport = Scripted::new(react);
            let client = builder(transport.clone()).retry(policy).timeout(TIMEOUT);
            let started = Instant::now();
            let outcome = call(client.build().unwrap(), operation).await;
            let error = outcome.err().filter(|error| error.is_timeout() || error.is_connect());
            let has_no_body = !["get", "post", "post json"].contains(&operation);
            assert!(error.is_some() || has_no_body, "{operation}");
            assert!(started.elapsed() <= Duration::from_secs(2), "{operation}");
            if POSTS.contains(&operation) && react as usize != late as usize {
                assert_eq!(transport.heads().len(), 1, "{operation}");
            }
        }
    }
}

/// These never let the clock stand still, so that it can't be paused.
#[tokio::test]
async fn transports_that_never_wait_do_not_outlast_the_timeout() {
    let empty: fn(Head) -> BoxFuture<Exchanged> =
        |_| respond_streamed(status(200), stream::repeat_with(|| data("")));
    let trailers: fn(Head) -> BoxFuture<Exchanged> = |_| {
        let trailers = || Ok(Frame::trailers(HeaderMap::new()));
        respond_streamed(status(200), stream::repeat_with(trailers))
    };
    let restless: fn(Head) -> BoxFuture<Exchanged> = |_| Box::pin(Restless);
    for react in [empty, trailers, restless] {
        let transport = Scripted::new(react);
        let client = builder(transport.clone()).timeout(Duration::from_millis(50)).build().unwrap();
        let error = call(client.clone(), "post").await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
        assert_eq!(transport.heads().len(), 1);
        // Streams, too.
        let error = match client.runs_start().send_raw().await {
            Ok(response) => response.into_inner().bytes().await.unwrap_err(),
            Err(error) => error,
        };
        assert!(error.is_timeout(), "{error}");
    }
}

/// Bytes of one at a time, as many as there may be.
#[tokio::test]
async fn a_body_of_small_chunks_does_not_outlast_the_timeout() {
    let transport =
        Scripted::new(|_| respond_streamed(status(200), stream::repeat_with(|| data("["))));
    let client = builder(transport).timeout(Duration::from_millis(50)).response_limit(usize::MAX);
    let error = call(client.build().unwrap(), "post").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 1));
}

#[tokio::test]
async fn malformed_heads_neither_panic_nor_repeat_a_post() {
    let heads: &[&[(&str, &[u8])]] = &[
        &[("content-length", b"x")],
        &[("content-length", b"18446744073709551616")],
        &[("content-length", b"1"), ("content-length", b"2")],
        &[("content-length", b"0")],
        &[("content-type", b"\xff\xfe")],
        &[("content-type", b"application/json; charset=no-such")],
        &[("content-type", b"application/json"), ("content-type", b"text/html")],
        &[("content-encoding", b"gzip")],
        &[("transfer-encoding", b"chunked")],
        &[("location", b"\xff")],
        &[("location", b"http://[")],
        &[("link", b"<\xff>; rel=next")],
        &[("retry-after", b"-1"), ("date", b"\xff")],
        &[("retry-after", b"99999999999999999999999")],
        &[("x-request-id", b"\xff\x80")],
        &[("set-cookie", b"=; ;;")],
    ];
    for fields in heads {
        for code in [200, 202, 204, 307, 408, 429, 503, 600] {
            let count = Arc::new(Mutex::new(0));
            let counter = count.clone();
            let fields: Vec<_> = fields.to_vec();
            let transport = move |_: Request<TransportBody>| {
                *counter.lock().unwrap() += 1;
                let mut response = Response::builder().status(code);
                for (name, value) in &fields {
                    response = response.header(*name, *value);
                }
                now(response.body("{}".into()).map_err(TransportError::new))
            };
            let client = builder(transport).build().unwrap();
            let _ = call(client.clone(), "post").await;
            let limit = if code == 429 { 3 } else { 1 };
            assert!(*count.lock().unwrap() <= limit, "{code}");
            let _ = call(client.clone(), "get").await;
            let _ = client.recording_open().await;
            let _ = client.download("https://files.example/a").bytes().await;
            let _ = client.items_list().await;
        }
    }
}

#[tokio::test]
async fn the_response_is_one_to_the_url_of_the_request() {
    let transport = Scripted::new(|_| {
        let url = "https://other.example/b/".parse().unwrap();
        respond(status(307).url(url).header("location", "c?d=e"))
    });
    let client = builder(transport).build().unwrap();
    let url = client.recording_open().await.unwrap();
    assert_eq!(url.as_str(), "https://api.wire.example/v1/c?d=e");
}

#[tokio::test]
async fn requests_to_other_hosts_never_carry_the_key() {
    // From host to host, and back to that of the API.
    let transport = Scripted::new(|head| {
        let next = match head.uri.host() {
            Some("files.example") => "https://cdn.example/a?sig=1",
            Some("cdn.example") => "https://api.wire.example/v1/a",
            _ => return now(Ok(Response::new("file".into()))),
        };
        respond(status(302).header("location", next))
    });
    let client = builder(transport.clone()).build().unwrap();
    let file = client.download("https://files.example/a?sig=0").bytes().await.unwrap();
    assert_eq!(&file[..], b"file");
    let heads = transport.heads();
    assert_eq!(heads.len(), 3);
    for head in &heads {
        assert!(!head.text().contains(KEY), "{head:?}");
        assert!(head.headers[header::USER_AGENT].to_str().unwrap().starts_with("wire/"));
    }
    assert_eq!(heads[1].uri, "https://cdn.example/a?sig=1");

    // A server of single operations, without and with the permission.
    for is_allowed in [false, true] {
        let transport = Scripted::new(|_| now(Ok(status(204).body("".into()).unwrap())));
        let builder = wire::documents::servers::Client::builder().api_key(KEY).base_url(BASE_URL);
        let name = "eu.files.example:8443";
        let builder = builder.server(name, "https://files.example");
        let builder = if is_allowed { builder.allow_api_key(name) } else { builder };
        let client = builder.transport(transport.clone()).build().unwrap();
        client.other_host().id("a").q("b").body("text").await.unwrap();
        client.relative().await.unwrap();
        let heads = transport.heads();
        assert_eq!(heads[0].uri.host(), Some("files.example"));
        assert_eq!(heads[0].text().contains(KEY), is_allowed);
        assert_eq!(heads[1].uri.host(), Some("api.wire.example"));
        assert_eq!(heads[1].headers["authorization"], format!("Bearer {KEY}").as_str());
    }
}

#[tokio::test]
async fn the_key_is_marked_sensitive_and_a_signed_query_is_not_in_errors() {
    let transport = Scripted::new(|head| now(Err(TransportError::new(Telltale(head)))));
    let client = builder(transport.clone()).build().unwrap();
    for operation in ["get", "bearer", "basic", "cookie"] {
        call(client.clone(), operation).await.unwrap_err();
        let head = transport.heads().pop().unwrap();
        assert!(head.text().contains(KEY) || operation == "basic");
        assert!(!format!("{head:?}").contains(KEY), "{head:?}");
    }
    let file = client.download("https://files.example/a?signature=s3cret").bytes().await;
    let text = printed(&file.unwrap_err());
    assert!(text.contains("files.example") && !text.contains("s3cret"), "{text}");
}

#[tokio::test]
async fn a_request_is_complete_and_its_body_is_in_memory_or_a_stream() {
    type Message = (Head, Option<u64>, Bytes);
    let bodies: Arc<Mutex<Vec<Message>>> = Arc::default();
    let received = bodies.clone();
    let transport = move |request: Request<TransportBody>| {
        let received = received.clone();
        async move {
            let (parts, body) = request.into_parts();
            let head = Head { method: parts.method, uri: parts.uri, headers: parts.headers };
            let length = body.size_hint().exact();
            let body = http_body_util::BodyExt::collect(body).await?.to_bytes();
            received.lock().unwrap().push((head, length, body));
            status(204).body(TransportBody::empty()).map_err(TransportError::new)
        }
    };
    let client = builder(transport).user_agent("tool/1").build().unwrap();
    client.runs_start().await.unwrap();
    client.request(Method::PUT, "/notes").json(&"text").send::<()>().await.unwrap();
    client.files_upload().files([Part::bytes("content")]).await.unwrap();
    let bodies = bodies.lock().unwrap();
    let (head, length, _) = &bodies[0];
    assert_eq!((head.method.as_str(), *length), ("POST", Some(0)));
    let (head, length, body) = &bodies[1];
    assert_eq!(head.uri.to_string(), format!("{BASE_URL}/notes"));
    assert_eq!((&body[..], *length), (&b"\"text\""[..], Some(6)));
    assert_eq!(head.headers["x-wire-key"], KEY);
    assert!(head.headers["user-agent"].to_str().unwrap().starts_with("tool/1 wire/"));
    let (head, _, body) = &bodies[2];
    assert!(head.headers["content-type"].to_str().unwrap().starts_with("multipart/form-data"));
    assert_eq!(head.headers["content-length"], body.len().to_string().as_str());
    assert!(String::from_utf8_lossy(body).contains("content"));
}

#[tokio::test]
async fn a_part_that_can_not_be_read_is_an_error_of_the_request() {
    let transport = |request: Request<TransportBody>| async move {
        let error = http_body_util::BodyExt::collect(request.into_body()).await.unwrap_err();
        Err(TransportError::new(error))
    };
    let chunks = stream::iter([Err::<Bytes, _>(std::io::Error::other("unreadable"))]);
    let body = reqwest::Body::wrap_stream(chunks);
    let client = builder(transport).build().unwrap();
    let error = client.files_upload().files([Part::stream(body, None)]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("unreadable"), "{error}");
}

/// A body that isn't `Sync`, as those of some layers aren't.
struct NotSync(std::cell::Cell<u32>);

impl Body for NotSync {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frames = self.0.get();
        self.0.set(frames.saturating_sub(1));
        Poll::Ready((frames > 0).then(|| Ok(Frame::data(Bytes::from_static(b"\"n\"")))))
    }
}

#[tokio::test]
async fn a_body_need_not_be_sync() {
    let transport = |_| async {
        let body = TransportBody::new(NotSync(1.into()));
        status(200).body(body).map_err(TransportError::new)
    };
    let client = builder(transport).build().unwrap();
    let name = client.request(Method::GET, "/name").send::<String>().await.unwrap();
    assert_eq!(*name, "n");
}

#[tokio::test]
async fn a_cause_of_the_transport_can_be_downcast() {
    let transport = |_| async {
        Err::<Response<TransportBody>, _>(TransportError::not_connected(std::io::Error::from(
            std::io::ErrorKind::NetworkUnreachable,
        )))
    };
    let error = call(builder(transport).build().unwrap(), "get").await.unwrap_err();
    let cause = StdError::source(&error).unwrap().downcast_ref::<std::io::Error>().unwrap();
    assert_eq!(cause.kind(), std::io::ErrorKind::NetworkUnreachable);
}

/// Adds a header and passes the request on.
struct Tagging(ReqwestTransport);

impl Transport for Tagging {
    fn send(&self, mut request: Request<TransportBody>) -> BoxFuture<Exchanged> {
        request.headers_mut().insert("x-tag", header::HeaderValue::from_static("t"));
        self.0.send(request)
    }
}

#[tokio::test]
async fn a_transport_around_the_default_has_its_settings() {
    let server = serve_no_content().await;
    let client = wire::client(&server.uri())
        .configure(|http| http.user_agent("configured/1"))
        .wrap_transport(Tagging)
        .build()
        .unwrap();
    client.files_upload().files([Part::bytes("content")]).await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["x-tag"], "t");
    assert_eq!(request.headers["x-wire-key"], KEY);
    assert_eq!(request.headers["user-agent"], "configured/1");
    assert!(String::from_utf8_lossy(&request.body).contains("content"));

    // No redirect is followed below the client.
    let second = serve_no_content().await;
    let redirect = wiremock::ResponseTemplate::new(302).insert_header("location", second.uri());
    let first = serve(redirect).await;
    let client = wire::client(&first.uri()).wrap_transport(Tagging).build().unwrap();
    let error = client.versioned_get().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 302);
    crate::assert_no_request(&second).await;

    // Nothing listens there: a POST is retried, as without the transport.
    let client = wire::client("http://127.0.0.1:1").wrap_transport(Tagging);
    let policy = RetryPolicy::new().sleeper(Sleeper::new(|_| async {}));
    let client = client.retry(policy).build().unwrap();
    for operation in ["post", "query"] {
        let error = call(client.clone(), operation).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3));
        assert!(!printed(&error).contains(KEY), "{error:?}");
    }
}

#[test]
fn settings_of_reqwest_beside_another_transport_are_an_error() {
    let transport = |_| async { Err::<Response<TransportBody>, _>(TransportError::new("x")) };
    let error = builder(transport).configure(|http| http).build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("`configure` has no effect beside `transport`"), "{error}");
}
