//! Every schema that becomes a Rust type is a component, named after the place it stands at.
//!
//! typify would name inline schemas too, but gives two of them one type when the names collide.

use std::collections::{HashMap, HashSet};

use openapi_document::{Pointer, reference, walk::At};
use serde_json::{Map, Value, json};

use super::{
    aliases::has_properties, all_of::is_wrapper, names::type_name, operations::DOCUMENT_ID,
    published::Published, references,
};
use crate::ir::TypeName;

/// Hoists all inline schemas into components and adds their names to `types`.
pub(super) fn inline_schemas(
    root: &mut Value,
    types: &mut Vec<TypeName>,
    published: Published<'_>,
    reserved: &HashSet<&str>,
) {
    let components = std::mem::take(references::components_schemas(root));
    let mut hoist = Hoist {
        origin: Pointer::root(),
        owner: String::new(),
        way: Pointer::root(),
        published,
        reserved,
        taken: components.keys().cloned().collect(),
        made: Map::new(),
        types: Vec::new(),
    };
    let mut origins: HashMap<_, _> =
        types.iter().map(|one| (one.rust.as_str(), (&one.pointer, &one.key))).collect();
    let mut named = Value::Object(components);
    for (name, schema) in sorted(Some(&mut named)) {
        if let Some((origin, key)) = origins.remove(name.as_str()) {
            (hoist.origin, hoist.owner) = (origin.clone(), key.clone());
        }
        hoist.way = Pointer::root();
        hoist.children(schema, name, &At::ROOT);
    }
    for (path, item) in sorted(root.get_mut("paths")) {
        for (method, operation) in sorted(Some(item)) {
            hoist.operation(operation, &Pointer::of(["paths", path, method]));
        }
    }
    let schemas = references::components_schemas(root);
    if let Value::Object(named) = named {
        *schemas = named;
    }
    schemas.extend(hoist.made);
    types.extend(hoist.types);
}

/// The members of an object in an order of their own: which of two types of one name gets the
/// number must not depend on the order of keys in the document.
fn sorted(object: Option<&mut Value>) -> Vec<(&String, &mut Value)> {
    let members = object.and_then(Value::as_object_mut).into_iter().flatten();
    let mut members: Vec<_> = members.collect();
    // The media type that is read and sent first is named first.
    members.sort_by_key(|(key, _)| (key.as_str() != "application/json", key.as_str()));
    members
}

struct Hoist<'a> {
    /// Where in the document the schema stands that is looked at; places are told from there.
    origin: Pointer,
    /// The key of the component or operation that it stands in, and the way from there.
    owner: String,
    way: Pointer,
    published: Published<'a>,
    /// Published names that no other type may take.
    reserved: &'a HashSet<&'a str>,
    taken: HashSet<String>,
    made: Map<String, Value>,
    types: Vec<TypeName>,
}

