//! Tagged unions: the value of one property, the tag, determines the member (OpenAPI 3.1, section
//! 4.8.25).
//!
//! The value for a member is its entry in the discriminator's mapping, else the values that the
//! member allows for the tag, else the name of its schema. A union without a discriminator is
//! tagged too if every member requires the same property with a different constant value.

use std::collections::{HashMap, HashSet};

use openapi_document::reference;
use serde_json::{Map, Value};

use super::{
    diagnostics::Diagnostics,
    names::variant_name,
    published::PublishedNames,
    schema::{required, text},
};
use crate::ir::{TagSource, TagType, TaggedUnion, TypeName, Variant};

/// Finds the tagged unions among the components.
pub(super) fn collect(
    root: &Value,
    types: &[TypeName],
    published: PublishedNames<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<TaggedUnion> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let names: HashMap<&str, &TypeName> =
        types.iter().map(|one| (one.rust.as_str(), one)).collect();
    let unions = schemas.iter().filter_map(|(name, schema)| {
        let union = union(name, schema, schemas, &names, published);
        if union.is_none() && schema.get("discriminator").is_some() && is_union(schema) {
            diagnostics.warn(
                &TypeName::pointer_of(types, name),
                "`discriminator` is ignored: it does not distinguish all members; the union is \
                 decoded by the shapes of its members",
            );
        }
        union
    });
    unions.collect()
}

fn is_union(schema: &Value) -> bool {
    schema.get("oneOf").is_some() || schema.get("anyOf").is_some()
}

/// The tagged union of a schema; `None` if it isn't one.
fn union(
    name: &str,
    schema: &Value,
    schemas: &Map<String, Value>,
    type_names: &HashMap<&str, &TypeName>,
    published: PublishedNames<'_>,
) -> Option<TaggedUnion> {
    let members = schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()?;
    let members: Option<Vec<String>> = members.iter().map(reference::target).collect();
    let members = members?;
    let declared = schema.pointer("/discriminator/propertyName").and_then(Value::as_str);
    let tag = match declared {
        Some(tag) => tag.to_owned(),
        None => infer_tag(&members, schemas)?,
    };
    let mapping = schema.pointer("/discriminator/mapping").and_then(Value::as_object);
    let mapped = mapping.into_iter().flatten().filter_map(|(value, target)| {
        Some((value.clone(), reference::schema_name(target.as_str()?)?))
    });
    // A union can't be a member of itself.
    let mapped = mapped.filter(|(_, target)| target != name);
    let mut entries: Vec<(String, String)> = mapped.collect();
    let targets: HashSet<String> = entries.iter().map(|(_, target)| target.clone()).collect();
    for member in members.iter().filter(|member| !targets.contains(*member)) {
        match schemas.get(member).map(|member| tag_values(member, &tag, schemas, 0)) {
            Some(TagValues::Strings(values)) => {
                entries.extend(values.into_iter().map(|value| (value, member.clone())));
            }
            Some(TagValues::Any) if declared.is_some() => {
                let name = type_names.get(member.as_str())?.component.clone()?;
                entries.push((name, member.clone()));
            }
            _ => return None,
        }
    }
    // A tag that isn't a string never equals an entry.
    let is_string = |target: &String| {
        let target = schemas.get(target).map(|target| tag_values(target, &tag, schemas, 0));
        !matches!(target, Some(TagValues::NotStrings))
    };
    if !entries.iter().all(|(_, target)| is_string(target)) {
        return None;
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
    let wanted: Vec<_> =
        entries.iter().map(|(value, _)| (value.clone(), variant_name(value))).collect();
    let key = type_names.get(name).map_or(name, |one| one.key.as_str());
    let names = published.variants(key, &wanted);
    let variants = entries.into_iter().zip(names).map(|((value, target), rust_name)| Variant {
        rust_name,
        value,
        target,
        tag_source: TagSource::Injected,
    });
    Some(TaggedUnion {
        rust: name.to_owned(),
        description: text(schema, "description"),
        tag,
        tag_type: TagType::Text,
        variants: variants.collect(),
    })
}

/// Finds a property that every member requires with a different constant value.
fn infer_tag(members: &[String], schemas: &Map<String, Value>) -> Option<String> {
    let first = schemas.get(members.first()?)?;
    let is_unique = |tag: &&str| {
        let mut values = HashSet::new();
        members.iter().all(|member| {
            let value = schemas.get(member).and_then(|member| single_value(member, tag, schemas));
            value.is_some_and(|value| values.insert(value))
        })
    };
    required(first).find(is_unique).map(str::to_owned)
}

/// The value of a required property that allows a single string.
pub(super) fn single_value(
    schema: &Value,
    tag: &str,
    schemas: &Map<String, Value>,
) -> Option<String> {
    if !required(schema).any(|name| name == tag) {
        return None;
    }
    match tag_values(schema, tag, schemas, 0) {
        TagValues::Strings(mut values) if values.len() == 1 => values.pop(),
        _ => None,
    }
}

/// The values that a member of a union allows for the tag.
enum TagValues {
    /// These strings.
    Strings(Vec<String>),
    /// Any string: the member declares no values.
    Any,
    /// Values that aren't strings.
    NotStrings,
}

/// The depth to which nested unions are examined.
const MAX_NESTING: usize = 8;

/// Collects the values that a schema allows for the tag.
fn tag_values(schema: &Value, tag: &str, schemas: &Map<String, Value>, depth: usize) -> TagValues {
    let members = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    if let Some(members) = members {
        let mut all = Vec::new();
        let mapping = schema.pointer("/discriminator/mapping").and_then(Value::as_object);
        if schema.pointer("/discriminator/propertyName").and_then(Value::as_str) == Some(tag) {
            all.extend(mapping.into_iter().flatten().map(|(value, _)| value.clone()));
        }
        // A mapping lists all values.
        let unmapped = if all.is_empty() { members.as_slice() } else { &[] };
        for member in unmapped {
            let member = reference::target(member).and_then(|name| schemas.get(&name));
            match member.map(|member| tag_values(member, tag, schemas, depth + 1)) {
                Some(TagValues::Strings(strings)) if depth < MAX_NESTING => all.extend(strings),
                _ => return TagValues::Any,
            }
        }
        return TagValues::Strings(all);
    }
    let Some(property) = schema.get("properties").and_then(|all| all.get(tag)) else {
        return TagValues::Any;
    };
    // The members of an `allOf` narrow each other: the one with the fewest values counts.
    let mut narrowest: Option<Vec<String>> = None;
    let mut pending = vec![property];
    let mut seen = 0;
    while let Some(member) = pending.pop() {
        seen += 1;
        if seen > schemas.len() + MAX_NESTING {
            return TagValues::Any;
        }
        let target = reference::target(member).and_then(|name| schemas.get(&name));
        let member = target.unwrap_or(member);
        pending.extend(member.get("allOf").and_then(Value::as_array).into_iter().flatten());
        if member.get("type").is_some_and(|kind| kind != "string") {
            return TagValues::NotStrings;
        }
        let Some(listed) = member.get("enum").and_then(Value::as_array) else { continue };
        let strings: Option<Vec<_>> =
            listed.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        let Some(strings) = strings else { return TagValues::NotStrings };
        if narrowest.as_ref().is_none_or(|narrowest| strings.len() < narrowest.len()) {
            narrowest = Some(strings);
        }
    }
    narrowest.map_or(TagValues::Any, TagValues::Strings)
}
