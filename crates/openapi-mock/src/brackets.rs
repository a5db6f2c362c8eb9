//! Names with brackets, such as `filter[owner][id]`, for the style `deepObject`.
//!
//! OpenAPI doesn't define the style for nested values. As is usual, each bracket holds the name of
//! a property; the items of an array are sent with the same name, with empty brackets, or with
//! brackets that hold their indices.

use std::{collections::BTreeMap, mem};

use openapi_document::Document;
use serde_json::{Map, Value};

use crate::shape::SchemaShape;

/// The number of brackets in a name, which is the depth of a value. Names with more aren't parsed.
const MAX_BRACKETS: usize = 32;

/// Parses `[a][b]` into the texts in the brackets; `None` if it has any other form.
pub(crate) fn parse(text: &str) -> Option<Vec<&str>> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let path: Vec<_> = inner.split("][").take(MAX_BRACKETS + 1).collect();
    let is_valid = path.len() <= MAX_BRACKETS && !path.iter().any(|name| name.contains(['[', ']']));
    is_valid.then_some(path)
}

/// The texts that were sent for a value, and those for the values in it.
#[derive(Debug, Default)]
pub(crate) struct BracketTree {
    texts: Vec<String>,
    children: BTreeMap<String, BracketTree>,
}

impl BracketTree {
    /// Adds a text at a path from [`parse`].
    pub(crate) fn insert(&mut self, path: &[&str], text: String) {
        match path.split_first() {
            None => self.texts.push(text),
            Some((name, rest)) => {
                self.children.entry((*name).to_owned()).or_default().insert(rest, text);
            }
        }
    }

    /// Decodes the texts by the shape of a schema.
    ///
    /// What doesn't fit together, such as a scalar that was sent twice, becomes an array, which
    /// violates the schema.
    pub(crate) fn into_value(mut self, document: &Document, shape: &SchemaShape) -> Value {
        if self.children.is_empty() {
            return shape.values(document, self.texts);
        }
        if !self.texts.is_empty() {
            let texts = mem::take(&mut self.texts);
            let nested = self.into_value(document, shape);
            return texts.into_iter().map(Value::from).chain([nested]).collect();
        }
        match self.into_items(shape) {
            Ok(items) => {
                let shape = shape.item_shape(document);
                items.into_iter().map(|item| item.into_value(document, &shape)).collect()
            }
            Err(object) => Value::Object(object.into_properties(document, shape)),
        }
    }

    /// Decodes the texts for the values in this one as the properties of an object.
    pub(crate) fn into_properties(
        self,
        document: &Document,
        shape: &SchemaShape,
    ) -> Map<String, Value> {
        let properties = self.children.into_iter().map(|(name, child)| {
            let value = child.into_value(document, &shape.property_shape(document, &name));
            (name, value)
        });
        properties.collect()
    }

    /// Returns the items of an array: its names are empty, or the indices from 0 on.
    fn into_items(mut self, shape: &SchemaShape) -> Result<Vec<Self>, Self> {
        let is_array = shape.has_type("array");
        if !is_array && !shape.types.is_empty() {
            return Err(self);
        }
        if let Some(unnamed) = self.children.remove("") {
            if !self.children.is_empty() {
                self.children.insert(String::new(), unnamed);
                return Err(self);
            }
            let texts = unnamed.texts.into_iter();
            let mut items: Vec<_> =
                texts.map(|text| Self { texts: vec![text], ..Self::default() }).collect();
            if !unnamed.children.is_empty() {
                items.push(Self { texts: Vec::new(), children: unnamed.children });
            }
            return Ok(items);
        }
        let is_index = |index: usize| self.children.contains_key(&index.to_string());
        if !is_array || !(0..self.children.len()).all(is_index) {
            return Err(self);
        }
        let indices = 0..self.children.len();
        Ok(indices.filter_map(|index| self.children.remove(&index.to_string())).collect())
    }
}
