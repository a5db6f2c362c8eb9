//! Changes are judged where they are used, and told once.

use openapi_diff::Severity;
use serde_json::json;

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
    let text = anstream::adapter::strip_str(&openapi_diff::text::render(&report)).to_string();
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

/// The kinds of the changes and their worst severities.
fn told(old: serde_json::Value, new: serde_json::Value) -> Vec<(&'static str, String, String)> {
    let report = compared(&json!({ "old": old, "new": new }));
    let told = report.changes.iter();
    told.map(|change| (change.rule.name, change.wire.to_string(), change.rust.to_string()))
        .collect()
}

fn one(kind: &'static str, wire: &str, rust: &str) -> Vec<(&'static str, String, String)> {
    vec![(kind, wire.to_owned(), rust.to_owned())]
}

#[test]
fn what_is_behind_a_reference_with_prose_is_compared() {
    let side = |ty: &str| {
        let a = json!({ "type": "object", "properties": { "a": { "type": ty } } });
        let answer =
            json!({ "description": "ok", "content": { "application/json": { "schema": a } } });
        let operation = json!({ "operationId": "i", "responses": { "200": { "$ref": "#/components/responses/R", "description": "d" } } });
        json!({ "document": {
            "paths": { "/i": { "$ref": "#/components/pathItems/I", "summary": "s" } },
            "components": { "responses": { "R": answer }, "pathItems": { "I": { "get": operation } } },
        } })
    };
    assert_eq!(told(side("string"), side("integer")), one("type-changed", "major", "major"));
}

#[test]
fn a_body_without_a_schema_is_another_type() {
    let side = |schema: serde_json::Value| {
        let content = json!({ "application/json": schema });
        json!({ "operation": { "responses": { "200": { "content": content } } } })
    };
    let (with, without) = (json!({ "schema": { "type": "string" } }), json!({}));
    assert_eq!(
        told(side(with.clone()), side(without.clone())),
        one("type-changed", "major", "major")
    );
    assert_eq!(told(side(without), side(with)), one("type-changed", "major", "major"));
}

#[test]
fn path_parameters_are_followed_wherever_the_path_goes() {
    let side = |path: &str, names: &[&str]| {
        let parameters: Vec<_> = names
            .iter()
            .map(|name| json!({ "in": "path", "name": name, "required": true, "schema": { "type": "string" } }))
            .collect();
        let operation = json!({ "operationId": "x", "parameters": parameters, "responses": { "200": { "description": "ok" } } });
        json!({ "document": { "paths": { path: { "get": operation } } } })
    };
    let mut moved = told(side("/x/{a}", &["a"]), side("/y/{b}", &["b"]));
    moved.sort();
    assert_eq!(
        moved,
        [
            one("operation-path-changed", "major", "none"),
            one("path-parameter-renamed", "none", "major")
        ]
        .concat()
    );
    // The same names in other places: who sets them by name needn't change anything.
    let swapped = told(side("/x/{a}/{b}", &["a", "b"]), side("/x/{b}/{a}", &["a", "b"]));
    assert_eq!(swapped, one("operation-path-changed", "major", "none"));
}

#[test]
fn two_things_in_one_operation_are_two_changes() {
    let side = |required: bool| {
        let parameter = |place: &str| json!({ "in": place, "name": "q", "required": required, "schema": { "type": "string" } });
        json!({ "operation": { "parameters": [parameter("query"), parameter("header")] } })
    };
    assert_eq!(told(side(false), side(true)).len(), 2);
}

#[test]
fn a_property_that_is_said_twice_is_compared_as_both() {
    let side = |ty: &str| {
        json!({
            "answer": { "allOf": [{ "$ref": "#/components/schemas/BaseThing" }, { "type": "object", "properties": { "a": { "description": "One" } } }] },
            "schemas": { "BaseThing": { "type": "object", "properties": { "a": { "type": ty } } } },
        })
    };
    assert_eq!(told(side("string"), side("integer")), one("type-changed", "major", "major"));
}

