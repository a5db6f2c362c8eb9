//! Events: known and unknown ones, unwrapped results, errors.

use std::time::Duration;

use asteroid_agents::{
    chrono::{DateTime, Utc},
    webhooks::{
        Event, Signature, Verifier, Webhook, WebhookError, WebhookErrorKind,
        testing::{self, Signer},
        types::{ExecutionEvent, ExecutionInfoPayload},
    },
};
use openapi_mock::Api;
use serde_json::{Value, json};

use crate::openssl::Key;

fn signer() -> Signer {
    Signer::from_pem(&Key::shared().private_pem()).unwrap()
}

fn verifier() -> Verifier {
    Verifier::new(signer().public_key()).unwrap()
}

fn verify_with(verifier: &Verifier, body: &[u8]) -> Result<Event, WebhookError> {
    verifier.verify(body, &signer().sign(body).unwrap())
}

fn verify(body: &Value) -> Result<Event, WebhookError> {
    verify_with(&verifier(), body.to_string().as_bytes())
}

/// The vendored document.
fn api() -> Api {
    Api::parse(include_str!("../../spec/webhooks.yaml")).unwrap()
}

/// The pointer to a component schema.
fn schema(name: &str) -> String {
    format!("/components/schemas/Notifications.V2.{name}")
}

#[test]
fn every_event_of_the_document_is_decoded() {
    let api = api();
    let root = api.document().root();
    let events = root.pointer(&format!("{}/enum", schema("ExecutionEvent"))).unwrap();
    let schemas = root.pointer("/components/schemas").unwrap().as_object().unwrap();
    let described = |event: &str| {
        let mut titles = schemas.iter().map(|(name, one)| (name, one.get("title")));
        titles.find(|(_, title)| title.is_some_and(|title| title == event)).map(|(name, _)| name)
    };
    let events = events.as_array().unwrap();
    assert!(events.iter().filter_map(Value::as_str).any(|event| described(event).is_some()));
    for name in events.iter().filter_map(Value::as_str) {
        let mut body = testing::notification(name);
        let is_described = described(name).is_some();
        if let Some(schema) = described(name) {
            let schema = format!("/components/schemas/{schema}");
            let has_payload = body["info"]["payload"] != json!({});
            let payload = &mut body["info"]["payload"];
            if has_payload {
                assert!(api.validator().accepts(&schema, payload).unwrap(), "{name}");
            }
            *payload = api.instances().generate(&schema, 1, openapi_mock::Fill::Full).unwrap();
        }
        let event = verify(&body).unwrap();
        assert_eq!(event.info().event().as_str(), name);
        assert!(!matches!(event.info().event(), ExecutionEvent::Unrecognized(_)), "{name}");
        let is_decoded = !matches!(event.info().payload(), ExecutionInfoPayload::Unrecognized(_));
        assert_eq!(is_decoded, is_described, "{name}");
        assert_eq!(event.id(), body["event_id"]);
        assert_eq!(event.info().execution_id(), body["info"]["execution_id"].as_str());
        assert_eq!(event.info().agent_id(), body["info"]["agent_id"].as_str());
        assert!(event.timestamp().is_some());
        assert_eq!(*event.raw(), body);
        let notification = event.notification().unwrap();
        assert_eq!(serde_json::to_value(&notification).unwrap(), body);
        // The document accepts it if it describes the payload.
        if is_described {
            assert!(api.validator().accepts(&schema("NotificationV2"), &body).unwrap(), "{name}");
        }
    }
}

#[test]
fn instances_of_the_document_are_events() {
    let api = api();
    for seed in 0..200 {
        let fill =
            if seed % 2 == 0 { openapi_mock::Fill::Minimal } else { openapi_mock::Fill::Full };
        let body = api.instances().generate(&schema("NotificationV2"), seed, fill).unwrap();
        let event = verify(&body).unwrap();
        assert_eq!(event.id(), body["event_id"]);
        let webhook: Webhook = serde_json::from_value(body.clone()).unwrap();
        let Webhook::Notification(notification) = webhook else { panic!("{webhook:?}") };
        assert_eq!(event.notification(), Some(notification));
    }
}

#[test]
fn the_event_determines_the_payload() {
    let payload = |event: &str, payload: Value| {
        let mut body = testing::notification(event);
        body["info"]["payload"] = payload;
        verify(&body).unwrap().info().payload().clone()
    };
    let action = json!({ "action_id": "1", "action_name": "a", "output": {}, "step_number": 1, "failure": null });
    let completed = payload("EXECUTION_ACTION_COMPLETED", action.clone());
    assert!(matches!(completed, ExecutionInfoPayload::ActionCompletedPayload(_)));
    let failed = payload("EXECUTION_ACTION_FAILED", action.clone());
    assert!(matches!(failed, ExecutionInfoPayload::ActionFailedPayload(_)));
    for (event, value) in [
        ("EXECUTION_STARTED", action.clone()),
        ("EXECUTION_OF_THE_FUTURE", action),
        ("EXECUTION_COMPLETED", json!({ "other": 1 })),
        ("EXECUTION_COMPLETED", json!(7)),
    ] {
        let unrecognized = ExecutionInfoPayload::Unrecognized(value.clone());
        assert_eq!(payload(event, value), unrecognized, "{event}");
    }
}

#[test]
fn unknown_notifications_are_events() {
    let body = json!({
        "event_id": "1",
        "type": "batch",
        "info": { "event": "BATCH_COMPLETED", "batch_id": "b", "payload": [1] },
    });
    let event = verify(&body).unwrap();
    assert_eq!(*event.info().event(), ExecutionEvent::Unrecognized("BATCH_COMPLETED".to_owned()));
    assert_eq!(*event.info().payload(), ExecutionInfoPayload::Unrecognized(json!([1])));
    assert_eq!((event.info().execution_id(), event.timestamp()), (None, None));
    assert_eq!((event.notification(), event.raw()), (None, &body));
}

