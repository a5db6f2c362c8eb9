//! Severities by the use of a schema, and merging of equal changes.

use openapi_diff::Severity;
use serde_json::json;

use crate::compare_sides;

#[test]
fn a_schema_of_requests_and_responses_has_the_higher_severity() {
    let pool = |properties: serde_json::Value| {
        let names: Vec<_> = properties.as_object().unwrap().keys().cloned().collect();
        let pool = json!({ "type": "object", "properties": properties, "required": names });
        json!({ "Pool.Shared": pool })
    };
    let side = |schemas: serde_json::Value| {
        let pool = json!({ "$ref": "#/components/schemas/Pool.Shared" });
        json!({ "body": { "type": "array", "items": pool }, "response": pool, "schemas": schemas })
    };
    let pair = json!({
        "old": side(pool(json!({ "a": { "type": "string" }, "b": { "type": "string" } }))),
        "new": side(pool(json!({ "a": { "type": "string" } }))),
    });
    let report = compare_sides(&pair);
    let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
    assert_eq!(change.rule.name, "response-property-removed");
    assert_eq!((change.wire, change.rust), (Severity::Major, Severity::Major));
    assert_eq!(change.message, "property `Pool.Shared.b` removed");
}

#[test]
fn equal_changes_of_many_operations_are_merged() {
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
    let report = compare_sides(&json!({ "old": paths(false), "new": paths(true) }));
    let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
    assert_eq!((change.rule.name, change.operations.len()), ("operation-deprecated", 58));
    let text = anstream::adapter::strip_str(&openapi_diff::text::render(&report)).to_string();
    assert!(text.contains("58 operations: operation0, operation1, operation2, …"), "{text}");
    assert!(text.lines().count() < 10, "{text}");
}

#[test]
fn changes_in_recursive_schemas_list_the_affected_operations() {
    let side = |ty: &str| {
        json!({
            "response": { "$ref": "#/components/schemas/Tree" },
            "schemas": {
                "Tree": { "type": "object", "properties": { "leaves": { "type": "array", "items": { "$ref": "#/components/schemas/Leaf" } } } },
                "Leaf": { "type": "object", "properties": { "tree": { "$ref": "#/components/schemas/Tree" }, "color": { "type": ty } } },
            },
        })
    };
    let report = compare_sides(&json!({ "old": side("string"), "new": side("integer") }));
    let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
    assert_eq!(change.operation(), Some("thing"));
    assert_eq!(change.pointer(), "#/components/schemas/Leaf/properties/color");
    assert_eq!(
        (change.old_value.as_deref(), change.new_value.as_deref()),
        (Some("string"), Some("integer"))
    );
}

#[test]
fn an_added_schema_with_the_same_type_name_renames_no_other() {
    let schema = || json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let pair = json!({
        "old": { "response": { "$ref": "#/components/schemas/A.LongName" }, "schemas": { "A.LongName": schema() } },
        "new": {
            "response": { "$ref": "#/components/schemas/A.LongName" },
            "body": { "$ref": "#/components/schemas/B.LongName" },
            "schemas": { "A.LongName": schema(), "B.LongName": schema() },
        },
    });
    let kinds: Vec<_> =
        compare_sides(&pair).changes.iter().map(|change| change.rule.name).collect();
    assert_eq!(kinds, ["required-body-added"]);
}

#[test]
fn a_component_changes_once_despite_siblings_of_its_references() {
    let side = |ty: &str| {
        let described =
            |text: &str| json!({ "$ref": "#/components/schemas/Id", "description": text });
        let properties = json!({ "a": described("One"), "b": described("Two"), "c": { "$ref": "#/components/schemas/Id" } });
        json!({
            "response": { "type": "object", "properties": properties },
            "schemas": { "Id": { "type": ty } },
        })
    };
    let report = compare_sides(&json!({ "old": side("string"), "new": side("integer") }));
    let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
    assert_eq!(change.message, "schema `Id`: type changed from string to integer");
}

