//! Findings for seeded differences between pages and the document.

use serde_json::{Map, Value};

use super::{
    Pages, check, document,
    generator::{fragment, page},
};

/// The operations of a small site.
pub const OPERATIONS: [(&str, &str, &str); 4] = [
    ("AgentProfilesCreate", "/agent-profiles", "post"),
    ("AgentExecutePost", "/agents/{agentId}/execute", "post"),
    ("AgentProfilePoolsList", "/agent-profile-pools", "get"),
    ("ExecutionRecordingRedirect", "/executions/{executionId}/recording", "get"),
];

/// A site with the pages of a few operations, whose fragments are edited.
pub fn small_site(document: &Value, change: impl Fn(&str, &mut Value)) -> Pages {
    let pages = Pages::new();
    for (id, path, method) in OPERATIONS {
        let mut fragment = fragment(document, path, method);
        change(id, &mut fragment);
        pages.write(&format!("{id}.md"), page(&fragment, path, method));
    }
    pages
}

fn parent<'a>(root: &'a mut Value, pointer: &str) -> (&'a mut Value, String) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    (root.pointer_mut(parent).unwrap(), key.replace("~1", "/").replace("~0", "~"))
}

pub fn remove(root: &mut Value, pointer: &str) -> Value {
    match parent(root, pointer) {
        (Value::Object(map), key) => map.remove(&key).unwrap(),
        (Value::Array(items), index) => items.remove(index.parse().unwrap()),
        _ => panic!("{pointer}"),
    }
}

pub fn set(root: &mut Value, pointer: &str, value: Value) {
    match parent(root, pointer) {
        (Value::Array(items), index) => items[index.parse::<usize>().unwrap()] = value,
        (parent, key) => parent[&key] = value,
    }
}

fn apply(drift: &Value, fragment: &mut Value) {
    if let Some(pointer) = drift["remove"].as_str() {
        remove(fragment, pointer);
    }
    if let Some(pointer) = drift["set"].as_str() {
        set(fragment, pointer, drift["value"].clone());
    }
    if let Some([from, to]) = drift["move"].as_array().map(Vec::as_slice) {
        let value = remove(fragment, from.as_str().unwrap());
        set(fragment, to.as_str().unwrap(), value);
    }
}

#[test]
fn each_difference_is_one_finding() {
    let document = document("1.8.7");
    let drifts: Map<String, Value> = serde_yaml::from_str(include_str!("drift.yaml")).unwrap();
    assert!(drifts.len() >= 30, "{}", drifts.len());
    assert_eq!(check("1.8.7", &["--from", small_site(&document, |_, _| {}).path()]).code, 0);
    let mut differing = Vec::new();
    for (name, drift) in &drifts {
        let operation = drift["operation"].as_str().unwrap();
        let pages = small_site(&document, |id, fragment| {
            if id == operation {
                apply(drift, fragment);
            }
        });
        let output = check("1.8.7", &["--from", pages.path()]);
        let [finding] = &output.findings()[..] else { panic!("{name}: {output:?}") };
        let [kind, pointer] = ["kind", "pointer"].map(|key| (&finding[key], &drift[key]));
        if kind.0 != kind.1 || pointer.0 != pointer.1 {
            differing.push(format!("{name}: {finding}"));
        }
        assert_eq!(finding["operation"], operation, "{name}");
        assert_eq!(finding["page"], format!("{operation}.md"), "{name}");
        assert!(finding["line"].as_u64().unwrap() > 10, "{name}: {finding}");
        assert!(finding["spec"].is_string() || finding["docs"].is_string(), "{name}: {finding}");
        assert_eq!((output.code, &output.json()["matching"]), (1, &3.into()), "{name}");
    }
    assert!(differing.is_empty(), "{differing:#?}");
}

#[test]
fn prose_is_compared_on_request() {
    let document = document("1.8.7");
    let pages = small_site(&document, |id, fragment| {
        if id == "AgentProfilePoolsList" {
            set(fragment, "/paths/~1agent-profile-pools/get/summary", "Pools".into());
            set(fragment, "/paths/~1agent-profile-pools/get/x-internal", true.into());
            set(fragment, "/paths/~1agent-profile-pools/get/tags", serde_json::json!(["Other"]));
        }
    });
    assert_eq!(check("1.8.7", &["--from", pages.path()]).code, 0);
    let output = check("1.8.7", &["--prose", "--from", pages.path()]);
    assert_eq!(output.kinds(), ["operation-prose-differs"]);
    assert_eq!(output.findings()[0]["docs"], "Pools");
}
