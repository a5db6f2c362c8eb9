//! The traits of generated unions, and of what they are read from.

use serde::{Deserialize, de::Error};
use serde_json::Value;

use crate::{object::Object, tag::TagType};

/// A union whose variants are selected by a tag.
pub trait TaggedUnion: Sized {
    /// The name of the property that holds the tag.
    const TAG: &'static str;

    /// The JSON type of the tag.
    const TAG_TYPE: TagType = TagType::Text;

    /// Reads the variant with this tag, as text. If no variant has it, the value is unrecognized.
    fn read_variant<'de, O: TaggedObject<'de, Self>>(
        tag: &str,
        object: &mut O,
    ) -> Result<O::Value, O::Error>;

    /// Returns the variant of a value with an unknown tag.
    fn unrecognized(value: Value) -> Self;
}

/// An object with a known tag, which is read as the union `U`.
pub trait TaggedObject<'de, U> {
    /// The union, or nothing if that is written into a slot.
    type Value;

    /// The error of a value that is invalid.
    type Error: Error;

    /// Skips the tag, which the variant's type has as a constant.
    fn skip_tag(&mut self) -> &mut Self;

    /// Reads the object as a variant whose type is deserialized as an object, by
    /// [`object::deserialize`](crate::object::deserialize).
    fn object_variant<T: Object + Deserialize<'de>>(
        &mut self,
        tag: &str,
        variant: fn(T) -> U,
    ) -> Result<Self::Value, Self::Error>;

    /// Reads the object as a variant of any other type.
    fn variant<T: Deserialize<'de>>(
        &mut self,
        tag: &str,
        variant: fn(T) -> U,
    ) -> Result<Self::Value, Self::Error>;

    /// Reads the object as a value whose tag is unknown.
    fn unrecognized(&mut self) -> Result<Self::Value, Self::Error>;
}

/// Adds the tag to an error. It isn't compiled for each type of a variant.
#[cold]
pub(super) fn in_variant<E: Error>(tag: &str, error: E) -> E {
    E::custom(format_args!("variant `{tag}`: {error}"))
}
