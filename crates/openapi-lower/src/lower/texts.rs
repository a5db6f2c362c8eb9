//! Values of the wrong type that don't change what a document means: null in place of an absent
//! member, and numbers in place of text, as YAML reads `version: 1.0`.

use openapi_document::{
    Pointer,
    walk::{self, Kind},
};
use serde_json::{Map, Value};

use super::diagnostics::Diagnostics;

/// The members that are text.
const TEXT: [&str; 6] = ["title", "summary", "description", "version", "operationId", "format"];

/// The members of schemas and parameters whose value may be null.
const DATA: [&str; 4] = ["default", "example", "examples", "const"];

/// Removes nulls, and converts numbers and booleans to text, each with a warning.
pub(super) fn normalize(root: &mut Value, diagnostics: &mut Diagnostics) {
    if let Some(Value::Object(info)) = root.get_mut("info") {
        let at = Pointer::from_segments(["info"]);
        normalize_members(info, &|| at.clone(), diagnostics);
    }
    walk::nodes_mut(root, &mut |kind, value, at| {
        let has_fixed_members = matches!(
            kind,
            Kind::Root
                | Kind::Components
                | Kind::PathItem
                | Kind::Operation
                | Kind::Parameter
                | Kind::Header
                | Kind::RequestBody
                | Kind::Response
                | Kind::MediaType
                | Kind::Encoding
                | Kind::Schema
        );
        if let (true, Value::Object(map)) = (has_fixed_members, value) {
            normalize_members(map, &|| at.pointer(), diagnostics);
        }
    });
}

/// Normalizes the members of an object at the pointer that `at` returns.
fn normalize_members(
    map: &mut Map<String, Value>,
    at: &dyn Fn() -> Pointer,
    diagnostics: &mut Diagnostics,
) {
    let is_null = |key: &str, value: &Value| {
        value.is_null() && !DATA.contains(&key) && !key.starts_with("x-")
    };
    let nulls: Vec<String> =
        map.iter().filter(|(key, value)| is_null(key, value)).map(|(key, _)| key.clone()).collect();
    for key in nulls {
        map.shift_remove(&key);
        diagnostics.warn(&at().join(&key), "null is read as if the member were absent");
    }
    for key in TEXT {
        if let Some(value) =
            map.get_mut(key).filter(|value| value.is_number() || value.is_boolean())
        {
            let text = value.to_string();
            let message = format!("{text} is read as text: it has no quotes");
            diagnostics.warn(&at().join(key), message);
            *value = Value::String(text);
        }
    }
}
