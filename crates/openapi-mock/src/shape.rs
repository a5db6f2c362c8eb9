//! What form a schema's values have, as far as text must be read by it.

use std::collections::BTreeSet;

use openapi_document::{Document, Node, json_type::type_of};
use serde_json::Value;

/// The types of a schema and where its items and members are described.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) types: BTreeSet<String>,
    pub(crate) items: Option<String>,
    pub(crate) properties: Vec<(String, String)>,
    /// Whether members without a declared name may be there, and their schema.
    pub(crate) open: bool,
    pub(crate) additional: Option<String>,
}

impl Shape {
    /// The shape of the schema at a pointer, with all that it refers to.
    pub(crate) fn of(document: &Document, schema: &str) -> Self {
        let mut shape = Self { open: true, ..Self::default() };
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<Node<'_>> = document.at(schema).into_iter().collect();
        while let Some(at) = waiting.pop() {
            if !seen.insert(at.pointer.clone()) {
                continue;
            }
            waiting.extend(at.text("$ref").and_then(|reference| document.target(reference)));
            for keyword in ["allOf", "oneOf", "anyOf"] {
                waiting.extend(at.get(keyword).iter().flat_map(Node::items));
            }
            shape.add(&at);
        }
        shape
    }

    fn add(&mut self, at: &Node<'_>) {
        match at.value.get("type") {
            Some(Value::String(name)) => drop(self.types.insert(name.clone())),
            Some(Value::Array(names)) => {
                self.types.extend(names.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            _ => {}
        }
        let values = at.value.get("enum").and_then(Value::as_array).into_iter().flatten();
        for value in values.chain(at.value.get("const")) {
            self.types.insert(type_of(value).to_owned());
        }
        if let Some(items) = at.get("items") {
            self.types.insert("array".to_owned());
            self.items.get_or_insert(items.pointer);
        }
        for (name, property) in at.get("properties").iter().flat_map(Node::members) {
            self.types.insert("object".to_owned());
            self.properties.push((name.to_owned(), property.pointer));
        }
        if let Some(additional) = at.get("additionalProperties") {
            self.open &= additional.value != &Value::Bool(false);
            if additional.value.is_object() {
                self.additional = Some(additional.pointer);
            }
        }
    }

    pub(crate) fn is(&self, name: &str) -> bool {
        self.types.contains(name)
    }

    /// The schema of a member.
    pub(crate) fn member(&self, name: &str) -> Option<&str> {
        let declared = self.properties.iter().find(|(declared, _)| declared == name);
        declared.map(|(_, schema)| schema.as_str()).or(self.additional.as_deref())
    }

    /// A text as one of the types; text if it can't be read as another.
    pub(crate) fn scalar(&self, text: &str) -> Value {
        let read: Option<Value> = serde_json::from_str(text).ok();
        let wanted = |value: &Value| match value {
            Value::Null => self.is("null"),
            Value::Bool(_) => self.is("boolean"),
            Value::Number(number) => self.is("number") || self.is("integer") && !number.is_f64(),
            _ => false,
        };
        match read {
            Some(value) if wanted(&value) => value,
            _ if text.is_empty() && self.is("null") && !self.is("string") => Value::Null,
            _ => Value::from(text),
        }
    }
}
