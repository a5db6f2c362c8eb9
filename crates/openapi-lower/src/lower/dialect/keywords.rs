//! Keywords by what they do to a schema.

use serde_json::{Value, json};

/// Keys that describe a schema and don't change what is valid.
const ANNOTATIONS: [&str; 11] = [
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "examples",
    "externalDocs",
    "xml",
    "$comment",
];

/// Whether `key` says something about a schema without changing what is valid.
pub(crate) fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-")
}

/// Whether nothing is valid: `false`, or what it is lowered to.
pub(super) fn is_never(schema: &Value) -> bool {
    *schema == json!(false) || *schema == json!({ "not": {} })
}
