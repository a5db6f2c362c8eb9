//! Any deserializer as a trait object.

use std::{borrow::Cow, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    invalid::{Invalid, Segment},
    scalar::Scalar,
};

/// The type that a value is expected to have: the method of the deserializer.
#[derive(Clone, Copy, Debug)]
pub enum Hint {
    Any,
    Bool,
    Signed,
    Unsigned,
    Float,
    Text,
    Bytes,
    Optional,
    Newtype(&'static str),
    List,
    Object,
    Ignored,
}

/// A slot that a value is read into. Unlike a closure, it has one function in its table.
pub trait Slot<'de> {
    /// Reads the value.
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid>;
}

/// Takes a value with parts while it is read.
pub trait Sink<'de> {
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

/// A value that can be read once.
pub trait Source<'de> {
    /// Reads the value. One with parts is given to the sink.
    fn read(&mut self, hint: Hint, sink: &mut dyn Sink<'de>) -> Result<Scalar<'de>, Invalid>;

    /// Whether the format is a text for humans.
    fn is_human_readable(&self) -> bool;
}

/// The items of a list.
pub trait ListSource<'de> {
    /// Reads the next item; returns `false` after the last one.
    fn next(&mut self, slot: &mut dyn Slot<'de>) -> Result<bool, Invalid>;
}

/// The properties of an object.
pub trait ObjectSource<'de> {
    /// Reads the next name; returns `false` after the last one.
    fn next_name(&mut self, read: &mut dyn FnMut(Name<'_, 'de>)) -> Result<bool, Invalid>;

    /// Reads the value of the property.
    fn value(&mut self, slot: &mut dyn Slot<'de>) -> Result<(), Invalid>;
}

/// The name of a property, from the input where possible.
#[derive(Clone, Copy)]
pub enum Name<'a, 'de> {
    Borrowed(&'de str),
    Transient(&'a str),
}

impl Name<'_, '_> {
    pub(crate) fn as_str(&self) -> &str {
        match *self {
            Self::Borrowed(name) => name,
            Self::Transient(name) => name,
        }
    }
}

/// The deserializer of a value, until it is read.
pub(crate) struct Held<D> {
    deserializer: Option<D>,
    is_human_readable: bool,
}

impl<'de, D: Deserializer<'de>> Held<D> {
    pub(crate) fn new(deserializer: D) -> Self {
        let is_human_readable = deserializer.is_human_readable();
        Self { deserializer: Some(deserializer), is_human_readable }
    }
}

impl<'de, D: Deserializer<'de>> Source<'de> for Held<D> {
    fn read(&mut self, hint: Hint, sink: &mut dyn Sink<'de>) -> Result<Scalar<'de>, Invalid> {
        let Some(deserializer) = self.deserializer.take() else {
            return Ok(Scalar::Taken);
        };
        let mut failure = None;
        let visitor = ScalarVisitor { hint, sink, failure: &mut failure };
        let result = match hint {
            Hint::Any => deserializer.deserialize_any(visitor),
            Hint::Bool => deserializer.deserialize_bool(visitor),
            Hint::Signed => deserializer.deserialize_i64(visitor),
            Hint::Unsigned => deserializer.deserialize_u64(visitor),
            Hint::Float => deserializer.deserialize_f64(visitor),
            Hint::Text => deserializer.deserialize_str(visitor),
            Hint::Bytes => deserializer.deserialize_bytes(visitor),
            Hint::Optional => deserializer.deserialize_option(visitor),
            Hint::Newtype(name) => deserializer.deserialize_newtype_struct(name, visitor),
            Hint::List => deserializer.deserialize_seq(visitor),
            Hint::Object => deserializer.deserialize_map(visitor),
            Hint::Ignored => deserializer.deserialize_ignored_any(visitor),
        };
        result.map_err(|error| Invalid::of_source(failure, error))
    }

    fn is_human_readable(&self) -> bool {
        self.is_human_readable
    }
}

/// The visitor of each value.
struct ScalarVisitor<'a, 'de> {
    hint: Hint,
    sink: &'a mut dyn Sink<'de>,
    failure: &'a mut Option<Invalid>,
}

impl<'de> ScalarVisitor<'_, 'de> {
    /// Gives a value that is present, or that of a newtype, to the sink.
    fn inner<D: Deserializer<'de>>(self, inner: D) -> Result<Scalar<'de>, D::Error> {
        match self.sink.inner(&mut Held::new(inner)) {
            Ok(()) => Ok(Scalar::Taken),
            Err(invalid) => Err(self.stop(invalid)),
        }
    }

    /// Stops the deserializer where the sink failed.
    fn stop<E: Error>(self, invalid: Invalid) -> E {
        *self.failure = Some(invalid);
        E::custom("")
    }
}

impl<'de> Visitor<'de> for ScalarVisitor<'_, 'de> {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sink.expecting(f)
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Unsigned(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Signed(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Text(Cow::Owned(text)))
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bytes(Cow::Borrowed(bytes)))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bytes(Cow::Owned(bytes.to_owned())))
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Scalar<'de>, E> {
        Ok(Scalar::Bytes(Cow::Owned(bytes)))
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Scalar<'de>, D::Error> {
        if !matches!(self.hint, Hint::Optional) {
            return inner.deserialize_any(self);
        }
        self.inner(inner)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Scalar<'de>, D::Error> {
        if !matches!(self.hint, Hint::Newtype(_)) {
            return inner.deserialize_any(self);
        }
        self.inner(inner)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Scalar<'de>, A::Error> {
        let mut items = Items { list, index: 0 };
        match self.sink.list(&mut items) {
            Some(Ok(())) => Ok(Scalar::Taken),
            Some(Err(invalid)) => Err(self.stop(invalid)),
            // Read to its end, as deserializers demand.
            None => {
                while items.list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar::List)
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scalar<'de>, A::Error> {
        let mut properties = Properties::new(map);
        match self.sink.object(&mut properties) {
            Some(Ok(())) => Ok(Scalar::Taken),
            Some(Err(invalid)) => Err(self.stop(invalid)),
            None => {
                while properties.map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar::Object)
            }
        }
    }
}