#[test]
fn metadata_and_unknown_properties_are_in_the_raw_json() {
    let mut body = testing::notification("EXECUTION_STARTED");
    body["info"]["metadata"] = json!({ "order": 7 });
    body["new"] = json!(true);
    let event = verify(&body).unwrap();
    assert_eq!(event.metadata().unwrap()["order"], 7);
    assert_eq!(event.raw()["new"], true);
}

#[test]
fn an_unwrapped_result_needs_its_own_call() {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Price {
        price: u32,
    }
    let body = br#"{"price":12}"#;
    let signature = signer().sign(body).unwrap();
    let error = verifier().verify(body, &signature).unwrap_err();
    assert_eq!(error.kind(), WebhookErrorKind::Undecodable);
    assert_eq!(
        error.to_string(),
        "webhook: undecodable body: no `event_id` or no `info`; is it an unwrapped result?"
    );
    let price: Price = verifier().verify_unwrapped(body, &signature).unwrap();
    assert_eq!(price, Price { price: 12 });
    let value: Value = verifier().verify_unwrapped(body, &signature).unwrap();
    assert_eq!(value, json!({ "price": 12 }));
    let error = verifier().verify_unwrapped::<Vec<u8>>(body, &signature).unwrap_err();
    assert_eq!(error.kind(), WebhookErrorKind::Undecodable);
    let error = verifier().verify_unwrapped::<Price>(br#"{"price":13}"#, &signature).unwrap_err();
    assert_eq!(error.kind(), WebhookErrorKind::WrongSignature);
}

#[test]
fn errors_have_kinds_and_never_the_body() {
    use WebhookErrorKind::{
        MalformedSignature, MissingSignature, TooLarge, Undecodable, WrongSignature,
    };
    let body: &[u8] = br#"{"event_id":"1","info":{"event":"hunter2"}}"#;
    let signature = signer().sign(body).unwrap();
    let verifier = verifier();
    let long = "A".repeat(4_000);
    let cases: [(&[u8], Option<&str>, _, u16); 7] = [
        (body, None, MissingSignature, 401),
        (body, Some("hunter2!"), MalformedSignature, 401),
        (body, Some(""), MalformedSignature, 401),
        (body, Some(&long), MalformedSignature, 401),
        (body, Some("aHVudGVyMg=="), WrongSignature, 401),
        (b"\"hunter2\"", Some(&signature), WrongSignature, 401),
        (&[b' '; 100], Some(&signature), TooLarge, 400),
    ];
    let check = |error: WebhookError, kind: WebhookErrorKind, status: u16| {
        assert_eq!((error.kind(), error.status()), (kind, status), "{error}");
        let texts = format!("{error} {error:?}");
        assert!(!texts.contains("hunter2") && !texts.contains("aHVu"), "{texts}");
    };
    for (body, header, kind, status) in cases {
        let header: Signature = header.into();
        check(verifier.clone().max_body(99).verify(body, header).unwrap_err(), kind, status);
    }
    for undecodable in [
        "",
        "{",
        "hunter2",
        "[\"hunter2\"]",
        "\"hunter2\"",
        "{\"event_id\":\"hunter2\"}",
        "{\"event_id\":\"1\",\"info\":{\"event\":[\"hunter2\"]}}",
        "{\"event_id\":\"1\",\"info\":\"hunter2\"}",
    ] {
        check(verify_with(&verifier, undecodable.as_bytes()).unwrap_err(), Undecodable, 400);
    }
    let unwrapped = verifier.verify_unwrapped::<u8>(body, &signature).unwrap_err();
    check(unwrapped, Undecodable, 400);
    let nested = "[".repeat(100_000);
    check(verify_with(&verifier, nested.as_bytes()).unwrap_err(), Undecodable, 400);
}

/// The time of the tests.
fn noon() -> DateTime<Utc> {
    "2026-11-29T12:00:00Z".parse().unwrap()
}

#[test]
fn a_tolerance_refuses_old_and_future_events() {
    let strict = verifier().tolerance(Duration::from_secs(300)).clock(noon);
    let at = |timestamp: Value| {
        let mut body = testing::notification("EXECUTION_STARTED");
        body["timestamp"] = timestamp;
        body.to_string().into_bytes()
    };
    for (timestamp, is_accepted) in [
        (json!("2026-11-29T12:00:00Z"), true),
        (json!("2026-11-29T11:55:00Z"), true),
        (json!("2026-11-29T13:05:00+01:00"), true),
        (json!("2026-11-29T11:54:59.999Z"), false),
        (json!("2026-11-29T12:05:00.001Z"), false),
        (json!("2025-11-29T12:00:00Z"), false),
        (json!("yesterday"), false),
        (json!(1_795_953_600), false),
        (Value::Null, false),
    ] {
        let body = at(timestamp.clone());
        let outcome = verify_with(&strict, &body);
        assert_eq!(outcome.is_ok(), is_accepted, "{timestamp}");
        if let Err(error) = outcome {
            assert_eq!((error.kind(), error.status()), (WebhookErrorKind::Stale, 401));
        }
        // Off by default.
        assert!(verify_with(&verifier().clock(noon), &body).is_ok(), "{timestamp}");
    }
    let forever = verifier().tolerance(Duration::MAX).clock(noon);
    assert!(verify_with(&forever, &at(json!("1970-01-01T00:00:00Z"))).is_ok());
}
