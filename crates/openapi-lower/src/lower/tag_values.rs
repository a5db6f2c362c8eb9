//! The values that components allow for tags.

use std::{collections::HashSet, rc::Rc};

use openapi_document::reference;
use serde_json::{Map, Value};

use super::{hints::NARROWED, schema::required};
use crate::{collect::Collect, ir::TagType, json, text_map::TextMap};

/// The values that a member of a union allows for the tag.
pub(super) enum TagValues {
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

/// The depth to which nested unions are examined.
const MAX_NESTING: usize = 8;

/// The values that components allow for tags, each examined once.
pub(super) struct KnownTags<'a> {
    schemas: &'a Map<String, Value>,
    /// By component and tag, for each nesting.
    values: TextMap<String, TextMap<String, KnownValues>>,
    /// The names in `required`, by component.
    required: TextMap<&'a str, HashSet<&'a str>>,
}

/// The values at each nesting, which are few.
type KnownValues = Vec<(usize, Rc<TagValues>)>;

impl<'a> KnownTags<'a> {
    /// Creates the table of these component schemas.
    pub(super) fn new(schemas: &'a Map<String, Value>) -> Self {
        Self { schemas, values: TextMap::new(), required: TextMap::new() }
    }

    /// The values that a component allows for the tag; `None` if there is no such component.
    pub(super) fn values(&mut self, component: &str, tag: &str) -> Option<Rc<TagValues>> {
        self.nested_values(component, tag, 0)
    }

    /// The value of a required property that allows a single one, as text.
    pub(super) fn single_value(&mut self, component: &str, property: &str) -> Option<String> {
        if !self.requires(component, property) {
            return None;
        }
        match self.values(component, property).as_deref() {
            Some(TagValues::Listed(_, values)) if values.len() == 1 => values.first().cloned(),
            _ => None,
        }
    }

    /// Whether a component has the property in its `required`.
    pub(super) fn requires(&mut self, component: &str, property: &str) -> bool {
        if let Some(required) = self.required.get(component) {
            return required.contains(property);
        }
        let Some((name, schema)) = self.schemas.get_key_value(component) else { return false };
        let names: HashSet<&str> = required(schema).collect_set();
        self.required.or_insert(name, names).contains(property)
    }

    /// The values that a component allows in unions that are nested so deeply.
    fn nested_values(&mut self, name: &str, tag: &str, depth: usize) -> Option<Rc<TagValues>> {
        let schema = self.schemas.get(name)?;
        let known = self.values.get(name).and_then(|tags| tags.get(tag));
        let known = known.map_or(&[][..], Vec::as_slice);
        if let Some((_, values)) = known.iter().find(|(nesting, _)| *nesting == depth) {
            return Some(values.clone());
        }
        let members = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
        let values = Rc::new(match members {
            Some(members) => self.of_union(schema, members, tag, depth),
            None => match schema.get("properties").and_then(|all| all.get(tag)) {
                Some(property) => self.of_property(property),
                None => TagValues::Any(None),
            },
        });
        let tags = self.values.or_default(name.to_owned());
        tags.or_default(tag.to_owned()).push((depth, values.clone()));
        Some(values)
    }

    /// The values that the members of a union allow.
    fn of_union(
        &mut self,
        schema: &Value,
        members: &[Value],
        tag: &str,
        depth: usize,
    ) -> TagValues {
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
            let values = name.and_then(|name| self.nested_values(&name, tag, depth + 1));
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
        let listed: HashSet<&str> = all.iter().map(String::as_str).collect_set();
        match listed.len() < all.len() {
            true => TagValues::Ambiguous,
            false => TagValues::Listed(tag_type.unwrap_or_default(), all),
        }
    }

    /// The values that the schema of a property allows.
    fn of_property(&self, property: &Value) -> TagValues {
        // The members of an `allOf` narrow each other: the one with the fewest values counts.
        let mut narrowest: Option<&Vec<Value>> = None;
        let mut tag_type = None;
        let mut pending = vec![property];
        let mut seen = 0;
        while let Some(member) = pending.pop() {
            seen += 1;
            if seen > self.schemas.len() + MAX_NESTING {
                return TagValues::Any(tag_type);
            }
            let target = reference::target(member).and_then(|name| self.schemas.get(&name));
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
