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
use wire::RetryPolicy;
use wiremock::ResponseTemplate;

use crate::{
    retries::recorded,
    serve, serve_sequence,
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
        attributes.record(&mut fields);
        with_records(|records| drop(records.spans.insert(id, fields)));
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
        with_records(|records| records.events.push(fields));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
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
    /// Returns the only span.
    fn span(&self) -> Fields {
        let records = self.0.lock().unwrap();
        assert_eq!(records.spans.len(), 1);
        records.spans.values().next().unwrap().clone()
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

#[tokio::test]
async fn a_call_is_a_span() {
    let recorder = start_recording();
    let response = ResponseTemplate::new(200)
        .insert_header("x-request-id", "r-1")
        .set_body_json(serde_json::json!({ "id": "1", "name": "a", "status": "open" }));
    let server = serve(response).await;
    crate::client(&server).items_get().item_id("1").send().await.unwrap();
    let span = recorder.span();
    assert_eq!(span.get("name"), "call");
    assert_eq!(span.get("operation"), "itemsGet");
    assert_eq!((span.get("method"), span.get("path")), ("GET", "/items/{itemId}"));
    assert_eq!((span.get("attempt"), span.get("status")), ("1", "200"));
    assert_eq!((span.get("request_id"), span.get("error")), ("r-1", ""));
    assert!(span.get("duration_ms").parse::<u64>().is_ok());
    assert!(recorder.events().is_empty());
}

#[tokio::test]
async fn a_retry_is_an_event() {
    let recorder = start_recording();
    let server = serve_sequence([ResponseTemplate::new(503), ResponseTemplate::new(204)]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    client.auth_none().send().await.unwrap();
    let span = recorder.span();
    assert_eq!((span.get("attempt"), span.get("status")), ("2", "204"));
    let events = recorder.events();
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].get("attempt"), events[0].get("status")), ("1", "503"));
    assert_eq!((events[0].get("wait_ms"), events[0].get("error")), ("500", ""));
    assert_eq!(events[0].get("message"), "retrying");
}

#[tokio::test]
async fn an_error_is_recorded_by_its_kind() {
    let recorder = start_recording();
    let (policy, _) = recorded(RetryPolicy::new());
    let client = wire::client("http://127.0.0.1:1").retry(policy).build().unwrap();
    client.auth_none().send().await.unwrap_err();
    let span = recorder.span();
    assert_eq!((span.get("attempt"), span.get("error")), ("3", "connect"));
    assert_eq!((span.get("status"), recorder.events()[1].get("error")), ("", "connect"));
}

#[tokio::test]
async fn a_cancelled_call_has_a_duration() {
    let recorder = start_recording();
    let server = serve_script([Step::Stall(String::new())]).await;
    let client = wire::client(&server.url).build().unwrap();
    let call = client.auth_none().send();
    tokio::time::timeout(Duration::from_millis(30), call).await.unwrap_err();
    let span = recorder.span();
    assert!(span.get("duration_ms").parse::<u64>().unwrap() >= 29, "{:?}", span.0);
    assert_eq!(span.get("status"), "");
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
    let fields = recorder.all_fields();
    assert!(fields.contains("POST /a/{id}") && fields.contains("429"), "{fields}");
    assert!(!fields.contains("s3cret"), "{fields}");
}
