//! Inlines component schemas that have no Rust type of their own.
//!
//! `Common.uuid: {type: string, format: uuid}` is a `Uuid` wherever it is used, not a newtype. The
//! same holds for arrays, maps and references to other components. `nullable` moves from a
//! component to its uses: the type itself is never null, each use is an `Option`.

use std::collections::HashSet;

use openapi_document::{
    MAX_DEPTH, Pointer, reference,
    walk::{self, Kind, Position},
};
use serde_json::{Map, Value, json};

use super::{
    diagnostics::Diagnostics,
    dialect::keywords::is_annotation,
    enums::enum_type,
    expansion::{Budget, Size, TOO_LARGE},
    references,
    schema::mapped_component,
    wrapper::is_wrapper,
};
use crate::{collect::Collect, graph, json, text_map::TextMap};

/// Inlines aliases and moves `nullable` from components to their uses. Refuses reference cycles.
pub(super) fn resolve(root: &mut Value, diagnostics: &mut Diagnostics) {
    resolve_all(root, is_alias, diagnostics);
}

/// As [`resolve`], after compositions are resolved: annotated references are aliases, too.
pub(super) fn resolve_composed(root: &mut Value, diagnostics: &mut Diagnostics) {
    resolve_all(root, |schema| is_wrapper(schema) || is_alias(schema), diagnostics);
}

/// Inlines the components for which `is_alias` is true.
fn resolve_all(
    root: &mut Value,
    is_alias: fn(&Map<String, Value>) -> bool,
    diagnostics: &mut Diagnostics,
) {
    let schemas = references::components_schemas(root);
    let targets = final_targets(schemas, diagnostics);
    json::retain(schemas, &mut |name, _| !targets.contains_key(name));
    let mut nullable = HashSet::new();
    for (name, schema) in schemas.iter_mut() {
        let Value::Object(map) = schema else { continue };
        if !is_alias(map) && map.shift_remove("nullable") == Some(json!(true)) {
            nullable.insert(name.clone());
        }
    }
    let inlined = inlined(schemas, &targets, is_alias, diagnostics);
    json::retain(schemas, &mut |name, _| !inlined.contains_key(name));
    let resolver = AliasResolver { targets, inlined, nullable };
    let mut budget = Budget::default();
    let mut is_exceeded = false;
    walk::schemas_mut(root, &mut |schema, at| {
        if is_exceeded {
            return;
        }
        is_exceeded = !budget.take(resolver.size(schema));
        if !is_exceeded {
            resolver.resolve(schema);
        } else {
            diagnostics.refuse(&at.pointer(), "copies of shared schemas", TOO_LARGE);
        }
    });
}

/// The final targets of components that are only references to others. Refuses cycles.
fn final_targets(
    schemas: &Map<String, Value>,
    diagnostics: &mut Diagnostics,
) -> TextMap<String, String> {
    let mut targets: TextMap<String, String> = TextMap::new();
    for start in schemas.keys() {
        let mut path = Vec::new();
        let mut seen = HashSet::new();
        let mut current = start.clone();
        let target = loop {
            if let Some(target) = targets.get(&current) {
                break Some(target.clone());
            }
            let Some(next) = schemas.get(&current).and_then(reference::target) else {
                break Some(current);
            };
            if !seen.insert(current.clone()) {
                break None;
            }
            path.push(std::mem::replace(&mut current, next));
        };
        for name in path {
            // An empty name stands for none: the chain ends in a cycle.
            targets.insert(name, target.clone().unwrap_or_default());
        }
    }
    let mut acyclic = TextMap::new();
    for (name, target) in targets {
        if target.is_empty() {
            let at = Pointer::from_segments(["components", "schemas", &name]);
            let reason = "`$ref` leads back here and never reaches a schema";
            diagnostics.refuse(&at, "reference cycle", reason);
        } else {
            acyclic.insert(name, target);
        }
    }
    acyclic
}

/// A component that is inlined, and its size with those that it refers to inlined.
struct Inlined {
    schema: Value,
    size: Size,
}

