//! The verdict for deployed programs of swapped documents. Without the feature `rust`, whose
//! surfaces take most of the time.

#![cfg(not(feature = "rust"))]

use std::{collections::BTreeMap, fs, path::Path, sync::LazyLock};

use openapi_diff::{Report, Severity};
use openapi_document::{Document, Pointer};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Breaking changes of requests that, mirrored, don't break responses: servers refuse what programs
/// of this generator ignore, keep, or don't check.
const LENIENT_READING: [&str; 9] = [
    "request-additional-properties-removed",
    "request-constraint-tightened",
    "request-enum-added",
    "request-enum-value-removed",
    "request-null-forbidden",
    "request-pattern-changed",
    "request-property-forbidden",
    "request-property-required",
    "request-union-variant-removed",
];

/// The document, and those whose operations send and receive its components.
static DOCUMENTS: LazyLock<(Value, Document, Document)> = LazyLock::new(|| {
    let document = read_fixture();
    let [sent, received] =
        ["requestBody", "responses"].map(|key| document_of_components(&document, key));
    (document, sent, received)
});

fn read_fixture() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let text = fs::read_to_string(root.join("tests/fixtures/agents-1.8.77.yaml")).unwrap();
    Document::parse(&text).unwrap().root().clone()
}

/// A document whose operations send (`requestBody`) or receive (`responses`) each component.
fn document_of_components(document: &Value, key: &str) -> Document {
    let components = &document["components"]["schemas"];
    let paths: Map<_, _> = components
        .as_object()
        .unwrap()
        .keys()
        .map(|name| {
            let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
            let body = json!({ "description": "", "content": { "application/json": { "schema": schema } } });
            let body = if key == "responses" { json!({ "200": body }) } else { body };
            (format!("/{name}"), json!({ "post": { key: body } }))
        })
        .collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": paths,
        "components": { "schemas": components },
    });
    Document::parse_lenient(&document.to_string()).unwrap()
}

/// Collects the pointers of all schemas in `value`.
fn schemas(value: &Value, pointer: &Pointer, found: &mut Vec<Pointer>) {
    match value {
        Value::Object(map) => {
            if map.get("type").is_some_and(Value::is_string) {
                found.push(pointer.clone());
            }
            map.iter().for_each(|(key, value)| schemas(value, &pointer.join(key), found));
        }
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, item)| schemas(item, &pointer.join(index), found)),
        _ => {}
    }
}

/// Changes a schema: its type, null, format, pattern, bounds, values, properties, or what else it
/// allows. Returns whether the change applies to it.
fn change_schema(schema: &mut Map<String, Value>, choice: usize, kind: usize) -> bool {
    let types = ["string", "integer", "number", "boolean"];
    let ty = schema["type"].as_str().unwrap().to_owned();
    let is_scalar = types.contains(&ty.as_str());
    let (keyword, value) = match (kind, ty.as_str()) {
        (0, _) if is_scalar => ("type", json!(types[choice % 4])),
        (1, _) if is_scalar => ("type", json!([types[choice % 4], "null"])),
        (2, "integer") => ("format", json!("int32")),
        (2, "string") => ("format", json!("uuid")),
        (3, "string") => ("pattern", json!("^[a-z]+$")),
        (3, "integer" | "number") => ("minimum", json!(7)),
        (4, "object") => ("required", json!([])),
        (5, "object") => ("additionalProperties", json!(choice.is_multiple_of(2))),
        (6, "string") => ("enum", json!(["a", "b"])),
        (7, "object") => {
            let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut)
            else {
                return false;
            };
            let name = properties.keys().nth(choice % properties.len().max(1)).cloned();
            return name.is_some_and(|name| properties.remove(&name).is_some());
        }
        (8, "object") => {
            let properties = schema.get("properties").and_then(Value::as_object);
            let names: Vec<_> = properties.into_iter().flat_map(Map::keys).cloned().collect();
            ("required", names.into())
        }
        _ => return false,
    };
    schema.insert(keyword.to_owned(), value).is_none_or(|old| old != schema[keyword])
}

/// The rules of the breaking changes.
fn breaking(report: &Report) -> Vec<&str> {
    let changes = report.changes.iter().filter(|change| change.wire == Severity::Major);
    changes.map(|change| change.rule.name).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Sending what was sent to a server of the new version, and receiving with a program of the
    /// new version what was sent, are the same question.
    #[test]
    fn swapped_documents_have_the_mirrored_verdict(
        changes in prop::collection::vec((any::<usize>(), 0..9_usize), 1..4),
    ) {
        let (document, sent, received) = &*DOCUMENTS;
        let mut changed = document.clone();
        let mut pointers = Vec::new();
        let components = Pointer::from_segments(["components", "schemas"]);
        schemas(&document["components"]["schemas"], &components, &mut pointers);
        for (choice, kind) in changes {
            // The next schema that the change applies to.
            for offset in 0..pointers.len() {
                let pointer = &pointers[(choice % pointers.len() + offset) % pointers.len()];
                let schema = changed.pointer_mut(pointer.to_string().trim_start_matches('#'));
                let schema = schema.and_then(Value::as_object_mut);
                let schema = schema.filter(|schema| schema["type"].is_string());
                if schema.is_some_and(|schema| change_schema(schema, choice, kind)) {
                    break;
                }
            }
        }
        let [new_sent, new_received] =
            ["requestBody", "responses"].map(|key| document_of_components(&changed, key));
        let sent = openapi_diff::diff(sent, &new_sent, &BTreeMap::new());
        let received = openapi_diff::diff(&new_received, received, &BTreeMap::new());
        let (sent, received) = (breaking(&sent), breaking(&received));
        if sent.iter().any(|rule| !LENIENT_READING.contains(rule)) {
            prop_assert!(!received.is_empty(), "{sent:?}");
        }
        if !received.is_empty() {
            prop_assert!(!sent.is_empty(), "{received:?}");
        }
    }
}
