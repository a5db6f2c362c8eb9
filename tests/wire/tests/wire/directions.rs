//! Properties that only responses or only requests have, and the constructors of types that are
//! sent.

use serde_json::{Value, json};
use wire::typed::{
    Client,
    types::{self, Bug, Mark, Owner, Secretive},
};
use wiremock::ResponseTemplate;

use crate::{document_client, only_request, serve, serve_no_content};

fn encode(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

/// The bug as a response has it.
fn received_bug() -> Value {
    json!({
        "id": 7, "created": "2026-11-25T08:00:00Z", "closed": null, "owner": "me",
        "parent": null, "name": "Crash",
    })
}

#[tokio::test]
async fn read_only_properties_are_not_asked_for_and_write_only_ones_may_be_absent() {
    let server = serve(ResponseTemplate::new(201).set_body_json(received_bug())).await;
    let client = Client::builder().base_url(server.uri()).build().unwrap();
    // The arguments of `new` are sorted by name: flags, hint, name, pin.
    let bug = Bug::new(["a"], None, "Crash", "1234");
    let created = client.bugs_create().body(bug).send().await.unwrap().into_inner();
    let sent: Value = only_request(&server).await.body_json().unwrap();
    assert_eq!(sent, json!({ "flags": ["a"], "hint": null, "name": "Crash", "pin": "1234" }));
    assert_eq!((created.id, created.owner.clone()), (Some(7), Some(Owner::Me)));
    assert_eq!((&created.closed, &created.parent), (&Some(None), &Some(None)));
    assert_eq!((&created.pin, &created.hint, &created.flags), (&None, &None, &None));
    assert_eq!(encode(created), received_bug());
}

#[test]
fn read_only_properties_are_sent_if_they_are_set() {
    let mark = Mark::new("red", "a text");
    assert_eq!(encode(&mark), json!({ "colour": "red", "text": "a text" }));
    assert_eq!(encode(mark.with_id(3))["id"], 3);
    let bug = Bug::new([""; 0], Some("h".to_owned()), "n", "p").with_closed_null();
    assert_eq!(encode(&bug).get("closed"), Some(&Value::Null));
    assert_eq!(encode(bug)["hint"], "h");
}

#[test]
fn a_response_must_have_its_read_only_properties_but_not_write_only_ones() {
    let read = |value: Value| serde_json::from_value::<Secretive>(value);
    let secretive = read(json!({ "id": 1, "note": null })).unwrap();
    assert_eq!((secretive.id, &secretive.pin, &secretive.note), (1_i64, &None, &None));
    assert!(read(json!({ "note": null })).unwrap_err().to_string().contains("`id`"));
    assert!(read(json!({ "id": 1 })).unwrap_err().to_string().contains("`note`"));
}

#[tokio::test]
async fn properties_of_the_server_are_not_sent_and_those_of_requests_not_demanded() {
    use wire::documents::read_only_write_only::types::{Bug, Mark};

    let received = json!({ "id": 7, "created": "2026-11-25T08:00:00Z", "name": "Crash" });
    let server = serve(ResponseTemplate::new(201).set_body_json(received)).await;
    let call = document_client!(read_only_write_only, server.uri()).bugs_create();
    let created = call.body(Bug::new("Crash")).send().await.unwrap().into_inner();
    assert_eq!(only_request(&server).await.body, br#"{"name":"Crash"}"#);
    assert_eq!((created.id, created.created.is_some()), (Some(7), true));

    let server = serve_no_content().await;
    let call = document_client!(read_only_write_only, server.uri()).marks_create();
    call.body(Mark::new("a text")).send().await.unwrap();
    assert_eq!(only_request(&server).await.body, br#"{"text":"a text"}"#);

    let list = json!([{ "id": 1 }, { "id": 2, "pin": "1234" }]);
    let server = serve(ResponseTemplate::new(200).set_body_json(list)).await;
    let call = document_client!(read_only_write_only, server.uri()).marks_get();
    let marks = call.send().await.unwrap().into_inner();
    assert_eq!((marks[0].id, marks[0].pin.as_deref()), (1, None));
    assert_eq!((marks[1].id, marks[1].pin.as_deref()), (2, Some("1234")));
}

#[test]
fn names_of_the_prelude_compile() {
    let inner = types::Box::default().with_option(types::Option::new("inner"));
    let odd = types::Option::new("n").with_a_null2().with_a_null("x").with_type("t");
    let sent = encode(odd.with_some(types::String::new([inner])));
    let expected = json!({
        "new": "n", "a": null, "aNull": "x", "type": "t",
        "some": { "into": [{ "option": { "new": "inner" } }] },
    });
    assert_eq!(sent, expected);
    assert_eq!(encode(serde_json::from_value::<types::Option>(sent).unwrap()), expected);
}
