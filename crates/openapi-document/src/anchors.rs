//! References to anchors (JSON Schema 2020-12, core, section 8.2.2), written as JSON pointers.

use std::collections::HashMap;

use serde_json::Value;

use crate::{pointer::Pointer, walk, walk::Kind};

/// Replaces references to anchors (`#name`) by JSON pointers to the schemas with `$anchor`.
///
/// A reference stays as it is if no schema has the anchor, or several have it. So do anchors below
/// `$id`, which are those of another resource (section 8.2.1).
pub(crate) fn resolve(root: &mut Value) {
    let anchors = anchors(root);
    if anchors.is_empty() {
        return;
    }
    walk::schemas_mut(root, &mut |schema, _| {
        let Some(Value::String(reference)) = schema.get_mut("$ref") else { return };
        let target = reference.strip_prefix('#').and_then(|name| anchors.get(name));
        if let Some(Some(target)) = target {
            *reference = target.to_string();
        }
    });
}

/// The schemas by their anchors; `None` for an anchor of several schemas.
fn anchors(root: &Value) -> HashMap<String, Option<Pointer>> {
    let mut anchors: HashMap<String, Option<Pointer>> = HashMap::new();
    // The schemas with `$id` that the visited one is within.
    let mut resources: Vec<Pointer> = Vec::new();
    walk::nodes(root, &mut |kind, value, position| {
        if kind != Kind::Schema || value.get("$anchor").or_else(|| value.get("$id")).is_none() {
            return;
        }
        let pointer = position.pointer();
        resources.retain(|resource| pointer.segments().starts_with(resource.segments()));
        if value.get("$id").is_some() {
            resources.push(pointer.clone());
        }
        let Some(anchor) = value.get("$anchor").and_then(Value::as_str) else { return };
        if !resources.is_empty() {
            return;
        }
        anchors.entry(anchor.to_owned()).and_modify(|other| *other = None).or_insert(Some(pointer));
    });
    anchors
}
