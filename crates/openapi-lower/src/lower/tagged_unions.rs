//! Unions whose members are told apart by one property, the tag (OpenAPI 3.1, section 4.8.25).
//!
//! The tag decides: by the discriminator's mapping; without an entry by the one value that a member
//! allows for it; else by the member's name. Unions without a discriminator are tagged too where
//! every member requires the same property with a value of its own.

use std::collections::{HashMap, HashSet};

use openapi_document::reference;
use serde_json::{Map, Value};

use super::{
    context::Context,
    names::variant_name,
    published::Published,
    schema::{required, text},
};
use crate::ir::{TagSource, TaggedUnion, TypeName, Variant};

/// Finds the tagged unions among the components.
pub(super) fn collect(
    root: &Value,
    types: &[TypeName],
    published: Published<'_>,
    cx: &mut Context,
) -> Vec<TaggedUnion> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let documents: HashMap<&str, &TypeName> =
        types.iter().map(|one| (one.rust.as_str(), one)).collect();
    let unions = schemas.iter().filter_map(|(name, schema)| {
        let union = union(name, schema, schemas, &documents, published);
        if union.is_none() && schema.get("discriminator").is_some() && is_union(schema) {
            cx.warn(
                &TypeName::pointer_of(types, name),
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
    published: Published<'_>,
) -> Option<TaggedUnion> {
    let members = schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()?;
    let members: Option<Vec<String>> = members.iter().map(reference::target).collect();
    let members = members?;
    let declared = schema.pointer("/discriminator/propertyName").and_then(Value::as_str);
    let tag = match declared {
        Some(tag) => tag.to_owned(),
        None => common_tag(&members, schemas)?,
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
        match schemas.get(member).map(|member| values(member, &tag, schemas, 0)) {
            Some(Values::Texts(values)) => {
                entries.extend(values.into_iter().map(|value| (value, member.clone())));
            }
            Some(Values::Any) if declared.is_some() => {
                let name = documents.get(member.as_str())?.component.clone()?;
                entries.push((name, member.clone()));
            }
            _ => return None,
        }
    }
    // A tag that isn't text is never equal to an entry.
    let is_text = |target: &String| {
        let target = schemas.get(target).map(|target| values(target, &tag, schemas, 0));
        !matches!(target, Some(Values::Others))
    };
    if !entries.iter().all(|(_, target)| is_text(target)) {
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
    let key = documents.get(name).map_or(name, |one| one.key.as_str());
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
    match values(schema, tag, schemas, 0) {
        Values::Texts(mut values) if values.len() == 1 => values.pop(),
        _ => None,
    }
}

/// What a member allows as its tag.
enum Values {
    /// These texts.
    Texts(Vec<String>),
    /// Any text, as far as it says.
    Any,
    /// What isn't text.
    Others,
}

/// Unions in unions, before their tags aren't looked for any more.
const DEEP: usize = 8;

fn values(schema: &Value, tag: &str, schemas: &Map<String, Value>, depth: usize) -> Values {
    let members = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    if let Some(members) = members {
        let mut all = Vec::new();
        let mapping = schema.pointer("/discriminator/mapping").and_then(Value::as_object);
        if schema.pointer("/discriminator/propertyName").and_then(Value::as_str) == Some(tag) {
            all.extend(mapping.into_iter().flatten().map(|(value, _)| value.clone()));
        }
        // A mapping says it all.
        let unsaid = if all.is_empty() { members.as_slice() } else { &[] };
        for member in unsaid {
            let member = reference::target(member).and_then(|name| schemas.get(&name));
            match member.map(|member| values(member, tag, schemas, depth + 1)) {
                Some(Values::Texts(texts)) if depth < DEEP => all.extend(texts),
                _ => return Values::Any,
            }
        }
        return Values::Texts(all);
    }
    let Some(property) = schema.get("properties").and_then(|all| all.get(tag)) else {
        return Values::Any;
    };
    // Each part of an `allOf` narrows the others; the narrowest says most.
    let mut narrowest: Option<Vec<String>> = None;
    let mut pending = vec![property];
    let mut seen = 0;
    while let Some(part) = pending.pop() {
        seen += 1;
        if seen > schemas.len() + DEEP {
            return Values::Any;
        }
        let target = reference::target(part).and_then(|name| schemas.get(&name));
        let part = target.unwrap_or(part);
        pending.extend(part.get("allOf").and_then(Value::as_array).into_iter().flatten());
        if part.get("type").is_some_and(|kind| kind != "string") {
            return Values::Others;
        }
        let Some(listed) = part.get("enum").and_then(Value::as_array) else { continue };
        let texts: Option<Vec<_>> =
            listed.iter().map(|value| value.as_str().map(str::to_owned)).collect();
        let Some(texts) = texts else { return Values::Others };
        if narrowest.as_ref().is_none_or(|narrowest| texts.len() < narrowest.len()) {
            narrowest = Some(texts);
        }
    }
    narrowest.map_or(Values::Any, Values::Texts)
}
