//! The document as it stands: parsed, its references followed, nothing of it changed.

use std::{fmt, ops::Deref};

use serde_json::{Map, Value};

/// References that follow one another; a longer chain is a circle.
const CHAIN: usize = 32;

/// Why a document can't be served.
#[derive(Debug)]
pub struct DocumentError(String);

impl DocumentError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for DocumentError {}

/// A place in the document and what is there.
#[derive(Clone, Debug)]
pub struct At<'a> {
    /// The JSON pointer (RFC 6901), without `#`.
    pub pointer: String,
    /// What it points to.
    pub value: &'a Value,
}

impl<'a> At<'a> {
    /// The member or item `key`.
    pub fn get(&self, key: &str) -> Option<At<'a>> {
        let value = match self.value {
            Value::Object(map) => map.get(key)?,
            Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
            _ => return None,
        };
        Some(At { pointer: format!("{}/{}", self.pointer, escape(key)), value })
    }

    /// The members of an object; none if it isn't one.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, At<'a>)> + use<'a> {
        let pointer = self.pointer.clone();
        let members = self.value.as_object().into_iter().flatten();
        members.map(move |(key, value)| {
            (key.as_str(), At { pointer: format!("{pointer}/{}", escape(key)), value })
        })
    }

    /// The items of an array; none if it isn't one.
    pub fn items(&self) -> impl Iterator<Item = At<'a>> + use<'a> {
        let pointer = self.pointer.clone();
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(index, value)| At { pointer: format!("{pointer}/{index}"), value })
    }

    /// The text under `key`.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// The truth under `key`.
    pub fn flag(&self, key: &str) -> Option<bool> {
        self.value.get(key)?.as_bool()
    }
}

/// An OpenAPI 3.1 document.
#[derive(Debug)]
pub struct Document(Value);

impl Document {
    /// Reads YAML or JSON.
    ///
    /// # Errors
    ///
    /// If it is neither, or isn't an OpenAPI document with paths.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        let value: Value = serde_yaml::from_str(text)
            .map_err(|error| DocumentError::new(format!("neither YAML nor JSON: {error}")))?;
        if !value.get("openapi").is_some_and(Value::is_string) {
            return Err(DocumentError::new("no `openapi` version: not an OpenAPI document"));
        }
        if !value.get("paths").is_some_and(Value::is_object) {
            return Err(DocumentError::new("no `paths`: nothing to serve"));
        }
        Ok(Self(value))
    }

    /// The whole of it.
    pub fn root(&self) -> At<'_> {
        At { pointer: String::new(), value: &self.0 }
    }

    /// What a JSON pointer leads to.
    pub fn at(&self, pointer: &str) -> Option<At<'_>> {
        let value = self.0.pointer(pointer)?;
        Some(At { pointer: pointer.to_owned(), value })
    }

    /// The place that a `$ref` names. References to other documents lead nowhere.
    pub fn target(&self, reference: &str) -> Option<At<'_>> {
        let fragment = reference.strip_prefix('#')?;
        let pointer = percent_encoding::percent_decode_str(fragment).decode_utf8().ok()?;
        self.at(&pointer)
    }

    /// `at`, or where its `$ref` leads in the end. For anything but schemas, where a `$ref` stands
    /// alone (OpenAPI 3.1, "Reference Object").
    pub fn resolved<'a>(&'a self, mut at: At<'a>) -> Option<At<'a>> {
        for _ in 0..CHAIN {
            match at.text("$ref") {
                None => return Some(at),
                Some(reference) => at = self.target(reference)?,
            }
        }
        None
    }
}

impl Deref for Document {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0
    }
}

/// A key as a segment of a JSON pointer (RFC 6901, section 3).
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// An object's members, or none.
pub(crate) fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}
