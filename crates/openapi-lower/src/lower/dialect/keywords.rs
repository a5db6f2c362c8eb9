//! Classification of schema keywords.

use serde_json::{Value, json};

/// Keywords that describe a schema without affecting validation.
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

/// Whether a keyword describes a schema without affecting validation.
pub(crate) fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-")
}

/// Whether a schema accepts no value: `false`, or its lowered form.
pub(super) fn is_never(schema: &Value) -> bool {
    *schema == json!(false) || *schema == json!({ "not": {} })
}
