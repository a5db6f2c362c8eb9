//! Unions with a discriminator, whose value (the tag) selects the variant: the code that is the
//! same for all of them.
//!
//! Properties before the tag are buffered until the tag is known. Properties after it are
//! deserialized directly from the input. So nothing is buffered if the tag is the first property.
//!
//! As with objects, each union is compiled for one format in builds without optimization.

mod buffer;
#[cfg(not(debug_assertions))]
mod direct;
mod map_access;
mod seen_names;
#[cfg(debug_assertions)]
mod through_erased;
mod visitor;

use serde::{Deserialize, Serialize, Serializer, de::Error, ser};
use serde_json::Value;

#[cfg(not(debug_assertions))]
pub use self::direct::deserialize;
#[cfg(debug_assertions)]
pub use self::through_erased::deserialize;
use crate::tag::{TagType, TagValue};

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

    /// Reads the object as a variant.
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
fn in_variant<E: Error>(tag: &str, error: E) -> E {
    E::custom(format_args!("variant `{tag}`: {error}"))
}

/// Serializes a variant whose type doesn't serialize the tag, or may have another one.
pub fn serialize_with_tag<T: Serialize, S: Serializer>(
    property: &str,
    tag: TagValue,
    content: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match serde_json::to_value(content).map_err(ser::Error::custom)? {
        Value::Object(mut map) => {
            map.insert(property.to_owned(), tag.into());
            map.serialize(serializer)
        }
        _ => Err(ser::Error::custom(format_args!("variant `{tag}` isn't an object"))),
    }
}
