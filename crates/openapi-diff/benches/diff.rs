//! Comparison of parsed documents.
//!
//! ```sh
//! cargo bench -p openapi-diff
//! ```

use std::{collections::BTreeMap, fs, hint::black_box, path::Path};

use criterion::Criterion;
use openapi_document::Document;
use serde_json::{Map, Value, json};

/// A pinned version of the Asteroid Agents document.
fn read_fixture(version: &str) -> Document {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let path = root.join(format!("tests/fixtures/agents-{version}.yaml"));
    Document::parse(&fs::read_to_string(path).unwrap()).unwrap()
}

/// A document of 1,400 schemas in chains and cycles, and 350 operations that use them. In the newer
/// version every tenth schema has another property and every seventh enum another value.
fn large_document(newer: bool) -> Document {
    let name = |index: usize| format!("Large.Number{}Schema", index % 1_400);
    let reference =
        |index: usize| json!({ "$ref": format!("#/components/schemas/{}", name(index)) });
    let schema = |index: usize| {
        let mut properties = json!({
            "id": { "type": "string", "format": "uuid" },
            "name": { "type": ["string", "null"], "maxLength": 100 },
            "state": { "type": "string", "enum": ["on", "off"] },
            "next": reference(index + 1),
            "far": { "type": "array", "items": reference(index * 7 + 3) },
        });
        if newer && index.is_multiple_of(10) {
            properties["added"] = json!({ "type": "integer" });
        }
        if newer && index.is_multiple_of(7) {
            properties["state"]["enum"] = json!(["on", "off", "standby"]);
        }
        (name(index), json!({ "type": "object", "required": ["id"], "properties": properties }))
    };
    let operation = |index: usize| {
        let content = |index| json!({ "application/json": { "schema": reference(index) } });
        let operation = json!({
            "operationId": format!("operation{index}"),
            "requestBody": { "content": content(index * 4) },
            "responses": { "200": { "description": "ok", "content": content(index * 4 + 1) } },
        });
        (format!("/operations/{index}"), json!({ "post": operation }))
    };
    let schemas: Map<String, Value> = (0..1_400).map(schema).collect();
    let paths: Map<String, Value> = (0..350).map(operation).collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "large", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    Document::from_value(document).unwrap()
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    let none = BTreeMap::new();
    let pairs = [
        ("74 and 135 operations", read_fixture("1.8.77"), read_fixture("1.8.201")),
        ("1,400 schemas", large_document(false), large_document(true)),
    ];
    for (name, old, new) in &pairs {
        println!("{name}: {} changes", openapi_diff::diff(old, new, &none).changes.len());
        criterion
            .bench_function(name, |b| b.iter(|| black_box(openapi_diff::diff(old, new, &none))));
    }
    criterion.final_summary();
}
