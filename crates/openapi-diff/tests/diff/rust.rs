//! The verdict for source code, from the public items of both clients.

use std::path::Path;

use openapi_diff::{Severity, diff_clients, json, markdown, text};
use openapi_document::Document;
use openapi_lower::Config;
use serde_json::{Value, json};

use crate::{compare_sides, read_fixture};

#[test]
fn items_are_attributed_to_the_change_that_caused_them() {
    let side = |ty: &str| {
        let name = json!({ "type": ty });
        let thing =
            json!({ "type": "object", "required": ["name"], "properties": { "name": name } });
        json!({
            "body": { "$ref": "#/components/schemas/Thing" },
            "schemas": { "Thing": thing },
        })
    };
    let report = compare_sides(&json!({ "old": side("string"), "new": side("integer") }));
    let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
    assert_eq!(change.pointer(), "#/components/schemas/Thing/properties/name");
    let items: Vec<String> = change
        .items
        .iter()
        .map(|item| format!("{} {}: {}", item.severity, item.path, item.message))
        .collect();
    assert_eq!(
        items,
        [
            "major types::Thing::name: `String` → `i64`",
            "major types::Thing::new: `(name: impl Into<String>) -> Self` → `(name: impl Into<i64>) -> Self`",
            "major types::Thing::with_name: `(self, name: impl Into<String>) -> Self` → `(self, name: impl Into<i64>) -> Self`",
        ]
    );
}

#[test]
fn two_arguments_that_swap_places_are_no_change() {
    let side = |names: [&str; 2]| {
        let properties: serde_json::Map<String, Value> =
            names.map(|name| (name.to_owned(), json!({ "type": "string" }))).into_iter().collect();
        json!({ "body": { "type": "object", "required": names, "properties": properties } })
    };
    let report = compare_sides(&json!({ "old": side(["a", "b"]), "new": side(["b", "a"]) }));
    assert!(report.changes.is_empty(), "{report:#?}");
}

#[test]
fn an_added_media_type_leaves_the_setters_and_send_of_before() {
    let json =
        json!({ "schema": { "type": "object", "properties": { "a": { "type": "string" } } } });
    let form = json!({ "schema": { "type": "object", "properties": { "f": { "type": "string", "format": "binary" } } } });
    let text = json!({ "schema": { "type": "string" } });
    let side = |media_types: &[(&str, &Value)]| {
        let content: serde_json::Map<String, Value> = media_types
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).clone()))
            .collect();
        json!({ "operation": {
            "requestBody": { "content": content.clone() },
            "responses": { "200": { "content": content } },
        } })
    };
    let (json, form) = (("application/json", &json), ("multipart/form-data", &form));
    let (csv, events) = (("text/csv", &text), ("text/event-stream", &text));
    for (old, new, expected) in [
        (vec![json], vec![json, csv], Severity::Minor),
        (vec![json], vec![form, json], Severity::Minor),
        (vec![json], vec![events, json, csv], Severity::Minor),
        // A preferred one is added.
        (vec![csv], vec![csv, json], Severity::Minor),
        (vec![events], vec![events, json], Severity::Minor),
        (vec![form], vec![form, json], Severity::Minor),
        (vec![json, csv], vec![json], Severity::Major),
        (vec![json, csv], vec![csv], Severity::Major),
    ] {
        let report = compare_sides(&json!({ "old": side(&old), "new": side(&new) }));
        let rust = report.changes.iter().map(|change| change.rust).max().unwrap();
        let names =
            |side: &[(&str, &Value)]| side.iter().map(|one| one.0.to_owned()).collect::<Vec<_>>();
        assert_eq!(rust, expected, "{:?} to {:?}: {report:#?}", names(&old), names(&new));
    }
}

