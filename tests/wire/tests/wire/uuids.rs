//! Parameters with UUIDs, which take text, too; and lists of structs in bodies.

use futures::TryStreamExt;
use serde_json::{Value, json};
use uuid::{NonNilUuid, Uuid};
use wire::{
    Error, ErrorKind,
    documents::uuids::{
        operations::Find,
        types::{Part, Thing},
    },
};
use wiremock::ResponseTemplate;

use crate::{
    assert_no_request, document_client, only_request, serve, serve_no_content, serve_sequence,
};

const ID: Uuid = Uuid::from_u128(0x6f1b_6a52_6f0e_4a3b_8f57_0f2b_1d9c_3a01);

/// The id of a caller's own type, which converts into a UUID.
struct OwnId;

impl From<OwnId> for Uuid {
    fn from(_: OwnId) -> Self {
        ID
    }
}

/// Another one, for which that may fail.
struct TextId(&'static str);

impl TryFrom<TextId> for Uuid {
    type Error = uuid::Error;

    fn try_from(id: TextId) -> Result<Self, uuid::Error> {
        id.0.parse()
    }
}

#[tokio::test]
async fn uuids_are_taken_as_values_and_as_text() {
    let setters: [fn(Find) -> Find; 8] = [
        |call| call.id(ID),
        |call| call.id(OwnId),
        |call| call.id(TextId("6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01")),
        |call| call.id(NonNilUuid::new(ID).unwrap()),
        |call| call.id(ID.hyphenated()),
        |call| call.id("6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01"),
        |call| call.id("6F1B6A526F0E4A3B8F570F2B1D9C3A01".to_owned()),
        // The last one counts.
        |call| call.id("7").id(ID.to_string().as_str()),
    ];
    for set in setters {
        let server = serve_no_content().await;
        set(document_client!(uuids, server.uri()).find()).await.unwrap();
        let request = only_request(&server).await;
        assert_eq!(request.url.path(), format!("/things/{ID}"));
    }
}

#[tokio::test]
async fn uuids_as_text_are_sent_in_all_locations() {
    let server = serve_no_content().await;
    let text = ID.simple().to_string();
    let call = document_client!(uuids, server.uri()).find().id(text.as_str());
    let call = call.owner(text.clone()).others([text.as_str(), text.as_str()]).parent(ID);
    call.x_trace(text.as_str()).session(text).await.unwrap();
    let request = only_request(&server).await;
    let query = format!("owner={ID}&parent={ID}&others={ID},{ID}");
    assert_eq!(request.url.query().map(|query| query.replace("%2C", ",")), Some(query));
    assert_eq!(request.headers["x-trace"], ID.to_string());
    assert_eq!(request.headers["cookie"], format!("session={ID}"));
}

#[tokio::test]
async fn text_that_is_no_uuid_is_an_error_before_anything_is_sent() {
    let server = serve_no_content().await;
    let client = document_client!(uuids, server.uri());
    let find = || client.find().id(ID);
    let calls = [
        ("`id` isn't a UUID: ", client.find().id("")),
        ("`owner` isn't a UUID: ", find().owner("s3cret-of-a-caller")),
        ("`others` has an item that isn't a UUID, at index 1: ", {
            find().others([ID.to_string(), "s3cret-of-a-caller".to_owned()])
        }),
        ("`x_trace` isn't a UUID: ", find().x_trace(format!("{ID}\n"))),
        ("`session` isn't a UUID: ", find().session("../..")),
    ];
    for (expected, call) in calls {
        let error: Error = call.clone().await.unwrap_err();
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Request, Some("find")));
        assert!(error.to_string().contains(expected), "{error}");
        let raw = call.send_raw().await.unwrap_err();
        assert_eq!(raw.to_string(), error.to_string());
        assert!(!error.is_retryable() && !format!("{error:?}").contains("s3cret-of"), "{error:?}");
    }
    assert_no_request(&server).await;
}

#[tokio::test]
async fn a_uuid_may_be_the_token_of_the_next_page() {
    let page = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    let server = serve_sequence([
        page(json!({ "items": ["a"], "nextCursor": ID })),
        page(json!({ "items": ["b"] })),
    ])
    .await;
    let items = document_client!(uuids, server.uri()).list().stream();
    assert_eq!(items.try_collect::<Vec<_>>().await.unwrap(), ["a", "b"]);
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[1].url.query(), Some(format!("cursor={ID}").as_str()));
}

#[tokio::test]
async fn lists_of_structs_may_be_empty_arrays() {
    let server = serve(ResponseTemplate::new(204)).await;
    let client = document_client!(uuids, server.uri());
    let names = ["a", "b"];
    for (body, expected) in [
        (Thing::new([]).with_spares([]), json!({ "parts": [], "spares": [] })),
        (
            Thing::new([Part::new("a")]).with_spares(vec![Part::new("b")]),
            json!({ "parts": [{ "name": "a" }], "spares": [{ "name": "b" }] }),
        ),
        (
            Thing::new(names.map(Part::new)).with_tags(names),
            json!({ "parts": [{ "name": "a" }, { "name": "b" }], "tags": ["a", "b"] }),
        ),
        (
            Thing::new(names.iter().copied().map(Part::new)).with_tags([""; 0]),
            json!({ "parts": [{ "name": "a" }, { "name": "b" }], "tags": [] }),
        ),
    ] {
        client.store().id(ID).body(body).await.unwrap();
        let request = server.received_requests().await.unwrap().pop().unwrap();
        assert_eq!(request.body_json::<Value>().unwrap(), expected);
    }
}
