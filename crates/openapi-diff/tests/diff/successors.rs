//! Proposals of successors of deprecated operations.

use openapi_diff::{Successor, diff_clients, json, markdown, propose_successors, text};
use openapi_document::Document;
use openapi_lower::Config;
use serde_json::{Map, Value, json};

use crate::read_fixture;

#[test]
fn successors_in_1_8_201() {
    let (old, new) = (read_fixture("1.8.77"), read_fixture("1.8.201"));
    let proposed = propose_successors(old.root(), new.root());
    let lines = proposed
        .iter()
        .map(|one| format!("{} {} → {}", one.score.unwrap(), one.operation, one.successor));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"));
}

/// The pairs that the vendor published with 1.9.167.
const PUBLISHED: [(&str, &str); 10] = [
    ("AgentList", "WorkflowList"),
    ("AgentCreate", "WorkflowCreate"),
    ("AgentByIdDelete", "WorkflowByIdDelete"),
    ("AgentExecutePost", "WorkflowExecutePost"),
    ("AgentWorkflowHeadGetFiles", "WorkflowHeadGetFiles"),
    ("AgentWorkflowHeadPublishHead", "WorkflowHeadPublish"),
    ("AgentWorkflowsList", "WorkflowVersionsList"),
    ("AgentWorkflowsGet", "WorkflowVersionsGet"),
    ("AgentWorkflowsExecute", "WorkflowVersionsExecute"),
    ("AgentWorkflowsGetOutputSchemas", "WorkflowVersionsGetOutputSchemas"),
];

#[test]
fn published_successors_are_proposed() {
    for version in ["1.8.201", "1.9.167"] {
        let (old, new) = (read_fixture("1.8.77"), read_fixture(version));
        let proposed = propose_successors(old.root(), new.root());
        for (operation, successor) in PUBLISHED {
            let of_operation: Vec<_> =
                proposed.iter().filter(|one| one.operation == operation).collect();
            let [one] = of_operation[..] else { panic!("{operation}: {of_operation:?}") };
            assert_eq!(one.successor, successor, "{version}");
        }
    }
    // Deprecated before.
    let (old, new) = (read_fixture("1.8.201"), read_fixture("1.9.167"));
    assert_eq!(propose_successors(old.root(), new.root()), []);
}

/// A document with operations to list, make and delete things of each kind. The fields are those of
/// a thing.
fn document(kinds: &[(&str, &[&str], bool)]) -> Value {
    let mut paths = Map::new();
    for (kind, fields, deprecated) in kinds {
        let properties: Map<_, _> =
            fields.iter().map(|field| ((*field).to_owned(), json!({ "type": "string" }))).collect();
        let schema = json!({ "type": "object", "properties": properties });
        let content = json!({ "application/json": { "schema": schema } });
        let ok = json!({ "200": { "description": "ok", "content": content } });
        let operation = |verb: &str| {
            let id = format!("{kind}-{verb}");
            json!({ "operationId": id, "deprecated": deprecated, "responses": ok })
        };
        paths.insert(
            format!("/{kind}"),
            json!({ "get": operation("list"), "post": operation("make") }),
        );
        paths.insert(format!("/{kind}/{{id}}"), json!({ "delete": operation("delete") }));
    }
    json!({ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": paths })
}

/// The proposals, all deprecated operations being new ones.
fn proposed(kinds: &[(&str, &[&str], bool)]) -> Vec<(String, String)> {
    let pair = |one: Successor| (one.operation, one.successor);
    propose_successors(&json!({}), &document(kinds)).into_iter().map(pair).collect()
}

#[test]
fn what_is_not_clear_is_not_proposed() {
    let pair = |verb: &str| (format!("pets-{verb}"), format!("animals-{verb}"));
    let pets = ("pets", ["name", "age", "owner"].as_slice(), true);
    let expected = ["list", "make", "delete"].map(pair).to_vec();
    assert_eq!(proposed(&[pets, ("animals", &["name", "age", "owner", "tag"], false)]), expected);
    let orders = ("orders", ["total", "tax"].as_slice(), false);
    assert_eq!(proposed(&[pets, ("animals", &["name", "age", "owner"], false), orders]), expected);
    // Two resources alike, another one, none, and one that is deprecated, too.
    let beasts = ("beasts", ["name", "age", "owner"].as_slice(), false);
    assert_eq!(proposed(&[pets, ("animals", &["name", "age", "owner"], false), beasts]), []);
    assert_eq!(proposed(&[pets, orders]), []);
    assert_eq!(proposed(&[pets]), []);
    assert_eq!(proposed(&[pets, ("animals", &["name", "age", "owner"], true)]), []);
}

#[test]
fn reports_have_published_successors_before_proposals() {
    let old = document(&[("pets", &["name", "age"], false), ("orders", &["total"], false)]);
    let new = document(&[
        ("pets", &["name", "age"], true),
        ("animals", &["name", "age"], false),
        ("orders", &["total"], false),
    ]);
    let [old, new] =
        [old, new].map(|document| Document::parse_lenient(&document.to_string()).unwrap());
    let published = |operation: &str, successor: &str| (operation.to_owned(), successor.to_owned());
    let config = Config::new("openapi.yaml").successors([
        published("pets-list", "orders-list"),
        // The document has no such operation.
        published("pets-make", "beasts-make"),
        // It isn't deprecated.
        published("orders-list", "animals-list"),
    ]);
    let report = diff_clients(&old, &new, &config);
    let successors: Vec<_> = report
        .successors
        .iter()
        .map(|one| (one.operation.as_str(), one.successor.as_str(), one.score))
        .collect();
    assert_eq!(
        successors,
        [
            ("pets-list", "orders-list", None),
            ("pets-make", "animals-make", Some(90)),
            ("pets-delete", "animals-delete", Some(90)),
        ]
    );
    let table = "| deprecated | call instead |\n| --- | --- |\n| `pets-list` | `orders-list` |\n| \
                 `pets-make` | `animals-make` (proposed, 90 %) |\n";
    assert!(markdown::render(&report, 0).contains(table), "{}", markdown::render(&report, 0));
    let text = anstream::adapter::strip_str(&text::render(&report)).to_string();
    assert!(text.contains("\n  pets-make → animals-make  proposed, 90 %\n"), "{text}");
    let json: Value = serde_json::from_str(&json::render(&report)).unwrap();
    assert_eq!(
        json["successors"][1],
        json!({ "operation": "pets-make", "successor": "animals-make", "score": 90 })
    );
    assert!(json["successors"][0]["score"].is_null());
}
