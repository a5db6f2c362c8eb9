//! Parameters that are a value or a list of such values, `anyOf: [T, [T]]`.
//!
//! All styles but `deepObject` have the same text for a value and for the list of only this value,
//! except of free text in a header, where a list has its commas encoded. Such a parameter becomes a
//! list, which a caller sets in the same way as any other.

use serde_json::{Map, Value, json};

use super::{dialect::keywords::is_annotation, schema::resolve};
use crate::json;

/// Replaces the schemas of such parameters by that of the list.
pub(super) fn to_lists(root: &mut Value) {
    let Some(mut paths) = root.get_mut("paths").map(Value::take) else { return };
    let items = json::members_mut(Some(&mut paths));
    let operations = items.flat_map(|(_, item)| json::members_mut(Some(item)));
    for (_, operation) in operations {
        for parameter in json::items_mut(operation.get_mut("parameters")) {
            let has = |key: &str, value: &str| parameter.get(key).is_some_and(|one| one == value);
            if has("style", "deepObject") {
                continue;
            }
            let is_header = has("in", "header");
            if let Some(schema) = parameter.get_mut("schema")
                && let Some(list) = list(root, schema)
                && !(is_header && is_free_text(root, &list["items"]))
            {
                *schema = list;
            }
        }
    }
    root["paths"] = paths;
}

/// The list of a union `[T, [T]]`, in any order, with the annotations of the union.
fn list(root: &Value, schema: &Value) -> Option<Value> {
    let union = resolve(root, schema);
    let members = ["anyOf", "oneOf"].iter().find_map(|key| union.get(*key)?.as_array())?;
    let [first, second] = members.as_slice() else { return None };
    let items = |member| {
        let member = resolve(root, member);
        member.get("items").filter(|_| member.get("type").is_some_and(|kind| kind == "array"))
    };
    let (value, list, items) = match (items(first), items(second)) {
        (None, Some(items)) => (first, second, items),
        (Some(items), None) => (second, first, items),
        _ => return None,
    };
    if plain_scalar(root, value)? != plain_scalar(root, items)? {
        return None;
    }
    let mut list = resolve(root, list).as_object()?.clone();
    for (key, value) in [union, schema].into_iter().filter_map(Value::as_object).flatten() {
        if is_annotation(key) || key == "nullable" {
            list.insert(key.clone(), value.clone());
        }
    }
    if let Some(value) = list.get_mut("default")
        && !value.is_array()
        && !value.is_null()
    {
        *value = json!([value]);
    }
    Some(Value::Object(list))
}

/// Whether a schema is a string that may have any characters.
fn is_free_text(root: &Value, schema: &Value) -> bool {
    let schema = resolve(root, schema);
    let has = |key: &str| schema.get(key).is_some();
    schema.get("type").is_some_and(|kind| kind == "string") && !has("format") && !has("enum")
}

/// The keywords of a scalar that determine its type in Rust.
fn plain_scalar(root: &Value, schema: &Value) -> Option<Map<String, Value>> {
    let mut scalar = resolve(root, schema).as_object()?.clone();
    let kind = scalar.get("type")?.as_str()?;
    if !["string", "integer", "number", "boolean"].contains(&kind) {
        return None;
    }
    json::retain(&mut scalar, &mut |key, _| ["type", "format", "enum"].contains(&key));
    Some(scalar)
}
