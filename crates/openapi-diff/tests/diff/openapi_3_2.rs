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
