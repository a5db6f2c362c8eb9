//! Hoists inline schemas that become Rust types into components, named after their location.
//!
//! typify would name inline schemas too, but merges two of them into one type when the names clash.

use std::collections::HashSet;

use openapi_document::{Pointer, media_type::essence, reference, walk::Position};
use serde_json::{Map, Value, json};

use super::{
    aliases::has_properties,
    hints::{DOCUMENT_ID, MemberHint},
    names::{TakenNames, type_name, unique},
    operations::parameter_pointer,
    published::PublishedNames,
    received, references,
};
use crate::{
    collect::Collect,
    ir::{TypeIndex, TypeName},
    json,
    order::sort,
};

/// Hoists all inline schemas into components and adds their names to `types`.
pub(super) fn inline_schemas(
    root: &mut Value,
    types: &mut Vec<TypeName>,
    published: PublishedNames<'_>,
    reserved: &HashSet<&str>,
) {
    let components = std::mem::take(references::components_schemas(root));
    let mut hoister = Hoister {
        origin: Pointer::root(),
        owner: String::new(),
        relative: Pointer::root(),
        published,
        given: components.keys().cloned().collect_set(),
        taken: components.keys().map(String::as_str).chain(reserved.iter().copied()).collect(),
        hoisted: Map::new(),
        types: Vec::new(),
    };
    let index = TypeIndex::new(types);
    let mut named = Value::Object(components);
    for (name, schema) in sorted(Some(&mut named)) {
        if let Some(known) = index.get(name) {
            (hoister.origin, hoister.owner) = (known.pointer.clone(), known.key.clone());
        }
        hoister.relative = Pointer::root();
        hoister.hoist_children(schema, name, &Position::ROOT);
    }
    for (path, item) in sorted(root.get_mut("paths")) {
        for (method, operation) in sorted(Some(item)) {
            hoister.hoist_operation(operation, &Pointer::from_segments(["paths", path, method]));
        }
    }
    let schemas = references::components_schemas(root);
    if let Value::Object(named) = named {
        *schemas = named;
    }
    schemas.extend(hoister.hoisted);
    types.extend(hoister.types);
}

/// The members of an object, sorted: numbers in type names must not depend on the order of keys in
/// the document.
fn sorted(object: Option<&mut Value>) -> Vec<(&String, &mut Value)> {
    let members = json::members_mut(object);
    let mut members = members.collect_vec();
    // The preferred media type is named first.
    sort(&mut members, &|(key, _)| ((*key != "application/json").into(), (*key).clone()));
    members
}

/// Moves inline schemas into components.
struct Hoister<'a> {
    /// The pointer to the schema that a [`Position`] is relative to.
    origin: Pointer,
    /// The published key of the enclosing component or operation.
    owner: String,
    /// The pointer from `owner` to the schema at `origin`.
    relative: Pointer,
    published: PublishedNames<'a>,
    /// The names of the types so far.
    given: HashSet<String>,
    /// These names and the published ones, which no other type may take.
    taken: TakenNames,
    /// The new components.
    hoisted: Map<String, Value>,
    types: Vec<TypeName>,
}

