//! Deserialization of objects in builds without optimization: each is compiled once.
//!
//! Functions with a type parameter are as short as they can be, and have no `?` and no closure,
//! each of which is a function of its own in such a build.

use std::{collections::HashMap, fmt, marker::PhantomData, mem};

use serde::{
    Deserialize,
    de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor},
};
use serde_json::Value;

use super::{
    names::Names,
    reader::{Object, ObjectReader, charge_name},
};
use crate::{
    assigned::assigned,
    date_time,
    erased::{ErasedDeserializer, Invalid, ObjectSource, Properties, Slot, Source, into_error},
    unknown::UnknownSlot,
};

/// Deserializes an object.
pub fn deserialize<'de, T: Object, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut object: Option<T> = None;
    match read_into(deserializer, T::NAMES, &mut object) {
        Ok(()) => assigned(object),
        Err(error) => Err(error),
    }
}

fn read_into<'de, D: Deserializer<'de>>(
    deserializer: D,
    names: &'static [&'static str],
    slot: &mut dyn ObjectSlot<'de>,
) -> Result<(), D::Error> {
    deserializer.deserialize_map(ObjectVisitor { names, slot, input: PhantomData })
}

/// A slot that any object is read into.
pub(super) trait ObjectSlot<'de> {
    /// Reads the properties.
    fn read(&mut self, object: &mut ErasedReader<'_, 'de>) -> Result<(), Invalid>;
}

impl<'de, T: Object> ObjectSlot<'de> for Option<T> {
    fn read(&mut self, object: &mut ErasedReader<'_, 'de>) -> Result<(), Invalid> {
        match T::read(object) {
            Ok(value) => {
                *self = Some(value);
                Ok(())
            }
            Err(invalid) => Err(invalid),
        }
    }
}

/// The visitor of any object.
struct ObjectVisitor<'a, 'de> {
    names: &'static [&'static str],
    slot: &'a mut dyn ObjectSlot<'de>,
    input: PhantomData<&'de ()>,
}

impl<'de> Visitor<'de> for ObjectVisitor<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let mut properties = Properties::new(map);
        self.slot.read(&mut ErasedReader::new(&mut properties, self.names)).map_err(into_error)
    }
}

/// Reads from the properties of any format.
pub(super) struct ErasedReader<'a, 'de> {
    properties: &'a mut dyn ObjectSource<'de>,
    names: Names,
}

impl<'a, 'de> ErasedReader<'a, 'de> {
    /// Reads the declared properties with these names.
    pub(super) fn new(
        properties: &'a mut dyn ObjectSource<'de>,
        names: &'static [&'static str],
    ) -> Self {
        Self { properties, names: Names::new(names) }
    }

    /// Reads the value of the property into a slot.
    fn value(&mut self, slot: &mut dyn Slot<'de>) -> Result<(), Invalid> {
        let read = self.properties.value(slot);
        read.map_err(|invalid| invalid.in_property(self.names.current()))
    }

    /// Reads the value of an undeclared property into a slot, and returns the name.
    fn undeclared(&mut self, slot: &mut dyn Slot<'de>) -> Result<String, Invalid> {
        charge_name(&self.names.undeclared)?;
        self.value(slot)?;
        Ok(mem::take(&mut self.names.undeclared))
    }
}

impl<'de> ObjectReader<'de> for ErasedReader<'_, 'de> {
    type Error = Invalid;

    fn next(&mut self) -> Result<Option<usize>, Invalid> {
        while let Some(index) = self.next_or_undeclared()? {
            if self.names.is_declared(index) {
                return Ok(Some(index));
            }
            self.skip()?;
        }
        Ok(None)
    }

    fn next_or_undeclared(&mut self) -> Result<Option<usize>, Invalid> {
        let (mut seed, mut index) = (Some(self.names.seed()), None);
        self.properties.next_name(&mut |name| {
            index = seed.take().map(|seed| seed.index(name.as_str()));
        })?;
        let Some(index) = index else { return Ok(None) };
        self.names.set(index).map(Some).map_err(Invalid::duplicate_field)
    }

    fn read<F: Slot<'de>>(&mut self, field: &mut F) -> Result<(), Invalid> {
        self.value(field)
    }

    fn read_optional<F: Slot<'de>>(&mut self, field: &mut F) -> Result<(), Invalid> {
        self.value(&mut Optional(field))
    }

    fn read_undeclared(&mut self, properties: &mut HashMap<String, Value>) -> Result<(), Invalid> {
        let mut value = UnknownSlot(Value::Null);
        let name = self.undeclared(&mut value)?;
        properties.insert(name, value.0);
        Ok(())
    }

    fn read_additional<T: Deserialize<'de> + 'static>(
        &mut self,
        properties: &mut HashMap<String, T>,
    ) -> Result<(), Invalid> {
        let mut value = AnyType(None);
        let name = self.undeclared(&mut value)?;
        value.0.map(|value| properties.insert(name, value));
        Ok(())
    }

    fn skip(&mut self) -> Result<(), Invalid> {
        let mut ignored: Option<IgnoredAny> = None;
        self.value(&mut ignored)
    }

    fn absent(&self, required: &[usize]) -> Option<&'static str> {
        self.names.missing(required)
    }
}

/// A slot that stays as it is for null.
struct Optional<'a, 'de>(&'a mut dyn Slot<'de>);

impl<'de> Slot<'de> for Optional<'_, 'de> {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        ErasedDeserializer::new(value).read_optional(self.0)
    }
}

/// A slot for a value whose type the document declares, but macros don't know.
struct AnyType<T>(Option<T>);

impl<'de, T: Deserialize<'de> + 'static> Slot<'de> for AnyType<T> {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        self.0 = Some(date_time::deserialize_any_type(ErasedDeserializer::new(value))?);
        Ok(())
    }
}
