//! Reports on the pinned versions of the Asteroid Agents document.

use std::collections::BTreeMap;

use openapi_diff::{Report, Severity, json, markdown, text};
use openapi_document::Document;

use crate::read_fixture;

fn compare_versions(old: &str, new: &str) -> Report {
    openapi_diff::diff(&read_fixture(old), &read_fixture(new), &BTreeMap::new())
}

fn render_plain(report: &Report) -> String {
    anstream::adapter::strip_str(&text::render(report)).to_string()
}

#[test]
fn from_1_8_7_to_1_8_77() {
    insta::assert_snapshot!(render_plain(&compare_versions("1.8.7", "1.8.77")));
}

#[test]
fn from_1_8_77_to_1_8_201() {
    let report = compare_versions("1.8.77", "1.8.201");
    insta::assert_snapshot!(render_plain(&report));
    let changes_of_kind = |kind: &str| {
        report.changes.iter().filter(|change| change.rule.name == kind).collect::<Vec<_>>()
    };
    // The base path moved into the paths.
    for kind in ["operation-removed", "operation-path-changed", "operation-renamed", "host-changed"]
    {
        assert!(changes_of_kind(kind).is_empty(), "{kind}");
    }
    let security = changes_of_kind("auth-key-renamed");
    let [security] = security[..] else { panic!("{security:#?}") };
    assert_eq!(
        (security.wire, security.rust, security.operations.len()),
        (Severity::Major, Severity::None, 74)
    );
    let [deprecated] = changes_of_kind("operation-deprecated")[..] else { panic!() };
    // Of the 58 deprecated operations two are added.
    assert_eq!(deprecated.operations.len(), 56);
}

#[test]
fn from_1_8_201_to_1_9_167() {
    insta::assert_snapshot!(render_plain(&compare_versions("1.8.201", "1.9.167")));
}

#[test]
fn markdown_of_all_versions() {
    for (old, new) in [("1.8.7", "1.8.77"), ("1.8.77", "1.8.201"), ("1.8.201", "1.9.167")] {
        let text = markdown::render(&compare_versions(old, new), 0);
        insta::assert_snapshot!(format!("markdown_from_{old}_to_{new}"), text);
    }
}

#[test]
fn markdown_has_a_maximum_length() {
    let report = compare_versions("1.8.77", "1.8.201");
    let text = markdown::render(&report, 0);
    assert!(text.chars().count() <= markdown::LIMIT, "{}", text.chars().count());
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    for reserved in [30_000, 55_000, 59_000] {
        let text = markdown::render(&report, reserved);
        assert!(text.chars().count() <= markdown::LIMIT - reserved, "{reserved}");
        assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
        assert!(text.contains("more"), "{reserved}");
    }
}

#[test]
fn json_has_the_documented_keys() {
    let report = compare_versions("1.8.7", "1.8.77");
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

#[test]
fn unresolved_references_are_compared_as_strings() {
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

#[test]
fn markdown_escapes_values_of_the_document() {
    let value = "```</details><b>@octocat";
    let side = |value: &str| serde_json::json!({ "response": { "type": "object", "properties": { "a|b": { "type": "string", "enum": ["x", value] } } } });
    let pair = serde_json::json!({ "old": side(value), "new": side("y") });
    let text = markdown::render(&crate::compare_sides(&pair), 0);
    // Code spans show every character as it is.
    let outside_of_code: String = text.split('`').step_by(2).collect();
    assert!(!outside_of_code.contains("<b>") && !outside_of_code.contains("@octocat"), "{text}");
    assert!(!text.contains(value), "{text}");
    let row = text.lines().find(|line| line.starts_with("| none")).unwrap();
    assert_eq!(row.matches('|').count(), 5, "{row}");
    for line in text.lines() {
        assert_eq!(line.matches('`').count() % 2, 0, "{line}");
    }
}
