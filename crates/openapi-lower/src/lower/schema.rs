//! Keywords of a schema: reading them, and removal of `nullable`.

use serde_json::Value;

/// The names in `required`.
pub(crate) fn required(schema: &Value) -> impl Iterator<Item = &str> {
    let names = schema.get("required").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str)
}

/// The string value of a keyword.
pub(crate) fn text(schema: &Value, key: &str) -> Option<String> {
    schema.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// Removes `nullable`: a null body or parameter is omitted instead.
pub(crate) fn not_null(mut schema: Value) -> Value {
    if let Value::Object(map) = &mut schema {
        map.shift_remove("nullable");
    }
    schema
}
