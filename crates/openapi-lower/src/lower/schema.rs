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

/// The canonical text of a value: equal values have the same, in whatever order their members are.
pub(crate) fn canonical(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
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