/// The kinds and severities of the changes.
fn changes(old: serde_json::Value, new: serde_json::Value) -> Vec<(&'static str, String, String)> {
    let report = compare_sides(&json!({ "old": old, "new": new }));
    let changes = report.changes.iter();
    changes
        .map(|change| (change.rule.name, change.wire.to_string(), change.rust.to_string()))
        .collect()
}

fn change(kind: &'static str, wire: &str, rust: &str) -> Vec<(&'static str, String, String)> {
    vec![(kind, wire.to_owned(), rust.to_owned())]
}

#[test]
fn targets_of_references_with_siblings_are_compared() {
    let side = |ty: &str| {
        let a = json!({ "type": "object", "properties": { "a": { "type": ty } } });
        let response =
            json!({ "description": "ok", "content": { "application/json": { "schema": a } } });
        let operation = json!({ "operationId": "i", "responses": { "200": { "$ref": "#/components/responses/R", "description": "d" } } });
        json!({ "document": {
            "paths": { "/i": { "$ref": "#/components/pathItems/I", "summary": "s" } },
            "components": { "responses": { "R": response }, "pathItems": { "I": { "get": operation } } },
        } })
    };
    assert_eq!(changes(side("string"), side("integer")), change("type-changed", "major", "major"));
}

#[test]
fn a_body_without_a_schema_allows_any_value() {
    let side = |schema: serde_json::Value| {
        let content = json!({ "application/json": schema });
        json!({ "operation": { "responses": { "200": { "content": content } } } })
    };
    let (with, without) = (json!({ "schema": { "type": "string" } }), json!({}));
    assert_eq!(
        changes(side(with.clone()), side(without.clone())),
        change("type-changed", "major", "major")
    );
    // All that comes was expected.
    let narrowed = change("response-type-narrowed", "none", "major");
    assert_eq!(changes(side(without), side(with)), narrowed);
}

#[test]
fn path_parameters_are_matched_by_position() {
    let side = |path: &str, names: &[&str]| {
        let parameters: Vec<_> = names
            .iter()
            .map(|name| json!({ "in": "path", "name": name, "required": true, "schema": { "type": "string" } }))
            .collect();
        let operation = json!({ "operationId": "x", "parameters": parameters, "responses": { "200": { "description": "ok" } } });
        json!({ "document": { "paths": { path: { "get": operation } } } })
    };
    let mut moved = changes(side("/x/{a}", &["a"]), side("/y/{b}", &["b"]));
    moved.sort();
    eprintln!(
        "{:#?}",
        compare_sides(&json!({"old": side("/x/{a}", &["a"]), "new": side("/y/{b}", &["b"])}))
    );
    assert_eq!(
        moved,
        [
            change("operation-path-changed", "major", "none"),
            change("path-parameter-renamed", "none", "major")
        ]
        .concat()
    );
    // Setters are named after the parameters, so that their order doesn't matter.
    let swapped = changes(side("/x/{a}/{b}", &["a", "b"]), side("/x/{b}/{a}", &["a", "b"]));
    assert_eq!(swapped, change("operation-path-changed", "major", "none"));
}

#[test]
fn equal_changes_of_one_operation_are_not_merged() {
    let side = |required: bool| {
        let parameter = |place: &str| json!({ "in": place, "name": "q", "required": required, "schema": { "type": "string" } });
        json!({ "operation": { "parameters": [parameter("query"), parameter("header")] } })
    };
    assert_eq!(changes(side(false), side(true)).len(), 2);
}

#[test]
fn a_property_of_several_schemas_of_an_all_of_is_merged() {
    let side = |ty: &str| {
        json!({
            "response": { "allOf": [{ "$ref": "#/components/schemas/BaseThing" }, { "type": "object", "properties": { "a": { "description": "One" } } }] },
            "schemas": { "BaseThing": { "type": "object", "properties": { "a": { "type": ty } } } },
        })
    };
    assert_eq!(changes(side("string"), side("integer")), change("type-changed", "major", "major"));
}

