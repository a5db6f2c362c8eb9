//! The three versions of the document that are known, as a maintainer reads them.

use std::collections::BTreeMap;

use openapi_diff::{Report, Severity, json, markdown, text};
use openapi_document::Document;

use crate::fixture;

fn between(old: &str, new: &str) -> Report {
    openapi_diff::diff(&fixture(old), &fixture(new), &BTreeMap::new())
}

fn plain(report: &Report) -> String {
    anstream::adapter::strip_str(&text::render(report)).to_string()
}

#[test]
fn from_1_8_7_to_1_8_77() {
    insta::assert_snapshot!(plain(&between("1.8.7", "1.8.77")));
}

#[test]
fn from_1_8_77_to_1_8_201() {
    let report = between("1.8.77", "1.8.201");
    insta::assert_snapshot!(plain(&report));
    let of = |kind: &str| {
        report.changes.iter().filter(|change| change.rule.name == kind).collect::<Vec<_>>()
    };
    // The base path moved into the paths.
    for kind in ["operation-removed", "operation-path-changed", "operation-renamed", "host-changed"]
    {
        assert!(of(kind).is_empty(), "{kind}");
    }
    let [auth] = of("auth-changed")[..] else { panic!("{:#?}", of("auth-changed")) };
    assert_eq!(
        (auth.wire, auth.rust, auth.operations.len()),
        (Severity::Major, Severity::None, 74)
    );
    let [deprecated] = of("operation-deprecated")[..] else { panic!() };
    // Two more of the 58 are new.
    assert_eq!(deprecated.operations.len(), 56);
}

#[test]
fn a_description_of_a_pull_request_has_an_end() {
    let report = between("1.8.77", "1.8.201");
    let text = markdown::render(&report, 0);
    assert!(text.chars().count() <= markdown::LIMIT, "{}", text.chars().count());
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    // Whatever else stands there, and however little room is left.
    for reserved in [30_000, 55_000, 59_000] {
        let text = markdown::render(&report, reserved);
        assert!(text.chars().count() <= markdown::LIMIT - reserved, "{reserved}");
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        assert!(text.contains("more"), "{reserved}");
    }
}

#[test]
fn json_is_what_other_programs_rely_on() {
    let report = between("1.8.7", "1.8.77");
    let json: serde_json::Value = serde_json::from_str(&json::render(&report)).unwrap();
    assert_eq!((&json["wire"], &json["rust"]), (&"major".into(), &"major".into()));
    let changes = json["changes"].as_array().unwrap();
    assert_eq!(changes.len(), report.changes.len());
    for change in changes {
        for key in ["pointer", "kind", "wire", "rust", "message"] {
            assert!(change[key].is_string(), "{key}: {change}");
        }
        assert!(change["operation"].is_string() || change["operation"].is_null(), "{change}");
    }
    assert_eq!(changes[0]["kind"], "request-enum-value-removed");
}

/// Documents whose references lead nowhere are compared by what they say.
#[test]
fn broken_references_are_no_stop() {
    let document = |reference: &str| {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{ title: t, version: '1' }}\npaths: {{ /a: {{ get: {{ operationId: a, responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {{ $ref: '{reference}' }} }} }} }} }} }} }} }}"
        );
        Document::parse_lenient(&text).unwrap()
    };
    let diff =
        |old, new| openapi_diff::diff(&document(old), &document(new), &BTreeMap::new()).changes;
    assert!(diff("other.yaml#/A", "other.yaml#/A").is_empty());
    assert_eq!(diff("other.yaml#/A", "other.yaml#/B")[0].rule.name, "type-changed");
}

/// Values are what a document says: nothing in them gets out of its place.
#[test]
fn a_description_of_a_pull_request_shows_values_as_they_are() {
    let odd = "```</details><b>@octocat";
    let side = |value: &str| serde_json::json!({ "answer": { "type": "object", "properties": { "a|b": { "type": "string", "enum": ["x", value] } } } });
    let pair = serde_json::json!({ "old": side(odd), "new": side("y") });
    let text = markdown::render(&crate::compared(&pair), 0);
    // Outside of code spans, which show everything as it is.
    let plain: String = text.split('`').step_by(2).collect();
    assert!(!plain.contains("<b>") && !plain.contains("@octocat"), "{text}");
    assert!(!text.contains(odd), "{text}");
    let row = text.lines().find(|line| line.starts_with("| none")).unwrap();
    assert_eq!(row.matches('|').count(), 5, "{row}");
    for line in text.lines() {
        assert_eq!(line.matches('`').count() % 2, 0, "{line}");
    }
}
