//! A cursor: a value of a document, and where it stands.

use serde_json::Value;

use crate::pointer::Pointer;

/// A place in a document and what is there.
#[derive(Clone, Debug)]
pub struct Node<'a> {
    /// The JSON pointer as serde_json takes it (RFC 6901, section 5): without `#`.
    pub pointer: String,
    /// What it points to.
    pub value: &'a Value,
}

impl<'a> Node<'a> {
    /// A whole document.
    pub fn root(value: &'a Value) -> Self {
        Self { pointer: String::new(), value }
    }

    /// The member or item `key`.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = match self.value {
            Value::Object(map) => map.get(key)?,
            Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
            _ => return None,
        };
        Some(Node { pointer: format!("{}/{}", self.pointer, Pointer::escape(key)), value })
    }

    /// The members of an object; none if it isn't one.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Node<'a>)> + use<'a> {
        let pointer = self.pointer.clone();
        let members = self.value.as_object().into_iter().flatten();
        members.map(move |(key, value)| {
            (key.as_str(), Node { pointer: format!("{pointer}/{}", Pointer::escape(key)), value })
        })
    }

    /// The items of an array; none if it isn't one.
    pub fn items(&self) -> impl Iterator<Item = Node<'a>> + use<'a> {
        let pointer = self.pointer.clone();
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(index, value)| Node { pointer: format!("{pointer}/{index}"), value })
    }

    /// The text under `key`.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// The boolean under `key`.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.value.get(key)?.as_bool()
    }
}