#[test]
fn siblings_of_a_union_are_compared() {
    let side = |beside: serde_json::Value| {
        let mut response = json!({ "type": "object", "oneOf": [{ "$ref": "#/components/schemas/OneThing" }, { "$ref": "#/components/schemas/OtherThing" }] });
        response.as_object_mut().unwrap().extend(beside.as_object().unwrap().clone());
        let thing =
            |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } } });
        json!({ "response": response, "schemas": { "OneThing": thing("a"), "OtherThing": thing("b") } })
    };
    assert!(!changes(side(json!({})), side(json!({ "required": ["a"] }))).is_empty());
}

#[test]
fn values_of_number_enums_are_constraints() {
    let side = |values: serde_json::Value| json!({ "response": { "type": "object", "properties": { "code": { "type": "integer", "enum": values } } } });
    assert_eq!(
        changes(side(json!([400])), side(json!([400, 422]))),
        change("response-constraint-changed", "none", "patch")
    );
    assert_eq!(
        changes(side(json!([400, 422])), side(json!([400]))),
        change("response-constraint-changed", "none", "patch")
    );
}

#[test]
fn schemas_in_other_keywords_are_compared() {
    let side = |ty: &str| {
        json!({
            "response": { "type": "object", "properties": { "a": { "type": "object", "patternProperties": { "^x": { "$ref": "#/components/schemas/Thing" } } } } },
            "schemas": { "Thing": { "type": "object", "properties": { "a": { "type": ty } } } },
        })
    };
    assert_eq!(changes(side("string"), side("integer")), change("type-changed", "major", "major"));
}

#[test]
fn a_default_changes_the_type_of_a_schema_of_responses() {
    let schemas = |default: bool| {
        let mut a = json!({ "type": "string" });
        if default {
            a["default"] = "x".into();
        }
        json!({ "Thing": { "type": "object", "properties": { "a": a } } })
    };
    let thing = json!({ "$ref": "#/components/schemas/Thing" });
    let received = |default| json!({ "response": thing, "schemas": schemas(default) });
    assert_eq!(
        changes(received(false), received(true)),
        change("response-default-added", "minor", "major")
            .into_iter()
            .map(|(k, _, r)| (k, "none".to_owned(), r))
            .collect::<Vec<_>>()
    );
    // Types that are also sent aren't filled with defaults.
    let sent = |default| json!({ "response": thing, "body": thing, "schemas": schemas(default) });
    assert_eq!(changes(sent(false), sent(true)), change("default-changed", "minor", "patch"));
}

/// The time is bounded, and the stack doesn't overflow.
#[test]
fn deep_and_large_documents_are_compared() {
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
        json!({ "response": { "type": "object", "properties": { "a": first } }, "schemas": schemas })
    };
    for keyword in ["anyOf", "allOf"] {
        assert_eq!(changes(chain(keyword, 1_500), chain(keyword, 1_500)), []);
    }
    let large = |prefix: &str| {
        let values: Vec<_> = (0..20_000).map(|index| format!("{prefix}{index}")).collect();
        json!({ "body": { "type": "object", "properties": { "a": { "type": "string", "enum": values } } } })
    };
    let report = compare_sides(&json!({ "old": large("a"), "new": large("b") }));
    assert_eq!(report.changes.len(), 2);
    assert!(report.changes.iter().all(|change| change.message.len() < 300));
}

#[test]
fn properties_beside_an_all_of_with_a_union_are_compared() {
    let side = |ty: &str| {
        let thing =
            |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } } });
        let union = json!({ "oneOf": [thing("b"), thing("c")] });
        json!({ "response": { "allOf": [union], "properties": { "a": { "type": ty } } } })
    };
    assert_eq!(changes(side("string"), side("integer")), change("type-changed", "major", "major"));
}
