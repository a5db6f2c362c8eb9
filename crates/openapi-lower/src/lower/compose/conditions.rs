//! Conditions such as `anyOf: [{required: [a]}, {required: [b]}]`, which aren't unions of types.

use serde_json::{Map, Value, json};

use crate::lower::constraints;

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

/// Moves the conditions of a schema to its documentation.
pub(super) fn document(schema: &mut Map<String, Value>) {
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
