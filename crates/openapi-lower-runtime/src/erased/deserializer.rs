//! The one deserializer that types are compiled for.

use std::{borrow::Cow, fmt};

use serde::{
    de::{
        Deserialize, DeserializeSeed, Deserializer, Expected, MapAccess, SeqAccess, Visitor, value,
    },
    forward_to_deserialize_any,
};

use super::{
    invalid::Invalid,
    scalar::Scalar,
    source::{Hint, ListSource, Name, ObjectSource, Sink, Slot, Source},
};

/// Deserializes a value of any format.
pub struct ErasedDeserializer<'a, 'de>(pub(super) &'a mut dyn Source<'de>);

impl<'a, 'de> ErasedDeserializer<'a, 'de> {
    /// Creates the deserializer of a value.
    pub(crate) fn new(source: &'a mut dyn Source<'de>) -> Self {
        Self(source)
    }

    /// Reads a value into a slot, which stays as it is for null.
    #[cfg(debug_assertions)]
    pub(crate) fn read_optional(self, slot: &mut dyn Slot<'de>) -> Result<(), Invalid> {
        match self.0.read(Hint::Optional, &mut SlotSink(slot))? {
            Scalar::Null | Scalar::Taken => Ok(()),
            other => Err(other.unexpected(&"a value or null")),
        }
    }

    /// Reads a value without parts.
    fn scalar(self, hint: Hint, expected: &dyn Expected) -> Result<Scalar<'de>, Invalid> {
        self.0.read(hint, &mut NoSink(expected))
    }

    /// Reads a number.
    fn number<V: Visitor<'de>>(self, hint: Hint, visitor: V) -> Result<V::Value, Invalid> {
        match self.scalar(hint, &visitor)? {
            Scalar::Unsigned(value) => visitor.visit_u64(value),
            Scalar::Signed(value) => visitor.visit_i64(value),
            Scalar::Float(value) => visitor.visit_f64(value),
            other => Err(other.unexpected(&visitor)),
        }
    }

    fn list<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        let mut visit = Visit::new(visitor);
        let read = self.0.read(Hint::List, &mut ListSink(&mut visit))?;
        visited(visit, &read)
    }

    fn object<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        let mut visit = Visit::new(visitor);
        let read = self.0.read(Hint::Object, &mut ObjectSink(&mut visit))?;
        visited(visit, &read)
    }

    fn any<V: Visitor<'de>>(self, hint: Hint, visitor: V) -> Result<V::Value, Invalid> {
        let mut visit = Visit::new(visitor);
        let scalar = self.0.read(hint, &mut AnySink(&mut visit))?;
        match visit {
            Visit { value: Some(value), .. } => Ok(value),
            Visit { visitor: Some(visitor), .. } => scalar.visit(visitor),
            _ => Err(unread()),
        }
    }
}

/// Returns the value that a sink has taken, or the error of another one.
fn visited<'de, V: Visitor<'de>>(
    visit: Visit<'de, V>,
    read: &Scalar<'de>,
) -> Result<V::Value, Invalid> {
    match visit {
        Visit { value: Some(value), .. } => Ok(value),
        Visit { visitor: Some(visitor), .. } => Err(read.unexpected(&visitor)),
        _ => Err(unread()),
    }
}

/// The methods of each type of number.
macro_rules! numbers {
    ($($method:ident: $hint:ident),*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
                self.number(Hint::$hint, visitor)
            }
        )*
    };
}

impl<'de> Deserializer<'de> for ErasedDeserializer<'_, 'de> {
    type Error = Invalid;

