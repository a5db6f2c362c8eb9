//! Hoists inline schemas that become Rust types into components, named after their location.
//!
//! typify would name inline schemas too, but merges two of them into one type when the names clash.

use std::collections::{HashMap, HashSet};

use openapi_document::{Pointer, media_type::essence, reference, walk::Position};
use serde_json::{Map, Value, json};

use super::{
    aliases::has_properties,
    all_of::is_wrapper,
    names::type_name,
    operations::{DOCUMENT_ID, parameter_pointer},
    published::PublishedNames,
    references,
};
use crate::ir::TypeName;

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
        reserved,
        taken: components.keys().cloned().collect(),
        hoisted: Map::new(),
        types: Vec::new(),
    };
    let mut origins: HashMap<_, _> =
        types.iter().map(|one| (one.rust.as_str(), (&one.pointer, &one.key))).collect();
    let mut named = Value::Object(components);
    for (name, schema) in sorted(Some(&mut named)) {
        if let Some((origin, key)) = origins.remove(name.as_str()) {
            (hoister.origin, hoister.owner) = (origin.clone(), key.clone());
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
    let members = object.and_then(Value::as_object_mut).into_iter().flatten();
    let mut members: Vec<_> = members.collect();
    // The preferred media type is named first.
    members.sort_by_key(|(key, _)| (key.as_str() != "application/json", key.as_str()));
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
    /// Published names, which no other type may take.
    reserved: &'a HashSet<&'a str>,
    taken: HashSet<String>,
    /// The new components.
    hoisted: Map<String, Value>,
    types: Vec<TypeName>,
}

impl Hoister<'_> {
    /// Hoists the schemas of an operation's parameters, body and responses.
    fn hoist_operation(&mut self, operation: &mut Value, at: &Pointer) {
        let base = type_name(operation["operationId"].as_str().unwrap_or_default());
        self.owner = operation[DOCUMENT_ID].as_str().unwrap_or_default().to_owned();
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
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
                self.hoist(schema, &format!("{base}Body"), &Position::ROOT);
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
        if let Some(name) = self.published.get(key)
            && self.taken.insert(name.to_owned())
        {
            return name.to_owned();
        }
        // Published names of other types are reserved.
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let name = std::iter::once(wanted.to_owned())
            .chain(numbered)
            .find(|name| !self.taken.contains(name) && !self.reserved.contains(name.as_str()))
            .unwrap_or_default();
        self.taken.insert(name.clone());
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
            let list = at.key(union);
            let members = map.get_mut(union).and_then(Value::as_array_mut);
            for (index, member) in members.into_iter().flatten().enumerate() {
                self.hoist(member, &format!("{base}Variant{}", index + 1), &list.index(index));
            }
        }
        let list = at.key("allOf");
        let members = map.get_mut("allOf").and_then(Value::as_array_mut);
        for (index, member) in members.into_iter().flatten().enumerate() {
            self.hoist_children(member, base, &list.index(index));
        }
    }
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
    let is_intersection = schema.contains_key("allOf") && !is_wrapper(schema);
    is_union || is_intersection || schema.contains_key("enum") || has_properties(schema)
}
