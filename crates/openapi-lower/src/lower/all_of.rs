//! Merges `allOf`: objects become one object, scalars one scalar.
//!
//! `allOf` with a single reference and annotations is left as it is: a wrapper that annotates.

use std::collections::HashSet;

use openapi_document::{
    reference,
    walk::{self, Kind},
};
use serde_json::{Map, Value, json};

use super::{
    diagnostics::Diagnostics,
    dialect::keywords::is_annotation,
    expansion::{Budget, Size, TOO_LARGE},
    references,
};

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

/// Merges the members of every `allOf`, which has no cycles.
pub(super) fn flatten(root: &mut Value, diagnostics: &mut Diagnostics) {
    if !is_needed(root) {
        return;
    }
    let schemas = references::components_schemas(root).clone();
    let mut budget = Budget::default();
    let mut is_exceeded = false;
    walk::schemas_mut(root, &mut |schema, at| {
        let Value::Object(map) = schema else { return };
        let Some(Value::Array(members)) = map.get_mut("allOf") else { return };
        // Members with annotations only don't affect the type.
        let annotates = |member: &Value| {
            member.as_object().is_some_and(|map| map.keys().all(|key| is_annotation(key)))
        };
        if members.iter().any(|member| !annotates(member)) {
            members.retain(|member| !annotates(member));
        }
        if is_wrapper(map) || is_exceeded {
            return;
        }
        let members = MemberCollector::collect(schema, &schemas);
        let size = |member: &Map<String, Value>| member.values().map(Size::of).sum::<Size>();
        if !budget.take(members.iter().map(size).sum()) {
            is_exceeded = true;
            diagnostics.refuse(&at.pointer(), "copies of shared schemas", TOO_LARGE);
            return;
        }
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

/// Collects the schemas that `allOf` combines, those of referenced components included. These don't
/// include themselves.
struct MemberCollector<'a> {
    schemas: &'a Map<String, Value>,
    collected: Vec<Map<String, Value>>,
    /// The components that were collected: a second time they add nothing.
    done: HashSet<String>,
}

impl<'a> MemberCollector<'a> {
    /// Returns the members, and the schema itself without `allOf`.
    fn collect(schema: &Value, schemas: &'a Map<String, Value>) -> Vec<Map<String, Value>> {
        let mut collector = Self { schemas, collected: Vec::new(), done: HashSet::new() };
        collector.visit(schema);
        collector.collected
    }

    /// Adds the members of a schema to `collected`, those of its references first.
    fn visit(&mut self, schema: &Value) {
        if let Some(name) = reference::target(schema) {
            if let Some(target) = self.schemas.get(&name)
                && self.done.insert(name)
            {
                self.visit(target);
            }
            return;
        }
        let Value::Object(map) = schema else { return };
        let mut own = map.clone();
        let inherited = own.shift_remove("allOf");
        for member in inherited.as_ref().and_then(Value::as_array).into_iter().flatten() {
            self.visit(member);
        }
        if own.keys().any(|key| !is_annotation(key)) {
            self.collected.push(own);
        }
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
    let mut listed = HashSet::new();
    for member in members {
        for (name, schema) in
            member.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            match properties.get_mut(name) {
                Some(other) => combine(other, schema),
                None => drop(properties.insert(name.clone(), schema.clone())),
            }
        }
        for name in member.get("required").and_then(Value::as_array).into_iter().flatten() {
            if listed.insert(name) {
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
fn combine(one: &mut Value, other: &Value) {
    let bare = |schema: &Value| {
        schema.as_object().is_some_and(|map| {
            map.iter()
                .all(|(key, value)| is_annotation(key) || (key == "type" && value != "object"))
        })
    };
    if bare(one) || one == other {
        *one = other.clone();
    } else if !bare(other) {
        let is_all_of = one.as_object().is_some_and(|map| map.len() == 1);
        match one.get_mut("allOf").and_then(Value::as_array_mut).filter(|_| is_all_of) {
            // One list: nested ones would be as deep as there are members.
            Some(members) => members.push(other.clone()),
            None => *one = json!({ "allOf": [one.take(), other] }),
        }
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
