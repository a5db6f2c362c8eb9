//! Unions whose members are told apart by one property, the tag (OpenAPI 3.1, section 4.8.25).
//!
//! The tag decides: by the discriminator's mapping; without an entry by the one value that a member
//! allows for it; else by the member's name. Unions without a discriminator are tagged too where
//! every member requires the same property with a value of its own.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::{context::Context, enums::variant_name, names::unique, objects::required, references};
use crate::{
    kept::{Tag, TypeName, Union, Variant},
    pointer::Pointer,
};

/// Finds the tagged unions among the components.
pub(super) fn collect(root: &Value, types: &[TypeName], cx: &mut Context) -> Vec<Union> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let documents: HashMap<&str, &TypeName> =
        types.iter().map(|one| (one.rust.as_str(), one)).collect();
    let unions = schemas.iter().filter_map(|(name, schema)| {
        let union = union(name, schema, schemas, &documents);
        if union.is_none() && schema.get("discriminator").is_some() && is_union(schema) {
            let at = documents.get(name.as_str()).map(|one| one.pointer.clone());
            cx.warn(
                &at.unwrap_or_else(Pointer::root),
                "the discriminator doesn't tell all members apart: the first that fits is taken"
                    .to_owned(),
            );
        }
        union
    });
    unions.collect()
}

fn is_union(schema: &Value) -> bool {
    schema.get("oneOf").is_some() || schema.get("anyOf").is_some()
}

fn union(
    name: &str,
    schema: &Value,
    schemas: &Map<String, Value>,
    documents: &HashMap<&str, &TypeName>,
) -> Option<Union> {
    let members = schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()?;
    let members: Option<Vec<String>> = members.iter().map(references::target).collect();
    let members = members?;
    let declared = schema.pointer("/discriminator/propertyName").and_then(Value::as_str);
    let tag = match declared {
        Some(tag) => tag.to_owned(),
        None => common_tag(&members, schemas)?,
    };
    let mapping = schema.pointer("/discriminator/mapping").and_then(Value::as_object);
    let mapped = mapping.into_iter().flatten().filter_map(|(value, target)| {
        Some((value.clone(), references::schema_name(target.as_str()?)?))
    });
    let mut entries: Vec<(String, String)> = mapped.collect();
    let targets: HashSet<String> = entries.iter().map(|(_, target)| target.clone()).collect();
    for member in members.iter().filter(|member| !targets.contains(*member)) {
        let own = schemas.get(member).and_then(|member| fixed(member, &tag, schemas));
        let value = match own {
            Some(value) => value,
            None if declared.is_some() => documents.get(member.as_str())?.document.clone()?,
            None => return None,
        };
        entries.push((value, member.clone()));
    }
    let is_object = |target: &String| {
        let schema = schemas.get(target)?;
        Some(schema.get("properties").is_some() || is_union(schema))
    };
    let mut values = HashSet::new();
    if entries.is_empty()
        || !entries.iter().all(|(value, _)| values.insert(value.clone()))
        || !entries.iter().all(|(_, target)| is_object(target) == Some(true))
    {
        return None;
    }
    let mut taken: HashSet<String> = ["Unrecognized".to_owned()].into();
    let variants = entries.into_iter().map(|(value, target)| Variant {
        rust_name: unique(&variant_name(&value), &mut taken),
        value,
        target,
        tag: Tag::Given,
    });
    Some(Union {
        rust: name.to_owned(),
        description: schema.get("description").and_then(Value::as_str).map(str::to_owned),
        tag,
        variants: variants.collect(),
    })
}

/// The property that every member requires with a value that no other member has.
fn common_tag(members: &[String], schemas: &Map<String, Value>) -> Option<String> {
    let first = schemas.get(members.first()?)?;
    let tells_apart = |tag: &&str| {
        let mut values = HashSet::new();
        members.iter().all(|member| {
            let value = schemas.get(member).and_then(|member| fixed(member, tag, schemas));
            value.is_some_and(|value| values.insert(value))
        })
    };
    required(first).find(tells_apart).map(str::to_owned)
}

/// The one value that a schema allows for a property that it requires.
pub(super) fn fixed(schema: &Value, tag: &str, schemas: &Map<String, Value>) -> Option<String> {
    if !required(schema).any(|name| name == tag) {
        return None;
    }
    let property = schema.get("properties")?.get(tag)?;
    let property = property.pointer("/allOf/0").unwrap_or(property);
    let target = references::target(property);
    let property = target.as_ref().map_or(Some(property), |name| schemas.get(name))?;
    match property.get("enum")?.as_array()?.as_slice() {
        [only] => only.as_str().map(str::to_owned),
        _ => None,
    }
}
