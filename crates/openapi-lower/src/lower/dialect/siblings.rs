//! Siblings of `$ref`: allowed in OpenAPI 3.1, ignored in 3.0, which needs `allOf` instead.

use openapi_document::walk::Position;
use serde_json::{Map, Value, json};

use super::keywords::split_annotations;
use crate::lower::diagnostics::Diagnostics;

/// Moves a reference with siblings into `allOf`. Returns the schema of those that aren't
/// annotations, which is to be lowered too.
pub(super) fn lower<'s>(
    schema: &'s mut Map<String, Value>,
    at: &Position<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<&'s mut Value> {
    if schema.len() < 2 {
        return None;
    }
    let reference = schema.shift_remove("$ref")?;
    if let Some(types) = schema.shift_remove("type") {
        // Strictly an intersection, which rejects null if the target does.
        if allows_null(&types) {
            diagnostics.warn(&at.pointer(), "null is accepted: `type` next to `$ref` lists null");
            schema.insert("nullable".into(), json!(true));
        }
    }
    let (annotations, rest) = split_annotations(std::mem::take(schema));
    let mut members = vec![json!({ "$ref": reference })];
    if !rest.is_empty() {
        members.push(Value::Object(rest));
    }
    if annotations.is_empty() && members.len() == 1 {
        schema.insert("$ref".into(), reference);
        return None;
    }
    *schema = annotations;
    schema.insert("allOf".into(), Value::Array(members));
    schema.get_mut("allOf")?.get_mut(1)
}

fn allows_null(types: &Value) -> bool {
    match types {
        Value::String(only) => only == "null",
        Value::Array(types) => types.iter().any(|one| one == "null"),
        _ => false,
    }
}
