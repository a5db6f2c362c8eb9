//! Documents of OpenAPI 3.2.

use std::collections::BTreeMap;

use openapi_diff::list_operations;
use openapi_document::Document;
use serde_json::{Value, json};

fn document(operations: Value) -> Document {
    let root = json!({
        "openapi": "3.2.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/a": operations },
    });
    Document::parse(&root.to_string()).unwrap()
}

fn operation(status: &str) -> Value {
    json!({ "responses": { status: { "summary": "ok" } } })
}

#[test]
fn additional_operations_are_operations() {
    let old = document(json!({
        "query": operation("200"),
        "additionalOperations": { "COPY": operation("200"), "MOVE": operation("200") },
    }));
    let ids: Vec<_> = list_operations(old.root()).into_iter().map(|one| one.id).collect();
    assert_eq!(ids, ["QUERY /a", "COPY /a", "MOVE /a"]);
    let new = document(json!({
        "query": operation("200"),
        "additionalOperations": { "COPY": operation("204"), "LOCK": operation("200") },
    }));
    let report = openapi_diff::diff(&old, &new, &BTreeMap::new());
    let changes: Vec<_> = report
        .changes
        .iter()
        .map(|change| {
            let pointer = change.new_pointer.as_ref().or(change.old_pointer.as_ref());
            (change.rule.name, pointer.map(ToString::to_string).unwrap_or_default())
        })
        .collect();
    let at = "#/paths/~1a/additionalOperations";
    for (rule, pointer) in [
        ("operation-removed", format!("{at}/MOVE")),
        ("operation-added", format!("{at}/LOCK")),
        ("success-status-changed", format!("{at}/COPY/responses/204")),
    ] {
        assert!(changes.contains(&(rule, pointer)), "{rule} of {changes:?}");
    }
}

#[test]
fn schemas_of_items_of_shared_media_types_and_of_the_query_are_compared() {
    let document = |ty: &str| {
        let schema = json!({ "type": "object", "properties": { "a": { "type": ty } } });
        let content = json!({ "application/json": { "$ref": "#/components/mediaTypes/Alias" } });
        let root = json!({
            "openapi": "3.2.0",
            "info": { "title": "t", "version": "1" },
            "paths": {
                "/shared": { "query": {
                    "requestBody": { "content": content },
                    "responses": { "200": { "summary": "ok" } },
                } },
                "/items": { "get": { "responses": { "200": {
                    "summary": "ok", "content": { "application/jsonl": { "itemSchema": schema } },
                } } } },
                "/query": { "get": {
                    "parameters": [{ "name": "q", "in": "querystring", "content": {
                        "application/x-www-form-urlencoded": { "schema": schema },
                    } }],
                    "responses": { "200": { "summary": "ok" } },
                } },
            },
            "components": { "mediaTypes": {
                "Alias": { "$ref": "#/components/mediaTypes/Shared" },
                "Shared": { "schema": schema },
            } },
        });
        Document::parse(&root.to_string()).unwrap()
    };
    let report = openapi_diff::diff(&document("string"), &document("integer"), &BTreeMap::new());
    let mut pointers: Vec<_> = report
        .changes
        .iter()
        .filter(|change| change.rule.name == "type-changed")
        .filter_map(|change| Some(change.new_pointer.as_ref()?.to_string()))
        .collect();
    pointers.sort();
    let expected = [
        "#/components/mediaTypes/Shared/schema/properties/a",
        "#/paths/~1items/get/responses/200/content/application~1jsonl/itemSchema/properties/a",
        "#/paths/~1query/get/parameters/0/content/application~1x-www-form-urlencoded/schema/properties/a",
    ];
    assert_eq!(pointers, expected, "{:?}", report.changes);
}
