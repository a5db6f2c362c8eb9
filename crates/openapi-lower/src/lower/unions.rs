//! Normalizes unions: `oneOf`, `anyOf` and `allOf` become the only one of them in their schema, as
//! progenitor expects.

use openapi_document::walk;
use serde_json::{Map, Value, json};

use super::{constraints, dialect::keywords::is_annotation};

/// Keywords that describe the type of a value.
const SHAPING: [&str; 9] = [
    "$ref",
    "type",
    "properties",
    "additionalProperties",
    "items",
    "enum",
    "allOf",
    "anyOf",
    "oneOf",
];

/// Normalizes the unions of all schemas.
pub(super) fn normalize(root: &mut Value) {
    walk::schemas_mut(root, &mut |schema, _| {
        if let Value::Object(schema) = schema {
            note_conditions(schema);
            isolate(schema);
        }
    });
}

/// Documents conditions such as `anyOf: [{required: [a]}, {required: [b]}]`, which aren't unions of
/// types.
fn note_conditions(schema: &mut Map<String, Value>) {
    for union in ["anyOf", "oneOf"] {
        let Some(Value::Array(members)) = schema.get(union) else { continue };
        let is_shapeless = |member: &Value| {
            member.as_object().is_some_and(|map| !SHAPING.iter().any(|key| map.contains_key(*key)))
        };
        let is_condition = |member: &Value| is_shapeless(member) && *member != json!({});
        if !members.is_empty() && members.iter().all(is_condition) {
            let note = format!("must satisfy {union} of `{}`", Value::Array(members.clone()));
            schema.shift_remove(union);
            constraints::note(schema, &note);
        }
    }
}

/// Moves a union and keywords next to it that also describe the value into `allOf`.
fn isolate(schema: &mut Map<String, Value>) {
    let unions: Vec<_> =
        ["oneOf", "anyOf", "allOf"].into_iter().filter(|key| schema.contains_key(*key)).collect();
    if unions.is_empty() {
        return;
    }
    let has_properties = ["properties", "additionalProperties", "required"]
        .iter()
        .any(|key| schema.contains_key(*key));
    if !has_properties {
        // The members have types.
        schema.shift_remove("type");
    }
    if unions == ["allOf"] || (unions.len() == 1 && !has_properties) {
        return;
    }
    let own: Map<_, _> = std::mem::take(schema);
    let mut members = Vec::new();
    let mut object = Map::new();
    for (key, value) in own {
        match key.as_str() {
            "allOf" => members.extend(value.as_array().cloned().unwrap_or_default()),
            "oneOf" | "anyOf" => members.push(json!({ key: value })),
            "discriminator" => {
                object.insert(key, value);
            }
            key if is_annotation(key) || key == "nullable" => {
                schema.insert(key.into(), value);
            }
            _ => {
                object.insert(key, value);
            }
        }
    }
    if let Some(discriminator) = object.shift_remove("discriminator")
        && let Some(union) = members.iter_mut().find(|member| member.get("oneOf").is_some())
    {
        union["discriminator"] = discriminator;
    }
    if !object.is_empty() {
        members.push(Value::Object(object));
    }
    schema.insert("allOf".into(), Value::Array(members));
}
