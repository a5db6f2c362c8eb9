//! Integers: those that only an unsigned type can hold, and those that it can't hold.

use openapi_document::walk;
use serde_json::{Map, Value, json};

/// The first number that is too large for `i64`: 2^63.
const BEYOND_I64: f64 = 9_223_372_036_854_775_808.0;

/// Sets the format `uint64` of integers that are never negative and may be larger than an `i64`,
/// and removes the formats without a sign of those that may be negative.
pub(super) fn choose_formats(root: &mut Value) {
    walk::schemas_mut(root, &mut |schema, _| {
        if let Value::Object(schema) = schema {
            choose_format(schema);
        }
    });
}

/// Chooses the format of a schema if it is such an integer.
pub(super) fn choose_format(schema: &mut Map<String, Value>) {
    if schema.get("type") != Some(&json!("integer")) {
        return;
    }
    let is_negative = excludes_negative(schema) == Some(false);
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    if is_beyond_i64(schema) {
        schema.insert("format".into(), json!("uint64"));
    } else if is_negative && format.starts_with("uint") {
        schema.shift_remove("format");
    }
}

/// Whether the minimum of an integer excludes negative numbers; `None` without a minimum.
fn excludes_negative(schema: &Map<String, Value>) -> Option<bool> {
    let minimum = schema.get("minimum")?.as_f64()?;
    let is_exclusive = schema.get("exclusiveMinimum") == Some(&json!(true));
    Some(minimum >= 0.0 || (minimum >= -1.0 && is_exclusive))
}

/// Whether the bounds or the values of an integer exclude negative numbers, and include some beyond
/// `i64`.
fn is_beyond_i64(schema: &Map<String, Value>) -> bool {
    if let Some(Value::Array(values)) = schema.get("enum") {
        return values.iter().all(Value::is_u64) && !values.iter().all(Value::is_i64);
    }
    let Some(maximum) = schema.get("maximum").and_then(Value::as_f64) else { return false };
    let is_exclusive = schema.get("exclusiveMaximum") == Some(&json!(true));
    excludes_negative(schema) == Some(true)
        && (maximum > BEYOND_I64 || (maximum == BEYOND_I64 && !is_exclusive))
}
