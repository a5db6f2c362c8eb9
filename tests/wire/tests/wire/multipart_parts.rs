//! The parts of forms by the schemas of their properties and by `encoding`.

use std::collections::HashMap;

use serde_json::json;
use wire::{
    Part,
    documents::{multipart_encodings, multipart_parts},
};
use wiremock::Request;

use crate::{assert_no_request, document_client, multipart::parts, only_request, serve_no_content};

/// The media type (`-` without one), whether there is a file name, and the content of each part
/// with this name.
fn named(request: &Request, name: &str) -> Vec<(String, bool, String)> {
    let is_named = |head: &str| head.contains(&format!("name=\"{name}\""));
    let parts = parts(request).into_iter().filter(|(head, _)| is_named(head));
    let facts = parts.map(|(head, content)| {
        let media_type = head.split_once("content-type: ").map_or("-", |(_, rest)| rest.trim());
        let content = String::from_utf8(content).unwrap();
        (media_type.to_owned(), head.contains("filename="), content)
    });
    facts.collect()
}

fn value(text: &str) -> (String, bool, String) {
    ("-".to_owned(), false, text.to_owned())
}

fn typed(media_type: &str, text: &str) -> (String, bool, String) {
    (media_type.to_owned(), false, text.to_owned())
}

fn file(media_type: &str, text: &str) -> (String, bool, String) {
    (media_type.to_owned(), true, text.to_owned())
}

fn from_json<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).unwrap()
}

#[tokio::test]
async fn parts_have_the_default_encoding_of_their_schemas() {
    use multipart_parts::types;
    let server = serve_no_content().await;
    let call = document_client!(multipart_parts, server.uri()).v();
    let call = call.kind(types::Kind::A).wrapped("b").nkind("new").kinds(["a", "b"]);
    let call = call.file(vec![b'1']).files([vec![b'2'], vec![b'3']]).names(["x", "\"y\""]);
    let call = call.raw(Part::text("4")).day("2026-01-02".parse::<chrono::NaiveDate>().unwrap());
    let call = call.at("2026-01-02T03:04:05Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap());
    let call = call.id(uuid::Uuid::nil()).n(7).one(from_json::<types::BodyVOne>(json!(8))).c("x");
    let call = call.icon(Part::bytes("5").file_name("icon.gif"));
    call.meta(types::BodyVMeta::new().with_a("6")).send().await.unwrap();
    let request = only_request(&server).await;
    let octets = "application/octet-stream";
    for (name, expected) in [
        ("kind", vec![value("a")]),
        ("wrapped", vec![value("b")]),
        ("nkind", vec![value("new")]),
        ("kinds", vec![value("a"), value("b")]),
        ("file", vec![file(octets, "1")]),
        ("files", vec![file(octets, "2"), file(octets, "3")]),
        ("names", vec![value("x"), value("\"y\"")]),
        ("raw", vec![value("4")]),
        ("day", vec![value("2026-01-02")]),
        ("at", vec![value("2026-01-02T03:04:05Z")]),
        ("id", vec![value("00000000-0000-0000-0000-000000000000")]),
        ("n", vec![value("7")]),
        ("one", vec![value("8")]),
        ("c", vec![value("x")]),
        ("icon", vec![file("image/png", "5")]),
        ("meta", vec![typed("text/plain", r#"{"a":"6"}"#)]),
    ] {
        assert_eq!(named(&request, name), expected, "{name}");
    }
}

#[tokio::test]
async fn a_union_with_bytes_takes_files_and_values() {
    use multipart_encodings::types;
    let server = serve_no_content().await;
    let call = document_client!(multipart_encodings, server.uri()).parts_add();
    let call = call.source(Part::text("https://a.example")).images([vec![b'1'], vec![b'2']]);
    let call = call.mixed([Part::bytes("3"), Part::json(&json!({ "url": "u" }))]);
    let call = call.tags(["4", "5"]).any(from_json::<types::PartsAny>(json!("6"))).encoded("Nw==");
    call.send().await.unwrap();
    let request = only_request(&server).await;
    let octets = "application/octet-stream";
    for (name, expected) in [
        ("source", vec![value("https://a.example")]),
        ("images", vec![file(octets, "1"), file(octets, "2")]),
        ("mixed", vec![file(octets, "3"), typed("application/json", r#"{"url":"u"}"#)]),
        ("tags", vec![value("4"), value("5")]),
        ("any", vec![value("6")]),
        ("encoded", vec![typed(octets, "Nw==")]),
    ] {
        assert_eq!(named(&request, name), expected, "{name}");
    }

    let server = serve_no_content().await;
    let call = document_client!(multipart_encodings, server.uri()).parts_add();
    let object = from_json::<types::PartsAny>(json!({ "a": 1 }));
    call.source(vec![b'1']).any(object).send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(named(&request, "source"), [file(octets, "1")]);
    assert_eq!(named(&request, "any"), [typed("application/json", r#"{"a":1}"#)]);
}

#[tokio::test]
async fn encodings_determine_media_types_and_styles() {
    use multipart_encodings::types;
    let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let server = serve_no_content().await;
    let call = document_client!(multipart_encodings, server.uri()).parts_add();
    let labels = [HashMap::from([("a".to_owned(), "b".to_owned())])];
    let call = call.source(vec![1]).icon(Part::bytes("1")).caption("2").note("3").labels(labels);
    let call = call.joined([types::Level::Low, types::Level::High]).repeated([1.0, 2.5]);
    let call = call.piped([at("2026-01-02T03:04:05Z"), at("2026-01-02T03:04:06Z")]);
    call.send().await.unwrap();
    let request = only_request(&server).await;
    for (name, expected) in [
        ("icon", vec![file("image/png", "1")]),
        ("caption", vec![typed("application/json", "\"2\"")]),
        ("note", vec![typed("text/markdown", "3")]),
        ("labels", vec![typed("application/vnd.labels+json", r#"{"a":"b"}"#)]),
        ("joined", vec![value("low,high")]),
        ("piped", vec![value("2026-01-02T03:04:05Z|2026-01-02T03:04:06Z")]),
        ("repeated", vec![value("1"), value("2.5")]),
    ] {
        assert_eq!(named(&request, name), expected, "{name}");
    }
}

/// Of several declared media types, the one of the file name is sent if it is among them.
#[tokio::test]
async fn a_file_name_chooses_among_the_declared_media_types() {
    for (part, expected) in [
        (Part::bytes("1").file_name("a.jpg"), "image/jpeg"),
        (Part::bytes("1").file_name("a.txt"), "image/png"),
        (Part::bytes("1").file_name("a.txt").content_type("image/x-own"), "image/x-own"),
    ] {
        let server = serve_no_content().await;
        let call = document_client!(multipart_encodings, server.uri()).parts_add();
        call.source(vec![1]).icon(part).send().await.unwrap();
        assert_eq!(named(&only_request(&server).await, "icon")[0].0, expected);
    }
}

#[tokio::test]
async fn a_value_without_text_is_an_error_before_anything_is_sent() {
    let server = serve_no_content().await;
    let call = document_client!(multipart_encodings, server.uri()).parts_add();
    let call = call.source(vec![1]).repeated([f64::NAN]);
    let error = call.send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "partsAdd: `repeated`: it isn't a string, a finite number or a boolean"
    );
    assert_no_request(&server).await;
}
