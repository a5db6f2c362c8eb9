//! An optional array or map is an `Option`: left out and empty are different things to say.
//!
//! typify gives it a plain `Vec` or map that isn't written when empty, so that a PATCH couldn't
//! clear a list, and reads null as an error.

use serde_json::{Map, Value, json};

use super::aliases::has_properties;
use crate::walk;

pub(super) fn optional_containers(root: &mut Value) {
    walk::schemas_mut(root, &mut |schema, _| {
        let required =
            schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let Some(Value::Object(properties)) = schema.get_mut("properties") else { return };
        for (name, property) in properties {
            if let Value::Object(property) = property
                && !required.iter().any(|required| required == name)
                && is_container(property)
            {
                property.insert("nullable".into(), json!(true));
            }
        }
    });
}

fn is_container(schema: &Map<String, Value>) -> bool {
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => true,
        Some("object") => !has_properties(schema),
        _ => false,
    }
}