#[test]
fn what_stands_beside_a_union_counts() {
    let side = |beside: serde_json::Value| {
        let mut answer = json!({ "type": "object", "oneOf": [{ "$ref": "#/components/schemas/OneThing" }, { "$ref": "#/components/schemas/OtherThing" }] });
        answer.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
        let thing =
            |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } } });
        json!({ "answer": answer, "schemas": { "OneThing": thing("a"), "OtherThing": thing("b") } })
    };
    assert!(!told(side(json!({})), side(json!({ "required": ["a"] }))).is_empty());
}

#[test]
fn enums_of_numbers_are_numbers() {
    let side = |values: serde_json::Value| json!({ "answer": { "type": "object", "properties": { "code": { "type": "integer", "enum": values } } } });
    assert_eq!(
        told(side(json!([400])), side(json!([400, 422]))),
        one("response-constraint-changed", "none", "patch")
    );
    assert_eq!(
        told(side(json!([400, 422])), side(json!([400]))),
        one("response-constraint-changed", "none", "patch")
    );
}

#[test]
fn schemas_below_other_keywords_are_reached() {
    let side = |ty: &str| {
        json!({
            "answer": { "type": "object", "properties": { "a": { "type": "object", "patternProperties": { "^x": { "$ref": "#/components/schemas/Thing" } } } } },
            "schemas": { "Thing": { "type": "object", "properties": { "a": { "type": ty } } } },
        })
    };
    assert_eq!(told(side("string"), side("integer")), one("type-changed", "major", "major"));
}

#[test]
fn a_default_counts_where_it_changes_the_type() {
    let schemas = |default: bool| {
        let mut a = json!({ "type": "string" });
        if default {
            a["default"] = "x".into();
        }
        json!({ "Thing": { "type": "object", "properties": { "a": a } } })
    };
    let thing = json!({ "$ref": "#/components/schemas/Thing" });
    let received = |default| json!({ "answer": thing, "schemas": schemas(default) });
    assert_eq!(
        told(received(false), received(true)),
        one("response-default-added", "minor", "major")
            .into_iter()
            .map(|(k, _, r)| (k, "none".to_owned(), r))
            .collect::<Vec<_>>()
    );
    // What is sent as well isn't filled in.
    let sent = |default| json!({ "answer": thing, "body": thing, "schemas": schemas(default) });
    assert_eq!(told(sent(false), sent(true)), one("default-changed", "minor", "patch"));
}

/// As deep or as broad as documents may be: an answer in bounded time, and no overflow.
#[test]
fn deep_and_broad_documents_have_an_end() {
    let chain = |keyword: &str, length: usize| {
        let name = |index: usize| format!("Chain.Number{index}");
        let schemas: serde_json::Map<_, _> = (0..length)
            .map(|index| {
                let next = json!({ "$ref": format!("#/components/schemas/{}", name(index + 1)) });
                (name(index), json!({ keyword: [next] }))
            })
            .chain([(name(length), json!({ "type": "string" }))])
            .collect();
        let first = json!({ "$ref": "#/components/schemas/Chain.Number0" });
        json!({ "answer": { "type": "object", "properties": { "a": first } }, "schemas": schemas })
    };
    for keyword in ["anyOf", "allOf"] {
        assert_eq!(told(chain(keyword, 1_500), chain(keyword, 1_500)), []);
    }
    let large = |prefix: &str| {
        let values: Vec<_> = (0..20_000).map(|index| format!("{prefix}{index}")).collect();
        json!({ "body": { "type": "object", "properties": { "a": { "type": "string", "enum": values } } } })
    };
    let report = compared(&json!({ "old": large("a"), "new": large("b") }));
    assert_eq!(report.changes.len(), 2);
    assert!(report.changes.iter().all(|change| change.message.len() < 300));
}

#[test]
fn properties_beside_an_all_of_a_union_are_compared() {
    let side = |ty: &str| {
        let thing =
            |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } } });
        let union = json!({ "oneOf": [thing("b"), thing("c")] });
        json!({ "answer": { "allOf": [union], "properties": { "a": { "type": ty } } } })
    };
    assert_eq!(told(side("string"), side("integer")), one("type-changed", "major", "major"));
}
