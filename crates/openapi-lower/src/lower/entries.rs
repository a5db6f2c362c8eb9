//! Members that must be objects: null is read as an empty one, with a warning, as YAML reads a key
//! without a value; anything else is refused.

use openapi_document::{Method, Pointer, walk::Kind};
use serde_json::{Map, Value, json};

use super::{diagnostics::Diagnostics, received};
use crate::json;

/// The members that have an object for each name.
const NAMED: [&str; 7] =
    ["paths", "responses", "requestBodies", "pathItems", "content", "headers", "encoding"];

/// Checks the entries of an object at the pointer that `at` returns.
pub(super) fn check(
    kind: Kind,
    map: &mut Map<String, Value>,
    at: &dyn Fn() -> Pointer,
    diagnostics: &mut Diagnostics,
) {
    if kind != Kind::Schema {
        fill(map, at, diagnostics);
    }
    let mut refuse = |path: &[String], value: &Value, what: &str| {
        if !value.is_object() {
            let at = path.iter().fold(at(), |at, segment| at.join(segment));
            diagnostics.refuse(&at, value.to_string(), format!("{what} must be an object"));
        }
    };
    if kind == Kind::Root {
        let is_item = |path: &str| path.starts_with('/') || received::is_received(path);
        for (path, item) in json::members(map.get("paths")).filter(|(path, _)| is_item(path)) {
            refuse(&["paths".into(), path.clone()], item, "a path item");
        }
    }
    if kind == Kind::PathItem {
        let item = Pointer::root();
        for (method, operation) in Method::operations(map) {
            refuse(method.pointer(&item).segments(), operation, "an operation");
        }
    }
    if matches!(kind, Kind::PathItem | Kind::Operation) {
        for (index, parameter) in json::items(map.get("parameters")).iter().enumerate() {
            refuse(&["parameters".into(), index.to_string()], parameter, "a parameter");
        }
    }
}

/// Replaces null by an empty object where a name has one.
fn fill(map: &mut Map<String, Value>, at: &dyn Fn() -> Pointer, diagnostics: &mut Diagnostics) {
    for key in NAMED {
        let entries = json::members_mut(map.get_mut(key));
        for (name, entry) in entries.filter(|(_, entry)| entry.is_null()) {
            diagnostics.warn(&at().join(key).join(name), "null is read as an empty object");
            *entry = json!({});
        }
    }
}
