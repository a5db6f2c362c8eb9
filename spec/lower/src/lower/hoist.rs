//! Every schema that becomes a Rust type is a component, named after the place it stands at.
//!
//! typify would name inline schemas too, but gives two of them one type when the names collide.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::{
    aliases::has_properties,
    all_of::is_wrapper,
    names::{type_name, unique},
    references,
};

/// Hoists all inline schemas into components. Returns the names of those it made.
pub(super) fn inline_schemas(root: &mut Value) -> Vec<String> {
    let components = std::mem::take(references::components_schemas(root));
    let mut hoist = Hoist { taken: components.keys().cloned().collect(), made: Map::new() };
    let mut named = Map::new();
    for (name, mut schema) in components {
        hoist.children(&mut schema, &name);
        named.insert(name, schema);
    }
    let paths = root.get_mut("paths").and_then(Value::as_object_mut);
    for (_, item) in paths.into_iter().flatten() {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            hoist.operation(operation);
        }
    }
    let inline = hoist.made.keys().cloned().collect();
    named.extend(hoist.made);
    *references::components_schemas(root) = named;
    inline
}

struct Hoist {
    taken: HashSet<String>,
    made: Map<String, Value>,
}

impl Hoist {
    fn operation(&mut self, operation: &mut Value) {
        let base = type_name(operation["operationId"].as_str().unwrap_or_default());
        for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            if let Some(schema) = parameter.get_mut("schema") {
                self.place(schema, &format!("{base}{}", type_name(&name)));
            }
        }
        let content = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut);
        for (media_type, content) in content.into_iter().flatten() {
            let Some(schema) = content.get_mut("schema") else { continue };
            if media_type == "multipart/form-data" {
                // The form itself is no type: each part has a setter.
                self.children(schema, &base);
            } else {
                self.place(schema, &format!("{base}Body"));
            }
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten() {
            let name = match status.as_str() {
                success if success.starts_with('2') => format!("{base}Response"),
                status => format!("{base}Response{}", type_name(status).trim_start_matches('X')),
            };
            let content = response.get_mut("content").and_then(Value::as_object_mut);
            for (_, content) in content.into_iter().flatten() {
                if let Some(schema) = content.get_mut("schema") {
                    self.place(schema, &name);
                }
            }
        }
    }

    /// Makes a component of `schema` if Rust would name its type, and looks inside it.
    fn place(&mut self, schema: &mut Value, name: &str) {
        let Value::Object(map) = schema else { return };
        if !needs_name(map) {
            self.children(schema, name);
            return;
        }
        let name = unique(&type_name(name), &mut self.taken);
        let mut wrapper = Map::new();
        for key in ["description", "default", "deprecated", "readOnly", "writeOnly", "nullable"] {
            let value =
                if key == "description" { map.get(key).cloned() } else { map.shift_remove(key) };
            if let Some(value) = value {
                wrapper.insert(key.into(), value);
            }
        }
        let mut component = schema.take();
        // Reserve the place before those inside, so that parents come first.
        self.made.insert(name.clone(), Value::Null);
        self.children(&mut component, &name);
        self.made.insert(name.clone(), component);
        let reference = json!({ "$ref": references::to_schema(&name) });
        *schema = if wrapper.is_empty() {
            reference
        } else {
            wrapper.insert("allOf".into(), json!([reference]));
            Value::Object(wrapper)
        };
    }

    fn children(&mut self, schema: &mut Value, base: &str) {
        let Value::Object(map) = schema else { return };
        for (key, property) in
            map.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
        {
            self.place(property, &format!("{base}{}", type_name(key)));
        }
        if let Some(items) = map.get_mut("items") {
            self.place(items, &format!("{base}Item"));
        }
        if let Some(values) = map.get_mut("additionalProperties") {
            self.place(values, &format!("{base}Value"));
        }
        for union in ["oneOf", "anyOf"] {
            let members = map.get_mut(union).and_then(Value::as_array_mut);
            for (index, member) in members.into_iter().flatten().enumerate() {
                self.place(member, &format!("{base}Variant{}", index + 1));
            }
        }
        for member in map.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
            self.children(member, base);
        }
    }
}

fn needs_name(schema: &Map<String, Value>) -> bool {
    let is_union = ["oneOf", "anyOf"].iter().any(|key| schema.contains_key(*key));
    let is_intersection = schema.contains_key("allOf") && !is_wrapper(schema);
    is_union || is_intersection || schema.contains_key("enum") || has_properties(schema)
}
