//! Tagged unions: the value of one property, the tag, determines the member (OpenAPI 3.1, section
//! 4.8.25).
//!
//! The value for a member is its entry in the discriminator's mapping, else the values that the
//! member allows for the tag, else the name of its schema. A union without a discriminator is
//! tagged too if every member requires the same property with a different constant value.

use std::collections::HashSet;

use openapi_document::{Pointer, reference};
use serde_json::{Map, Value};

use super::{
    diagnostics::Diagnostics,
    names::variant_name,
    published::PublishedNames,
    schema::{required, text},
    tag_values::{KnownTags, TagValues},
};
use crate::{
    collect::Collect,
    ir::{TagSource, TagType, TaggedUnion, TypeIndex, TypeName, Variant},
    json,
    markdown::code,
};

/// The maximum number of values in a warning.
const MAX_LISTED: usize = 4;

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
    let index = TypeIndex::new(types);
    let mut known = KnownTags::new(schemas);
    let unions = schemas.iter().filter_map(|(name, schema)| {
        let union = union(name, schema, schemas, &mut known, &index, published);
        if union.is_none() && schema.get("discriminator").is_some() && is_union(schema) {
            diagnostics.warn(
                &index.pointer(name),
                "`discriminator` is ignored: it does not distinguish all members; the union is \
                 decoded by the shapes of its members",
            );
        }
        if union.is_some() {
            warn_of_mapping(name, schema, &mut known, &index.pointer(name), diagnostics);
        }
        union
    });
    unions.collect_vec()
}

/// Warns of entries of the mapping that the schemas contradict.
fn warn_of_mapping(
    name: &str,
    schema: &Value,
    known: &mut KnownTags<'_>,
    pointer: &Pointer,
    diagnostics: &mut Diagnostics,
) {
    let Some(discriminator) = schema.get("discriminator") else { return };
    let tag = discriminator.get("propertyName").and_then(Value::as_str).unwrap_or_default();
    for (value, target) in json::members(discriminator.get("mapping")) {
        let Some(target) = target.as_str().and_then(reference::schema_name) else { continue };
        let at = || pointer.join("discriminator").join("mapping").join(value);
        if target == name {
            diagnostics.warn(&at(), "ignored: a union can't be a member of itself");
        } else if let Some(TagValues::Listed(_, values)) = known.values(&target, tag).as_deref()
            && !values.contains(value)
        {
            let values: Vec<String> =
                values.iter().take(MAX_LISTED).map(|one| code(one)).collect_vec();
            let message = format!(
                "the schema that {} stands for only allows {} for {}; the mapping decides",
                code(value),
                values.join(", "),
                code(tag)
            );
            diagnostics.warn(&at(), message);
        }
    }
}

fn is_union(schema: &Value) -> bool {
    schema.get("oneOf").is_some() || schema.get("anyOf").is_some()
}

/// The tagged union of a schema; `None` if it isn't one.
fn union(
    name: &str,
    schema: &Value,
    schemas: &Map<String, Value>,
    known: &mut KnownTags<'_>,
    index: &TypeIndex<'_>,
    published: PublishedNames<'_>,
) -> Option<TaggedUnion> {
    let members = schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()?;
    let members = members.iter().map(reference::target).collect_some()?;
    let declared = schema.pointer("/discriminator/propertyName").and_then(Value::as_str);
    let tag = match declared {
        Some(tag) => tag.to_owned(),
        None => infer_tag(&members, schemas, known)?,
    };
    let mapping = json::members(schema.pointer("/discriminator/mapping"));
    let mapped = mapping.filter_map(|(value, target)| {
        Some((value.clone(), reference::schema_name(target.as_str()?)?))
    });
    // A union can't be a member of itself.
    let mapped = mapped.filter(|(_, target)| target != name);
    let mut entries: Vec<(String, String)> = mapped.collect_vec();
    let mut tag_type = None;
    let targets: HashSet<String> = entries.iter().map(|(_, target)| target.clone()).collect_set();
    for member in members.iter().filter(|member| !targets.contains(*member)) {
        match known.values(member, &tag).as_deref() {
            Some(TagValues::Listed(_, values)) => {
                for value in values {
                    entries.push((value.clone(), member.clone()));
                }
            }
            Some(TagValues::Any(_)) if declared.is_some() => {
                let name = index.get(member)?.component.clone()?;
                entries.push((name, member.clone()));
            }
            _ => return None,
        }
    }
    for (_, target) in &entries {
        let own = match known.values(target, &tag).as_deref() {
            Some(TagValues::Listed(own, _)) => Some(*own),
            Some(TagValues::Any(own)) => *own,
            Some(TagValues::NoTag) => return None,
            Some(TagValues::Ambiguous) | None => None,
        };
        if own.is_some_and(|own| *tag_type.get_or_insert(own) != own) {
            return None;
        }
    }
    let tag_type = tag_type.unwrap_or_default();
    // A tag of another type never equals an entry.
    if entries.iter().any(|(value, _)| tag_type.value(value).is_none()) {
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
    let wanted: Vec<_> = entries
        .iter()
        .map(|(value, target)| {
            let rust_name = match tag_type {
                TagType::Text => variant_name(value),
                // A number is no name.
                _ => target
                    .strip_prefix(name)
                    .filter(|rest| !rest.is_empty())
                    .unwrap_or(target)
                    .into(),
            };
            (value.clone(), rust_name)
        })
        .collect_vec();
    let key = index.key(name).unwrap_or(name);
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
        tag_type,
        variants: variants.collect_vec(),
    })
}

