//! Keywords of a schema: reading them, and removal of `nullable`.

use std::collections::HashSet;

use openapi_document::{MAX_DEPTH, Pointer, reference};
use serde_json::Value;

use crate::{collect::Collect, json};

/// The names in `required`.
pub(crate) fn required(schema: &Value) -> impl Iterator<Item = &str> {
    let names = json::items(schema.get("required"));
    names.iter().filter_map(Value::as_str)
}

/// The string value of a keyword.
pub(crate) fn text(schema: &Value, key: &str) -> Option<String> {
    schema.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// The component that a value of a discriminator's mapping stands for.
pub(crate) fn mapped_component(target: &Value) -> Option<String> {
    reference::schema_name(&reference::mapping_reference(target.as_str()?))
}

/// Removes all values that are equal to an earlier one.
pub(crate) fn distinct(values: Vec<Value>) -> Vec<Value> {
    let mut seen = HashSet::new();
    values.into_iter().filter(|value| seen.insert(canonical(value))).collect_vec()
}

/// The canonical text of a value. Values that are equal by JSON Schema (2020-12 core, section
/// 4.2.2) have the same: members in another order, and `1.0` for `1`.
pub(crate) fn canonical(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    write_integers(&mut value);
    value.to_string()
}

/// Writes integers without a decimal point.
fn write_integers(value: &mut Value) {
    match value {
        Value::Number(_) => {
            if let Some(integer) = integer(value) {
                *value = integer.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(write_integers),
        Value::Object(members) => members.values_mut().for_each(write_integers),
        _ => {}
    }
}

/// The value of an integer in the range of `i64`; `1.0` is one too (JSON Schema, section 6.1.1).
pub(super) fn integer(value: &Value) -> Option<i64> {
    let is_integer = |number: &f64| number.fract() == 0.0 && number.abs() < i64::MAX as f64;
    value.as_i64().or_else(|| {
        let number = value.as_f64().filter(|_| value.is_f64()).filter(is_integer)?;
        Some(number as i64)
    })
}

/// Removes `nullable`: a null body or parameter is omitted instead.
pub(crate) fn not_null(mut schema: Value) -> Value {
    if let Value::Object(map) = &mut schema {
        map.shift_remove("nullable");
    }
    schema
}

/// The component that a schema refers to.
pub(super) fn component<'a>(root: &'a Value, schema: &Value) -> Option<&'a Value> {
    let name = reference::target(schema)?;
    Pointer::from_segments(["components", "schemas", &name]).resolve(root)
}

/// Follows references and `allOf` of one member.
pub(super) fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    // A chain of references is bounded by the number of components.
    for _ in 0..MAX_DEPTH {
        let single = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice);
        schema = match (component(root, schema), single) {
            (Some(component), _) => component,
            (None, Some([member])) => member,
            _ => return schema,
        };
    }
    schema
}
