//! Reports without the feature `rust`, which have no verdict for source code.

#![cfg(not(feature = "rust"))]

use std::collections::BTreeMap;

use openapi_diff::{Severity, diff, json, markdown, text};
use openapi_document::Document;
use serde_json::Value;

fn document(path: &str) -> Document {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\npaths:\n  {path}:\n    get: {{ responses: {{ '200': {{ description: ok }} }} }}\n"
    );
    Document::parse(&text).unwrap()
}

#[test]
fn the_verdict_for_source_code_is_null() {
    let report = diff(&document("/a"), &document("/b"), &BTreeMap::new());
    assert_eq!((report.wire(), report.rust()), (Severity::Major, Severity::None));
    let json: Value = serde_json::from_str(&json::render(&report)).unwrap();
    assert_eq!(json["rust"], Value::Null);
    assert!(json["changes"].as_array().unwrap().iter().all(|change| change["rust"].is_null()));
    assert!(!text::render(&report).contains("rust"), "{}", text::render(&report));
    assert!(markdown::render(&report, 0).starts_with("**wire: major**"));
}
