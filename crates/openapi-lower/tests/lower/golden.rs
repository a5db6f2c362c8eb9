//! A snapshot of the whole lowered fixture, which detects changes of any pass.

use std::fmt::Write;

use openapi_lower::Document;

use crate::lower;

#[test]
fn the_fixture_lowered() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/agents-1.8.7.yaml");
    let document = Document::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
    let lowered = lower(&document).unwrap();
    assert_eq!(lowered.model.operations.len(), 55);
    assert_eq!(lowered.warnings, []);
    let root = serde_json::to_value(&lowered.openapi).unwrap();
    let mut text = String::new();
    for (path, item) in root["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation.get("parameters").and_then(|list| list.as_array());
            let parameters: Vec<_> = parameters
                .into_iter()
                .flatten()
                .map(|one| {
                    format!(
                        "{} {} {}",
                        one["in"].as_str().unwrap(),
                        one["name"].as_str().unwrap(),
                        one["schema"]
                    )
                })
                .collect();
            let body = operation.pointer("/requestBody/content/application~1json/schema");
            let body = body.map(|body| format!("  body {body}\n")).unwrap_or_default();
            writeln!(text, "{method} {path} {}", operation["operationId"].as_str().unwrap())
                .unwrap();
            for parameter in parameters {
                writeln!(text, "  {parameter}").unwrap();
            }
            text += &body;
        }
    }
    for (name, schema) in root["components"]["schemas"].as_object().unwrap() {
        writeln!(text, "{name} {schema}").unwrap();
    }
    insta::assert_snapshot!(text);
}
