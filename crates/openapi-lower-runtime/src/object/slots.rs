//! Slots for the kinds of fields.

use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::{
    fields::{Assigned, ConstantField, DateTimesField, ListField, ObjectField, ObjectListField},
    reader::Object,
    through_erased::{ErasedReader, ObjectSlot},
};
use crate::{
    date_time::DateTimes,
    erased::{
        ErasedDeserializer, Hint, Invalid, ListSource, ObjectSource, Scalar, Sink, Slot, Source,
    },
    tag::{ConstantValue, TagValue, other_than},
};

impl<'de, T: Deserialize<'de>> Slot<'de> for Assigned<'_, T> {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        match T::deserialize(ErasedDeserializer::new(value)) {
            Ok(value) => {
                *self.0 = value;
                Ok(())
            }
            Err(invalid) => Err(invalid),
        }
    }
}

impl<'de, T: ConstantValue> Slot<'de> for ConstantField<'_, T> {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        read_constant(value, T::VALUE, self.0.other_mut())
    }
}

/// Reads the value of a constant.
fn read_constant<'de>(
    value: &mut dyn Source<'de>,
    documented: TagValue,
    other: &mut Option<Box<Value>>,
) -> Result<(), Invalid> {
    *other = other_than(documented, ErasedDeserializer::new(value))?;
    Ok(())
}

impl<'de, T: DateTimes<'de>> Slot<'de> for DateTimesField<'_, T> {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        *self.0 = Some(T::deserialize_date_times(ErasedDeserializer::new(value))?);
        Ok(())
    }
}

impl<'de, T: Object> Slot<'de> for ObjectField<'_, T> {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        read_object(value, T::NAMES, self.0)
    }
}

/// Reads an object into a slot.
fn read_object<'de>(
    value: &mut dyn Source<'de>,
    names: &'static [&'static str],
    slot: &mut dyn ObjectSlot<'de>,
) -> Result<(), Invalid> {
    take(value, Hint::Object, &mut ObjectSink { names, slot }, "an object")
}

/// Gives a value to a sink, which takes one of the expected kind.
fn take<'de>(
    value: &mut dyn Source<'de>,
    hint: Hint,
    sink: &mut dyn Sink<'de>,
    expected: &'static str,
) -> Result<(), Invalid> {
    match value.read(hint, sink)? {
        Scalar::Taken => Ok(()),
        other => Err(other.unexpected(&expected)),
    }
}

/// The sink of an object with declared properties.
struct ObjectSink<'a, 'de> {
    names: &'static [&'static str],
    slot: &'a mut dyn ObjectSlot<'de>,
}

impl<'de> Sink<'de> for ObjectSink<'_, 'de> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn object(&mut self, properties: &mut dyn ObjectSource<'de>) -> Option<Result<(), Invalid>> {
        Some(self.slot.read(&mut ErasedReader::new(properties, self.names)))
    }
}

impl<'de, T: Deserialize<'de>> Slot<'de> for ListField<'_, T> {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        read_list(value, &mut Values(self.0.insert(Vec::new())))
    }
}

impl<'de, T: Object> Slot<'de> for ObjectListField<'_, T> {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        read_list(value, &mut Objects(self.0.insert(Vec::new())))
    }
}

/// Reads the items of a list.
fn read_list<'de>(
    value: &mut dyn Source<'de>,
    items: &mut dyn ItemSlot<'de>,
) -> Result<(), Invalid> {
    take(value, Hint::List, &mut ListSink(items), "a sequence")
}

/// A slot that each item of a list is read into.
trait ItemSlot<'de> {
    /// Reads the next item; returns `false` after the last one.
    fn next(&mut self, list: &mut dyn ListSource<'de>) -> Result<bool, Invalid>;
}

/// The items of a list of any type.
struct Values<'a, T>(&'a mut Vec<T>);

impl<'de, T: Deserialize<'de>> ItemSlot<'de> for Values<'_, T> {
    fn next(&mut self, list: &mut dyn ListSource<'de>) -> Result<bool, Invalid> {
        let mut item: Option<T> = None;
        let read = list.next(&mut item);
        // Less code than with `extend`.
        if let Some(item) = item {
            self.0.push(item);
        }
        read
    }
}

/// The items of a list of objects.
struct Objects<'a, T>(&'a mut Vec<T>);

impl<'de, T: Object> ItemSlot<'de> for Objects<'_, T> {
    fn next(&mut self, list: &mut dyn ListSource<'de>) -> Result<bool, Invalid> {
        let mut item: Option<T> = None;
        let read = list.next(&mut ObjectField(&mut item));
        if let Some(item) = item {
            self.0.push(item);
        }
        read
    }
}

/// The sink of a list.
struct ListSink<'a, 'de>(&'a mut dyn ItemSlot<'de>);

impl<'de> Sink<'de> for ListSink<'_, 'de> {
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sequence")
    }

    fn list(&mut self, list: &mut dyn ListSource<'de>) -> Option<Result<(), Invalid>> {
        loop {
            match self.0.next(list) {
                Ok(true) => {}
                end => return Some(end.map(|_| ())),
            }
        }
    }
}
