//! Objects of the lowered document, read member by member.

use openapi_document::Pointer;
use serde_json::{Map, Number, Value};

use crate::collect::Collect;

/// A value that OpenAPI 3.0 doesn't allow.
#[derive(Debug)]
pub(super) struct Invalid {
    /// The place of the value in the object that is read, from the innermost segment outwards.
    segments: Vec<String>,
    expected: &'static str,
}

impl Invalid {
    pub(super) fn new(expected: &'static str) -> Self {
        Self { segments: Vec::new(), expected }
    }

    /// The same value, in the object or list that has it at `segment`.
    pub(super) fn within(mut self, segment: impl ToString) -> Self {
        self.segments.push(segment.to_string());
        self
    }

    /// The reason of a refusal.
    pub(super) fn reason(self) -> String {
        let expected = self.expected;
        let place = Pointer::from_segments(self.segments.into_iter().rev()).to_plain();
        match place.strip_prefix('/') {
            Some(place) => format!("`{place}` must be {expected}"),
            None => format!("it must be {expected}"),
        }
    }
}

pub(super) type Result<T> = std::result::Result<T, Invalid>;

/// Reads a value of one kind.
pub(super) type Read<T> = fn(&Value) -> Result<T>;

/// An object. The members that may be null are absent then.
#[derive(Clone, Copy)]
pub(super) struct Object<'a>(&'a Map<String, Value>);

impl<'a> Object<'a> {
    pub(super) fn new(value: &'a Value) -> Result<Self> {
        value.as_object().map(Self).ok_or(Invalid::new("an object"))
    }

    /// A member that isn't null.
    pub(super) fn get(self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    /// Reads a member that isn't null.
    pub(super) fn read<T>(self, key: &str, read: Read<T>) -> Result<Option<T>> {
        let value = self.get(key).map(read).transpose();
        value.map_err(|invalid| invalid.within(key))
    }

    /// Reads a member that must be there.
    pub(super) fn require<T>(self, key: &str, read: Read<T>) -> Result<T> {
        read(self.0.get(key).unwrap_or(&Value::Null)).map_err(|invalid| invalid.within(key))
    }

    /// Reads a boolean that is false unless it is there, and not null.
    pub(super) fn flag(self, key: &str) -> Result<bool> {
        match self.0.contains_key(key) {
            true => self.require(key, boolean),
            false => Ok(false),
        }
    }

    /// Reads a list.
    pub(super) fn list<T>(self, key: &str, item: Read<T>) -> Result<Option<Vec<T>>> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let items = value.as_array().ok_or(Invalid::new("a list").within(key))?;
        let mut list = Vec::with_capacity(items.len());
        for (index, value) in items.iter().enumerate() {
            list.push(item(value).map_err(|invalid| invalid.within(index).within(key))?);
        }
        Ok(Some(list))
    }

    /// Reads the entries of a map; there are none if it is absent.
    pub(super) fn entries<T>(self, key: &str, item: Read<T>) -> Result<Vec<(String, T)>> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let mut entries = Vec::new();
        for (name, value) in Object::new(value).map_err(|invalid| invalid.within(key))?.0 {
            let value = item(value).map_err(|invalid| invalid.within(name).within(key))?;
            entries.push((name.clone(), value));
        }
        Ok(entries)
    }

    /// The extensions (OpenAPI 3.0, section 4.8).
    pub(super) fn extensions(self) -> Vec<(String, Value)> {
        let extensions = self.0.iter().filter(|(name, _)| name.starts_with("x-"));
        extensions.map(|(name, value)| (name.clone(), value.clone())).collect_vec()
    }
}

pub(super) fn string(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).ok_or(Invalid::new("a string"))
}

pub(super) fn boolean(value: &Value) -> Result<bool> {
    value.as_bool().ok_or(Invalid::new("a boolean"))
}

pub(super) fn number(value: &Value) -> Result<f64> {
    value.as_number().and_then(Number::as_f64).ok_or(Invalid::new("a number"))
}

/// Reads a number of characters, items or properties.
pub(super) fn count(value: &Value) -> Result<usize> {
    let count = value.as_u64().and_then(|count| count.try_into().ok());
    count.ok_or(Invalid::new("a non-negative integer"))
}

/// Reads any value.
pub(super) fn any_value(value: &Value) -> Result<Value> {
    Ok(value.clone())
}
