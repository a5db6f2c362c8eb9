//! Values of the wrong type that don't change what a document means: null in place of an absent
//! member, and numbers in place of text, as YAML reads `version: 1.0`.

use openapi_document::{
    Pointer,
    walk::{self, Kind},
};
use serde_json::{Map, Value, json};

use super::{diagnostics::Diagnostics, entries};

use crate::collect::Collect;

/// The members that are text.
const TEXT: [&str; 6] = ["title", "summary", "description", "version", "operationId", "format"];

/// The members of schemas and parameters whose value may be null.
const DATA: [&str; 4] = ["default", "example", "examples", "const"];

/// Removes nulls, and converts numbers and booleans to text, each with a warning.
pub(super) fn normalize(root: &mut Value, diagnostics: &mut Diagnostics) {
    normalize_info(root, diagnostics);
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
            entries::check(kind, map, &|| at.pointer(), diagnostics);
        }
    });
}

/// Completes `info`: no client needs it.
fn normalize_info(root: &mut Value, diagnostics: &mut Diagnostics) {
    const TEXTS: [&str; 2] = ["title", "version"];
    let Value::Object(root) = root else { return };
    let at = Pointer::from_segments(["info"]);
    if !root.contains_key("info") {
        diagnostics.warn(&Pointer::root(), "`info` is missing: the API has no title");
    }
    let info = root.entry("info").or_insert_with(|| json!({ "title": "", "version": "" }));
    if info.is_null() {
        diagnostics.warn(&at, "null is read as an empty object");
        *info = json!({ "title": "", "version": "" });
    }
    let Value::Object(info) = info else {
        diagnostics.refuse(&at, info.to_string(), "`info` must be an object");
        return;
    };
    for key in TEXTS.into_iter().filter(|key| !info.contains_key(*key)) {
        diagnostics.warn(&at, format!("`{key}` is missing: it is read as an empty text"));
    }
    normalize_members(info, &|| at.clone(), diagnostics);
    for key in TEXTS {
        let text = info.entry(key).or_insert_with(|| json!(""));
        if !text.is_string() {
            diagnostics.warn(&at.join(key), "ignored: it must be a text");
            *text = json!("");
        }
    }
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
    let nulls: Vec<String> = map
        .iter()
        .filter(|(key, value)| is_null(key, value))
        .map(|(key, _)| key.clone())
        .collect_vec();
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
