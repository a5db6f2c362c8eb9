//! Inlines component schemas that have no Rust type of their own.
//!
//! `Common.uuid: {type: string, format: uuid}` is a `Uuid` wherever it is used, not a newtype. The
//! same holds for arrays, maps and references to other components. `nullable` moves from a
//! component to its uses: the type itself is never null, each use is an `Option`.

use std::collections::{HashMap, HashSet};

use openapi_document::{MAX_DEPTH, Pointer, reference, walk};
use serde_json::{Map, Value, json};

use super::{
    diagnostics::Diagnostics, dialect::keywords::is_annotation, enums::enum_type, references,
};

/// Inlines aliases and moves `nullable` from components to their uses. Refuses reference cycles.
pub(super) fn resolve(root: &mut Value, diagnostics: &mut Diagnostics) {
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
        let at = Pointer::from_segments(["components", "schemas", name]);
        match AliasChain::from_aliases(name, &aliases) {
            AliasChain::Finite => continue,
            AliasChain::Cyclic if reference::target(alias).is_some() => {
                diagnostics.refuse(
                    &at,
                    "reference cycle",
                    "`$ref` leads back here and never reaches a schema",
                );
            }
            AliasChain::Cyclic => {}
            AliasChain::TooDeep => {
                let reason = format!("it refers to more than {MAX_DEPTH} schemas in a row");
                diagnostics.refuse(&at, "schema nested too deeply", reason);
            }
        }
        recursive.insert(name.clone());
    }
    let inlined = aliases.into_iter().filter(|(name, _)| !recursive.contains(name)).collect();
    let resolver = AliasResolver { inlined, nullable };
    walk::schemas_mut(root, &mut |schema, _| resolver.resolve(schema));
}

/// Replaces references to components.
struct AliasResolver {
    /// The schemas of components that are inlined.
    inlined: HashMap<String, Value>,
    /// The components whose uses are nullable.
    nullable: HashSet<String>,
}

impl AliasResolver {
    /// Resolves a reference and those inside its target. Terminates, since `inlined` has no cycles.
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

/// Replaces `allOf` with a single inline member by that member; outer annotations win.
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

/// Whether a schema has no named Rust type: a scalar, an array, a map or a reference.
fn is_alias(schema: &Map<String, Value>) -> bool {
    if schema.contains_key("$ref") {
        return true;
    }
    if ["allOf", "anyOf", "oneOf"].iter().any(|key| schema.contains_key(*key)) {
        return false;
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => !has_properties(schema),
        Some(_) => enum_type(schema).is_none(),
        None => !schema.contains_key("enum"),
    }
}

/// Whether a schema declares at least one property.
pub(super) fn has_properties(schema: &Map<String, Value>) -> bool {
    schema.get("properties").and_then(Value::as_object).is_some_and(|map| !map.is_empty())
}

/// The chain of aliases that an alias refers to.
#[derive(PartialEq)]
enum AliasChain {
    /// It ends in schemas that aren't aliases.
    Finite,
    /// It leads back to the alias.
    Cyclic,
    /// It is longer than [`MAX_DEPTH`].
    TooDeep,
}

impl AliasChain {
    fn from_aliases(name: &str, aliases: &HashMap<String, Value>) -> Self {
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
                    return Self::Cyclic;
                }
            }
            if next.is_empty() {
                return Self::Finite;
            }
            level = next;
        }
        Self::TooDeep
    }
}
