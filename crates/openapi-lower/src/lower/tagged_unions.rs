//! Tagged unions: the value of one property, the tag, determines the member (OpenAPI 3.1, section
//! 4.8.25).
//!
//! The value for a member is its entry in the discriminator's mapping, else the values that the
//! member allows for the tag, else the name of its schema. A union without a discriminator is
//! tagged too if every member requires the same property with a different constant value.

use std::{collections::HashSet, rc::Rc};

use openapi_document::{Pointer, reference};
use serde_json::{Map, Value};

use super::{
    diagnostics::Diagnostics,
    hints::NARROWED,
    names::variant_name,
    published::PublishedNames,
    schema::{required, text},
};
use crate::{
    collect::Collect,
    ir::{TagSource, TagType, TaggedUnion, TypeIndex, TypeName, Variant},
    json,
    markdown::code,
    text_map::TextMap,
};

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
    let mut known = KnownTags::default();
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
            warn_of_mapping(name, schema, schemas, &mut known, &index.pointer(name), diagnostics);
        }
        union
    });
    unions.collect_vec()
}

/// Warns of entries of the mapping that the schemas contradict.
fn warn_of_mapping(
    name: &str,
    schema: &Value,
    schemas: &Map<String, Value>,
    known: &mut KnownTags,
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
        } else if let Some(TagValues::Listed(_, values)) =
            known.of_component(&target, tag, schemas, 0).as_deref()
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
    known: &mut KnownTags,
    index: &TypeIndex<'_>,
    published: PublishedNames<'_>,
) -> Option<TaggedUnion> {
    let members = schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()?;
    let members = members.iter().map(reference::target).collect_some()?;
    let declared = schema.pointer("/discriminator/propertyName").and_then(Value::as_str);
    let tag = match declared {
        Some(tag) => tag.to_owned(),
        None => infer_tag(&members, schemas)?,
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
        match known.of_component(member, &tag, schemas, 0).as_deref() {
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
        let own = match known.of_component(target, &tag, schemas, 0).as_deref() {
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

/// The value of a required property that allows a single one, as text.
pub(super) fn single_value(
    schema: &Value,
    tag: &str,
    schemas: &Map<String, Value>,
) -> Option<String> {
    if !required(schema).any(|name| name == tag) {
        return None;
    }
    match KnownTags::default().of_schema(schema, tag, schemas, 0) {
        TagValues::Listed(_, mut values) if values.len() == 1 => values.pop(),
        _ => None,
    }
}

/// The property by which payloads are told apart, which each requires with values of its own: its
/// name, the JSON type of the values, and those of each payload.
pub(super) fn distinguishing_tag(
    payloads: &[&Value],
    schemas: &Map<String, Value>,
) -> Option<(String, TagType, Vec<Vec<String>>)> {
    let names = payloads.iter().map(|one| payload_target(one)).collect_some()?;
    let first = leaves(names.first()?, schemas);
    let mut candidates = Vec::new();
    // A constant tells more than one of several values, of which a newer document may have more.
    for is_constant in [true, false] {
        for tag in required(first.first()?) {
            if is_constant || names.len() > 1 {
                candidates.push((is_constant, tag));
            }
        }
    }
    let mut known = KnownTags::default();
    candidates.into_iter().find_map(|(is_constant, tag)| {
        let mut tag_type = None;
        let mut all = HashSet::new();
        let mut listed = Vec::new();
        for name in &names {
            let members = leaves(name, schemas);
            let is_required = |schema: &&Value| required(schema).any(|one| one == tag);
            if members.is_empty() || !members.iter().all(is_required) {
                return None;
            }
            match known.of_component(name, tag, schemas, 0).as_deref() {
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

/// The object of a component, or those of the union that it is; none if another member is in it.
fn leaves<'a>(name: &str, schemas: &'a Map<String, Value>) -> Vec<&'a Value> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut pending = vec![name.to_owned()];
    while let Some(name) = pending.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let Some(schema) = schemas.get(&name) else { return Vec::new() };
        match schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array) {
            None => found.push(schema),
            Some(members) => {
                let targets = members.iter().map(reference::target).collect_some();
                let Some(targets) = targets else { return Vec::new() };
                pending.extend(targets.into_iter().rev());
            }
        }
    }
    found
}

/// The values that a member of a union allows for the tag.
enum TagValues {
    /// These values, as text.
    Listed(TagType, Vec<String>),
    /// Any value of this type, or of an unknown one: the member declares no values.
    Any(Option<TagType>),
    /// Values that can't be a tag.
    NoTag,
    /// Values of which two are equal: the member is a union that doesn't tell its own members
    /// apart.
    Ambiguous,
}

/// The maximum number of values in a warning.
const MAX_LISTED: usize = 4;

/// The depth to which nested unions are examined.
const MAX_NESTING: usize = 8;

/// The values that components allow for tags: by component and tag, for each nesting.
#[derive(Default)]
struct KnownTags(TextMap<String, TextMap<String, KnownValues>>);

/// The values at each nesting, which are few.
type KnownValues = Vec<(usize, Rc<TagValues>)>;

impl KnownTags {
    /// The values that a component allows for the tag; `None` if there is no such component.
    fn of_component(
        &mut self,
        name: &str,
        tag: &str,
        schemas: &Map<String, Value>,
        depth: usize,
    ) -> Option<Rc<TagValues>> {
        let schema = schemas.get(name)?;
        let known = self.0.get(name).and_then(|tags| tags.get(tag));
        let known = known.map_or(&[][..], Vec::as_slice);
        if let Some((_, values)) = known.iter().find(|(nesting, _)| *nesting == depth) {
            return Some(values.clone());
        }
        let values = Rc::new(self.of_schema(schema, tag, schemas, depth));
        let tags = self.0.or_default(name.to_owned());
        tags.or_default(tag.to_owned()).push((depth, values.clone()));
        Some(values)
    }

    /// Collects the values that a schema allows for the tag.
    fn of_schema(
        &mut self,
        schema: &Value,
        tag: &str,
        schemas: &Map<String, Value>,
        depth: usize,
    ) -> TagValues {
        let members = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
        if let Some(members) = members {
            let mut all: Vec<String> = Vec::new();
            let mut tag_type: Option<TagType> = None;
            let mapping = schema.pointer("/discriminator/mapping");
            if schema.pointer("/discriminator/propertyName").and_then(Value::as_str) == Some(tag) {
                for (value, _) in json::members(mapping) {
                    all.push(value.clone());
                }
            }
            // A mapping lists all values.
            let is_mapped = !all.is_empty();
            for member in members {
                let name = reference::target(member).filter(|_| depth < MAX_NESTING);
                let values =
                    name.and_then(|name| self.of_component(&name, tag, schemas, depth + 1));
                let own = match values.as_deref() {
                    Some(TagValues::Listed(own, values)) => {
                        if !is_mapped {
                            all.extend(values.iter().cloned());
                        }
                        Some(*own)
                    }
                    Some(TagValues::Any(own)) if is_mapped => *own,
                    Some(TagValues::NoTag) => return TagValues::NoTag,
                    Some(TagValues::Ambiguous) if !is_mapped => return TagValues::Ambiguous,
                    _ if is_mapped => None,
                    _ => return TagValues::Any(tag_type),
                };
                if own.is_some_and(|own| *tag_type.get_or_insert(own) != own) {
                    return TagValues::NoTag;
                }
            }
            let listed: HashSet<&String> = all.iter().collect_set();
            let is_ambiguous = listed.len() < all.len();
            return match is_ambiguous {
                true => TagValues::Ambiguous,
                false => TagValues::Listed(tag_type.unwrap_or_default(), all),
            };
        }
        let Some(property) = schema.get("properties").and_then(|all| all.get(tag)) else {
            return TagValues::Any(None);
        };
        // The members of an `allOf` narrow each other: the one with the fewest values counts.
        let mut narrowest: Option<&Vec<Value>> = None;
        let mut tag_type = None;
        let mut pending = vec![property];
        let mut seen = 0;
        while let Some(member) = pending.pop() {
            seen += 1;
            if seen > schemas.len() + MAX_NESTING {
                return TagValues::Any(tag_type);
            }
            let target = reference::target(member).and_then(|name| schemas.get(&name));
            let narrowed = member.get(NARROWED);
            let member = target.unwrap_or(member);
            pending.extend(json::items(member.get("allOf")));
            if let Some(kind) = member.get("type") {
                match kind.as_str() {
                    Some("string") => tag_type = Some(TagType::Text),
                    Some("integer") => tag_type = Some(TagType::Integer),
                    Some("boolean") => tag_type = Some(TagType::Boolean),
                    _ => return TagValues::NoTag,
                }
            }
            let listed = [narrowed, member.get("enum"), member.get(NARROWED)];
            let listed = listed.into_iter().flatten().find_map(Value::as_array);
            if let Some(listed) = listed
                && narrowest.is_none_or(|narrowest| listed.len() < narrowest.len())
            {
                narrowest = Some(listed);
            }
        }
        let Some(listed) = narrowest else { return TagValues::Any(tag_type) };
        let tag_type = tag_type.unwrap_or_default();
        let text = |value: &Value| {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            (tag_type.value(&text).as_ref() == Some(value)).then_some(text)
        };
        match listed.iter().map(text).collect_some() {
            Some(texts) => TagValues::Listed(tag_type, texts),
            None => TagValues::NoTag,
        }
    }
}
