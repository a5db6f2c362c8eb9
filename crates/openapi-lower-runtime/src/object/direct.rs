//! Deserialization of objects in optimized builds.

use std::{collections::HashMap, fmt, marker::PhantomData, mem};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor},
};
use serde_json::Value;

use super::{
    names::Names,
    reader::{Object, ObjectReader, charge_name, in_property},
    values::Field,
};
use crate::{date_time, unknown};

/// Deserializes an object.
pub fn deserialize<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(&mut MapReader { map, names: Names::new(T::NAMES), is_variant: false })
    }
}

/// Reads the variant of a union from its properties, whose names may be repeated: the first value
/// counts. If the tag is skipped, it is as if it were read. Errors name the property.
#[inline]
pub(crate) fn read_variant<'de, T: Object, A: MapAccess<'de>>(
    map: A,
    skipped_tag: Option<&'static str>,
) -> Result<T, A::Error> {
    let mut names = Names::new(T::NAMES);
    if let Some(tag) = skipped_tag {
        names.skip(tag);
    }
    T::read(&mut MapReader { map, names, is_variant: true })
}

/// Reads from any map. Each type has few calls of its functions, so they are always inline: unions
/// are decoded 4 % faster.
struct MapReader<A> {
    map: A,
    names: Names,
    /// Whether this is a variant of a union.
    is_variant: bool,
}

impl<'de, A: MapAccess<'de>> MapReader<A> {
    /// Reads the value of the current property.
    #[inline(always)]
    fn value<T: Deserialize<'de>>(&mut self) -> Result<T, A::Error> {
        self.value_seed(PhantomData)
    }

    #[inline(always)]
    fn value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        match self.map.next_value_seed(seed) {
            Err(error) if self.is_variant => Err(in_property(self.names.current(), error)),
            value => value,
        }
    }

    /// Reads the value of an undeclared property, unless it is a repeated one of a variant.
    fn read_other<S: DeserializeSeed<'de>>(
        &mut self,
        properties: &mut HashMap<String, S::Value>,
        seed: S,
    ) -> Result<(), A::Error> {
        if self.is_variant && properties.contains_key(&self.names.undeclared) {
            return self.skip();
        }
        charge_name(&self.names.undeclared)?;
        let value = self.value_seed(seed)?;
        properties.insert(mem::take(&mut self.names.undeclared), value);
        Ok(())
    }
}

impl<'de, A: MapAccess<'de>> ObjectReader<'de> for MapReader<A> {
    type Error = A::Error;

    #[inline(always)]
    fn next(&mut self) -> Result<Option<usize>, A::Error> {
        while let Some(index) = self.next_or_undeclared()? {
            if self.names.is_declared(index) {
                return Ok(Some(index));
            }
            self.skip()?;
        }
        Ok(None)
    }

    #[inline(always)]
    fn next_or_undeclared(&mut self) -> Result<Option<usize>, A::Error> {
        while let Some(index) = self.map.next_key_seed(self.names.seed())? {
            match self.names.set(index) {
                Ok(index) => return Ok(Some(index)),
                Err(_) if self.is_variant => self.skip()?,
                Err(name) => return Err(A::Error::duplicate_field(name)),
            }
        }
        Ok(None)
    }

    #[inline(always)]
    fn read<F: Field<'de>>(&mut self, field: &mut F) -> Result<(), A::Error> {
        field.assign(self.value()?);
        Ok(())
    }

    #[inline(always)]
    fn read_optional<F: Field<'de>>(&mut self, field: &mut F) -> Result<(), A::Error> {
        if let Some(value) = self.value()? {
            field.assign(value);
        }
        Ok(())
    }

    fn read_undeclared(&mut self, properties: &mut HashMap<String, Value>) -> Result<(), A::Error> {
        self.read_other(properties, UndeclaredSeed)
    }

    fn read_additional<T: Deserialize<'de> + 'static>(
        &mut self,
        properties: &mut HashMap<String, T>,
    ) -> Result<(), A::Error> {
        self.read_other(properties, AdditionalSeed(PhantomData))
    }

    fn skip(&mut self) -> Result<(), A::Error> {
        self.value().map(|IgnoredAny| ())
    }

    fn absent(&self, required: &[usize]) -> Option<&'static str> {
        self.names.missing(required)
    }
}

/// The seed of a value that the document doesn't declare.
struct UndeclaredSeed;

impl<'de> DeserializeSeed<'de> for UndeclaredSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        unknown::deserialize(deserializer)
    }
}

/// The seed of a value whose type the document declares, but macros don't know.
struct AdditionalSeed<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de> + 'static> DeserializeSeed<'de> for AdditionalSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        date_time::deserialize_any_type(deserializer)
    }
}