/// The components that are inlined: aliases that don't refer to themselves, directly or through
/// others. Refuses those whose copies would be nested too deeply.
fn inlined(
    schemas: &Map<String, Value>,
    targets: &TextMap<String, String>,
    is_alias: fn(&Map<String, Value>) -> bool,
    diagnostics: &mut Diagnostics,
) -> TextMap<String, Inlined> {
    let is_alias = |schema: &Value| schema.as_object().is_some_and(is_alias);
    let aliases: Vec<(&String, &Value)> =
        schemas.iter().filter(|(_, schema)| is_alias(schema)).collect_vec();
    let positions: TextMap<&str, usize> = aliases
        .iter()
        .enumerate()
        .map(|(position, (name, _))| (name.as_str(), position))
        .collect_map();
    // The aliases that each one refers to, and how deeply they are nested in it.
    let mut nested: Vec<Vec<(usize, usize)>> = vec![Vec::new(); aliases.len()];
    let mut depths = vec![0; aliases.len()];
    for (position, (_, schema)) in aliases.iter().enumerate() {
        walk::nodes_in(Kind::Schema, schema, &Position::ROOT, &mut |_, value, at| {
            depths[position] = depths[position].max(at.depth());
            let name = reference::target(value);
            let name = name.map(|name| targets.get(&name).cloned().unwrap_or(name));
            if let Some(other) = name.and_then(|name| positions.get(name.as_str())) {
                nested[position].push((*other, at.depth()));
            }
        });
    }
    let edges: Vec<Vec<usize>> = nested
        .iter()
        .map(|others| others.iter().map(|(other, _)| *other).collect_vec())
        .collect_vec();
    let recursive = graph::on_cycle(&edges);
    let mut sizes = vec![Size::default(); aliases.len()];
    let mut inlined = TextMap::new();
    for position in graph::post_order(&edges) {
        let (name, schema) = aliases[position];
        if recursive[position] {
            depths[position] = 0;
            continue;
        }
        sizes[position] = Size::from_value(schema);
        for (other, depth) in &nested[position] {
            if !recursive[*other] {
                sizes[position] = sizes[position].plus(sizes[*other]);
                depths[position] = depths[position].max(depths[*other] + depth);
            }
        }
        if depths[position] > MAX_DEPTH {
            let at = Pointer::from_segments(["components", "schemas", name]);
            let reason =
                format!("with the schemas that it refers to, it has more than {MAX_DEPTH} levels");
            diagnostics.refuse(&at, "schema nested too deeply", reason);
            continue;
        }
        inlined.insert(name.clone(), Inlined { schema: schema.clone(), size: sizes[position] });
    }
    inlined
}

/// Replaces references to components.
struct AliasResolver {
    /// The final targets of components that are only references.
    targets: TextMap<String, String>,
    inlined: TextMap<String, Inlined>,
    /// The components whose uses are nullable.
    nullable: HashSet<String>,
}

impl AliasResolver {
    /// The component that a schema refers to, and its schema if it is inlined.
    fn target(&self, schema: &Value) -> Option<(String, Option<&Inlined>)> {
        let name = reference::target(schema)?;
        let name = self.targets.get(&name).cloned().unwrap_or(name);
        let inlined = self.inlined.get(&name);
        Some((name, inlined))
    }

    /// The size of the copy that replaces a schema.
    fn size(&self, schema: &Value) -> Size {
        self.target(schema).and_then(|(_, inlined)| inlined).map(|one| one.size).unwrap_or_default()
    }

    /// Resolves a reference and those inside its target. Terminates, since `inlined` has no cycles.
    fn resolve(&self, schema: &mut Value) {
        self.resolve_mapping(schema);
        match self.target(schema) {
            Some((_, Some(alias))) => {
                *schema = alias.schema.clone();
                walk::subschemas_mut(schema, &mut |inner| self.resolve(inner));
            }
            Some((name, None)) => {
                schema["$ref"] = json!(reference::to_schema(&name));
                if self.nullable.contains(&name) {
                    *schema = json!({ "allOf": [schema.take()], "nullable": true });
                }
            }
            None => {}
        }
        unwrap_single(schema);
    }

    /// Resolves the references of a discriminator's mapping.
    fn resolve_mapping(&self, schema: &mut Value) {
        let mapping = schema.pointer_mut("/discriminator/mapping").and_then(Value::as_object_mut);
        for value in mapping.into_iter().flat_map(Map::values_mut) {
            let Some(name) = mapped_component(value) else { continue };
            let target = self.targets.get(&name).unwrap_or(&name);
            // An annotated reference stands for its target.
            let wrapped = self.inlined.get(target).and_then(|one| one.schema.pointer("/allOf/0"));
            let wrapped = wrapped.and_then(reference::target);
            let target = wrapped.as_ref().unwrap_or(target);
            if *target != name {
                *value = json!(reference::to_schema(target));
            }
        }
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
pub(super) fn is_alias(schema: &Map<String, Value>) -> bool {
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
