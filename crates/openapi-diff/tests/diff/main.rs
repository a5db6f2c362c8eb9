//! Tests of the rules, of equivalent documents, and of real documents.

mod attacks;
mod bounds;
mod documentation;
mod equal;
mod faults;
#[cfg(feature = "cli")]
mod formats;
mod golden;
mod guide;
mod hostile;
mod openapi_3_2;
#[cfg(feature = "cli")]
mod policy;
mod properties;
mod rules;
mod rust;
mod severity;
mod successors;
mod values;

use std::{collections::BTreeMap, fs, path::Path};

use openapi_diff::Report;
use openapi_document::Document;
use serde_json::{Map, Value, json};

/// A pinned version of the Asteroid Agents document.
fn read_fixture(version: &str) -> Document {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let path = root.join(format!("tests/fixtures/agents-{version}.yaml"));
    Document::parse(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The pairs of a YAML file, by name; see pairs.yaml for the format.
fn read_pairs(yaml: &str) -> Map<String, Value> {
    serde_yaml::from_str(yaml).unwrap()
}

/// Compares the two sides of a pair.
fn compare_sides(pair: &Value) -> Report {
    let side = |side: &str| Document::parse_lenient(&document(&pair[side]).to_string()).unwrap();
    openapi_diff::diff(&side("old"), &side("new"), &BTreeMap::new())
}

/// The document that one side of a pair describes.
fn document(side: &Value) -> Value {
    let mut operation =
        json!({ "operationId": "thing", "responses": { "200": { "description": "ok" } } });
    merge(&mut operation, side.get("operation"));
    if let Some(schema) = side.get("body") {
        let content = json!({ "application/json": { "schema": schema } });
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    if let Some(schema) = side.get("response") {
        operation["responses"]["200"]["content"] =
            json!({ "application/json": { "schema": schema } });
    }
    if let Some(parameter) = side.get("parameter") {
        operation["parameters"] = json!([parameter]);
    }
    if side.pointer("/operation/responses/201").is_some() {
        operation["responses"].as_object_mut().unwrap().remove("200");
    }
    let paths = match side.get("without") {
        Some(_) => json!({}),
        None => json!({ "/thing": { "post": operation } }),
    };
    let mut document = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": paths,
        "components": { "schemas": {} },
    });
    merge(&mut document["components"]["schemas"], side.get("schemas"));
    merge(&mut document, side.get("document"));
    document
}

/// Merges objects recursively; other values are replaced.
fn merge(into: &mut Value, from: Option<&Value>) {
    match (into, from) {
        (Value::Object(into), Some(Value::Object(from))) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), Some(value));
            }
        }
        (into, Some(from)) => *into = from.clone(),
        (_, None) => {}
    }
}
