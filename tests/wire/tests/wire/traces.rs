use std::{
    cell::RefCell,
    collections::BTreeMap,
    fmt::Debug,
    sync::{
        Arc, Mutex, Once,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use wire::{ErrorKind, RetryPolicy};
use wiremock::ResponseTemplate;

use crate::{
    only_request,
    retries::recorded,
    serve, serve_no_content, serve_sequence,
    server::{Step, serve_script},
};

/// Records the spans and events of the runtime on one thread.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Records>>);

thread_local! {
    /// The recorder of this thread. A test runs all of its calls on one thread.
    static RECORDER: RefCell<Option<Recorder>> = const { RefCell::new(None) };
}

/// The fields of the recorded spans and events.
#[derive(Default)]
struct Records {
    spans: BTreeMap<u64, Fields>,
    events: Vec<Fields>,
    /// The numbers of handles of the spans that haven't ended.
    handles: BTreeMap<u64, usize>,
    /// The spans that are entered, the innermost last.
    entered: Vec<u64>,
}

impl Records {
    /// Returns the id of the parent of a span or event, as text.
    fn parent(&self, explicit: Option<&Id>, is_contextual: bool) -> String {
        let contextual = || self.entered.last().copied().filter(|_| is_contextual);
        let parent = explicit.map(Id::into_u64).or_else(contextual);
        parent.map(|parent| parent.to_string()).unwrap_or_default()
    }
}

/// The fields of a span or event, as text.
#[derive(Clone, Default)]
pub(crate) struct Fields(BTreeMap<&'static str, String>);

impl Fields {
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

/// The subscriber of this process.
///
/// A subscriber for each thread would miss spans: tracing caches the interest in a callsite for all
/// threads, by the subscriber of the first one.
struct TestSubscriber(AtomicU64);

/// Calls `record` with the records of this thread, if it has a recorder.
fn with_records(record: impl FnOnce(&mut Records)) {
    RECORDER.with_borrow(|recorder| {
        if let Some(recorder) = recorder {
            record(&mut recorder.0.lock().unwrap());
        }
    });
}

impl Subscriber for TestSubscriber {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "openapi_lower_runtime"
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let id = self.0.fetch_add(1, Ordering::Relaxed);
        let mut fields = Fields::default();
        fields.0.insert("name", attributes.metadata().name().to_owned());
        fields.0.insert("id", id.to_string());
        attributes.record(&mut fields);
        with_records(|records| {
            let parent = records.parent(attributes.parent(), attributes.is_contextual());
            fields.0.insert("parent", parent);
            records.spans.insert(id, fields);
            records.handles.insert(id, 1);
        });
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        with_records(|records| {
            if let Some(fields) = records.spans.get_mut(&span.into_u64()) {
                values.record(fields);
            }
        });
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        with_records(|records| {
            fields.0.insert("parent", records.parent(event.parent(), event.is_contextual()));
            records.events.push(fields);
        });
    }

    fn clone_span(&self, span: &Id) -> Id {
        with_records(|records| *records.handles.entry(span.into_u64()).or_default() += 1);
        span.clone()
    }

    fn try_close(&self, span: Id) -> bool {
        let mut is_closed = false;
        with_records(|records| {
            if let Some(handles) = records.handles.get_mut(&span.into_u64()) {
                *handles -= 1;
                is_closed = *handles == 0;
            }
            if is_closed {
                records.handles.remove(&span.into_u64());
            }
        });
        is_closed
    }

    fn enter(&self, span: &Id) {
        with_records(|records| records.entered.push(span.into_u64()));
    }

    fn exit(&self, span: &Id) {
        with_records(|records| {
            let entered = records.entered.iter().rposition(|other| *other == span.into_u64());
            entered.map(|index| records.entered.remove(index));
        });
    }
}

/// Starts recording on this thread.
pub(crate) fn start_recording() -> Recorder {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let subscriber = TestSubscriber(AtomicU64::new(1));
        tracing::subscriber::set_global_default(subscriber).unwrap();
        tracing::callsite::rebuild_interest_cache();
    });
    let recorder = Recorder::default();
    RECORDER.set(Some(recorder.clone()));
    recorder
}

impl Recorder {
    /// Returns the span of the only call.
    fn call(&self) -> Fields {
        let mut calls = self.spans("call");
        assert_eq!(calls.len(), 1);
        calls.remove(0)
    }

    /// Returns the ids of the spans that haven't ended.
    fn open(&self) -> Vec<String> {
        self.0.lock().unwrap().handles.keys().map(u64::to_string).collect()
    }

    /// Returns the spans of the attempts.
    fn attempts(&self) -> Vec<Fields> {
        self.spans("attempt")
    }

    /// Returns the spans of this name, in the order in which they began.
    fn spans(&self, name: &str) -> Vec<Fields> {
        let records = self.0.lock().unwrap();
        records.spans.values().filter(|span| span.get("name") == name).cloned().collect()
    }

    pub(crate) fn events(&self) -> Vec<Fields> {
        self.0.lock().unwrap().events.clone()
    }

    /// Returns all fields of spans and events as text.
    pub(crate) fn all_fields(&self) -> String {
        let records = self.0.lock().unwrap();
        let fields = records.spans.values().chain(&records.events);
        fields.map(|fields| format!("{:?}\n", fields.0)).collect()
    }
}

/// Asserts that fields have these values; "" is that of a field that isn't recorded.
fn assert_fields(fields: &Fields, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(fields.get(name), *value, "`{name}` of {:?}", fields.0);
    }
}

