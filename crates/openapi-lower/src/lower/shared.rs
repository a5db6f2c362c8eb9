//! Inline schemas that several places share become components, so that each is one type.

use openapi_document::{Pointer, media_type::essence, reference};
use serde_json::{Map, Value};

use super::{aliases::is_alias, hints, hoist::needs_name, references};
use crate::{collect::Collect, json};

/// The components whose schemas operations share, with a suffix for names that schemas have, too.
const SHARED: [(&str, &str); 3] =
    [("responses", "Response"), ("requestBodies", "Body"), ("parameters", "Parameter")];

/// Makes components of the schemas of shared responses, request bodies and parameters.
pub(super) fn promote_components(root: &mut Value) {
    for (kind, suffix) in SHARED {
        let names: Vec<String> = root
            .pointer(&format!("/components/{kind}"))
            .and_then(Value::as_object)
            .map(|shared| shared.keys().cloned().collect_vec())
            .unwrap_or_default();
        for name in names {
            let at = Pointer::from_segments(["components", kind, &name]);
            for at in schema_pointers(&at, root) {
                let Some(schema) = root.pointer_mut(&at.to_plain()) else { continue };
                if schema.as_object().is_some_and(is_structured) {
                    let schema = schema.take();
                    let component = free_name(root, &name, suffix);
                    let reference = reference::reference_to(&component);
                    add_component(root, component, schema, &at);
                    if let Some(place) = root.pointer_mut(&at.to_plain()) {
                        *place = reference;
                    }
                }
            }
        }
    }
}

/// The pointers to the schemas of a shared component, that of JSON first. A multipart form isn't a
/// type: its parts are.
fn schema_pointers(at: &Pointer, root: &Value) -> Vec<Pointer> {
    let Some(shared) = at.resolve(root) else { return Vec::new() };
    let media_types = json::members(shared.get("content"));
    let mut media_types: Vec<&str> = media_types.map(|(name, _)| name.as_str()).collect_vec();
    media_types.retain(|name| !essence(name).starts_with("multipart/"));
    if let Some(json) = media_types.iter().position(|name| *name == "application/json") {
        media_types[..=json].rotate_right(1);
    }
    let content = at.join("content");
    let mut pointers: Vec<Pointer> =
        media_types.into_iter().map(|name| content.join(name).join("schema")).collect_vec();
    pointers.push(at.join("schema"));
    pointers.retain(|at| at.resolve(root).is_some());
    pointers
}

/// Whether an inline schema, not lowered yet, may become a named type.
fn is_structured(schema: &Map<String, Value>) -> bool {
    !schema.contains_key("$ref")
        && ["properties", "enum", "allOf", "anyOf", "oneOf", "items", "additionalProperties"]
            .iter()
            .any(|key| schema.contains_key(*key))
}

/// Makes components of the inline schemas in lists and maps that are components: these have no type
/// of their own, and are copied to each use.
pub(super) fn promote_items(root: &mut Value) {
    let schemas = references::components_schemas(root);
    let names: Vec<String> = schemas
        .iter()
        .filter(|(_, schema)| schema.as_object().is_some_and(is_alias))
        .map(|(name, _)| name.clone())
        .collect_vec();
    for name in names {
        let mut at = Pointer::from_segments(["components", "schemas", &name]);
        let mut item_name = name;
        while let Some(schema) = root.pointer(&at.to_plain()) {
            let inner = [("items", "Item"), ("additionalProperties", "Value")];
            let inner = inner.into_iter().find(|(key, _)| schema.get(*key).is_some());
            let Some((key, suffix)) = inner else { break };
            at = at.join(key);
            item_name.push_str(suffix);
            let Some(place) = root.pointer_mut(&at.to_plain()) else { break };
            if place.as_object().is_some_and(needs_name) {
                let schema = place.take();
                let component = free_name(root, &item_name, "");
                let reference = reference::reference_to(&component);
                add_component(root, component, schema, &at);
                if let Some(place) = root.pointer_mut(&at.to_plain()) {
                    *place = reference;
                }
                break;
            }
        }
    }
}

/// Adds a component that the document doesn't have.
fn add_component(root: &mut Value, name: String, mut schema: Value, at: &Pointer) {
    if let Value::Object(map) = &mut schema {
        hints::set_origin(map, at);
    }
    references::components_schemas(root).insert(name, schema);
}

/// A name that no schema has: with a suffix, and with a number, if needed.
fn free_name(root: &mut Value, name: &str, suffix: &str) -> String {
    let schemas = references::components_schemas(root);
    let numbered = (2..).map(|number| format!("{name}{suffix}{number}"));
    let mut names = [name.to_owned(), format!("{name}{suffix}")].into_iter().chain(numbered);
    names.find(|name| !schemas.contains_key(name)).unwrap_or_default()
}
