//! Large and recursive documents: compared in time that grows with their size.
//!
//! Nothing here measures time: with quadratic or exponential work these tests don't end.

use std::collections::BTreeMap;

use openapi_diff::Report;
use openapi_document::Document;
use serde_json::{Map, Value, json};

/// Compares a document with the same one whose texts are integers.
fn compare(schemas: impl IntoIterator<Item = (String, Value)>) -> Report {
    let schemas: Map<String, Value> = schemas.into_iter().collect();
    let content = json!({ "application/json": { "schema": reference(0) } });
    let root = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/things": { "get": {
            "operationId": "ThingList",
            "responses": { "200": { "description": "ok", "content": content } },
        } } },
        "components": { "schemas": schemas },
    });
    let old = root.to_string();
    let new = old.replace("\"string\"", "\"integer\"");
    let [old, new] = [old, new].map(|text| Document::parse_lenient(&text).unwrap());
    openapi_diff::diff(&old, &new, &BTreeMap::new())
}

fn name(index: usize) -> String {
    format!("S{index}")
}

fn reference(index: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/S{index}") })
}

/// Whether the change at the end of what the operation uses is found.
fn finds_the_change(report: &Report) -> bool {
    report.changes.iter().any(|change| {
        change.message.contains("changed from string to integer")
            && change.operations == ["ThingList"]
    })
}

#[test]
fn a_chain_of_references_is_followed_to_its_end() {
    const COUNT: usize = 50_000;
    let target = |index| match index + 1 {
        COUNT => json!({ "type": "string" }),
        next => reference(next),
    };
    assert!(finds_the_change(&compare((0..COUNT).map(|index| (name(index), target(index))))));
}

#[test]
fn a_chain_of_discriminators_is_followed_to_its_end() {
    const COUNT: usize = 2_000;
    let schema = |index: usize| {
        let tag = json!({ "type": "boolean" });
        let next = match index + 1 {
            COUNT => json!({ "type": "string" }),
            next => json!({
                "oneOf": [reference(next), reference(index)],
                "discriminator": { "propertyName": "kind" },
            }),
        };
        json!({ "type": "object", "required": ["kind"], "properties": { "kind": tag, "next": next } })
    };
    assert!(finds_the_change(&compare((0..COUNT).map(|index| (name(index), schema(index))))));
}

#[test]
fn few_schemas_that_include_each_other_in_every_order_are_compared() {
    const COUNT: usize = 8;
    let schema = |index: usize| {
        let property = |other: usize| {
            let included = [reference(other), reference((other + index) % COUNT)];
            let schema = json!({ "oneOf": [{ "allOf": included }, { "type": "string" }] });
            (format!("p{other}"), schema)
        };
        let mut properties: Map<String, Value> = (0..COUNT).map(property).collect();
        properties.insert("text".to_owned(), json!({ "type": "string" }));
        json!({ "type": "object", "properties": properties })
    };
    assert!(finds_the_change(&compare((0..COUNT).map(|index| (name(index), schema(index))))));
}

#[test]
fn properties_that_include_each_other_are_compared() {
    const COUNT: usize = 7;
    let schema = |index: usize| {
        let property = |other: usize| {
            let included = [reference(other), reference((other + index) % COUNT)];
            (format!("p{other}"), json!({ "allOf": included }))
        };
        let mut properties: Map<String, Value> = (0..COUNT).map(property).collect();
        properties.insert("text".to_owned(), json!({ "type": "string" }));
        json!({ "type": "object", "properties": properties })
    };
    assert!(finds_the_change(&compare((0..COUNT).map(|index| (name(index), schema(index))))));
}

#[test]
fn a_large_enum_that_many_properties_include_is_compared() {
    const COUNT: usize = 2_000;
    let values: Vec<String> = (0..COUNT).map(|index| format!("v{index}")).collect();
    let property =
        |index| (format!("p{index}"), json!({ "allOf": [reference(1)], "default": "v1" }));
    let mut properties: Map<String, Value> = (0..COUNT).map(property).collect();
    properties.insert("text".to_owned(), json!({ "type": "string" }));
    let report = compare([
        (name(0), json!({ "type": "object", "properties": properties })),
        (name(1), json!({ "enum": values })),
    ]);
    assert!(finds_the_change(&report));
    assert_eq!(report.changes.len(), 1, "{:#?}", report.changes);
}
