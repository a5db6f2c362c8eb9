//! Keys beside `$ref`: allowed in 3.1, ignored in 3.0, where `allOf` has to say it.

use openapi_document::walk::At;
use serde_json::{Map, Value, json};

use super::keywords::is_annotation;
use crate::lower::context::Context;

pub(super) fn lower(schema: &mut Map<String, Value>, at: &At<'_>, cx: &mut Context) {
    if schema.len() < 2 {
        return;
    }
    let Some(reference) = schema.shift_remove("$ref") else { return };
    if let Some(types) = schema.shift_remove("type") {
        // By the letter an intersection, in which null fails if the target doesn't allow it.
        if allows_null(&types) {
            cx.warn(
                &at.pointer(),
                "`type` with null beside a `$ref` is read as: the reference or null",
            );
            schema.insert("nullable".into(), json!(true));
        }
    }
    let (annotations, rest): (Map<_, _>, Map<_, _>) = std::mem::take(schema)
        .into_iter()
        .partition(|(key, _)| is_annotation(key) || key == "nullable");
    let mut members = vec![json!({ "$ref": reference })];
    if !rest.is_empty() {
        members.push(Value::Object(rest));
    }
    if annotations.is_empty() && members.len() == 1 {
        schema.insert("$ref".into(), reference);
        return;
    }
    *schema = annotations;
    schema.insert("allOf".into(), Value::Array(members));
}

fn allows_null(types: &Value) -> bool {
    match types {
        Value::String(only) => only == "null",
        Value::Array(types) => types.iter().any(|one| one == "null"),
        _ => false,
    }
}
