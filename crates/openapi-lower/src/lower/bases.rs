//! Base schemas: objects with a discriminator that other schemas include by `allOf` (OpenAPI 3.1,
//! section 4.8.25, second example).
//!
//! A value of the base is a value of one of its subtypes, so the base becomes their union.

use std::collections::{BTreeSet, HashMap};

use openapi_document::{Pointer, reference};
use serde_json::{Map, Value, json};

use super::{all_of::is_wrapper, diagnostics::Diagnostics, references};

/// A base schema and the schemas that include it.
#[derive(Debug)]
pub(super) struct BaseSchema {
    name: String,
    subtypes: Vec<String>,
}

/// Finds the base schemas. Must run before `allOf` is merged.
pub(super) fn find(root: &mut Value) -> Vec<BaseSchema> {
    let schemas = references::components_schemas(root);
    let mut included_by: HashMap<String, Vec<usize>> = HashMap::new();
    for (position, schema) in schemas.values().enumerate() {
        let members = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        for member in members.filter_map(reference::target) {
            included_by.entry(member).or_default().push(position);
        }
    }
    let names: Vec<&String> = schemas.keys().collect();
    let mut bases = Vec::new();
    for (name, schema) in schemas.iter() {
        let is_base = schema.get("discriminator").is_some()
            && ["oneOf", "anyOf"].iter().all(|union| schema.get(union).is_none());
        if !is_base {
            continue;
        }
        let mut subtypes = BTreeSet::new();
        let mut pending = vec![name];
        while let Some(included) = pending.pop() {
            for position in included_by.get(included).into_iter().flatten() {
                if subtypes.insert(*position) {
                    pending.push(names[*position]);
                }
            }
        }
        if !subtypes.is_empty() {
            let subtypes = subtypes.into_iter().map(|position| names[position].clone()).collect();
            bases.push(BaseSchema { name: name.clone(), subtypes });
        }
    }
    bases
}

/// The object that a subtype inherits, if it includes another schema and adds nothing.
fn inherited(subtype: &str, schemas: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut schema = schemas.get(subtype)?.as_object()?;
    let mut steps = 0;
    while schema.contains_key("allOf") {
        steps += 1;
        if !is_wrapper(schema) || steps > schemas.len() {
            return None;
        }
        let target = reference::target(schema.get("allOf")?.get(0)?)?;
        schema = schemas.get(&target)?.as_object()?;
    }
    let mut object = schema.clone();
    for own in ["description", "discriminator", "title"] {
        object.shift_remove(own);
    }
    (steps > 0).then_some(object)
}

/// Replaces each base by the union of its subtypes. Must run after `allOf` is merged: the subtypes
/// have the properties of the base then.
pub(super) fn unite(root: &mut Value, bases: Vec<BaseSchema>, diagnostics: &mut Diagnostics) {
    let schemas = references::components_schemas(root);
    for BaseSchema { name, subtypes } in bases {
        for subtype in &subtypes {
            if let Some(object) = inherited(subtype, schemas)
                && let Some(Value::Object(subtype)) = schemas.get_mut(subtype)
            {
                subtype.shift_remove("allOf");
                for (key, value) in object {
                    subtype.entry(key).or_insert(value);
                }
            }
        }
        // A subtype that couldn't be merged still refers to the base, which would contain itself.
        let is_merged = |subtype: &String| {
            schemas.get(subtype).is_some_and(|schema| schema.get("allOf").is_none())
        };
        if !subtypes.iter().all(is_merged) {
            let at = Pointer::from_segments(["components", "schemas", &name]);
            let message = "`discriminator` is ignored: not every schema that includes this one by \
                           `allOf` can be merged into one object";
            diagnostics.warn(&at, message);
            if let Some(Value::Object(base)) = schemas.get_mut(&name) {
                base.shift_remove("discriminator");
            }
            continue;
        }
        let Some(Value::Object(base)) = schemas.get_mut(&name) else { continue };
        let mut discriminator = base.get("discriminator").cloned().unwrap_or_default();
        // A mapping to the base itself would make the union a member of itself.
        if let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") {
            mapping.retain(|_, target| {
                let target = target.as_str().map(reference::mapping_reference);
                target.and_then(|target| reference::schema_name(&target)) != Some(name.clone())
            });
        }
        let members: Vec<Value> =
            subtypes.iter().map(|subtype| reference::reference_to(subtype)).collect();
        base.retain(|key, _| key == "description" || key == "nullable");
        base.insert("oneOf".into(), json!(members));
        base.insert("discriminator".into(), discriminator);
    }
}
