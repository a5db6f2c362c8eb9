//! Types, items and properties of schemas, for decoding text into JSON values.

use std::collections::BTreeSet;

use openapi_document::{Document, Node, json_type::type_of};
use serde_json::Value;

use crate::pattern;

/// The types that values of a schema may have, and the schemas of their items and properties.
#[derive(Debug, Default)]
pub(crate) struct SchemaShape {
    pub(crate) types: BTreeSet<String>,
    /// The JSON pointer to the schema of the items.
    pub(crate) items: Option<String>,
    /// The declared properties, each with the JSON pointer to its schema.
    pub(crate) properties: Vec<(String, String)>,
    /// The patterns of `patternProperties`, each with the JSON pointer to its schema.
    pub(crate) patterns: Vec<(String, String)>,
    /// The JSON pointer to the schema of `additionalProperties`.
    pub(crate) additional: Option<String>,
}

impl SchemaShape {
    /// Collects the shape of the schema at a JSON pointer, with all subschemas that apply in place.
    pub(crate) fn new(document: &Document, schema: &str) -> Self {
        let mut shape = Self::default();
        let mut visited = BTreeSet::new();
        let mut pending: Vec<Node<'_>> = document.node_at(schema).into_iter().collect();
        while let Some(at) = pending.pop() {
            if !visited.insert(at.pointer.clone()) {
                continue;
            }
            pending.extend(at.text("$ref").and_then(|reference| document.target(reference)));
            for keyword in ["allOf", "oneOf", "anyOf"] {
                pending.extend(at.get(keyword).iter().flat_map(Node::items));
            }
            shape.add(&at);
        }
        shape
    }

    /// Adds the keywords of one schema.
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
        for (pattern, property) in at.get("patternProperties").iter().flat_map(Node::members) {
            self.patterns.push((pattern.to_owned(), property.pointer));
        }
        if let Some(additional) = at.get("additionalProperties")
            && additional.value.is_object()
        {
            self.additional = Some(additional.pointer);
        }
    }

    /// Whether the schema allows a JSON type.
    pub(crate) fn has_type(&self, name: &str) -> bool {
        self.types.contains(name)
    }

    /// Whether the schema allows a scalar other than null.
    pub(crate) fn has_scalar(&self) -> bool {
        ["string", "number", "integer", "boolean"].iter().any(|name| self.has_type(name))
    }

    /// Returns the JSON pointer to the schema of a property.
    pub(crate) fn property(&self, name: &str) -> Option<&str> {
        let declared = self.properties.iter().find(|(declared, _)| declared == name);
        let matching = || self.patterns.iter().find(|(regex, _)| pattern::matches(regex, name));
        let found = declared.or_else(matching);
        found.map(|(_, schema)| schema.as_str()).or(self.additional.as_deref())
    }

    /// Collects the shape of a property; that of any value if the property isn't declared.
    pub(crate) fn property_shape(&self, document: &Document, name: &str) -> Self {
        self.property(name).map(|schema| Self::new(document, schema)).unwrap_or_default()
    }

    /// Collects the shape of the items; that of any value if they have no schema.
    pub(crate) fn item_shape(&self, document: &Document) -> Self {
        self.items.as_deref().map(|items| Self::new(document, items)).unwrap_or_default()
    }

    /// Decodes the texts that were sent for one name: as the items of an array, or as a scalar. A
    /// scalar that was sent more than once becomes an array, which violates the schema.
    pub(crate) fn values(&self, document: &Document, texts: Vec<String>) -> Value {
        if self.has_type("array") {
            let items = self.item_shape(document);
            return texts.iter().map(|text| items.scalar(text)).collect();
        }
        match texts.as_slice() {
            [text] => self.scalar(text),
            _ => texts.into(),
        }
    }

    /// Decodes a text as a JSON object or array if the schema allows it, else as a scalar.
    ///
    /// # Errors
    ///
    /// If the schema allows objects or arrays, but no strings, and the text isn't JSON.
    pub(crate) fn structured(&self, text: &str) -> Result<Value, serde_json::Error> {
        let is_structured = self.has_type("object") || self.has_type("array");
        let parsed = serde_json::from_str(text);
        let allowed = |value: &Value| match value {
            Value::Object(_) => self.has_type("object"),
            Value::Array(_) => self.has_type("array"),
            _ => false,
        };
        match (parsed, self.scalar(text)) {
            (Ok(value), _) if allowed(&value) => Ok(value),
            (parsed, Value::String(_)) if is_structured && !self.has_type("string") => parsed,
            (_, scalar) => Ok(scalar),
        }
    }

    /// Decodes a text as a scalar of one of the types; a string if no other type fits.
    pub(crate) fn scalar(&self, text: &str) -> Value {
        let parsed: Option<Value> = serde_json::from_str(text).ok();
        let allowed = |value: &Value| match value {
            Value::Null => self.has_type("null"),
            Value::Bool(_) => self.has_type("boolean"),
            Value::Number(number) => {
                self.has_type("number") || self.has_type("integer") && !number.is_f64()
            }
            _ => false,
        };
        match parsed {
            Some(value) if allowed(&value) => value,
            _ if text.is_empty() && self.has_type("null") && !self.has_type("string") => {
                Value::Null
            }
            _ => Value::from(text),
        }
    }
}
