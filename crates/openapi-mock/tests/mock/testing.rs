//! Responses that tests set by operation, and the requests that they look at.

use std::{panic::AssertUnwindSafe, time::Duration};

use openapi_mock::{MockServer, start};
use serde_json::{Value, json};

use crate::request::client;

const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: Runs, version: '1' }
paths:
  /runs:
    get:
      operationId: RunList
      parameters: [{ name: page, in: query, schema: { type: integer } }]
      responses:
        '200': { description: ok, content: { application/json: { schema: { type: object, required: [items], properties: { items: { type: array, items: { $ref: '#/components/schemas/Run' } }, total: { type: integer } } } } } }
        '503': { description: busy, content: { application/json: { schema: { type: object, required: [message], properties: { message: { type: string } } } } } }
    post:
      operationId: RunStart
      requestBody: { required: true, content: { application/json: { schema: { type: object, required: [agent], properties: { agent: { type: string } } } } } }
      responses: { '201': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Run' } } } }, '204': { description: nothing } }
  /runs/{id}:
    get:
      operationId: RunGet
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Run' } } } } }
  /runs/{id}/events:
    get:
      operationId: RunEvents
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses: { '200': { description: ok, content: { text/event-stream: { schema: { $ref: '#/components/schemas/Event' } } } } }
  /version:
    get: { operationId: Version, responses: { '200': { description: ok, content: { text/plain: { schema: { type: string, maxLength: 5 } } } } } }
components:
  schemas:
    Run:
      required: [id]
      type: object
      properties: { id: { type: string, format: uuid }, owner: { type: object, required: [name], properties: { name: { type: string }, age: { type: integer } } } }
      oneOf:
        - { properties: { status: { const: running } }, required: [status] }
        - { properties: { status: { const: completed }, result: { type: integer } }, required: [status, result] }
    Event: { type: object, required: [id, text], properties: { id: { type: string, format: uuid }, text: { type: string } } }
";

async fn get(mock: &MockServer, path: &str) -> (u16, Value) {
    let response = client().get(format!("{}{path}", mock.url())).send().await.expect("a response");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

/// The message of a panic.
fn panic_message<T: std::fmt::Debug>(run: impl FnOnce() -> T) -> String {
    let panic = std::panic::catch_unwind(AssertUnwindSafe(run)).expect_err("a panic");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[tokio::test]
async fn overrides_are_merged_into_a_valid_instance() {
    let mock = start(DOCUMENT).await.expect("a mock");
    mock.respond("RunGet", json!({ "status": "completed", "owner": { "age": 7 } }));
    let (status, run) = get(&mock, "/runs/1").await;
    assert_eq!(
        (status, &run["status"], &run["owner"]["age"]),
        (200, &json!("completed"), &json!(7))
    );
    assert!(run["id"].is_string() && run["result"].is_i64() && run["owner"]["name"].is_string());
    assert!(mock.api().validator().accepts("/components/schemas/Run", &run).expect("a schema"));
    // Items of arrays are instances, too.
    let items =
        json!([{ "status": "running" }, { "status": "completed" }, { "status": "running" }]);
    mock.respond("RunList", json!({ "items": items }));
    let (_, list) = get(&mock, "/runs").await;
    let items = list["items"].as_array().expect("a list");
    assert_eq!(items.len(), 3);
    for item in items {
        assert!(mock.api().validator().accepts("/components/schemas/Run", item).expect("a schema"));
    }
    mock.respond("RunList", json!({ "items": [] }));
    assert_eq!(get(&mock, "/runs").await.1["items"], json!([]));
    mock.respond("Version", json!("1.2"));
    assert_eq!(get(&mock, "/version").await, (200, json!(1.2)));
}

#[tokio::test]
async fn limited_responses_are_sent_first() {
    let mock = start(DOCUMENT).await.expect("a mock");
    mock.respond("RunGet", json!({ "status": "running" }));
    mock.fail("RunGet", 503).times(2);
    mock.respond("RunGet", json!({ "status": "completed" })).times(1).header("x-a", "b");
    let mut received = Vec::new();
    for _ in 0..5 {
        let (status, body) = get(&mock, "/runs/1").await;
        received.push((status, body["status"].as_str().unwrap_or_default().to_owned()));
    }
    let run = |status: &str| (200, status.to_owned());
    let failure = (503, String::new());
    let expected = [failure.clone(), failure, run("completed"), run("running"), run("running")];
    assert_eq!(received, expected);
    // The documented error, if there is one.
    mock.fail("RunList", 503);
    let (status, body) = get(&mock, "/runs").await;
    assert!(status == 503 && body["message"].is_string(), "{body}");
    // An invalid request gets an error of its own, and uses none of them up.
    mock.fail("RunGet", 500).times(1);
    assert_eq!(get(&mock, "/runs/x").await.0, 400);
    assert_eq!(get(&mock, "/runs/1").await.0, 500);
    // What `respond_with` sets replaces all.
    mock.fail("RunGet", 500).times(1);
    mock.respond_with("RunGet", |_| openapi_mock::MockResponse::status(202));
    assert_eq!(get(&mock, "/runs/1").await.0, 202);
}

#[tokio::test]
async fn responses_in_turn_are_a_scenario() {
    let mock = start(DOCUMENT).await.expect("a mock");
    let steps = ["running", "running", "completed"];
    mock.respond_in_turn("RunGet", steps.map(|status| json!({ "status": status })));
    for expected in ["running", "running", "completed", "completed"] {
        assert_eq!(get(&mock, "/runs/1").await.1["status"], expected);
    }
}

#[tokio::test]
async fn requests_are_recorded_by_operation() {
    let mock = start(DOCUMENT).await.expect("a mock");
    get(&mock, "/runs?page=3").await;
    let request = client().post(format!("{}/runs", mock.url()));
    let request = request.header("content-type", "application/json").body(r#"{"agent": "a"}"#);
    request.send().await.expect("a response");
    let [list] = mock.requests("RunList").try_into().expect("one request");
    assert_eq!(list.parameter("page"), Some(&json!(3)));
    assert_eq!(list.parameter("other"), None);
    let [start] = mock.requests("RunStart").try_into().expect("one request");
    assert_eq!(start.body_value, Some(json!({ "agent": "a" })));
    assert!(mock.requests("RunGet").is_empty());
    mock.assert_valid();
    get(&mock, "/runs?page=x").await;
    let message = panic_message(|| mock.assert_valid());
    assert!(message.contains("operation `RunList`: query parameter `page`: "), "{message}");
    let violation = mock.violations().pop().expect("a violation");
    assert_eq!(violation.schema, "/paths/~1runs/get/parameters/0/schema/type");
}

#[tokio::test]
async fn events_are_set_by_operation() {
    let mock = start(DOCUMENT).await.expect("a mock");
    mock.events("RunEvents", [json!({ "text": "a" }), json!({ "text": "b" })])
        .interval(Duration::from_millis(1));
    let (status, text) = get(&mock, "/runs/1/events").await;
    let text = text.as_str().expect("text").to_owned();
    let data: Vec<Value> = text
        .split_terminator("\n\n")
        .map(|event| {
            serde_json::from_str(event.strip_prefix("data: ").expect("data")).expect("JSON")
        })
        .collect();
    assert_eq!((status, data.len()), (200, 2));
    assert!(data[0]["text"] == "a" && data[1]["text"] == "b" && data[0]["id"].is_string());
    mock.events("RunEvents", []);
    assert_eq!(get(&mock, "/runs/1/events").await, (200, json!("")));
}

#[tokio::test]
async fn delays_add_up() {
    let mock = start(DOCUMENT).await.expect("a mock");
    mock.set_latency(Duration::from_millis(20));
    mock.fail("Version", 500).delay(Duration::from_millis(20));
    let start = std::time::Instant::now();
    get(&mock, "/version").await;
    assert!(start.elapsed() >= Duration::from_millis(40));
}

#[tokio::test]
async fn errors_name_what_the_document_wants() {
    let mock = start(DOCUMENT).await.expect("a mock");
    let run = |body: Value| panic_message(|| mock.respond("RunGet", body));
    for (message, expected) in [
        (
            run(json!({ "owner": { "age": "x" } })),
            "operation `RunGet`, response 200: at /owner/age: \"x\" is not of type \"integer\" \
             (type, by #/components/schemas/Run/properties/owner/properties/age/type)",
        ),
        (run(json!({ "id": 1 })), "at /id: 1 is not of type \"string\""),
        (
            run(json!({ "status": "no" })),
            "at /status: \"no\" is none of \"running\", \"completed\" (oneOf",
        ),
        (run(json!([])), "is not of type \"object\""),
        (
            panic_message(|| mock.events("RunEvents", [json!({}), json!({ "text": 1 })])),
            "item 1: operation `RunEvents`, response 200: at /text: 1 is not of type",
        ),
        (
            panic_message(|| mock.respond("RunEvents", json!({}))),
            "only text/event-stream; `events` sets the items",
        ),
        (
            panic_message(|| mock.events("RunGet", [json!({})])),
            "operation `RunGet`, response 200: the document describes no sequence of items",
        ),
        (
            panic_message(|| mock.respond_status("RunStart", 204, json!({}))),
            "operation `RunStart`, response 204: the document describes no body",
        ),
        (
            panic_message(|| mock.respond_status("RunGet", 404, json!({}))),
            "operation `RunGet`, response 404: the document doesn't describe this status",
        ),
        (
            panic_message(|| mock.respond("Version", json!("too long"))),
            "operation `Version`, response 200: \"too long\" is longer than 5",
        ),
        (
            panic_message(|| mock.respond("run_get", json!({}))),
            "the document has no operation `run_get`; did you mean `RunGet`?",
        ),
        (panic_message(|| mock.requests("Nope")), "the document has no operation `Nope`"),
        (panic_message(|| mock.fail("RunGet", 200)), "200 is no status of an error"),
    ] {
        assert!(message.contains(expected), "{message}\n{expected}");
    }
    let error = start("openapi: 3.1.0").await.expect_err("no document").to_string();
    assert!(error.contains("missing `paths`"), "{error}");
}