/// The seed that reads a value into a slot.
struct SlotSeed<'a, 'de> {
    slot: &'a mut dyn Slot<'de>,
    failure: &'a mut Option<Invalid>,
}

impl<'de> DeserializeSeed<'de> for SlotSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.slot.read(&mut Held::new(deserializer)) {
            Ok(()) => Ok(()),
            Err(invalid) => {
                *self.failure = Some(invalid);
                Err(D::Error::custom(""))
            }
        }
    }
}

/// The items of a list of a deserializer.
struct Items<A> {
    list: A,
    index: usize,
}

impl<'de, A: SeqAccess<'de>> ListSource<'de> for Items<A> {
    fn next(&mut self, slot: &mut dyn Slot<'de>) -> Result<bool, Invalid> {
        let mut failure = None;
        let item = self.list.next_element_seed(SlotSeed { slot, failure: &mut failure });
        match item {
            Ok(item) => {
                self.index += 1;
                Ok(item.is_some())
            }
            // A value with a path, or a list that isn't well-formed.
            Err(error) => {
                let is_item = failure.is_some();
                let invalid = Invalid::of_source(failure, error);
                Err(if is_item { invalid.within(Segment::Index(self.index)) } else { invalid })
            }
        }
    }
}

/// The properties of an object of a deserializer.
pub(crate) struct Properties<A> {
    map: A,
}

impl<'de, A: MapAccess<'de>> Properties<A> {
    pub(crate) fn new(map: A) -> Self {
        Self { map }
    }
}

impl<'de, A: MapAccess<'de>> ObjectSource<'de> for Properties<A> {
    fn next_name(&mut self, read: &mut dyn FnMut(Name<'_, 'de>)) -> Result<bool, Invalid> {
        let name = self.map.next_key_seed(NameSeed(read));
        name.map(|name| name.is_some()).map_err(|error| Invalid::of_source(None, error))
    }

    fn value(&mut self, slot: &mut dyn Slot<'de>) -> Result<(), Invalid> {
        let mut failure = None;
        let value = self.map.next_value_seed(SlotSeed { slot, failure: &mut failure });
        value.map_err(|error| Invalid::of_source(failure, error))
    }
}

/// The seed that reads a name with a function.
struct NameSeed<'a, 'de>(&'a mut dyn FnMut(Name<'_, 'de>));

impl<'de> DeserializeSeed<'de> for NameSeed<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for NameSeed<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property name")
    }

    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<(), E> {
        (self.0)(Name::Borrowed(name));
        Ok(())
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<(), E> {
        (self.0)(Name::Transient(name));
        Ok(())
    }
}
