//! Removes the component schemas that no operation reaches.

use std::collections::HashSet;

use openapi_document::reference;
use openapi_document::walk::{self, Kind, Position};
use serde_json::Value;

use super::{references, schema::mapped_component};
use crate::json;

/// Removes all unreachable component schemas.
pub(super) fn remove_unreachable(root: &mut Value) {
    let mut reached = HashSet::new();
    let mut pending: Vec<&Value> = Vec::new();
    if let Some(paths) = root.get("paths") {
        collect(Kind::PathItems, paths, &mut pending);
    }
    let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
    while let Some(schema) = pending.pop() {
        let mapping = json::members(schema.pointer("/discriminator/mapping"));
        let mapped = mapping.filter_map(|(_, target)| mapped_component(target));
        for name in reference::target(schema).into_iter().chain(mapped) {
            if let Some(target) = schemas.and_then(|schemas| schemas.get(&name))
                && reached.insert(name)
            {
                collect(Kind::Schema, target, &mut pending);
            }
        }
    }
    json::retain(references::components_schemas(root), &mut |name, _| reached.contains(name));
}

/// Adds all schemas within `value` that refer to others to `pending`.
fn collect<'a>(kind: Kind, value: &'a Value, pending: &mut Vec<&'a Value>) {
    walk::nodes_in(kind, value, &Position::ROOT, &mut |kind, value, _| {
        let refers = value.get("$ref").is_some() || value.get("discriminator").is_some();
        if kind == Kind::Schema && refers {
            pending.push(value);
        }
    });
}
