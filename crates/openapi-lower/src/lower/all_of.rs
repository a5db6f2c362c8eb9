//! Merges `allOf`: objects become one object, scalars one scalar.
//!
//! `allOf` with a single reference and annotations is left as it is: a wrapper that annotates.

use std::collections::HashSet;

use openapi_document::{
    MAX_DEPTH, Pointer, reference,
    walk::{self, Kind},
};
use serde_json::{Map, Value, json};

use super::{diagnostics::Diagnostics, dialect::keywords::is_annotation, references};

/// Keywords of objects that can be merged.
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

/// Merges the members of every `allOf`. Refuses cycles.
pub(super) fn flatten(root: &mut Value, diagnostics: &mut Diagnostics) {
    if !is_needed(root) {
        return;
    }
    let schemas = references::components_schemas(root).clone();
    for name in schemas.keys() {
        let members = MemberCollector::collect(&reference::reference_to(name), &schemas);
        let Err(error) = members else { continue };
        let at = Pointer::from_segments(["components", "schemas", name]);
        match error {
            CollectError::Cycle => {
                diagnostics.refuse(&at, "`allOf` cycle", "the schema includes itself");
            }
            CollectError::TooDeep => {
                let reason = format!("it includes schemas more than {MAX_DEPTH} levels deep");
                diagnostics.refuse(&at, "`allOf` nested too deeply", reason);
            }
        }
    }
    if !diagnostics.refusals.is_empty() {
        return;
    }
    walk::schemas_mut(root, &mut |schema, _| {
        let Value::Object(map) = schema else { return };
        let Some(Value::Array(members)) = map.get_mut("allOf") else { return };
        // Members with annotations only don't affect the type.
        let annotates = |member: &Value| {
            member.as_object().is_some_and(|map| map.keys().all(|key| is_annotation(key)))
        };
        if members.iter().any(|member| !annotates(member)) {
            members.retain(|member| !annotates(member));
        }
        if is_wrapper(map) {
            return;
        }
        let Ok(members) = MemberCollector::collect(schema, &schemas) else { return };
        if let Some(merged) = merge(&members) {
            let Value::Object(map) = schema else { return };
            map.retain(|key, _| is_annotation(key) || key == "nullable");
            for (key, value) in merged {
                map.entry(key).or_insert(value);
            }
        }
    });
}

/// The depth of component schemas: `components`, `schemas`, the name.
const COMPONENT_DEPTH: usize = 3;

/// Whether any `allOf` is more than a wrapper, or is a component: that may be a cycle.
fn is_needed(root: &Value) -> bool {
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

/// Whether a schema is `allOf` with a single reference, and annotations.
pub(super) fn is_wrapper(schema: &Map<String, Value>) -> bool {
    let single = schema
        .get("allOf")
        .and_then(Value::as_array)
        .is_some_and(|members| members.len() == 1 && members[0].get("$ref").is_some());
    single && schema.keys().all(|key| key == "allOf" || key == "nullable" || is_annotation(key))
}

/// The reason why the members of a schema can't be collected.
enum CollectError {
    Cycle,
    TooDeep,
}

/// Collects the schemas that `allOf` combines, those of referenced components included.
struct MemberCollector<'a> {
    schemas: &'a Map<String, Value>,
    collected: Vec<Map<String, Value>>,
    /// The components between the start and the current schema.
    path: Vec<String>,
    /// The components that were collected: a second time they add nothing.
    done: HashSet<String>,
}

impl<'a> MemberCollector<'a> {
    /// Returns the members, and the schema itself without `allOf`.
    fn collect(
        schema: &Value,
        schemas: &'a Map<String, Value>,
    ) -> Result<Vec<Map<String, Value>>, CollectError> {
        let mut collector =
            Self { schemas, collected: Vec::new(), path: Vec::new(), done: HashSet::new() };
        collector.visit(schema)?;
        Ok(collector.collected)
    }

    /// Adds the members of a schema to `collected`, those of its references first.
    fn visit(&mut self, schema: &Value) -> Result<(), CollectError> {
        if let Some(name) = reference::target(schema) {
            if self.path.contains(&name) {
                return Err(CollectError::Cycle);
            }
            if self.path.len() >= MAX_DEPTH {
                return Err(CollectError::TooDeep);
            }
            let Some(target) = self.schemas.get(&name).filter(|_| !self.done.contains(&name))
            else {
                return Ok(());
            };
            self.path.push(name);
            self.visit(target)?;
            self.done.extend(self.path.pop());
            return Ok(());
        }
        let Value::Object(map) = schema else { return Ok(()) };
        let mut own = map.clone();
        let inherited = own.shift_remove("allOf");
        for member in inherited.as_ref().and_then(Value::as_array).into_iter().flatten() {
            self.visit(member)?;
        }
        if own.keys().any(|key| !is_annotation(key)) {
            self.collected.push(own);
        }
        Ok(())
    }
}

/// Merges members into one object or one scalar; `None` if they are neither.
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

/// Merges objects: all properties, all required names, and the other keywords of the last member.
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
                Some(other) => combine(other, schema),
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
            // `additionalProperties: false` of one member would forbid the properties of the
            // others.
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

/// Combines two schemas of one property: the narrower one, or `allOf` of both.
fn combine(one: &Value, other: &Value) -> Value {
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

/// Merges scalars; `None` if two members have different values for a keyword.
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
