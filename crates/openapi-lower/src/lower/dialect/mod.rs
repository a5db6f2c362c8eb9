//! OpenAPI 3.1 to 3.0.3: the same schemas in the older dialect.
//!
//! Each module turns one construct of JSON Schema 2020-12 into what OpenAPI 3.0 says for it, schema
//! by schema, inner schemas first. What 3.0 has no word for and only narrows a type further (`not`,
//! `if`, `contains` …) is left standing: the constraints pass documents it.

mod arrays;
mod bounds;
mod constants;
mod content;
pub(super) mod keywords;
mod nullable;
mod objects;
mod siblings;

use openapi_document::walk::{self, At};
use serde_json::{Map, Value, json};

use super::context::Context;

/// Lowers every schema of a document and its version.
pub(super) fn lower(root: &mut Value, cx: &mut Context) {
    walk::schemas_mut(root, &mut |schema, at| lower_schema(schema, at, cx));
    root["openapi"] = json!("3.0.3");
}

fn lower_schema(schema: &mut Value, at: &At<'_>, cx: &mut Context) {
    match schema {
        Value::Bool(true) => *schema = json!({}),
        Value::Bool(false) => *schema = json!({ "not": {} }),
        // Most schemas say nothing that 3.0 says otherwise.
        Value::Object(map) if is_plain(map) => {}
        Value::Object(map) => {
            refuse_dynamic(map, at, cx);
            siblings::lower(map, at, cx);
            constants::lower(map);
            nullable::lower(map, at, cx);
            bounds::lower(map);
            objects::lower(map, at, cx);
            arrays::lower(map, at, cx);
            content::lower(map);
        }
        _ => {
            cx.refuse(&at.pointer(), schema.to_string(), "a schema is an object or a boolean");
            *schema = json!({});
        }
    }
}

/// A reference alone, or a scalar type with a format and annotations.
fn is_plain(map: &Map<String, Value>) -> bool {
    map.iter().all(|(key, value)| match key.as_str() {
        "$ref" => map.len() == 1,
        "type" => value.as_str().is_some_and(|name| !matches!(name, "array" | "null")),
        "format" | "description" => true,
        _ => false,
    })
}

fn refuse_dynamic(map: &Map<String, Value>, at: &At<'_>, cx: &mut Context) {
    for key in ["$dynamicRef", "$recursiveRef"] {
        if map.contains_key(key) {
            cx.refuse(
                &at.pointer().join(key),
                key,
                "references that depend on the path taken aren't supported",
            );
        }
    }
}
