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
    answering, answering_in_turn,
    retries::recorded,
    server::{Step, scripted},
};

/// What is said of spans and events of this crate, as text.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Said>>);

thread_local! {
    /// Who listens to this thread: a test runs all of its calls on its own.
    static TOLD: RefCell<Option<Told>> = const { RefCell::new(None) };
}

#[derive(Default)]
struct Said {
    spans: BTreeMap<u64, Fields>,
    events: Vec<Fields>,
}

#[derive(Clone, Default)]
struct Fields(BTreeMap<&'static str, String>);

impl Fields {
    fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name(), format!("{value:?}").trim_matches('"').to_owned());
    }
}

/// The one subscriber of this process. A subscriber per thread would miss spans: whether one is
/// of interest is remembered for all threads, and asked of the first that comes along.
struct Listener(AtomicU64);

fn heard(listen: impl FnOnce(&mut Said)) {
    TOLD.with_borrow(|told| {
        if let Some(told) = told {
            listen(&mut told.0.lock().unwrap());
        }
    });
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "openapi_lower_runtime"
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let id = self.0.fetch_add(1, Ordering::Relaxed);
        let mut fields = Fields::default();
        fields.0.insert("name", attributes.metadata().name().to_owned());
        attributes.record(&mut fields);
        heard(|said| drop(said.spans.insert(id, fields)));
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        heard(|said| {
            if let Some(fields) = said.spans.get_mut(&span.into_u64()) {
                values.record(fields);
            }
        });
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        heard(|said| said.events.push(fields));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn listen() -> Told {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let listener = Listener(AtomicU64::new(1));
        tracing::subscriber::set_global_default(listener).unwrap();
        tracing::callsite::rebuild_interest_cache();
    });
    let told = Told::default();
    TOLD.set(Some(told.clone()));
    told
}

impl Told {
    /// The only span there was.
    fn span(&self) -> Fields {
        let said = self.0.lock().unwrap();
        assert_eq!(said.spans.len(), 1);
        said.spans.values().next().unwrap().clone()
    }

    fn events(&self) -> Vec<Fields> {
        self.0.lock().unwrap().events.clone()
    }

    fn everything(&self) -> String {
        let said = self.0.lock().unwrap();
        let fields = said.spans.values().chain(&said.events);
        fields.map(|fields| format!("{:?}\n", fields.0)).collect()
    }
}

#[tokio::test]
async fn a_call_is_a_span() {
    let told = listen();
    let answer = ResponseTemplate::new(200)
        .insert_header("x-request-id", "r-1")
        .set_body_json(serde_json::json!({ "id": "1", "name": "a", "status": "open" }));
    let server = answering(answer).await;
    crate::client(&server).items_get().item_id("1").send().await.unwrap();
    let span = told.span();
    assert_eq!(span.get("name"), "call");
    assert_eq!(span.get("operation"), "itemsGet");
    assert_eq!((span.get("method"), span.get("path")), ("GET", "/items/{itemId}"));
    assert_eq!((span.get("attempt"), span.get("status")), ("1", "200"));
    assert_eq!((span.get("request_id"), span.get("error")), ("r-1", ""));
    assert!(span.get("duration_ms").parse::<u64>().is_ok());
    assert!(told.events().is_empty());
}

#[tokio::test]
async fn a_retry_is_an_event() {
    let told = listen();
    let server = answering_in_turn([ResponseTemplate::new(503), ResponseTemplate::new(204)]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    client.auth_none().send().await.unwrap();
    let span = told.span();
    assert_eq!((span.get("attempt"), span.get("status")), ("2", "204"));
    let events = told.events();
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].get("attempt"), events[0].get("status")), ("1", "503"));
    assert_eq!((events[0].get("wait_ms"), events[0].get("error")), ("500", ""));
    assert_eq!(events[0].get("message"), "the call is sent again");
}

#[tokio::test]
async fn a_failure_says_of_what_kind_it_is() {
    let told = listen();
    let (policy, _) = recorded(RetryPolicy::new());
    let client = wire::client("http://127.0.0.1:1").retry(policy).build().unwrap();
    client.auth_none().send().await.unwrap_err();
    let span = told.span();
    assert_eq!((span.get("attempt"), span.get("error")), ("3", "connect"));
    assert_eq!((span.get("status"), told.events()[1].get("error")), ("", "connect"));
}

#[tokio::test]
async fn a_call_that_is_given_up_has_its_duration() {
    let told = listen();
    let server = scripted([Step::Stall(String::new())]).await;
    let client = wire::client(&server.url).build().unwrap();
    let call = client.auth_none().send();
    tokio::time::timeout(Duration::from_millis(30), call).await.unwrap_err();
    let span = told.span();
    assert!(span.get("duration_ms").parse::<u64>().unwrap() >= 29, "{:?}", span.0);
    assert_eq!(span.get("status"), "");
}

#[tokio::test]
async fn no_secret_is_told() {
    let told = listen();
    let said = serde_json::json!({ "code": 404, "message": "s3cret" });
    let refusal = ResponseTemplate::new(429).insert_header("x-secret", "s3cret");
    let server = answering_in_turn([refusal, ResponseTemplate::new(404).set_body_json(said)]).await;
    let (policy, _) = recorded(RetryPolicy::new());
    let client = wire::client(&server.uri()).api_key("s3cret").retry(policy).build().unwrap();
    let client = client.with_options(wire::CallOptions::new().header("x-more", "s3cret"));
    client.items_get().item_id("s3cret").send().await.unwrap_err();
    client.items_list().names(["s3cret"]).send().await.unwrap_err();
    client.auth_query().send().await.unwrap_err();
    client.notes_add().body("s3cret").send().await.unwrap_err();
    let request = client.request(reqwest::Method::POST, "/a/{id}").path("id", "s3cret");
    request.query("q", "s3cret").json("s3cret").send_raw().await.unwrap();
    let everything = told.everything();
    assert!(everything.contains("POST /a/{id}") && everything.contains("429"), "{everything}");
    assert!(!everything.contains("s3cret"), "{everything}");
}
