//! Deserialization of unions in optimized builds.

use std::marker::PhantomData;

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, value},
};
use serde_json::Value;

use super::{
    entries::{LentEntries, TaggedEntries},
    map_access::TaggedMapAccess,
    union::{TaggedObject, TaggedUnion, in_variant},
    visitor::{ReadUnion, UnionVisitor},
};
use crate::{
    object::{Object, read_variant},
    untagged::record_unknown_value,
};

/// Deserializes a union.
pub fn deserialize<'de, T: TaggedUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let reader = DirectReader(PhantomData);
    deserializer.deserialize_any(UnionVisitor { tag: T::TAG, tag_type: T::TAG_TYPE, reader })
}

struct DirectReader<T>(PhantomData<T>);

impl<'de, T: TaggedUnion> ReadUnion<'de> for DirectReader<T> {
    type Value = T;

    fn variant<A: MapAccess<'de>>(
        self,
        tag: &str,
        object: &mut TaggedEntries<'de, A>,
    ) -> Result<T, A::Error> {
        T::read_variant(tag, object)
    }

    fn unrecognized(self, value: Value) -> T {
        record_unknown_value();
        T::unrecognized(value)
    }
}

impl<'de, U: TaggedUnion, A: MapAccess<'de>> TaggedObject<'de, U> for TaggedEntries<'de, A> {
    type Value = U;
    type Error = A::Error;

    fn skip_tag(&mut self) -> &mut Self {
        self.forget_tag();
        self
    }

    #[inline]
    fn variant<T: Deserialize<'de>>(
        &mut self,
        tag: &str,
        variant: fn(T) -> U,
    ) -> Result<U, A::Error> {
        let properties = TaggedMapAccess::new(self);
        match T::deserialize(value::MapAccessDeserializer::new(properties)) {
            Ok(value) => Ok(variant(value)),
            Err(error) => Err(in_variant(tag, error)),
        }
    }

    #[inline]
    fn object_variant<T: Object>(&mut self, tag: &str, variant: fn(T) -> U) -> Result<U, A::Error> {
        let skipped = self.tag.is_none().then_some(self.tag_property);
        match read_variant(LentEntries(self), skipped) {
            Ok(value) => Ok(variant(value)),
            Err(error) => Err(in_variant(tag, error)),
        }
    }

    fn unrecognized(&mut self) -> Result<U, A::Error> {
        TaggedMapAccess::new(self)
            .read_value()
            .map(|value| DirectReader(PhantomData).unrecognized(value))
    }
}