/// Finds a property that every member requires with a different constant value.
fn infer_tag(
    members: &[String],
    schemas: &Map<String, Value>,
    known: &mut KnownTags<'_>,
) -> Option<String> {
    let first = schemas.get(members.first()?)?;
    let is_unique = |tag: &&str| {
        let mut values = HashSet::new();
        members
            .iter()
            .all(|member| known.single_value(member, tag).is_some_and(|value| values.insert(value)))
    };
    required(first).find(is_unique).map(str::to_owned)
}

/// The property by which payloads are told apart, which each requires with values of its own: its
/// name, the JSON type of the values, and those of each payload.
pub(super) fn distinguishing_tag(
    payloads: &[&Value],
    schemas: &Map<String, Value>,
) -> Option<(String, TagType, Vec<Vec<String>>)> {
    let names = payloads.iter().map(|one| payload_target(one)).collect_some()?;
    let objects = names.iter().map(|name| leaves(name, schemas)).collect_vec();
    let first = schemas.get(*objects.first()?.first()?)?;
    let mut candidates = Vec::new();
    // A constant tells more than one of several values, of which a newer document may have more.
    for is_constant in [true, false] {
        for tag in required(first) {
            if is_constant || names.len() > 1 {
                candidates.push((is_constant, tag));
            }
        }
    }
    let mut known = KnownTags::new(schemas);
    candidates.into_iter().find_map(|(is_constant, tag)| {
        let mut tag_type = None;
        let mut all = HashSet::new();
        let mut listed = Vec::new();
        for (name, objects) in names.iter().zip(&objects) {
            if objects.is_empty() || !objects.iter().all(|object| known.requires(object, tag)) {
                return None;
            }
            match known.values(name, tag).as_deref() {
                Some(TagValues::Listed(own, values))
                    if (!is_constant || values.len() == 1)
                        && *tag_type.get_or_insert(*own) == *own
                        && values.iter().all(|value| all.insert(value.clone())) =>
                {
                    listed.push(values.clone());
                }
                _ => return None,
            }
        }
        Some((tag.to_owned(), tag_type?, listed))
    })
}

/// The component that a payload is.
fn payload_target(payload: &Value) -> Option<String> {
    if payload.get("nullable") == Some(&Value::Bool(true)) {
        return None;
    }
    let member = match payload.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([member]) => member,
        _ => payload,
    };
    reference::target(member)
}

/// The component itself if it is no union, or those of the union that it is; none if another member
/// is in it.
fn leaves<'a>(name: &str, schemas: &'a Map<String, Value>) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut pending = vec![name.to_owned()];
    while let Some(name) = pending.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let Some((name, schema)) = schemas.get_key_value(&name) else { return Vec::new() };
        match schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array) {
            None => found.push(name.as_str()),
            Some(members) => {
                let targets = members.iter().map(reference::target).collect_some();
                let Some(targets) = targets else { return Vec::new() };
                pending.extend(targets.into_iter().rev());
            }
        }
    }
    found
}
