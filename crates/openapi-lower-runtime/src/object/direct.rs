//! Deserialization of objects in optimized builds.

use std::{collections::HashMap, fmt, marker::PhantomData, mem};

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor},
};
use serde_json::Value;

use super::{
    names::Names,
    reader::{Object, ObjectReader, charge_name},
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
        T::read(&mut MapReader { map, names: Names::new(T::NAMES) })
    }
}

/// Reads from any map.
struct MapReader<A> {
    map: A,
    names: Names,
}

impl<'de, A: MapAccess<'de>> ObjectReader<'de> for MapReader<A> {
    type Error = A::Error;

    #[inline]
    fn next(&mut self) -> Result<Option<usize>, A::Error> {
        while let Some(index) = self.next_or_undeclared()? {
            if self.names.is_declared(index) {
                return Ok(Some(index));
            }
            self.skip()?;
        }
        Ok(None)
    }

    #[inline]
    fn next_or_undeclared(&mut self) -> Result<Option<usize>, A::Error> {
        let Some(index) = self.map.next_key_seed(self.names.seed())? else { return Ok(None) };
        self.names.set(index).map(Some).map_err(A::Error::duplicate_field)
    }

    #[inline]
    fn read<F: Field<'de>>(&mut self, field: &mut F) -> Result<(), A::Error> {
        field.assign(self.map.next_value()?);
        Ok(())
    }

    #[inline]
    fn read_optional<F: Field<'de>>(&mut self, field: &mut F) -> Result<(), A::Error> {
        if let Some(value) = self.map.next_value()? {
            field.assign(value);
        }
        Ok(())
    }

    fn read_undeclared(&mut self, properties: &mut HashMap<String, Value>) -> Result<(), A::Error> {
        charge_name(&self.names.undeclared)?;
        let value = self.map.next_value_seed(UndeclaredSeed)?;
        properties.insert(mem::take(&mut self.names.undeclared), value);
        Ok(())
    }

    fn read_additional<T: Deserialize<'de> + 'static>(
        &mut self,
        properties: &mut HashMap<String, T>,
    ) -> Result<(), A::Error> {
        charge_name(&self.names.undeclared)?;
        let AnyType(value) = self.map.next_value()?;
        properties.insert(mem::take(&mut self.names.undeclared), value);
        Ok(())
    }

    fn skip(&mut self) -> Result<(), A::Error> {
        self.map.next_value().map(|IgnoredAny| ())
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

/// A value whose type the document declares, but macros don't know.
struct AnyType<T>(T);

impl<'de, T: Deserialize<'de> + 'static> Deserialize<'de> for AnyType<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        date_time::deserialize_any_type(deserializer).map(Self)
    }
}
