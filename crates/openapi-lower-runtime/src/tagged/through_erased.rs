//! Deserialization of unions in builds without optimization: each is compiled once.
//!
//! Functions with a type parameter are as short as they can be, and have no `?` and no closure,
//! each of which is a function of its own in such a build.

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, value},
};
use serde_json::Value;

use super::{
    entries::TaggedEntries,
    map_access::TaggedMapAccess,
    union::{TaggedObject, TaggedUnion, in_variant},
    visitor::{ReadUnion, UnionVisitor},
};
use crate::{
    assigned::assigned,
    erased::{ErasedDeserializer, Held, Invalid, Slot, Source, into_error},
    object::Object,
    tag::TagType,
    unknown::UnknownSlot,
    untagged::record_unknown_value,
};

/// Deserializes a union.
pub fn deserialize<'de, T: TaggedUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut union: Option<T> = None;
    match read_into(deserializer, T::TAG, T::TAG_TYPE, &mut union) {
        Ok(()) => assigned(union),
        Err(error) => Err(error),
    }
}

fn read_into<'de, D: Deserializer<'de>>(
    deserializer: D,
    tag: &'static str,
    tag_type: TagType,
    slot: &mut dyn UnionSlot<'de>,
) -> Result<(), D::Error> {
    deserializer.deserialize_any(UnionVisitor { tag, tag_type, reader: ErasedReader(slot) })
}

/// A slot that any union is read into.
trait UnionSlot<'de> {
    fn variant(
        &mut self,
        tag: &str,
        properties: &mut dyn TaggedProperties<'de>,
    ) -> Result<(), Invalid>;

    fn unrecognized(&mut self, value: Value);
}

impl<'de, T: TaggedUnion> UnionSlot<'de> for Option<T> {
    fn variant(
        &mut self,
        tag: &str,
        properties: &mut dyn TaggedProperties<'de>,
    ) -> Result<(), Invalid> {
        T::read_variant(tag, &mut ErasedObject { properties, union: self })
    }

    fn unrecognized(&mut self, value: Value) {
        *self = Some(T::unrecognized(value));
    }
}

/// Reads any union.
struct ErasedReader<'a, 'de>(&'a mut dyn UnionSlot<'de>);

impl<'de> ReadUnion<'de> for ErasedReader<'_, 'de> {
    type Value = ();

    fn variant<A: MapAccess<'de>>(
        self,
        tag: &str,
        object: &mut TaggedEntries<'de, A>,
    ) -> Result<(), A::Error> {
        self.0.variant(tag, object).map_err(into_error)
    }

    fn unrecognized(self, value: Value) {
        record_unknown_value();
        self.0.unrecognized(value);
    }
}

/// The properties of an object with a known tag, in any format.
trait TaggedProperties<'de> {
    fn forget_tag(&mut self);

    /// Reads the object into a slot.
    fn read(&mut self, slot: &mut dyn Slot<'de>) -> Result<(), Invalid>;
}

impl<'de, A: MapAccess<'de>> TaggedProperties<'de> for TaggedEntries<'de, A> {
    fn forget_tag(&mut self) {
        self.forget_tag();
    }

    fn read(&mut self, slot: &mut dyn Slot<'de>) -> Result<(), Invalid> {
        slot.read(&mut Held::new(value::MapAccessDeserializer::new(TaggedMapAccess::new(self))))
    }
}

/// An object with a known tag, and the slot that its union is read into.
struct ErasedObject<'a, 'de, U> {
    properties: &'a mut dyn TaggedProperties<'de>,
    union: &'a mut Option<U>,
}

impl<'de, U: TaggedUnion> TaggedObject<'de, U> for ErasedObject<'_, 'de, U> {
    type Value = ();
    type Error = Invalid;

    fn skip_tag(&mut self) -> &mut Self {
        self.properties.forget_tag();
        self
    }

    fn variant<T: Deserialize<'de>>(
        &mut self,
        tag: &str,
        variant: fn(T) -> U,
    ) -> Result<(), Invalid> {
        read_variant(tag, self.properties, &mut VariantSlot { variant, union: self.union })
    }

    /// As [`variant`](Self::variant), a call of which would be one more function for each variant.
    fn object_variant<T: Object + Deserialize<'de>>(
        &mut self,
        tag: &str,
        variant: fn(T) -> U,
    ) -> Result<(), Invalid> {
        read_variant(tag, self.properties, &mut VariantSlot { variant, union: self.union })
    }

    fn unrecognized(&mut self) -> Result<(), Invalid> {
        read_unrecognized(self.properties, self.union)
    }
}

fn read_variant<'de>(
    tag: &str,
    properties: &mut dyn TaggedProperties<'de>,
    slot: &mut dyn Slot<'de>,
) -> Result<(), Invalid> {
    properties.read(slot).map_err(|invalid| in_variant(tag, invalid))
}

fn read_unrecognized<'de>(
    properties: &mut dyn TaggedProperties<'de>,
    slot: &mut dyn UnionSlot<'de>,
) -> Result<(), Invalid> {
    let mut value = UnknownSlot(Value::Null);
    properties.read(&mut value)?;
    record_unknown_value();
    slot.unrecognized(value.0);
    Ok(())
}

/// A slot for the type of a variant.
struct VariantSlot<'a, T, U> {
    variant: fn(T) -> U,
    union: &'a mut Option<U>,
}

impl<'de, T: Deserialize<'de>, U> Slot<'de> for VariantSlot<'_, T, U> {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        match T::deserialize(ErasedDeserializer::new(value)) {
            Ok(value) => {
                fill(self.union, (self.variant)(value));
                Ok(())
            }
            Err(invalid) => Err(invalid),
        }
    }
}

/// Fills a slot. It drops the value before, so it is compiled for each union, and not each variant.
fn fill<U>(slot: &mut Option<U>, union: U) {
    *slot = Some(union);
}