#[test]
fn a_lost_helper_is_a_breaking_change() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let config = Config::new("openapi.yaml").client("crate::Client");
    let config = config.helpers_file(folder.join("spec/helpers.toml")).unwrap();
    let old = read_fixture("1.8.7");
    let mut root = old.root().clone();
    let paths = root["paths"].as_object_mut().unwrap();
    let is_wanted = |item: &Value| item["get"]["operationId"] == "ExecutionGet";
    let path = paths.iter().find(|(_, item)| is_wanted(item)).unwrap().0.clone();
    paths[&path].as_object_mut().unwrap().remove("get");
    let new = Document::parse(&root.to_string()).unwrap();
    let report = diff_clients(&old, &new, &config);
    let lost: Vec<_> = report
        .changes
        .iter()
        .flat_map(|change| &change.items)
        .filter(|item| item.path.starts_with("helper"))
        .map(|item| (item.severity, item.path.as_str()))
        .collect();
    assert!(lost.contains(&(Severity::Major, "helper `executions`")), "{lost:?}");
}

#[test]
fn a_helper_that_calls_another_operation_is_a_breaking_change() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let config = Config::new("openapi.yaml").client("crate::Client");
    let config = config.helpers_file(folder.join("spec/helpers.toml")).unwrap();
    let report = diff_clients(&read_fixture("1.8.77"), &read_fixture("1.8.201"), &config);
    let helpers: Vec<_> = report
        .changes
        .iter()
        .flat_map(|change| &change.items)
        .filter(|item| item.path.starts_with("helper"))
        .map(|item| (item.severity, item.path.as_str(), item.message.as_str()))
        .collect();
    for expected in [
        (
            Severity::Major,
            "helper `run`",
            "calls `WorkflowExecutePost` instead of `AgentExecutePost`",
        ),
        (Severity::Minor, "helper `rerun`", "available"),
    ] {
        assert!(helpers.contains(&expected), "{expected:?}: {helpers:#?}");
    }
    assert!(!helpers.iter().any(|(_, _, message)| message.starts_with("lost")), "{helpers:#?}");
}

#[test]
fn a_helper_that_calls_a_deprecated_operation_is_reported() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let config = Config::new("openapi.yaml").client("crate::Client");
    let config = config.helpers_file(folder.join("spec/helpers.toml")).unwrap();
    let old = read_fixture("1.8.7");
    let mut root = old.root().clone();
    root["paths"]["/agents/{agentId}/execute"]["post"]["deprecated"] = true.into();
    let new = Document::parse(&root.to_string()).unwrap();
    let calls = |old: &Document, new: &Document| -> Vec<_> {
        let changes = diff_clients(old, new, &config).changes.into_iter();
        let items = changes.flat_map(|change| change.items);
        items.filter(|item| item.path.starts_with("helper")).collect()
    };
    let items = calls(&old, &new);
    let [item] = items.as_slice() else { panic!("{items:#?}") };
    assert_eq!((item.severity, item.path.as_str()), (Severity::Patch, "helper `run`"));
    assert_eq!(item.message, "calls `AgentExecutePost`, now deprecated");
    assert_eq!(calls(&new, &new), []);
}

#[test]
fn without_a_client_the_report_has_the_reason() {
    let side = |ty: &str| {
        // No token, so that no client can send it.
        let header = json!({ "name": "a b", "in": "header", "schema": { "type": "string" } });
        json!({ "operation": { "parameters": [header] }, "response": { "type": ty } })
    };
    let report = compare_sides(&json!({ "old": side("string"), "new": side("integer") }));
    assert_eq!((report.wire(), report.rust()), (Severity::Major, Severity::None));
    let reason = report.rust_unavailable.as_deref().unwrap();
    let place = "#/paths/~1thing/post/parameters/0";
    assert!(reason.starts_with("the old document can't be generated: ") && reason.contains(place));
    let json: Value = serde_json::from_str(&json::render(&report)).unwrap();
    assert_eq!((&json["rust"], &json["changes"][0]["rust"]), (&Value::Null, &Value::Null));
    assert_eq!(json["rust_unavailable"], reason);
    assert!(text::render(&report).contains(&format!("rust: unknown, since {reason}")));
    assert!(markdown::render(&report, 0).contains("No verdict for source code: "));
}