#[tokio::test]
async fn a_call_is_a_span_with_a_span_per_attempt() {
    let recorder = start_recording();
    let response = ResponseTemplate::new(200)
        .insert_header("x-request-id", "r-1")
        .set_body_json(serde_json::json!({ "id": "1", "name": "a", "status": "open" }));
    let server = serve(response).await;
    crate::client(&server).items_get().item_id("1").send().await.unwrap();
    let call = recorder.call();
    assert_fields(
        &call,
        &[
            ("parent", ""),
            ("otel.name", "itemsGet"),
            ("otel.kind", "internal"),
            ("otel.status_code", ""),
            ("operation", "itemsGet"),
            ("http.request.method", "GET"),
            ("url.template", "/items/{itemId}"),
            ("http.response.status_code", "200"),
            ("error.type", ""),
            ("attempts", "1"),
            ("request_id", "r-1"),
        ],
    );
    assert!(call.get("duration_ms").parse::<u64>().is_ok());
    let attempts = recorder.attempts();
    assert_eq!(attempts.len(), 1);
    assert_fields(
        &attempts[0],
        &[
            ("parent", call.get("id")),
            ("otel.name", "GET /items/{itemId}"),
            ("otel.kind", "client"),
            ("otel.status_code", ""),
            ("operation", "itemsGet"),
            ("http.request.method", "GET"),
            ("http.request.method_original", ""),
            ("http.request.resend_count", ""),
            ("url.scheme", "http"),
            ("url.template", "/items/{itemId}"),
            ("server.address", "127.0.0.1"),
            ("server.port", &server.address().port().to_string()),
            ("http.response.status_code", "200"),
            ("error.type", ""),
            ("request_id", "r-1"),
        ],
    );
    assert!(recorder.events().is_empty());
}

