//! The types of JSON Schema (2020-12, section 4.2.1) and tests of values against them.

use serde_json::{Map, Value};

/// The names of all types.
pub const NAMES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

/// The most specific JSON Schema type of a value.
///
/// A number without a fraction is an integer, `5.0` included (JSON Schema Validation 2020-12,
/// section 6.1.1).
pub fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) if has_type(value, "integer") => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether a value has a JSON Schema type. Every integer is a number, too. `false` for a name that
/// isn't a JSON Schema type.
pub fn has_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => {
            value.is_i64()
                || value.is_u64()
                || value.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

/// The types listed in a schema's `type`, a name or an array of names; empty if it is absent.
pub fn declared(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
