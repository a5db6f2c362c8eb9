//! Constants: `const` becomes an `enum` of one value, with the `type` that OpenAPI 3.0 requires.

use openapi_document::json_type;
use serde_json::{Map, Value, json};

/// Replaces `const` by `enum`, and adds the `type` of enum values where it is missing.
pub(super) fn lower(schema: &mut Map<String, Value>) {
    if let Some(value) = schema.shift_remove("const") {
        schema.insert("enum".into(), json!([value]));
    }
    if schema.contains_key("type") {
        return;
    }
    let Some(Value::Array(values)) = schema.get("enum") else { return };
    let mut types: Vec<&str> = values.iter().map(type_of).collect();
    types.sort_unstable();
    types.dedup();
    if types == ["integer", "number"] || types == ["integer", "null", "number"] {
        types.retain(|one| *one != "integer");
    }
    let types = match types.as_slice() {
        [] => return,
        [only] => json!(only),
        several => json!(several),
    };
    schema.insert("type".into(), types);
}

/// The JSON type of a value. `1.0` is a number, not an integer: a server may send it like that.
fn type_of(value: &Value) -> &'static str {
    if value.is_f64() { "number" } else { json_type::type_of(value) }
}
