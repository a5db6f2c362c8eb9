//! Resolves every `$ref` except those to component schemas, which progenitor supports.
//!
//! References to path items, parameters, request bodies, responses and headers are replaced by
//! their targets. A referenced schema anywhere else becomes a component, so that it is one type.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use openapi_document::{
    MAX_DEPTH, Pointer, Refusal,
    reference::{schema_name, to_schema},
    walk::{self, Kind, Position},
};
use serde_json::{Map, Value, json};

use super::hints;

/// Resolves the references of a document without dangling ones. Only references to component
/// schemas remain.
pub(crate) fn resolve(root: &mut Value, refusals: &mut Vec<Refusal>) {
    let targets = targets(root);
    // Targets contain further references: path items have parameters, responses have headers. A
    // kind only contains lower ones, so this terminates.
    loop {
        let mut substituted = false;
        walk::nodes_mut(root, &mut |kind, value, at| {
            if kind.is_referable() && kind != Kind::Schema && value.get("$ref").is_some() {
                substitute(&targets, kind, value, at, refusals);
                substituted = true;
            }
        });
        if !substituted {
            break;
        }
    }
    promote_schemas(root, refusals);
    if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
        for unused in ["parameters", "headers", "requestBodies", "responses", "pathItems"] {
            components.shift_remove(unused);
        }
    }
}

/// The targets of all references outside of schemas.
fn targets(root: &Value) -> HashMap<String, Value> {
    let mut targets = HashMap::new();
    walk::nodes(root, &mut |kind, value, _| {
        if kind.is_referable()
            && kind != Kind::Schema
            && let Some(reference) = value.get("$ref").and_then(Value::as_str)
            && !targets.contains_key(reference)
            && let Some(target) =
                Pointer::parse(reference).and_then(|pointer| pointer.resolve(root))
        {
            targets.insert(reference.to_owned(), target.clone());
        }
    });
    targets
}

/// Replaces a reference by its target. Keys next to `$ref` override the target's, as in path items.
fn substitute(
    targets: &HashMap<String, Value>,
    kind: Kind,
    value: &mut Value,
    at: &Position<'_>,
    refusals: &mut Vec<Refusal>,
) {
    for _ in 0..MAX_DEPTH {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return };
        let Some(Value::Object(target)) = targets.get(reference) else {
            let reason = format!("the target is not a {kind:?}");
            let construct = format!("$ref: {reference}");
            refusals.push(Refusal::new(at.pointer(), construct, reason));
            *value = json!({});
            return;
        };
        let mut resolved = target.clone();
        for (key, own) in value.as_object_mut().into_iter().flat_map(std::mem::take) {
            if key != "$ref" {
                resolved.insert(key, own);
            }
        }
        *value = Value::Object(resolved);
    }
    refusals.push(Refusal::new(
        at.pointer(),
        "reference cycle",
        "`$ref` leads back here and never reaches an object",
    ));
    *value = json!({});
}

/// Makes components of inline schemas that are referenced.
fn promote_schemas(root: &mut Value, refusals: &mut Vec<Refusal>) {
    let mut inline = BTreeSet::new();
    walk::nodes(root, &mut |kind, value, _| {
        if kind == Kind::Schema
            && let Some(reference) = value.get("$ref").and_then(Value::as_str)
            && schema_name(reference).is_none()
        {
            inline.insert(reference.to_owned());
        }
    });
    if inline.is_empty() {
        return;
    }
    let mut names = BTreeMap::new();
    for reference in inline {
        let target = Pointer::parse(&reference)
            .and_then(|pointer| pointer.resolve(root).cloned().map(|value| (pointer, value)));
        let Some((pointer, schema @ (Value::Object(_) | Value::Bool(_)))) = target else {
            let reason = "the target is not a schema";
            refusals.push(Refusal::new(Pointer::root(), format!("$ref: {reference}"), reason));
            continue;
        };
        let name = promoted_name(root, &pointer);
        let mut schema = schema;
        if let Value::Object(map) = &mut schema {
            hints::set_origin(map, &pointer);
        }
        components_schemas(root).insert(name.clone(), schema);
        names.insert(reference, name);
    }
    walk::schemas_mut(root, &mut |schema, _| {
        if let Some(Value::String(reference)) = schema.get_mut("$ref")
            && let Some(name) = names.get(reference)
        {
            *reference = to_schema(name);
        }
    });
}

/// Names a component after its location, with a number if needed.
fn promoted_name(root: &Value, pointer: &Pointer) -> String {
    let name = name_of_place(pointer);
    let taken = |name: &str| {
        Pointer::from_segments(["components", "schemas", name]).resolve(root).is_some()
    };
    if !taken(&name) {
        return name;
    }
    (2..).map(|number| format!("{name}{number}")).find(|name| !taken(name)).unwrap_or(name)
}

/// The last two significant segments of a pointer.
pub(super) fn name_of_place(pointer: &Pointer) -> String {
    const STRUCTURE: [&str; 7] =
        ["schema", "schemas", "properties", "$defs", "definitions", "components", "content"];
    let significant =
        pointer.segments().iter().filter(|segment| !STRUCTURE.contains(&segment.as_str()));
    let significant: Vec<_> = significant.map(String::as_str).collect();
    let name = significant[significant.len().saturating_sub(2)..].join(".");
    if name.is_empty() { "Document".to_owned() } else { name }
}

/// `components.schemas`, which is created if it is missing.
pub(crate) fn components_schemas(root: &mut Value) -> &mut Map<String, Value> {
    let components = object(root).entry("components").or_insert_with(|| json!({}));
    object(object(components).entry("schemas").or_insert_with(|| json!({})))
}

/// `value` as an object. Other values are replaced by an empty one.
fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    match value {
        Value::Object(map) => map,
        _ => unreachable!("replaced by an object above"),
    }
}
