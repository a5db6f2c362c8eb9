//! `$ref`: all but those to component schemas are resolved.
//!
//! progenitor knows references to component schemas and follows them. Path items, parameters,
//! request bodies, responses and headers are put in the place of the reference, and a schema that
//! is referred to in any other place becomes a component, so that it stays one type.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use openapi_document::{
    MAX_DEPTH, Pointer, Refusal,
    reference::{schema_name, to_schema},
    walk::{self, At, Kind},
};
use serde_json::{Map, Value, json};

/// Resolves the references of a document in which each leads somewhere; afterwards only component schemas are referred to.
pub(crate) fn resolve(root: &mut Value, refusals: &mut Vec<Refusal>) {
    let targets = targets(root);
    // What is put in place brings references of its own along: a path item its parameters, a
    // response its headers. Each kind holds smaller ones only, so this ends.
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
    adopt_schemas(root, refusals);
    if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
        for unused in ["parameters", "headers", "requestBodies", "responses", "pathItems"] {
            components.shift_remove(unused);
        }
    }
}

/// What is referred to from anywhere but a schema.
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

/// Puts the target in the place of a reference; keys beside `$ref` win, as in a path item.
fn substitute(
    targets: &HashMap<String, Value>,
    kind: Kind,
    value: &mut Value,
    at: &At<'_>,
    refusals: &mut Vec<Refusal>,
) {
    for _ in 0..MAX_DEPTH {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return };
        let Some(Value::Object(target)) = targets.get(reference) else {
            let reason = format!("it should lead to a {kind:?}");
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
    refusals.push(Refusal::new(at.pointer(), "a reference cycle", "it never reaches an object"));
    *value = json!({});
}

/// Makes components of schemas that are referred to where they stand.
fn adopt_schemas(root: &mut Value, refusals: &mut Vec<Refusal>) {
    let mut places = BTreeSet::new();
    walk::nodes(root, &mut |kind, value, _| {
        if kind == Kind::Schema
            && let Some(reference) = value.get("$ref").and_then(Value::as_str)
            && schema_name(reference).is_none()
        {
            places.insert(reference.to_owned());
        }
    });
    if places.is_empty() {
        return;
    }
    let mut names = BTreeMap::new();
    for reference in places {
        let target = Pointer::parse(&reference)
            .and_then(|pointer| pointer.resolve(root).cloned().map(|value| (pointer, value)));
        let Some((pointer, schema @ (Value::Object(_) | Value::Bool(_)))) = target else {
            let reason = "it should lead to a schema";
            refusals.push(Refusal::new(Pointer::root(), format!("$ref: {reference}"), reason));
            continue;
        };
        let name = adopted_name(root, &pointer);
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

/// A key after the place: its last two telling segments, numbered when taken.
fn adopted_name(root: &Value, pointer: &Pointer) -> String {
    const STRUCTURE: [&str; 7] =
        ["schema", "schemas", "properties", "$defs", "definitions", "components", "content"];
    let telling =
        pointer.segments().iter().filter(|segment| !STRUCTURE.contains(&segment.as_str()));
    let telling: Vec<_> = telling.map(String::as_str).collect();
    let name = telling[telling.len().saturating_sub(2)..].join(".");
    let name = if name.is_empty() { "Document".to_owned() } else { name };
    let taken = |name: &str| Pointer::of(["components", "schemas", name]).resolve(root).is_some();
    if !taken(&name) {
        return name;
    }
    (2..).map(|number| format!("{name}{number}")).find(|name| !taken(name)).unwrap_or(name)
}

/// `components.schemas`, made if the document has none.
pub(crate) fn components_schemas(root: &mut Value) -> &mut Map<String, Value> {
    let components = object(root).entry("components").or_insert_with(|| json!({}));
    object(object(components).entry("schemas").or_insert_with(|| json!({})))
}

/// `value` as an object; what isn't one becomes an empty one.
fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    match value {
        Value::Object(map) => map,
        _ => unreachable!("made an object above"),
    }
}
