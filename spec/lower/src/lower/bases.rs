//! Bases: objects with a discriminator that others include by `allOf` (OpenAPI 3.1, section
//! 4.8.25, the second example). A value of the base is one of those, so the base is their union.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::references;

/// A base and those that include it.
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
    members.into_iter().flatten().filter_map(references::target).any(|member| {
        member == base || seen.insert(member.clone()) && includes(&member, base, schemas, seen)
    })
}

/// Makes each base the union of its heirs, which have its properties by now.
pub(super) fn unite(root: &mut Value, bases: Vec<Base>) {
    let schemas = references::components_schemas(root);
    for Base { name, heirs } in bases {
        let Some(Value::Object(base)) = schemas.get_mut(&name) else { continue };
        let mut discriminator = base.get("discriminator").cloned().unwrap_or_default();
        // An entry for the base itself can't be told from the union.
        if let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") {
            mapping.retain(|_, target| {
                let target = target.as_str().map(references::mapping_reference);
                target.and_then(|target| references::schema_name(&target)) != Some(name.clone())
            });
        }
        let members: Vec<Value> = heirs.iter().map(|heir| references::reference_to(heir)).collect();
        base.retain(|key, _| key == "description" || key == "nullable");
        base.insert("oneOf".into(), json!(members));
        base.insert("discriminator".into(), discriminator);
    }
}
