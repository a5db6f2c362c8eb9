//! `const` is an `enum` of one value, and a value tells the type that 3.0 wants beside it.

use openapi_document::json_type;
use serde_json::{Map, Value, json};

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

/// A number that is written with a point stays one: what is sent may be written like that, too.
fn type_of(value: &Value) -> &'static str {
    if value.is_f64() { "number" } else { json_type::type_of(value) }
}