    fn is_human_readable(&self) -> bool {
        self.0.is_human_readable()
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        self.any(Hint::Any, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        self.any(Hint::Newtype(name), visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        let mut visit = Visit::new(visitor);
        let read = self.0.read(Hint::Optional, &mut OptionSink(&mut visit))?;
        match (visit, read) {
            (Visit { visitor: Some(visitor), .. }, Scalar::Null) => visitor.visit_none(),
            (visit, read) => visited(visit, &read),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        match self.scalar(Hint::Bool, &visitor)? {
            Scalar::Bool(value) => visitor.visit_bool(value),
            other => Err(other.unexpected(&visitor)),
        }
    }

    numbers! {
        deserialize_i8: Signed, deserialize_i16: Signed, deserialize_i32: Signed,
        deserialize_i64: Signed, deserialize_u8: Unsigned, deserialize_u16: Unsigned,
        deserialize_u32: Unsigned, deserialize_u64: Unsigned, deserialize_f32: Float,
        deserialize_f64: Float
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        match self.scalar(Hint::Text, &visitor)? {
            Scalar::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Scalar::Text(Cow::Owned(text)) => visitor.visit_string(text),
            other => Err(other.unexpected(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        self.deserialize_str(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        self.any(Hint::Bytes, visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        self.any(Hint::Bytes, visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        self.list(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Invalid> {
        self.list(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        self.list(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        self.object(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        // A struct may be written as a list of its fields too.
        self.any(Hint::Any, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Invalid> {
        let mut sink = EnumSink { visit: Visit::new(visitor) };
        let read = self.0.read(Hint::Any, &mut sink)?;
        match (sink.visit, read) {
            (Visit { visitor: Some(visitor), .. }, Scalar::Text(text)) => {
                visitor.visit_enum(value::CowStrDeserializer::new(text))
            }
            (visit, read) => visited(visit, &read),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        self.scalar(Hint::Ignored, &visitor)?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 unit unit_struct }
}

/// The sink of an externally tagged enum.
struct EnumSink<'de, V: Visitor<'de>> {
    visit: Visit<'de, V>,
}

impl<'de, V: Visitor<'de>> Sink<'de> for EnumSink<'de, V> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visit.expecting(f)
    }

    fn object(&mut self, object: &mut dyn ObjectSource<'de>) -> Option<Result<(), Invalid>> {
        let visitor = self.visit.visitor.take()?;
        let variant = value::MapAccessDeserializer::new(ErasedObject::new(object));
        Some(visitor.visit_enum(variant).map(|value| self.visit.value = Some(value)))
    }
}

/// The sink of a value without parts.
struct NoSink<'a>(&'a dyn Expected);

impl Sink<'_> for NoSink<'_> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A visitor, until it has visited.
struct Visit<'de, V: Visitor<'de>> {
    visitor: Option<V>,
    value: Option<V::Value>,
}

impl<'de, V: Visitor<'de>> Visit<'de, V> {
    fn new(visitor: V) -> Self {
        Self { visitor: Some(visitor), value: None }
    }

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
struct SlotSink<'a, 'de>(&'a mut dyn Slot<'de>);

#[cfg(debug_assertions)]
impl<'de> Sink<'de> for SlotSink<'_, 'de> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn inner(&mut self, inner: &mut dyn Source<'de>) -> Result<(), Invalid> {
        self.0.read(inner)
    }
}

/// The sink of a list.
struct ListSink<'a, 'de, V: Visitor<'de>>(&'a mut Visit<'de, V>);

impl<'de, V: Visitor<'de>> Sink<'de> for ListSink<'_, 'de, V> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn list(&mut self, list: &mut dyn ListSource<'de>) -> Option<Result<(), Invalid>> {
        self.0.list(list)
    }
}

/// The sink of an object.
struct ObjectSink<'a, 'de, V: Visitor<'de>>(&'a mut Visit<'de, V>);

impl<'de, V: Visitor<'de>> Sink<'de> for ObjectSink<'_, 'de, V> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.expecting(f)
    }

    fn object(&mut self, object: &mut dyn ObjectSource<'de>) -> Option<Result<(), Invalid>> {
        self.0.object(object)
    }
}

/// The sink of a value that may be null.
struct OptionSink<'a, 'de, V: Visitor<'de>>(&'a mut Visit<'de, V>);

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
struct AnySink<'a, 'de, V: Visitor<'de>>(&'a mut Visit<'de, V>);

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

impl<'de, T: Deserialize<'de>> Slot<'de> for Option<T> {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        // Without `?`, which is a function of its own for each type.
        match T::deserialize(ErasedDeserializer(value)) {
            Ok(value) => {
                *self = Some(value);
                Ok(())
            }
            Err(invalid) => Err(invalid),
        }
    }
}

/// A seed, until it has read its value.
struct SeedSlot<'de, S: DeserializeSeed<'de>> {
    seed: Option<S>,
    value: Option<S::Value>,
}

impl<'de, S: DeserializeSeed<'de>> SeedSlot<'de, S> {
    fn new(seed: S) -> Self {
        Self { seed: Some(seed), value: None }
    }
}

impl<'de, S: DeserializeSeed<'de>> Slot<'de> for SeedSlot<'de, S> {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        match self.seed.take().map(|seed| seed.deserialize(ErasedDeserializer(value))) {
            Some(Ok(value)) => self.value = Some(value),
            Some(Err(invalid)) => return Err(invalid),
            None => {}
        }
        Ok(())
    }
}

/// The items of a list.
pub(super) struct ErasedList<'a, 'de>(pub(super) &'a mut dyn ListSource<'de>);

impl<'de> SeqAccess<'de> for ErasedList<'_, 'de> {
    type Error = Invalid;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Invalid> {
        let mut slot = SeedSlot::new(seed);
        self.0.next(&mut slot)?;
        Ok(slot.value)
    }
}

/// The properties of an object.
pub(super) struct ErasedObject<'a, 'de> {
    object: &'a mut dyn ObjectSource<'de>,
    /// The name of the present property, for the path.
    name: String,
}

impl<'a, 'de> ErasedObject<'a, 'de> {
    pub(super) fn new(object: &'a mut dyn ObjectSource<'de>) -> Self {
        Self { object, name: String::new() }
    }

    fn read_value(&mut self, slot: &mut dyn Slot<'de>) -> Result<(), Invalid> {
        let read = self.object.value(slot);
        read.map_err(|invalid| invalid.in_property(&self.name))
    }
}

impl<'de> MapAccess<'de> for ErasedObject<'_, 'de> {
    type Error = Invalid;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Invalid> {
        let (mut seed, mut key) = (Some(seed), None);
        let path_name = &mut self.name;
        self.object.next_name(&mut |name| {
            path_name.clear();
            path_name.push_str(name.as_str());
            key = seed.take().map(|seed| match name {
                Name::Borrowed(name) => seed.deserialize(value::BorrowedStrDeserializer::new(name)),
                Name::Transient(name) => seed.deserialize(value::StrDeserializer::new(name)),
            });
        })?;
        key.transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Invalid> {
        let mut slot = SeedSlot::new(seed);
        match (self.read_value(&mut slot), slot.value) {
            (Ok(()), Some(value)) => Ok(value),
            (Ok(()), None) => Err(unread()),
            (Err(invalid), _) => Err(invalid),
        }
    }
}

/// The error of a value that a deserializer hasn't passed on.
fn unread() -> Invalid {
    Scalar::Taken.unexpected(&"a value")
}
