//! Converts schemas from the dialect of OpenAPI 3.1 to that of 3.0.3.
//!
//! Each module replaces one construct of JSON Schema 2020-12 by its equivalent in OpenAPI 3.0, in
//! every schema, inner schemas first. Keywords without an equivalent that only narrow a type
//! (`not`, `if`, `contains` …) stay: the constraints pass documents them.

mod arrays;
mod bounds;
mod constants;
mod content;
pub(super) mod keywords;
mod nullable;
mod objects;
mod siblings;

use openapi_document::walk::{self, Position};
use serde_json::{Map, Value, json};

use super::diagnostics::Diagnostics;

/// Lowers every schema of a document, and sets its version.
pub(super) fn lower(root: &mut Value, diagnostics: &mut Diagnostics) {
    walk::schemas_mut(root, &mut |schema, at| lower_schema(schema, at, diagnostics));
    root["openapi"] = json!("3.0.3");
}

/// Lowers one schema, whose inner schemas are lowered already.
fn lower_schema(schema: &mut Value, at: &Position<'_>, diagnostics: &mut Diagnostics) {
    match schema {
        Value::Bool(true) => *schema = json!({}),
        Value::Bool(false) => *schema = json!({ "not": {} }),
        // The fast path: most schemas are the same in both versions.
        Value::Object(map) if is_plain(map) => {}
        Value::Object(map) => {
            refuse_dynamic(map, at, diagnostics);
            if let Some(rest) = siblings::lower(map, at, diagnostics) {
                lower_schema(rest, at, diagnostics);
            }
            constants::lower(map, at, diagnostics);
            nullable::lower(map, at, diagnostics);
            bounds::lower(map);
            objects::lower(map, at, diagnostics);
            arrays::lower(map, at, diagnostics);
            content::lower(map);
        }
        _ => {
            diagnostics.refuse(
                &at.pointer(),
                schema.to_string(),
                "a schema must be an object or a boolean",
            );
            *schema = json!({});
        }
    }
}

/// Whether a schema is only a reference, or a scalar type with a format and a description.
fn is_plain(map: &Map<String, Value>) -> bool {
    map.iter().all(|(key, value)| match key.as_str() {
        "$ref" => map.len() == 1,
        "type" => value.as_str().is_some_and(|name| !matches!(name, "array" | "null")),
        "format" | "description" => true,
        _ => false,
    })
}

/// Refuses references whose target depends on the dynamic scope.
fn refuse_dynamic(map: &Map<String, Value>, at: &Position<'_>, diagnostics: &mut Diagnostics) {
    for key in ["$dynamicRef", "$recursiveRef"] {
        if map.contains_key(key) {
            diagnostics.refuse(
                &at.pointer().join(key),
                key,
                "dynamic references are not supported; use `$ref`",
            );
        }
    }
}
