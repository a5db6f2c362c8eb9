//! Bases: objects with a discriminator that others include by `allOf` (OpenAPI 3.1, section
//! 4.8.25, the second example). A value of the base is one of those, so the base is their union.

use std::collections::HashSet;

use openapi_document::{Pointer, reference};
use serde_json::{Map, Value, json};

use super::{all_of::is_wrapper, context::Context, references};

/// A base and those that include it.
#[derive(Debug)]
pub(super) struct Base {
    name: String,
    heirs: Vec<String>,
}

/// Finds the bases, while `allOf` still says who includes them.
pub(super) fn find(root: &mut Value) -> Vec<Base> {
    let schemas = references::components_schemas(root);
    let mut bases = Vec::new();
    for (name, schema) in schemas.iter() {
        let is_base = schema.get("discriminator").is_some()
            && ["oneOf", "anyOf"].iter().all(|union| schema.get(union).is_none());
        if !is_base {
            continue;
        }
        let heirs: Vec<String> = schemas
            .keys()
            .filter(|other| *other != name && includes(other, name, schemas, &mut HashSet::new()))
            .cloned()
            .collect();
        if !heirs.is_empty() {
            bases.push(Base { name: name.clone(), heirs });
        }
    }
    bases
}

fn includes(
    heir: &str,
    base: &str,
    schemas: &Map<String, Value>,
    seen: &mut HashSet<String>,
) -> bool {
    let members = schemas.get(heir).and_then(|schema| schema.get("allOf")?.as_array());
    members.into_iter().flatten().filter_map(reference::target).any(|member| {
        member == base || seen.insert(member.clone()) && includes(&member, base, schemas, seen)
    })
}

/// What a schema has that only includes another one and adds nothing.
fn inherited(heir: &str, schemas: &Map<String, Value>) -> Option<Map<String, Value>> {
    let mut schema = schemas.get(heir)?.as_object()?;
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

/// Makes each base the union of its heirs, which have its properties by now.
pub(super) fn unite(root: &mut Value, bases: Vec<Base>, cx: &mut Context) {
    let schemas = references::components_schemas(root);
    for Base { name, heirs } in bases {
        for heir in &heirs {
            if let Some(object) = inherited(heir, schemas)
                && let Some(Value::Object(heir)) = schemas.get_mut(heir)
            {
                heir.shift_remove("allOf");
                for (key, value) in object {
                    heir.entry(key).or_insert(value);
                }
            }
        }
        // One that couldn't be merged still holds the base: as a union of it, it would hold itself.
        let merged =
            |heir: &String| schemas.get(heir).is_some_and(|heir| heir.get("allOf").is_none());
        if !heirs.iter().all(merged) {
            let at = Pointer::of(["components", "schemas", &name]);
            cx.warn(&at, "not all that include this base are objects: it is read without them");
            if let Some(Value::Object(base)) = schemas.get_mut(&name) {
                base.shift_remove("discriminator");
            }
            continue;
        }
        let Some(Value::Object(base)) = schemas.get_mut(&name) else { continue };
        let mut discriminator = base.get("discriminator").cloned().unwrap_or_default();
        // An entry for the base itself can't be told from the union.
        if let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") {
            mapping.retain(|_, target| {
                let target = target.as_str().map(reference::mapping_reference);
                target.and_then(|target| reference::schema_name(&target)) != Some(name.clone())
            });
        }
        let members: Vec<Value> = heirs.iter().map(|heir| reference::reference_to(heir)).collect();
        base.retain(|key, _| key == "description" || key == "nullable");
        base.insert("oneOf".into(), json!(members));
        base.insert("discriminator".into(), discriminator);
    }
}
