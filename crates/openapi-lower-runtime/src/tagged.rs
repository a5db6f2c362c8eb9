//! Unions with a discriminator, whose value (the tag) selects the variant: the code that is the
//! same for all of them.
//!
//! Properties before the tag are buffered until the tag is known. Properties after it are
//! deserialized directly from the input. So nothing is buffered if the tag is the first property.

mod buffer;
mod map_access;
mod seen_names;

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, SeqAccess, Visitor, value},
    ser,
};
use serde_json::Value;

use self::buffer::BufferedSeed;
pub use self::map_access::TaggedMapAccess;
use crate::{
    buffered::PropertyName,
    limits,
    tag::{TagType, TagValue},
    unknown,
    untagged::record_unknown_value,
};

/// The number of properties for which a buffer doesn't grow.
const USUAL_COUNT: usize = 8;

/// A union whose variants are selected by a tag.
pub trait TaggedUnion: Sized {
    /// The name of the property that holds the tag.
    const TAG: &'static str;

    /// The JSON type of the tag.
    const TAG_TYPE: TagType = TagType::Text;

    /// Deserializes the variant with this tag, as text. If no variant has it, the value is
    /// unrecognized.
    fn deserialize_variant<'de, A: MapAccess<'de>>(
        tag: &str,
        map: &mut TaggedMapAccess<'de, A>,
    ) -> Result<Self, A::Error>;

    /// Returns the variant of a value with an unknown tag.
    fn unrecognized(value: Value) -> Self;
}

/// Deserializes a union. A value that isn't an object or has no tag is unrecognized, as one with an
/// unknown tag is.
pub fn deserialize<'de, T: TaggedUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct UnionVisitor<T>(PhantomData<T>);

    impl<'de, T: TaggedUnion> Visitor<'de> for UnionVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object with the property `{}`", T::TAG)
        }

        fn visit_unit<E: Error>(self) -> Result<T, E> {
            unrecognized(Value::Null)
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<T, E> {
            unrecognized(value.into())
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
            unrecognized(value.into())
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
            unrecognized(value.into())
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
            unrecognized(value.into())
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
            unrecognized(unknown::deserialize(value::StrDeserializer::new(value))?)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<T, A::Error> {
            unrecognized(unknown::deserialize(value::SeqAccessDeserializer::new(seq))?)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
            let _release = BufferRelease(limits::buffered());
            let mut buffered = Vec::new();
            while let Some(name) = map.next_key::<PropertyName<'de>>()? {
                let value = map.next_value_seed(BufferedSeed)?;
                if name.0 != T::TAG {
                    if buffered.is_empty() {
                        buffered.reserve(USUAL_COUNT);
                    }
                    buffered.push((name, value));
                    continue;
                }
                let tag = value.tag(T::TAG_TYPE);
                let mut map = TaggedMapAccess::new(T::TAG, Some(value), buffered, Some(map));
                return match tag {
                    Some(tag) => T::deserialize_variant(&tag, &mut map),
                    None => deserialize_unrecognized(&mut map),
                };
            }
            deserialize_unrecognized(&mut TaggedMapAccess::new(T::TAG, None, buffered, None::<A>))
        }
    }

    deserializer.deserialize_any(UnionVisitor(PhantomData))
}

/// Returns the variant of a value whose tag is unknown or missing.
fn unrecognized<T: TaggedUnion, E>(value: Value) -> Result<T, E> {
    record_unknown_value();
    Ok(T::unrecognized(value))
}

/// Deserializes an object whose tag is unknown or missing.
pub fn deserialize_unrecognized<'de, T: TaggedUnion, A: MapAccess<'de>>(
    map: &mut TaggedMapAccess<'de, A>,
) -> Result<T, A::Error> {
    unrecognized(unknown::deserialize(value::MapAccessDeserializer::new(map))?)
}

/// Releases the buffer of a union when it is deserialized.
struct BufferRelease(usize);

impl Drop for BufferRelease {
    fn drop(&mut self) {
        limits::release_buffer(self.0);
    }
}

/// Deserializes a variant, and adds the tag to its errors.
#[inline]
pub fn deserialize_variant<'de, T: Deserialize<'de>, U, A: MapAccess<'de>>(
    tag: &str,
    map: &mut TaggedMapAccess<'de, A>,
    variant: fn(T) -> U,
) -> Result<U, A::Error> {
    match T::deserialize(value::MapAccessDeserializer::new(map)) {
        Ok(value) => Ok(variant(value)),
        Err(error) => Err(in_variant(tag, &error)),
    }
}

/// Adds the tag to an error. It isn't compiled for each type of a variant.
#[cold]
fn in_variant<E: Error>(tag: &str, error: &E) -> E {
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
