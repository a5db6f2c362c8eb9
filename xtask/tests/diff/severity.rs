//! Changes are judged where they are used, and told once.

use serde_json::json;
use xtask::diff::Severity;

use crate::compared;

#[test]
fn a_schema_that_is_sent_and_received_is_judged_by_the_worse_use() {
    let pool =
        |properties| json!({ "Pool.Shared": { "type": "object", "properties": properties } });
    let side = |schemas: serde_json::Value| {
        let pool = json!({ "$ref": "#/components/schemas/Pool.Shared" });
        json!({ "body": { "type": "array", "items": pool }, "answer": pool, "schemas": schemas })
    };
    let pair = json!({
        "old": side(pool(json!({ "a": { "type": "string" }, "b": { "type": "string" } }))),
        "new": side(pool(json!({ "a": { "type": "string" } }))),
    });
    let report = compared(&pair);
    let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
    assert_eq!(change.rule.name, "response-property-removed");
    assert_eq!((change.wire, change.rust), (Severity::Major, Severity::Major));
    assert_eq!(change.message, "`Pool.Shared.b` is gone");
}

#[test]
fn a_change_that_many_operations_have_is_one_change() {
    let paths = |deprecated: bool| {
        let operation = |n: usize| {
            let operation = json!({
                "operationId": format!("operation{n}"),
                "deprecated": deprecated,
                "responses": { "200": { "description": "ok" } },
            });
            (format!("/path{n}"), json!({ "get": operation }))
        };
        let paths: serde_json::Map<_, _> = (0..58).map(operation).collect();
        json!({ "document": { "paths": paths } })
    };
    let report = compared(&json!({ "old": paths(false), "new": paths(true) }));
    let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
    assert_eq!((change.rule.name, change.operations.len()), ("operation-deprecated", 58));
    let text = anstream::adapter::strip_str(&xtask::diff::text::render(&report)).to_string();
    assert!(text.contains("58 operations: operation0, operation1, operation2, …"), "{text}");
    assert!(text.lines().count() < 10, "{text}");
}

#[test]
fn changes_deep_in_a_cycle_name_the_operations_they_reach() {
    let side = |ty: &str| {
        json!({
            "answer": { "$ref": "#/components/schemas/Tree" },
            "schemas": {
                "Tree": { "type": "object", "properties": { "leaves": { "type": "array", "items": { "$ref": "#/components/schemas/Leaf" } } } },
                "Leaf": { "type": "object", "properties": { "tree": { "$ref": "#/components/schemas/Tree" }, "color": { "type": ty } } },
            },
        })
    };
    let report = compared(&json!({ "old": side("string"), "new": side("integer") }));
    let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
    assert_eq!(change.operation(), Some("thing"));
    assert_eq!(change.pointer(), "#/components/schemas/Leaf/properties/color");
    assert_eq!((change.was.as_deref(), change.is.as_deref()), (Some("string"), Some("integer")));
}

#[test]
fn a_newcomer_that_takes_a_name_forces_no_one_else_to_change() {
    let schema = || json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let pair = json!({
        "old": { "answer": { "$ref": "#/components/schemas/A.LongName" }, "schemas": { "A.LongName": schema() } },
        "new": {
            "answer": { "$ref": "#/components/schemas/A.LongName" },
            "body": { "$ref": "#/components/schemas/B.LongName" },
            "schemas": { "A.LongName": schema(), "B.LongName": schema() },
        },
    });
    let kinds: Vec<_> = compared(&pair).changes.iter().map(|change| change.rule.name).collect();
    assert_eq!(kinds, ["required-body-added"]);
}

/// A component that is used with a description beside the reference changes once all the same.
#[test]
fn a_component_changes_once_whatever_stands_beside_its_references() {
    let side = |ty: &str| {
        let described =
            |text: &str| json!({ "$ref": "#/components/schemas/Id", "description": text });
        let properties = json!({ "a": described("One"), "b": described("Two"), "c": { "$ref": "#/components/schemas/Id" } });
        json!({
            "answer": { "type": "object", "properties": properties },
            "schemas": { "Id": { "type": ty } },
        })
    };
    let report = compared(&json!({ "old": side("string"), "new": side("integer") }));
    let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
    assert_eq!(change.message, "`Id` has another type");
}
