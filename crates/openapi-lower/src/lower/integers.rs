//! Integers that only an unsigned type can hold.

use openapi_document::walk;
use serde_json::{Map, Value, json};

/// The first number that is too large for `i64`: 2^63.
const BEYOND_I64: f64 = 9_223_372_036_854_775_808.0;

/// Sets the format `uint64` of integers that are never negative and may be larger than an `i64`.
pub(super) fn choose_formats(root: &mut Value) {
    walk::schemas_mut(root, &mut |schema, _| {
        if let Value::Object(schema) = schema {
            choose_format(schema);
        }
    });
}

/// Sets the format `uint64` if the schema is such an integer.
pub(super) fn choose_format(schema: &mut Map<String, Value>) {
    if is_unsigned(schema) {
        schema.insert("format".into(), json!("uint64"));
    }
}

/// Whether the bounds of an integer exclude negative numbers, and include some beyond `i64`.
fn is_unsigned(schema: &Map<String, Value>) -> bool {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let is_exclusive = |key: &str| schema.get(key) == Some(&json!(true));
    let (Some(minimum), Some(maximum)) = (bound("minimum"), bound("maximum")) else { return false };
    schema.get("type") == Some(&json!("integer"))
        && (minimum >= 0.0 || (minimum >= -1.0 && is_exclusive("exclusiveMinimum")))
        && (maximum > BEYOND_I64 || (maximum == BEYOND_I64 && !is_exclusive("exclusiveMaximum")))
}