impl Hoist<'_> {
    fn operation(&mut self, operation: &mut Value, at: &Pointer) {
        let base = type_name(operation["operationId"].as_str().unwrap_or_default());
        self.owner = operation[DOCUMENT_ID].as_str().unwrap_or_default().to_owned();
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            let way = Pointer::of(["parameters", &name]);
            let name = format!("{base}{}", type_name(&name));
            let at = at.join("parameters").join(index);
            if let Some(schema) = parameter.get_mut("schema") {
                self.origin = at.join("schema");
                self.way = way.join("schema");
                self.place(schema, &name, &At::ROOT);
            }
            if let Some(schema) = parameter.pointer_mut("/content/application~1json/schema") {
                let content =
                    |at: &Pointer| at.join("content").join("application/json").join("schema");
                (self.origin, self.way) = (content(&at), content(&way));
                self.place(schema, &name, &At::ROOT);
            }
        }
        for (media_type, content) in sorted(operation.pointer_mut("/requestBody/content")) {
            let Some(schema) = content.get_mut("schema") else { continue };
            self.way = Pointer::of(["requestBody", "content", media_type, "schema"]);
            self.origin = at.join("requestBody").join("content").join(media_type).join("schema");
            if media_type == "multipart/form-data" {
                // The form itself is no type: each part has a setter.
                self.children(schema, &base, &At::ROOT);
            } else {
                self.place(schema, &format!("{base}Body"), &At::ROOT);
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
                    self.way = Pointer::of(["responses", status, "content", media_type, "schema"]);
                    self.place(schema, &name, &At::ROOT);
                }
            }
        }
    }

    /// Makes a component of `schema` if Rust would name its type, and looks inside it.
    fn place(&mut self, schema: &mut Value, name: &str, at: &At<'_>) {
        let Value::Object(map) = schema else { return };
        if !needs_name(map) {
            self.children(schema, name, at);
            return;
        }
        let key = format!("{}{}", self.owner, at.below(&self.way));
        let name = self.name(&key, &type_name(name));
        let mut wrapper = Map::new();
        // The description serves the use and the type.
        if let Some(description) = map.get("description") {
            wrapper.insert("description".into(), description.clone());
        }
        for key in ["default", "deprecated", "readOnly", "writeOnly", "nullable"] {
            if let Some(value) = map.shift_remove(key) {
                wrapper.insert(key.into(), value);
            }
        }
        let mut component = schema.take();
        // Reserve the place before those inside, so that parents come first.
        self.made.insert(name.clone(), Value::Null);
        self.types.push(TypeName {
            rust: name.clone(),
            component: None,
            pointer: at.below(&self.origin),
            key,
        });
        self.children(&mut component, &name, at);
        self.made.insert(name.clone(), component);
        let reference = reference::reference_to(&name);
        *schema = if wrapper.is_empty() {
            reference
        } else {
            wrapper.insert("allOf".into(), json!([reference]));
            Value::Object(wrapper)
        };
    }

    /// The published name of a type, or a name that no other one has.
    fn name(&mut self, key: &str, wanted: &str) -> String {
        if let Some(name) = self.published.get(key)
            && self.taken.insert(name.to_owned())
        {
            return name.to_owned();
        }
        // Others that are published are as good as taken.
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let name = std::iter::once(wanted.to_owned())
            .chain(numbered)
            .find(|name| !self.taken.contains(name) && !self.reserved.contains(name.as_str()))
            .unwrap_or_default();
        self.taken.insert(name.clone());
        name
    }

    fn children(&mut self, schema: &mut Value, base: &str, at: &At<'_>) {
        let Value::Object(map) = schema else { return };
        let properties = at.key("properties");
        for (key, property) in sorted(map.get_mut("properties")) {
            // The name is made only where it is needed: most properties aren't hoisted.
            if is_leaf(property) {
                continue;
            }
            self.place(property, &format!("{base}{}", type_name(key)), &properties.key(key));
        }
        for (key, suffix) in [("items", "Item"), ("additionalProperties", "Value")] {
            if let Some(inner) = map.get_mut(key) {
                self.place(inner, &format!("{base}{suffix}"), &at.key(key));
            }
        }
        for union in ["oneOf", "anyOf"] {
            let list = at.key(union);
            let members = map.get_mut(union).and_then(Value::as_array_mut);
            for (index, member) in members.into_iter().flatten().enumerate() {
                self.place(member, &format!("{base}Variant{}", index + 1), &list.index(index));
            }
        }
        let list = at.key("allOf");
        let members = map.get_mut("allOf").and_then(Value::as_array_mut);
        for (index, member) in members.into_iter().flatten().enumerate() {
            self.children(member, base, &list.index(index));
        }
    }
}

/// Whether a schema neither needs a name nor holds one that may: a reference or a scalar.
fn is_leaf(schema: &Value) -> bool {
    schema.as_object().is_some_and(|map| {
        !needs_name(map)
            && !["items", "additionalProperties"].iter().any(|key| map.contains_key(*key))
    })
}

pub(super) fn needs_name(schema: &Map<String, Value>) -> bool {
    let is_union = ["oneOf", "anyOf"].iter().any(|key| schema.contains_key(*key));
    let is_intersection = schema.contains_key("allOf") && !is_wrapper(schema);
    is_union || is_intersection || schema.contains_key("enum") || has_properties(schema)
}
