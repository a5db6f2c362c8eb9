//! `allOf` of objects is one object; of one reference and annotations, a wrapper that stays.

use std::collections::HashSet;

use openapi_document::{
    MAX_DEPTH, Pointer, reference,
    walk::{self, Kind},
};
use serde_json::{Map, Value, json};

use super::{context::Context, dialect::keywords::is_annotation, references};

/// Keys of an object that a merged object keeps.
const OBJECT_KEYS: [&str; 12] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "discriminator",
    "nullable",
    "not",
];

pub(super) fn flatten(root: &mut Value, cx: &mut Context) {
    if !needed(root) {
        return;
    }
    let schemas = references::components_schemas(root).clone();
    for name in schemas.keys() {
        let Err(endless) = Members::of(&reference::reference_to(name), &schemas) else { continue };
        let at = Pointer::of(["components", "schemas", name]);
        match endless {
            Endless::Cycle => cx.refuse(&at, "an `allOf` cycle", "the schema is part of itself"),
            Endless::Deep => {
                let reason = format!("it is made of schemas more than {MAX_DEPTH} deep");
                cx.refuse(&at, "an `allOf` of many levels", reason);
            }
        }
    }
    if !cx.refusals.is_empty() {
        return;
    }
    walk::schemas_mut(root, &mut |schema, _| {
        let Value::Object(map) = schema else { return };
        let Some(Value::Array(members)) = map.get_mut("allOf") else { return };
        // Members that only annotate say nothing about the type.
        let annotates = |member: &Value| {
            member.as_object().is_some_and(|map| map.keys().all(|key| is_annotation(key)))
        };
        if members.iter().any(|member| !annotates(member)) {
            members.retain(|member| !annotates(member));
        }
        if is_wrapper(map) {
            return;
        }
        let Ok(members) = Members::of(schema, &schemas) else { return };
        if let Some(merged) = merge(&members) {
            let Value::Object(map) = schema else { return };
            map.retain(|key, _| is_annotation(key) || key == "nullable");
            for (key, value) in merged {
                map.entry(key).or_insert(value);
            }
        }
    });
}

/// How deep a component schema stands: `components`, `schemas`, its name.
const COMPONENT_DEPTH: usize = 3;

/// Whether any `allOf` is more than a wrapper, or a component is one, which may be a cycle.
fn needed(root: &Value) -> bool {
    let mut needed = false;
    walk::nodes(root, &mut |kind, value, at| {
        if kind == Kind::Schema
            && let Some(schema) = value.as_object().filter(|map| map.contains_key("allOf"))
        {
            needed |= !is_wrapper(schema) || at.depth() == COMPONENT_DEPTH;
        }
    });
    needed
}

/// `allOf` of one reference, with nothing beside it but annotations.
pub(super) fn is_wrapper(schema: &Map<String, Value>) -> bool {
    let single = schema
        .get("allOf")
        .and_then(Value::as_array)
        .is_some_and(|members| members.len() == 1 && members[0].get("$ref").is_some());
    single && schema.keys().all(|key| key == "allOf" || key == "nullable" || is_annotation(key))
}

/// Why the members of a schema aren't gathered.
enum Endless {
    Cycle,
    Deep,
}

/// The schemas that a value satisfies all at once, as they are gathered.
struct Members<'a> {
    schemas: &'a Map<String, Value>,
    found: Vec<Map<String, Value>>,
    /// The components that led here.
    path: Vec<String>,
    /// The components whose members were found: a second time they add nothing.
    done: HashSet<String>,
}

impl<'a> Members<'a> {
    /// The schema itself without `allOf`, and its members.
    fn of(
        schema: &Value,
        schemas: &'a Map<String, Value>,
    ) -> Result<Vec<Map<String, Value>>, Endless> {
        let mut members =
            Self { schemas, found: Vec::new(), path: Vec::new(), done: HashSet::new() };
        members.gather(schema)?;
        Ok(members.found)
    }

    fn gather(&mut self, schema: &Value) -> Result<(), Endless> {
        if let Some(name) = reference::target(schema) {
            if self.path.contains(&name) {
                return Err(Endless::Cycle);
            }
            if self.path.len() >= MAX_DEPTH {
                return Err(Endless::Deep);
            }
            let Some(target) = self.schemas.get(&name).filter(|_| !self.done.contains(&name))
            else {
                return Ok(());
            };
            self.path.push(name);
            self.gather(target)?;
            self.done.extend(self.path.pop());
            return Ok(());
        }
        let Value::Object(map) = schema else { return Ok(()) };
        let mut own = map.clone();
        let inherited = own.shift_remove("allOf");
        for member in inherited.as_ref().and_then(Value::as_array).into_iter().flatten() {
            self.gather(member)?;
        }
        if own.keys().any(|key| !is_annotation(key)) {
            self.found.push(own);
        }
        Ok(())
    }
}

/// One object of all members, or one scalar; `None` where typify has to find out.
fn merge(members: &[Map<String, Value>]) -> Option<Map<String, Value>> {
    let is_object = |member: &Map<String, Value>| {
        member.get("type").is_none_or(|name| name == "object")
            && member.keys().all(|key| OBJECT_KEYS.contains(&key.as_str()) || is_annotation(key))
    };
    let is_scalar = |member: &Map<String, Value>| {
        !["$ref", "properties", "items", "allOf", "anyOf", "oneOf", "additionalProperties"]
            .iter()
            .any(|key| member.contains_key(*key))
    };
    if members.iter().all(is_object) {
        Some(merge_objects(members))
    } else if members.iter().all(is_scalar) {
        merge_scalars(members)
    } else {
        None
    }
}

fn merge_objects(members: &[Map<String, Value>]) -> Map<String, Value> {
    let mut merged = Map::new();
    merged.insert("type".into(), json!("object"));
    let mut properties: Map<String, Value> = Map::new();
    let mut required: Vec<Value> = Vec::new();
    for member in members {
        for (name, schema) in
            member.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            let both = match properties.get(name) {
                Some(other) => narrower(other, schema),
                None => schema.clone(),
            };
            properties.insert(name.clone(), both);
        }
        for name in member.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !required.contains(name) {
                required.push(name.clone());
            }
        }
        for (key, value) in member {
            let is_merged = matches!(
                key.as_str(),
                "type" | "properties" | "required" | "discriminator" | "nullable"
            ) || is_annotation(key);
            // A closed member doesn't know the properties of the others.
            if !is_merged && *value != json!(false) {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
    if !properties.is_empty() {
        merged.insert("properties".into(), Value::Object(properties));
    }
    if !required.is_empty() {
        merged.insert("required".into(), Value::Array(required));
    }
    merged
}

/// What two members say of one property: the same, or one narrows the other.
fn narrower(one: &Value, other: &Value) -> Value {
    let bare = |schema: &Value| {
        schema.as_object().is_some_and(|map| {
            map.iter()
                .all(|(key, value)| is_annotation(key) || (key == "type" && value != "object"))
        })
    };
    if one == other || bare(one) {
        other.clone()
    } else if bare(other) {
        one.clone()
    } else {
        json!({ "allOf": [one, other] })
    }
}

fn merge_scalars(members: &[Map<String, Value>]) -> Option<Map<String, Value>> {
    let mut merged: Map<String, Value> = Map::new();
    for member in members {
        for (key, value) in member {
            if merged.get(key).is_some_and(|other| other != value) && !is_annotation(key) {
                return None;
            }
            merged.insert(key.clone(), value.clone());
        }
    }
    Some(merged)
}