impl Hoister<'_> {
    /// Hoists the schemas of an operation's parameters, body and responses.
    fn hoist_operation(&mut self, operation: &mut Value, at: &Pointer) {
        let base = type_name(operation["operationId"].as_str().unwrap_or_default());
        let is_received = at.segments().get(1).is_some_and(|path| received::is_received(path));
        let body = if is_received { "Payload" } else { "Body" };
        self.owner = operation[DOCUMENT_ID].as_str().unwrap_or_default().to_owned();
        for parameter in json::items_mut(operation.get_mut("parameters")) {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            let relative = Pointer::from_segments(["parameters", &name]);
            let name = format!("{base}{}", type_name(&name));
            let at = parameter_pointer(parameter);
            if let Some(schema) = parameter.get_mut("schema") {
                self.origin = at.join("schema");
                self.relative = relative.join("schema");
                self.hoist(schema, &name, &Position::ROOT);
            }
            for (media_type, content) in sorted(parameter.get_mut("content")) {
                let Some(schema) = content.get_mut("schema") else { continue };
                let content = |at: &Pointer| at.join("content").join(media_type).join("schema");
                (self.origin, self.relative) = (content(&at), content(&relative));
                self.hoist(schema, &name, &Position::ROOT);
            }
        }
        for (media_type, content) in sorted(operation.pointer_mut("/requestBody/content")) {
            let Some(schema) = content.get_mut("schema") else { continue };
            self.relative =
                Pointer::from_segments(["requestBody", "content", media_type, "schema"]);
            self.origin = at.join("requestBody").join("content").join(media_type).join("schema");
            if essence(media_type) == "multipart/form-data" {
                // The form itself is not a type: each part has a setter.
                self.hoist_children(schema, &base, &Position::ROOT);
            } else {
                self.hoist(schema, &format!("{base}{body}"), &Position::ROOT);
            }
        }
        for (status, response) in sorted(operation.get_mut("responses")) {
            let name = if status.starts_with('2') {
                format!("{base}Response")
            } else {
                format!("{base}Response{}", type_name(status).trim_start_matches('X'))
            };
            let at = at.join("responses").join(status).join("content");
            for (media_type, content) in sorted(response.get_mut("content")) {
                if let Some(schema) = content.get_mut("schema") {
                    self.origin = at.join(media_type).join("schema");
                    self.relative = Pointer::from_segments([
                        "responses",
                        status,
                        "content",
                        media_type,
                        "schema",
                    ]);
                    self.hoist(schema, &name, &Position::ROOT);
                }
            }
        }
    }

    /// Replaces `schema` by a reference to a new component if it needs a name, and visits its
    /// children.
    fn hoist(&mut self, schema: &mut Value, name: &str, at: &Position<'_>) {
        let Value::Object(map) = schema else { return };
        if !needs_name(map) {
            self.hoist_children(schema, name, at);
            return;
        }
        let key = format!("{}{}", self.owner, at.pointer_from(&self.relative));
        let name = self.choose_name(&key, &type_name(name));
        let mut wrapper = Map::new();
        // The description documents both the use and the type.
        if let Some(description) = map.get("description") {
            wrapper.insert("description".into(), description.clone());
        }
        for key in ["default", "deprecated", "readOnly", "writeOnly", "nullable"] {
            if let Some(value) = map.shift_remove(key) {
                wrapper.insert(key.into(), value);
            }
        }
        let mut component = schema.take();
        // Reserved before the children are visited, so that parents come first.
        self.hoisted.insert(name.clone(), Value::Null);
        self.types.push(TypeName {
            rust: name.clone(),
            component: None,
            pointer: at.pointer_from(&self.origin),
            key,
        });
        self.hoist_children(&mut component, &name, at);
        self.hoisted.insert(name.clone(), component);
        let reference = reference::reference_to(&name);
        *schema = if wrapper.is_empty() {
            reference
        } else {
            wrapper.insert("allOf".into(), json!([reference]));
            Value::Object(wrapper)
        };
    }

    /// The published name of a type, or a new unique name.
    fn choose_name(&mut self, key: &str, wanted: &str) -> String {
        let published = self.published.get(key).filter(|name| !self.given.contains(*name));
        let name = match published {
            Some(name) => {
                self.taken.insert(name.to_owned());
                name.to_owned()
            }
            None => unique(wanted, &mut self.taken),
        };
        self.given.insert(name.clone());
        name
    }

    /// Hoists the schemas inside a schema; `base` is the prefix of their names.
    fn hoist_children(&mut self, schema: &mut Value, base: &str, at: &Position<'_>) {
        let Value::Object(map) = schema else { return };
        let properties = at.key("properties");
        for (key, property) in sorted(map.get_mut("properties")) {
            // Skips the allocation of a name: most properties aren't hoisted.
            if is_leaf(property) {
                continue;
            }
            self.hoist(property, &format!("{base}{}", type_name(key)), &properties.key(key));
        }
        for (key, suffix) in [("items", "Item"), ("additionalProperties", "Value")] {
            if let Some(inner) = map.get_mut(key) {
                self.hoist(inner, &format!("{base}{suffix}"), &at.key(key));
            }
        }
        for union in ["oneOf", "anyOf"] {
            self.hoist_members(map, union, base, &at.key(union));
        }
    }

    /// Hoists the members of a union. Their names end in the value that tells them apart.
    fn hoist_members(
        &mut self,
        union: &mut Map<String, Value>,
        keyword: &str,
        base: &str,
        at: &Position<'_>,
    ) {
        let Some(Value::Array(members)) = union.get_mut(keyword) else { return };
        let constants = distinct_constants(members);
        let mut tags = Vec::new();
        for (index, member) in members.iter_mut().enumerate() {
            let hint = MemberHint::take(member);
            let name = hint.name.or_else(|| constants.as_ref()?.get(index)?.clone());
            let suffix = match name.map(|name| type_name(&name)) {
                Some(name) => name,
                None => format!("Variant{}", index + 1),
            };
            self.hoist(member, &format!("{base}{suffix}"), &at.index(index));
            if let Some(reference) = member.get("$ref") {
                for tag in hint.tags {
                    tags.push((tag, reference.clone()));
                }
            }
        }
        if let (Some(Value::Object(discriminator)), false) =
            (union.get_mut("discriminator"), tags.is_empty())
        {
            let mapping = discriminator.entry("mapping").or_insert_with(|| json!({}));
            if let Value::Object(mapping) = mapping {
                mapping.extend(tags);
            }
        }
    }
}

/// The constants that tell inline members of a union apart, by their positions: of enums with one
/// value, or of a property that has one value in each object.
fn distinct_constants(members: &[Value]) -> Option<Vec<Option<String>>> {
    let constant = |schema: &Value| match schema.get("enum")?.as_array()?.as_slice() {
        [Value::String(value)] => Some(value.clone()),
        _ => None,
    };
    let inline: Vec<&Value> =
        members.iter().filter(|member| member.get("properties").is_some()).collect_vec();
    let properties = json::members(inline.first().and_then(|first| first.get("properties")));
    let mut names = properties.map(|(name, _)| name);
    let tag = names.find(|name| {
        let mut values = HashSet::new();
        inline.iter().all(|member| {
            member["properties"]
                .get(name.as_str())
                .and_then(constant)
                .is_some_and(|value| values.insert(value))
        })
    });
    let constants = members.iter().map(|member| {
        let property = tag.and_then(|tag| member.get("properties")?.get(tag));
        constant(property.unwrap_or(member))
    });
    let constants: Vec<Option<String>> = constants.collect_vec();
    constants.iter().any(Option::is_some).then_some(constants)
}

/// Whether neither a schema nor its children can need a name: a reference or a scalar.
fn is_leaf(schema: &Value) -> bool {
    schema.as_object().is_some_and(|map| {
        !needs_name(map)
            && !["items", "additionalProperties"].iter().any(|key| map.contains_key(*key))
    })
}

/// Whether a schema becomes a named Rust type.
pub(super) fn needs_name(schema: &Map<String, Value>) -> bool {
    let is_union = ["oneOf", "anyOf"].iter().any(|key| schema.contains_key(*key));
    is_union || schema.contains_key("enum") || has_properties(schema)
}
