//! Classification of schema keywords.

use serde_json::{Map, Value, json};

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

/// Splits a schema into the keywords that annotate it, `nullable` included, and the others.
pub(super) fn split_annotations(
    schema: Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    schema.into_iter().partition(|(key, _)| is_annotation(key) || key == "nullable")
}
