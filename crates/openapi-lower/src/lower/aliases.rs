//! Components that are no types of their own are put where they are referred to.
//!
//! `Common.uuid: {type: string, format: uuid}` is a `Uuid` wherever it is used, not a newtype; so
//! are arrays, maps and references to other components. A component that may be null is not: its
//! type never is, and each use of it is optional instead.

use std::collections::{HashMap, HashSet};

use openapi_document::{MAX_DEPTH, Pointer, reference, walk};
use serde_json::{Map, Value, json};

use super::{context::Context, dialect::keywords::is_annotation, references};

pub(super) fn resolve(root: &mut Value, cx: &mut Context) {
    let schemas = references::components_schemas(root);
    let mut nullable = HashSet::new();
    for (name, schema) in schemas.iter_mut() {
        let Value::Object(map) = schema else { continue };
        if !is_alias(map) && map.shift_remove("nullable") == Some(json!(true)) {
            nullable.insert(name.clone());
        }
    }
    let aliases: HashMap<String, Value> = schemas
        .iter()
        .filter(|(_, schema)| schema.as_object().is_some_and(is_alias))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    let mut recursive = HashSet::new();
    for (name, alias) in &aliases {
        let at = Pointer::of(["components", "schemas", name]);
        match Reach::of(name, &aliases) {
            Reach::Ends => continue,
            Reach::Itself if reference::target(alias).is_some() => {
                cx.refuse(&at, "a reference cycle", "it never reaches a schema");
            }
            Reach::Itself => {}
            Reach::Far => {
                let reason = format!("it leads through more than {MAX_DEPTH} others");
                cx.refuse(&at, "a schema of many levels", reason);
            }
        }
        recursive.insert(name.clone());
    }
    let inlined = aliases.into_iter().filter(|(name, _)| !recursive.contains(name)).collect();
    let components = Components { inlined, nullable };
    walk::schemas_mut(root, &mut |schema, _| components.resolve(schema));
}

/// What references to components stand for.
struct Components {
    /// Components that are put where they are referred to.
    inlined: HashMap<String, Value>,
    /// Components each use of which may be null.
    nullable: HashSet<String>,
}

impl Components {
    /// Resolves a reference, and those in what it is replaced by; no alias reaches itself.
    fn resolve(&self, schema: &mut Value) {
        if let Some(name) = reference::target(schema) {
            if let Some(alias) = self.inlined.get(&name) {
                *schema = alias.clone();
                walk::subschemas_mut(schema, &mut |inner| self.resolve(inner));
            } else if self.nullable.contains(&name) {
                *schema = json!({ "allOf": [schema.take()], "nullable": true });
            }
        }
        unwrap_single(schema);
    }
}

/// `allOf` of one schema that isn't a reference is that schema; the outer annotations win.
fn unwrap_single(schema: &mut Value) {
    let Value::Object(map) = schema else { return };
    let single = match map.get("allOf") {
        Some(Value::Array(members)) if members.len() == 1 => members[0].clone(),
        _ => return,
    };
    let only_annotated =
        map.keys().all(|key| key == "allOf" || key == "nullable" || is_annotation(key));
    if let Value::Object(member) = single
        && only_annotated
        && !member.contains_key("$ref")
    {
        map.shift_remove("allOf");
        for (key, value) in member {
            map.entry(key).or_insert(value);
        }
    }
}

/// Whether the schema is no type that Rust would name.
fn is_alias(schema: &Map<String, Value>) -> bool {
    if schema.contains_key("$ref") {
        return true;
    }
    if ["allOf", "anyOf", "oneOf"].iter().any(|key| schema.contains_key(*key)) {
        return false;
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => !schema.contains_key("enum"),
        Some("object") => !has_properties(schema),
        Some(_) => true,
        None => !schema.contains_key("enum"),
    }
}

pub(super) fn has_properties(schema: &Map<String, Value>) -> bool {
    schema.get("properties").and_then(Value::as_object).is_some_and(|map| !map.is_empty())
}

/// Where the references of an alias lead.
#[derive(PartialEq)]
enum Reach {
    Ends,
    Itself,
    /// Through more aliases than are put into each other.
    Far,
}

impl Reach {
    fn of(name: &str, aliases: &HashMap<String, Value>) -> Self {
        let mut seen = HashSet::new();
        let mut level = vec![name.to_owned()];
        for _ in 0..MAX_DEPTH {
            let mut next = Vec::new();
            for alias in level.iter().filter_map(|current| aliases.get(current)) {
                let mut found = false;
                walk::subschemas(alias, &mut |schema| {
                    if let Some(target) = reference::target(schema) {
                        found |= target == name;
                        if seen.insert(target.clone()) {
                            next.push(target);
                        }
                    }
                });
                if found {
                    return Self::Itself;
                }
            }
            if next.is_empty() {
                return Self::Ends;
            }
            level = next;
        }
        Self::Far
    }
}
