//! The visitor of a union.

use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor, value};
use serde_json::Value;

use super::{entries::TaggedEntries, map_access::TaggedMapAccess};
use crate::{tag::TagType, unknown};

/// Makes a union of what the visitor has read.
pub(super) trait ReadUnion<'de>: Sized {
    /// The union.
    type Value;

    /// Reads the variant with this tag.
    fn variant<A: MapAccess<'de>>(
        self,
        tag: &str,
        object: &mut TaggedEntries<'de, A>,
    ) -> Result<Self::Value, A::Error>;

    /// Makes the variant of a value whose tag is unknown or missing.
    fn unrecognized(self, value: Value) -> Self::Value;
}

/// The visitor of a union. A value that isn't an object or has no tag is unrecognized, as one with
/// an unknown tag is.
pub(super) struct UnionVisitor<R> {
    pub(super) tag: &'static str,
    pub(super) tag_type: TagType,
    pub(super) reader: R,
}

impl<'de, R: ReadUnion<'de>> Visitor<'de> for UnionVisitor<R> {
    type Value = R::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with the property `{}`", self.tag)
    }

    fn visit_unit<E: Error>(self) -> Result<R::Value, E> {
        Ok(self.reader.unrecognized(Value::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<R::Value, E> {
        Ok(self.reader.unrecognized(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<R::Value, E> {
        Ok(self.reader.unrecognized(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<R::Value, E> {
        Ok(self.reader.unrecognized(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<R::Value, E> {
        Ok(self.reader.unrecognized(value.into()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<R::Value, E> {
        let value = unknown::deserialize(value::StrDeserializer::new(value))?;
        Ok(self.reader.unrecognized(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<R::Value, A::Error> {
        let value = unknown::deserialize(value::SeqAccessDeserializer::new(list))?;
        Ok(self.reader.unrecognized(value))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<R::Value, A::Error> {
        let mut object = TaggedEntries::new(self.tag, map);
        match object.read_tag(self.tag_type)? {
            Some(tag) => self.reader.variant(&tag, &mut object),
            None => Ok(self.reader.unrecognized(TaggedMapAccess::new(&mut object).read_value()?)),
        }
    }
}
