//! Resolves every `$ref` except those to component schemas, which progenitor supports.
//!
//! References to path items, parameters, request bodies, responses and headers are replaced by
//! their targets. A referenced schema anywhere else becomes a component, so that it is one type.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    rc::Rc,
};

use openapi_document::{
    Pointer, Refusal,
    reference::{schema_name, to_schema},
    walk::{self, Kind, Position},
};
use serde_json::{Map, Value, json};

use super::{
    expansion::{Budget, Size, TOO_LARGE},
    hints,
    names::{TakenNames, unique},
};

use crate::{collect::Collect, text_map::TextMap};

/// Resolves the references of a document without dangling ones. Only references to component
/// schemas remain.
pub(crate) fn resolve(root: &mut Value, refusals: &mut Vec<Refusal>) {
    let targets = Targets::new(root);
    let mut budget = Budget::default();
    // Targets contain further references: path items have parameters, responses have headers. A
    // kind only contains lower ones, so this terminates.
    loop {
        let mut substituted = false;
        let Some(paths) = root.get_mut("paths") else { break };
        let at = Position::ROOT;
        walk::nodes_in_mut(Kind::PathItems, paths, &at.key("paths"), &mut |kind, value, at| {
            if let Some(reference) = outer_reference(kind, value) {
                let reference = reference.to_owned();
                let result = targets.substitute(kind, &reference, value, &mut budget);
                substituted = true;
                if let Err(reason) = result {
                    *value = json!({});
                    let construct = format!("$ref: {reference}");
                    refusals.push(Refusal::new(at.pointer(), construct, reason));
                }
            }
        });
        if !substituted {
            break;
        }
    }
    promote_schemas(root, refusals);
    if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
        for unused in
            ["parameters", "headers", "requestBodies", "responses", "mediaTypes", "pathItems"]
        {
            components.shift_remove(unused);
        }
    }
}

/// The reference in place of an object that isn't a schema.
fn outer_reference(kind: Kind, value: &Value) -> Option<&str> {
    let is_outer = kind.is_referable() && kind != Kind::Schema;
    value.get("$ref").filter(|_| is_outer)?.as_str()
}

/// The object that a reference leads to.
#[derive(Clone)]
enum Target {
    Object(Rc<Map<String, Value>>, Size),
    NotAnObject,
    Cycle,
    TooLarge,
}

/// The targets of all references outside of schemas.
struct Targets {
    targets: TextMap<String, Target>,
    /// The copies that may be made for references with siblings.
    budget: Budget,
}

impl Targets {
    fn new(root: &Value) -> Self {
        let mut targets = Self { targets: TextMap::new(), budget: Budget::default() };
        walk::nodes(root, &mut |kind, value, _| {
            if let Some(reference) = outer_reference(kind, value) {
                targets.add(root, reference);
            }
        });
        targets
    }

    /// Adds the final target of a reference, and those of the references on the way to it.
    fn add(&mut self, root: &Value, reference: &str) {
        let mut path: Vec<(String, &Map<String, Value>)> = Vec::new();
        let mut seen = HashSet::new();
        let mut current = reference.to_owned();
        let mut target = loop {
            if let Some(target) = self.targets.get(&current) {
                break target.clone();
            }
            if !seen.insert(current.clone()) {
                break Target::Cycle;
            }
            let pointer = Pointer::parse(&current);
            let Some(Value::Object(map)) = pointer.and_then(|pointer| pointer.resolve(root)) else {
                self.targets.insert(current, Target::NotAnObject);
                break Target::NotAnObject;
            };
            let next = map.get("$ref").and_then(Value::as_str).map(str::to_owned);
            path.push((current, map));
            match next {
                Some(next) => current = next,
                None => {
                    let size = map.values().map(Size::from_value).sum();
                    break Target::Object(Rc::new(map.clone()), size);
                }
            }
        };
        for (reference, map) in path.into_iter().rev() {
            target = target.overridden_by(map, &mut self.budget);
            self.targets.insert(reference, target.clone());
        }
    }

    /// Replaces a reference by its target; `Err` is the reason why there is none.
    fn substitute(
        &self,
        kind: Kind,
        reference: &str,
        value: &mut Value,
        budget: &mut Budget,
    ) -> Result<(), String> {
        match self.targets.get(reference) {
            Some(Target::Object(target, size)) => {
                if !budget.take(*size) {
                    return Err(TOO_LARGE.to_owned());
                }
                let mut resolved = Map::clone(target);
                for (key, own) in value.as_object_mut().into_iter().flat_map(std::mem::take) {
                    if key != "$ref" {
                        resolved.insert(key, own);
                    }
                }
                *value = Value::Object(resolved);
                Ok(())
            }
            Some(Target::Cycle) => {
                Err("`$ref` leads back here and never reaches an object".to_owned())
            }
            Some(Target::TooLarge) => Err(TOO_LARGE.to_owned()),
            Some(Target::NotAnObject) | None => Err(format!("the target is not a {kind:?}")),
        }
    }
}

impl Target {
    /// The target with the keys next to a `$ref` to it, which override its own, as in path items.
    fn overridden_by(self, map: &Map<String, Value>, budget: &mut Budget) -> Self {
        match self {
            Self::Object(_, size)
                if map.contains_key("$ref") && map.len() > 1 && !budget.take(size) =>
            {
                Self::TooLarge
            }
            Self::Object(target, _) if map.contains_key("$ref") && map.len() > 1 => {
                let mut target = Map::clone(&target);
                let own = map.iter().filter(|(key, _)| *key != "$ref");
                target.extend(own.map(|(key, value)| (key.clone(), value.clone())));
                let size = target.values().map(Size::from_value).sum();
                Self::Object(Rc::new(target), size)
            }
            unchanged => unchanged,
        }
    }
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
    let mut taken: TakenNames = components_schemas(root).keys().collect();
    let mut budget = Budget::default();
    for reference in inline {
        let target = Pointer::parse(&reference)
            .and_then(|pointer| pointer.resolve(root).cloned().map(|value| (pointer, value)));
        let Some((pointer, schema @ (Value::Object(_) | Value::Bool(_)))) = target else {
            let reason = "the target is not a schema";
            refusals.push(Refusal::new(Pointer::root(), format!("$ref: {reference}"), reason));
            continue;
        };
        if !budget.take(Size::from_value(&schema)) {
            refusals.push(Refusal::new(Pointer::root(), format!("$ref: {reference}"), TOO_LARGE));
            break;
        }
        let name = unique(&name_of_place(&pointer), &mut taken);
        let mut schema = schema;
        // It may stand where the document has no schemas.
        hints::remove_within(&mut schema);
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

/// The last two significant segments of a pointer.
pub(super) fn name_of_place(pointer: &Pointer) -> String {
    const STRUCTURE: [&str; 7] =
        ["schema", "schemas", "properties", "$defs", "definitions", "components", "content"];
    let significant =
        pointer.segments().iter().filter(|segment| !STRUCTURE.contains(&segment.as_str()));
    let significant = significant.map(String::as_str).collect_vec();
    let name = significant[significant.len().saturating_sub(2)..].join(".");
    if name.is_empty() { "Document".to_owned() } else { name }
}

/// `components.schemas`, which is created if it is missing.
pub(crate) fn components_schemas(root: &mut Value) -> &mut Map<String, Value> {
    components(root, "schemas")
}

/// A section of `components`, which is created if it is missing.
pub(super) fn components<'a>(root: &'a mut Value, section: &str) -> &'a mut Map<String, Value> {
    let components = object(root).entry("components").or_insert_with(|| json!({}));
    object(object(components).entry(section).or_insert_with(|| json!({})))
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
