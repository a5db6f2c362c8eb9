//! JSON values paired with their pointers in the document.

use serde_json::Value;

use crate::pointer::Pointer;

/// A JSON value of a document and its JSON pointer.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// The JSON pointer in string form (RFC 6901, section 5: without `#`), as in serde_json.
    pub pointer: String,
    /// The value.
    pub value: &'a Value,
}

impl<'a> Node<'a> {
    /// The root node of a document.
    pub fn root(value: &'a Value) -> Self {
        Self { pointer: String::new(), value }
    }

    /// The object member named `key`, or the array item with the index `key`.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = match self.value {
            Value::Object(map) => map.get(key)?,
            Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
            _ => return None,
        };
        Some(Node { pointer: format!("{}/{}", self.pointer, Pointer::escape(key)), value })
    }

    /// The members of an object; empty for other values.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let pointer = self.pointer.clone();
        let members = self.value.as_object().into_iter().flatten();
        members.map(move |(key, value)| {
            (key.as_str(), Node { pointer: format!("{pointer}/{}", Pointer::escape(key)), value })
        })
    }

    /// The items of an array; empty for other values.
    pub fn items(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let pointer = self.pointer.clone();
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(index, value)| Node { pointer: format!("{pointer}/{index}"), value })
    }

    /// The string member `key`; `None` if it is absent or of another type.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// The boolean member `key`; `None` if it is absent or of another type.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.value.get(key)?.as_bool()
    }
}