#[tokio::test]
async fn a_retry_is_an_event_and_a_span() {
    let recorder = start_recording();
    let server = serve_sequence([ResponseTemplate::new(503), ResponseTemplate::new(204)]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    client.auth_none().send().await.unwrap();
    let call = recorder.call();
    let outcome =
        [("attempts", "2"), ("http.response.status_code", "204"), ("otel.status_code", "")];
    assert_fields(&call, &outcome);
    let attempts = recorder.attempts();
    assert_eq!(attempts.len(), 2);
    let failed = [
        ("parent", call.get("id")),
        ("http.request.resend_count", ""),
        ("http.response.status_code", "503"),
        ("error.type", "503"),
        ("otel.status_code", "ERROR"),
    ];
    assert_fields(&attempts[0], &failed);
    let repeated = [
        ("parent", call.get("id")),
        ("http.request.resend_count", "1"),
        ("http.response.status_code", "204"),
        ("error.type", ""),
        ("otel.status_code", ""),
    ];
    assert_fields(&attempts[1], &repeated);
    let events = recorder.events();
    assert_eq!(events.len(), 1);
    let event = [
        ("parent", call.get("id")),
        ("attempt", "1"),
        ("http.response.status_code", "503"),
        ("error.type", "503"),
        ("wait_ms", "500"),
        ("message", "retrying"),
    ];
    assert_fields(&events[0], &event);
}

#[tokio::test]
async fn an_error_is_recorded_by_its_kind() {
    let recorder = start_recording();
    let (policy, _) = recorded(RetryPolicy::new());
    let client = wire::client("http://127.0.0.1:1").retry(policy).build().unwrap();
    client.auth_none().send().await.unwrap_err();
    let failed = [
        ("error.type", "connect"),
        ("http.response.status_code", ""),
        ("otel.status_code", "ERROR"),
    ];
    assert_fields(&recorder.call(), &failed);
    assert_fields(&recorder.call(), &[("attempts", "3")]);
    assert_eq!(recorder.attempts().len(), 3);
    recorder.attempts().iter().for_each(|attempt| assert_fields(attempt, &failed));
    assert_fields(&recorder.events()[1], &[("error.type", "connect")]);
}

/// The delay before a retry isn't part of an attempt.
#[tokio::test]
async fn an_attempt_ends_before_the_delay() {
    let recorder = start_recording();
    let server = serve_sequence([ResponseTemplate::new(503), ResponseTemplate::new(204)]).await;
    let open = Arc::new(Mutex::new(Vec::new()));
    let (shared, records) = (open.clone(), recorder.clone());
    let policy = RetryPolicy::new().sleeper(wire::Sleeper::new(move |_| {
        shared.lock().unwrap().extend(records.open());
        std::future::ready(())
    }));
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    client.auth_none().send().await.unwrap();
    assert_eq!(*open.lock().unwrap(), [recorder.call().get("id")]);
    assert!(recorder.open().is_empty());
}

/// The status of a response is the type of its error, not the kind that we have for it.
#[tokio::test]
async fn an_error_response_is_recorded_by_its_status() {
    let recorder = start_recording();
    let server = serve(ResponseTemplate::new(404)).await;
    crate::client(&server).auth_none().send().await.unwrap_err();
    let failed = [
        ("error.type", "404"),
        ("http.response.status_code", "404"),
        ("otel.status_code", "ERROR"),
    ];
    assert_fields(&recorder.call(), &failed);
    assert_fields(&recorder.attempts()[0], &failed);
}

#[tokio::test]
async fn a_method_that_is_not_of_the_conventions_is_other() {
    let recorder = start_recording();
    let server = serve_no_content().await;
    let method = reqwest::Method::from_bytes(b"PURGE").unwrap();
    crate::client(&server).request(method, "/x").send::<()>().await.unwrap();
    let attempt = &recorder.attempts()[0];
    let method = [("http.request.method", "_OTHER"), ("http.request.method_original", "PURGE")];
    assert_fields(attempt, &method);
    assert_fields(attempt, &[("otel.name", "HTTP /x")]);
}

#[tokio::test]
async fn a_download_has_a_host_and_no_template() {
    let recorder = start_recording();
    let server = serve(ResponseTemplate::new(200).set_body_bytes("a file")).await;
    let client = wire::client("https://api.example").build().unwrap();
    let url = format!("{}/s3cret?signature=s3cret", server.uri());
    client.download(url).bytes().await.unwrap();
    let attempt = &recorder.attempts()[0];
    let fields = [("otel.name", "GET"), ("url.template", ""), ("server.address", "127.0.0.1")];
    assert_fields(attempt, &fields);
    assert!(!recorder.all_fields().contains("s3cret"), "{}", recorder.all_fields());
}

#[tokio::test]
async fn a_cancelled_call_has_a_duration() {
    let recorder = start_recording();
    let server = serve_script([Step::Stall(String::new())]).await;
    let client = wire::client(&server.url).build().unwrap();
    let call = client.auth_none().send();
    tokio::time::timeout(Duration::from_millis(30), call).await.unwrap_err();
    let call = recorder.call();
    assert!(call.get("duration_ms").parse::<u64>().unwrap() >= 29, "{:?}", call.0);
    assert_eq!(call.get("http.response.status_code"), "");
    assert_eq!(recorder.attempts().len(), 1);
}

#[tokio::test]
async fn headers_of_a_trace_are_added_in_the_span_of_each_attempt() {
    let recorder = start_recording();
    let server = serve_sequence([ResponseTemplate::new(503), ResponseTemplate::new(204)]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let count = AtomicU64::new(0);
    let builder = wire::client(&server.uri()).retry(policy).propagate(move |headers| {
        assert!(headers.is_empty(), "{headers:?}");
        tracing::info!(target: "openapi_lower_runtime", "injected");
        let count = count.fetch_add(1, Ordering::Relaxed);
        headers.insert("traceparent", format!("trace-{count}").parse().unwrap());
    });
    builder.build().unwrap().auth_none().send().await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let sent: Vec<_> = requests.iter().map(|one| one.headers["traceparent"].clone()).collect();
    assert_eq!(sent, ["trace-0", "trace-1"]);
    let events = recorder.events();
    let injected = events.iter().filter(|event| event.get("message") == "injected");
    let parents: Vec<_> = injected.map(|event| event.get("parent").to_owned()).collect();
    let attempts = recorder.attempts();
    let attempts: Vec<_> = attempts.iter().map(|attempt| attempt.get("id").to_owned()).collect();
    assert_eq!(parents, attempts);
}

#[tokio::test]
async fn headers_of_a_trace_replace_no_header() {
    let propagating = |url: &str| {
        wire::client(url).propagate(|headers| {
            for name in [
                "x-wire-key",
                "authorization",
                "accept",
                "x-mine",
                "host",
                "content-length",
                "user-agent",
            ] {
                headers.insert(name, "injected".parse().unwrap());
            }
            headers.insert("traceparent", "t-1".parse().unwrap());
            headers.append("tracestate", "a=1".parse().unwrap());
            headers.append("tracestate", "b=2".parse().unwrap());
        })
    };
    let server = serve_no_content().await;
    let client = propagating(&server.uri()).build().unwrap();
    let client = client.with_options(wire::CallOptions::new().header("x-mine", "mine"));
    client.versioned_get().send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["x-wire-key"], wire::KEY);
    assert_eq!(request.headers["traceparent"], "t-1");
    let states: Vec<_> = request.headers.get_all("tracestate").iter().collect();
    assert_eq!(states, ["a=1", "b=2"]);
    assert_eq!(request.headers["x-mine"], "mine");
    for name in ["accept", "host", "content-length", "user-agent"] {
        assert!(request.headers.get(name).is_none_or(|value| value != "injected"), "{name}");
    }

    let server = serve_no_content().await;
    propagating(&server.uri()).build().unwrap().auth_bearer().send().await.unwrap();
    let expected = format!("Bearer {}", wire::KEY);
    assert_eq!(only_request(&server).await.headers["authorization"], expected.as_str());
}

/// Also a header of a credential that isn't set can't be set for this operation.
#[tokio::test]
async fn headers_of_a_trace_carry_no_credential() {
    let server = serve_no_content().await;
    let builder = wire::documents::credentials::Client::builder().base_url(server.uri());
    let builder = builder.credential("token", "t1").propagate(|headers| {
        headers.insert("x-key", "injected".parse().unwrap());
        headers.insert("authorization", "injected".parse().unwrap());
        headers.insert("traceparent", "t-1".parse().unwrap());
    });
    builder.build().unwrap().both().send().await.unwrap();
    let headers = only_request(&server).await.headers;
    assert_eq!(
        (headers["authorization"].as_bytes(), headers.get("x-key")),
        (&b"Bearer t1"[..], None)
    );
    assert_eq!(headers["traceparent"], "t-1");
}

/// The host of a file is often another one, which has nothing to do with the trace.
#[tokio::test]
async fn a_download_from_another_host_gets_no_header_of_a_trace() {
    let inject = |headers: &mut reqwest::header::HeaderMap| {
        headers.insert("traceparent", "t-1".parse().unwrap());
    };
    let server = serve(ResponseTemplate::new(200).set_body_bytes("a file")).await;
    let foreign = wire::client("https://api.example").propagate(inject).build().unwrap();
    foreign.download(format!("{}/file", server.uri())).bytes().await.unwrap();
    let own = wire::client(&server.uri()).propagate(inject).build().unwrap();
    own.download(format!("{}/file", server.uri())).bytes().await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let sent: Vec<_> = requests.iter().map(|one| one.headers.contains_key("traceparent")).collect();
    assert_eq!(sent, [false, true]);
}

#[tokio::test]
async fn no_secret_is_recorded() {
    let recorder = start_recording();
    let body = serde_json::json!({ "code": 404, "message": "s3cret" });
    let rejection = ResponseTemplate::new(429).insert_header("x-secret", "s3cret");
    let server = serve_sequence([rejection, ResponseTemplate::new(404).set_body_json(body)]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let client = wire::client(&server.uri()).api_key("s3cret").retry(policy).build().unwrap();
    let client = client.with_options(wire::CallOptions::new().header("x-more", "s3cret"));
    client.items_get().item_id("s3cret").send().await.unwrap_err();
    client.items_list().names(["s3cret"]).send().await.unwrap_err();
    client.auth_query().send().await.unwrap_err();
    client.notes_add().body("s3cret").send().await.unwrap_err();
    let request = client.request(reqwest::Method::POST, "/a/{id}").path("id", "s3cret");
    request.query("q", "s3cret").json("s3cret").send_raw().await.unwrap();
    // A key of a provider is unknown until the first attempt, and may be in a header.
    let response = ResponseTemplate::new(400).insert_header("x-request-id", "for-s3cret");
    let server = serve(response).await;
    let rotating = wire::client(&server.uri());
    let rotating = rotating.api_key_provider(|| async { Ok::<_, std::io::Error>("s3cret") });
    let error = rotating.build().unwrap().auth_bearer().send().await.unwrap_err();
    assert_eq!((error.kind(), error.request_id()), (ErrorKind::Api, Some("for-s3cret")));
    let fields = recorder.all_fields();
    assert!(fields.contains("POST /a/{id}") && fields.contains("429"), "{fields}");
    assert!(fields.contains("for-[redacted]") && !fields.contains("s3cret"), "{fields}");
}
