//! Webhooks and callbacks: what an API sends, decoded by the receiver.

use openapi_lower_runtime::serde_json::{self, Value, json};
use wire::documents::{
    received_only,
    webhooks::{
        types,
        webhooks::{Callback, Webhook},
    },
};

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

#[tokio::test]
async fn webhooks_are_distinguished_by_a_property() {
    let new = json!({ "kind": "new", "pet": { "name": "Rex" } });
    let lost = json!({ "kind": "lost", "since": "2026-11-29T06:00:00Z" });
    let sold = json!({ "kind": "sold", "price": 12 });
    let given = json!({ "kind": "given", "to": "Ann" });
    for (body, name) in
        [(&new, "newPet"), (&lost, "lostPet"), (&sold, "soldPet"), (&given, "soldPet")]
    {
        let webhook: Webhook = serde_json::from_value(body.clone()).unwrap();
        assert_eq!(webhook.name(), Some(name));
        assert_eq!(Webhook::decode(name, &bytes(body)).unwrap(), webhook);
        assert_eq!(serde_json::to_value(&webhook).unwrap(), *body);
    }
    let Ok(Webhook::NewPet(new)) = serde_json::from_value(new) else { panic!("another webhook") };
    assert_eq!(new.pet.name, "Rex");
    assert_eq!(Webhook::NAMES, ["newPet", "lostPet", "soldPet"]);
    // Of its type, but incomplete.
    assert!(serde_json::from_value::<Webhook>(json!({ "kind": "lost" })).is_err());
}

#[tokio::test]
async fn unknown_webhooks_are_unrecognized() {
    for body in [json!({ "kind": "fed", "by": "Ann" }), json!({ "other": 1 }), json!([1, null])] {
        let webhook: Webhook = serde_json::from_value(body.clone()).unwrap();
        assert_eq!(webhook, Webhook::Unrecognized(body.clone()));
        assert_eq!(webhook.name(), None);
        assert_eq!(Webhook::decode("fedPet", &bytes(&body)).unwrap(), webhook);
        assert_eq!(serde_json::to_value(&webhook).unwrap(), body);
    }
    for malformed in ["", "{", "{} {}", "\u{0}"] {
        assert!(Webhook::decode("fedPet", malformed.as_bytes()).is_err(), "{malformed:?}");
    }
}

#[tokio::test]
async fn callbacks_are_decoded_by_operation_and_name() {
    let body = json!({ "at": "2026-11-29T06:00:00Z", "apiKey": "k3y" });
    let callback = Callback::decode("createStream.onData", &bytes(&body)).unwrap();
    let Callback::CreateStreamOnData(data) = &callback else { panic!("{callback:?}") };
    assert_eq!(data.at.timestamp(), 1_795_932_000);
    assert!(!format!("{callback:?}").contains("k3y"), "{callback:?}");
    assert_eq!(serde_json::to_value(&callback).unwrap(), body);
    // Date-times without an offset are read in lists, too.
    let callback = Callback::decode("createStream.onTimes", b"[\"2026-11-29 06:00:00\"]").unwrap();
    let Callback::CreateStreamOnTimes(times) = &callback else { panic!("{callback:?}") };
    assert_eq!(times[0].timestamp(), 1_795_932_000);
    let other = Callback::decode("createStream.onEnd", b"7").unwrap();
    assert_eq!(other, Callback::Unrecognized(json!(7)));
    // What the receiver responds with can be made.
    let response = serde_json::to_value(types::CreateStreamOnDataResponse::new(true)).unwrap();
    assert_eq!(response, json!({ "more": true }));
}

#[tokio::test]
async fn a_sibling_determines_the_member_of_a_union() {
    use received_only::{types::EventPayload, webhooks::Webhook};
    let decode = |event: &str, payload: Value| {
        let body = json!({ "id": "1", "event": event, "payload": payload });
        let decoded = Webhook::decode("event", &bytes(&body)).unwrap();
        assert_eq!(serde_json::to_value(&decoded).unwrap(), body);
        match decoded {
            Webhook::Event(event) => event.payload,
            other => panic!("{other:?}"),
        }
    };
    let text = json!({ "text": "a" });
    // By their shapes, both would be the same.
    assert!(matches!(decode("COMPLETED", text.clone()), EventPayload::Completed(_)));
    assert!(matches!(decode("FAILED", text.clone()), EventPayload::Failed(_)));
    for (event, payload) in [
        ("STARTED", text.clone()),
        ("PAUSED", text),
        ("FAILED", json!({ "code": 7 })),
        ("COMPLETED", json!(null)),
    ] {
        assert_eq!(decode(event, payload.clone()), EventPayload::Unrecognized(payload));
    }
}
