//! The members of a union and their identities.

use std::collections::{HashMap, HashSet};

use openapi_document::{Pointer, json_type::declared, reference::mapping_reference};
use serde_json::Value;

use crate::{
    component::component_name,
    resolver::Resolver,
    schema_node::{UnionMember, UnionSchema},
    schema_view::SchemaView,
};

/// The maximum number of nested unions that are flattened.
const DEPTH: usize = 8;

/// Reads the members of the union at `union`, which has subschemas at `pointers` in `keyword`.
///
/// With a discriminator, each entry of its mapping is a member, and so is each subschema that no
/// entry refers to, by the name of its component (OpenAPI 3.1, section 4.8.25).
pub(crate) fn read(
    resolver: &Resolver,
    union: &Pointer,
    pointers: &[Pointer],
    keyword: &str,
) -> UnionSchema {
    let discriminator = resolver.value(union).and_then(|union| union.get("discriminator"));
    let property_name = discriminator
        .and_then(|discriminator| discriminator.get("propertyName"))
        .and_then(Value::as_str);
    let mapping = discriminator
        .and_then(|discriminator| discriminator.get("mapping"))
        .and_then(Value::as_object);
    let mapping_pointer = union.join("discriminator").join("mapping");
    let mut members = Vec::new();
    let mut mapped = HashSet::new();
    for (value, target) in mapping.into_iter().flatten() {
        let Some(reference) = target.as_str().map(mapping_reference) else { continue };
        let Some(pointer) = Pointer::parse(&reference) else { continue };
        let pointer = resolver.resolve_schema(&pointer);
        if resolver.value(&pointer).is_some() {
            mapped.insert(pointer.clone());
            let location = mapping_pointer.join(value);
            let view = SchemaView::new(pointer);
            members.push(UnionMember { key: value.clone(), is_duplicate: false, location, view });
        }
    }
    let pointers = match property_name {
        Some(_) => pointers.to_vec(),
        None => pointers.iter().flat_map(|pointer| flatten(resolver, pointer, 0)).collect(),
    };
    for pointer in &pointers {
        let resolved = resolver.resolve_schema(pointer);
        if !mapped.contains(&resolved) {
            let constant = property_name.and_then(|name| constant(resolver, &resolved, name));
            let key = constant.unwrap_or_else(|| identity(resolver, &resolved));
            let (location, view) = (pointer.clone(), SchemaView::new(resolved));
            members.push(UnionMember { key, is_duplicate: false, location, view });
        }
    }
    number_equal_keys(&mut members);
    let list = if mapped.is_empty() { union.join(keyword) } else { mapping_pointer };
    UnionSchema { members, discriminator: property_name.map(str::to_owned), list }
}

/// Numbers equal keys in the order of the members.
fn number_equal_keys(members: &mut [UnionMember]) {
    let mut keys = HashSet::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for member in members {
        if keys.insert(member.key.clone()) {
            continue;
        }
        member.is_duplicate = true;
        let key = std::mem::take(&mut member.key);
        let count = counts.entry(key.clone()).or_insert(1);
        while member.key.is_empty() || !keys.insert(member.key.clone()) {
            *count += 1;
            member.key = format!("{key} ({count})");
        }
    }
}

/// The subschemas of an inline union that has no other keywords; any other schema stays itself.
fn flatten(resolver: &Resolver, pointer: &Pointer, depth: usize) -> Vec<Pointer> {
    let unchanged = || vec![pointer.clone()];
    let resolved = resolver.resolve_schema(pointer);
    let Some(Value::Object(map)) = resolver.value(&resolved) else { return unchanged() };
    let mut keys = map.keys();
    match (keys.next(), keys.next()) {
        (Some(keyword), None)
            if ["anyOf", "oneOf"].contains(&keyword.as_str())
                && component_name(&resolved).is_none()
                && depth < DEPTH =>
        {
            let count = map[keyword].as_array().map_or(0, Vec::len);
            let member = |index| flatten(resolver, &resolved.join(keyword).join(index), depth + 1);
            (0..count).flat_map(member).collect()
        }
        _ => unchanged(),
    }
}

/// The only value that a schema allows for the discriminator property.
fn constant(resolver: &Resolver, pointer: &Pointer, property_name: &str) -> Option<String> {
    let property = resolver.value(pointer)?.get("properties")?.get(property_name)?;
    let value =
        property.get("const").or_else(|| match property.get("enum")?.as_array()?.as_slice() {
            [value] => Some(value),
            _ => None,
        })?;
    value.as_str().map(str::to_owned)
}

/// The name of a component, or the signature of an inline schema.
fn identity(resolver: &Resolver, pointer: &Pointer) -> String {
    component_name(pointer).map_or_else(|| signature(resolver, pointer), str::to_owned)
}

/// The signature of a schema: its type, format, values and the names of its properties.
pub(crate) fn signature(resolver: &Resolver, pointer: &Pointer) -> String {
    let Some(Value::Object(map)) = resolver.value(pointer) else { return "any value".to_owned() };
    let mut parts: Vec<String> = declared(map).iter().map(ToString::to_string).collect();
    parts.extend(map.get("format").and_then(Value::as_str).map(str::to_owned));
    for keyword in ["const", "enum"] {
        parts.extend(map.get(keyword).map(Value::to_string));
    }
    if let Some(properties) = map.get("properties").and_then(Value::as_object) {
        let mut names: Vec<String> = properties
            .iter()
            .map(|(name, property)| {
                let values = property.get("const").or_else(|| property.get("enum"));
                values.map_or_else(|| name.clone(), |values| format!("{name}={values}"))
            })
            .collect();
        names.sort_unstable();
        parts.extend(names);
    }
    if parts.is_empty() { "any value".to_owned() } else { parts.join(" ") }
}
