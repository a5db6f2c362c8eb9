//! The sinks of values with parts.

use std::fmt;

use serde::de::{Expected, Visitor};

#[cfg(debug_assertions)]
use super::source::Slot;
use super::{
    deserializer::{ErasedDeserializer, ErasedList, ErasedObject},
    invalid::Invalid,
    source::{ListSource, ObjectSource, Source},
};

/// Takes a value with parts while it is read.
pub(crate) trait Sink<'de> {
    /// Writes what is expected, for errors.
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;

    /// Takes a list; `None` for one that isn't expected.
    fn list(&mut self, _list: &mut dyn ListSource<'de>) -> Option<Result<(), Invalid>> {
        None
    }

    /// Takes an object; `None` for one that isn't expected.
    fn object(&mut self, _object: &mut dyn ObjectSource<'de>) -> Option<Result<(), Invalid>> {
        None
    }

    /// Takes a value that is present, or that of a newtype.
    fn inner(&mut self, _inner: &mut dyn Source<'de>) -> Result<(), Invalid> {
        Ok(())
    }
}

/// The sink of a value without parts.
pub(super) struct NoSink<'a>(pub(super) &'a dyn Expected);

impl Sink<'_> for NoSink<'_> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A visitor, until it has visited.
pub(super) struct Visit<'de, V: Visitor<'de>> {
    pub(super) visitor: Option<V>,
    pub(super) value: Option<V::Value>,
}

impl<'de, V: Visitor<'de>> Visit<'de, V> {
    pub(super) fn new(visitor: V) -> Self {
        Self { visitor: Some(visitor), value: None }
    }

    pub(super) fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.visitor {
            Some(visitor) => visitor.expecting(f),
            None => f.write_str("a value"),
        }
    }

    /// Keeps the value that the visitor has made.
    fn keep(&mut self, value: Result<V::Value, Invalid>) -> Result<(), Invalid> {
        match value {
            Ok(value) => {
                self.value = Some(value);
                Ok(())
            }
            Err(invalid) => Err(invalid),
        }
    }

    fn list(&mut self, list: &mut dyn ListSource<'de>) -> Option<Result<(), Invalid>> {
        let value = self.visitor.take()?.visit_seq(ErasedList(list));
        Some(self.keep(value))
    }

    fn object(&mut self, object: &mut dyn ObjectSource<'de>) -> Option<Result<(), Invalid>> {
        let value = self.visitor.take()?.visit_map(ErasedObject::new(object));
        Some(self.keep(value))
    }
}

/// The sink that reads a value that is present into a slot.
#[cfg(debug_assertions)]
pub(super) struct SlotSink<'a, 'de>(pub(super) &'a mut dyn Slot<'de>);

#[cfg(debug_assertions)]
impl<'de> Sink<'de> for SlotSink<'_, 'de> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn inner(&mut self, inner: &mut dyn Source<'de>) -> Result<(), Invalid> {
        self.0.read(ErasedDeserializer(inner))
    }
}

/// The sink of a list.
pub(super) struct ListSink<'a, 'de, V: Visitor<'de>>(pub(super) &'a mut Visit<'de, V>);

impl<'de, V: Visitor<'de>> Sink<'de> for ListSink<'_, 'de, V> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn list(&mut self, list: &mut dyn ListSource<'de>) -> Option<Result<(), Invalid>> {
        self.0.list(list)
    }
}

/// The sink of an object.
pub(super) struct ObjectSink<'a, 'de, V: Visitor<'de>>(pub(super) &'a mut Visit<'de, V>);

impl<'de, V: Visitor<'de>> Sink<'de> for ObjectSink<'_, 'de, V> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn object(&mut self, object: &mut dyn ObjectSource<'de>) -> Option<Result<(), Invalid>> {
        self.0.object(object)
    }
}

/// The sink of a value that may be null.
pub(super) struct OptionSink<'a, 'de, V: Visitor<'de>>(pub(super) &'a mut Visit<'de, V>);

impl<'de, V: Visitor<'de>> Sink<'de> for OptionSink<'_, 'de, V> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn inner(&mut self, inner: &mut dyn Source<'de>) -> Result<(), Invalid> {
        match self.0.visitor.take() {
            Some(visitor) => self.0.keep(visitor.visit_some(ErasedDeserializer(inner))),
            None => Ok(()),
        }
    }
}

/// The sink of any value.
pub(super) struct AnySink<'a, 'de, V: Visitor<'de>>(pub(super) &'a mut Visit<'de, V>);

impl<'de, V: Visitor<'de>> Sink<'de> for AnySink<'_, 'de, V> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn list(&mut self, list: &mut dyn ListSource<'de>) -> Option<Result<(), Invalid>> {
        self.0.list(list)
    }

    fn object(&mut self, object: &mut dyn ObjectSource<'de>) -> Option<Result<(), Invalid>> {
        self.0.object(object)
    }

    fn inner(&mut self, inner: &mut dyn Source<'de>) -> Result<(), Invalid> {
        match self.0.visitor.take() {
            Some(visitor) => self.0.keep(visitor.visit_newtype_struct(ErasedDeserializer(inner))),
            None => Ok(()),
        }
    }
}
