//! Constants: `const` becomes an `enum` of one value, with the `type` that OpenAPI 3.0 requires.

use openapi_document::{json_type, walk::Position};
use serde_json::{Map, Value, json};

use crate::{collect::Collect, lower::diagnostics::Diagnostics};

/// Replaces `const` by `enum`, and adds the `type` of enum values where it is missing.
pub(super) fn lower(
    schema: &mut Map<String, Value>,
    at: &Position<'_>,
    diagnostics: &mut Diagnostics,
) {
    let keyword = if schema.contains_key("const") { "const" } else { "enum" };
    if let Some(value) = schema.shift_remove("const") {
        schema.insert("enum".into(), json!([value]));
    }
    if schema.contains_key("type") {
        convert_values(schema, &mut |message| {
            diagnostics.warn(&at.pointer().join(keyword), message);
        });
        return;
    }
    let Some(Value::Array(values)) = schema.get("enum") else { return };
    let mut types: Vec<&str> = values.iter().map(type_of).collect_vec();
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

/// Converts values of another type than the declared one, as YAML reads `enum: [1, 2]` of strings
/// without quotes; removes those that can't be.
fn convert_values(schema: &mut Map<String, Value>, warn: &mut dyn FnMut(String)) {
    let types: Vec<String> =
        json_type::declared(schema).into_iter().map(str::to_owned).collect_vec();
    let Some(Value::Array(values)) = schema.get_mut("enum") else { return };
    let is_typed = |value: &Value| types.iter().any(|name| json_type::has_type(value, name));
    values.retain_mut(|value| {
        if value.is_null() || is_typed(value) {
            return true;
        }
        let text = value.to_string();
        let converted = match value {
            Value::Number(_) | Value::Bool(_) => Some(Value::String(text.clone())),
            Value::String(text) => serde_json::from_str(text).ok(),
            _ => None,
        };
        match converted.filter(is_typed) {
            Some(converted) => {
                warn(format!(
                    "{text} is read as {converted}: the type is `{}`",
                    types.join("`, `")
                ));
                *value = converted;
                true
            }
            None => {
                warn(format!("{text} is ignored: the type is `{}`", types.join("`, `")));
                false
            }
        }
    });
    if values.is_empty() {
        schema.shift_remove("enum");
    }
}

/// The JSON type of a value. `1.0` is a number, not an integer: a server may send it like that.
fn type_of(value: &Value) -> &'static str {
    if value.is_f64() { "number" } else { json_type::type_of(value) }
}
