//! Unions with a discriminator, whose value (the tag) selects the variant: the code that is the
//! same for all of them.
//!
//! Properties before the tag are buffered until the tag is known. Properties after it are
//! deserialized directly from the input. So nothing is buffered if the tag is the first property.

use std::{borrow::Cow, collections::HashSet, fmt, marker::PhantomData, vec};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{
        DeserializeSeed, Error, IgnoredAny, IntoDeserializer, MapAccess, SeqAccess, Visitor, value,
    },
    ser,
};
use serde_json::Value;

use crate::{
    buffered::{BufferedValue, LosslessSeed, PropertyName},
    limits,
    tag::{TagType, TagValue},
    unknown,
    untagged::record_unknown_value,
};

/// A union whose variants are selected by a tag.
pub trait TaggedUnion: Sized {
    /// The name of the property that holds the tag.
    const TAG: &'static str;

    /// The JSON type of the tag.
    const TAG_TYPE: TagType = TagType::Text;

    /// Deserializes the variant with this tag, as text. Returns `None`, and reads nothing, if no
    /// variant has it.
    fn deserialize_variant<'de, A: MapAccess<'de>>(
        tag: &str,
        map: &mut TaggedMapAccess<'de, A>,
    ) -> Result<Option<Self>, A::Error>;

    /// Returns the variant of a value with an unknown tag.
    fn unrecognized(value: Value) -> Self;
}

/// The properties of an object with a known tag: the tag, the buffered properties before it, and
/// those that aren't read yet.
pub struct TaggedMapAccess<'de, A> {
    tag_property: &'static str,
    /// Whether the next property comes from `tag` or `buffered`.
    is_buffered: bool,
    tag: Option<(&'static str, BufferedValue<'de>)>,
    buffered: vec::IntoIter<(PropertyName<'de>, BufferedValue<'de>)>,
    rest: A,
    next_value: Option<BufferedValue<'de>>,
    /// The name of the current property.
    name: PropertyName<'de>,
    /// The names of the properties that were read.
    seen: SeenNames<'de>,
}

impl<A> TaggedMapAccess<'_, A> {
    /// Skips the tag, which the variant's type has as a constant.
    pub fn skip_tag(&mut self) -> &mut Self {
        self.tag = None;
        self.is_buffered = self.buffered.len() > 0;
        self
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for TaggedMapAccess<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        // Of a property that is repeated, the first value counts, as it does for the tag.
        while self.is_buffered {
            let property = match self.tag.take() {
                Some((name, value)) => Some((PropertyName(name.into()), value)),
                None => self.buffered.next(),
            };
            match property {
                Some((name, value)) if self.seen.insert(&name) => {
                    self.name = name;
                    self.next_value = Some(value);
                    return self.deserialize_name(seed).map(Some);
                }
                Some(_) => {}
                None => self.is_buffered = false,
            }
        }
        loop {
            match self.rest.next_key::<PropertyName<'de>>()? {
                Some(name) if name.0 != self.tag_property && self.seen.insert(&name) => {
                    self.name = name;
                    return self.deserialize_name(seed).map(Some);
                }
                Some(_) => {
                    self.rest.next_value::<IgnoredAny>()?;
                }
                None => return Ok(None),
            }
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let value = match self.next_value.take() {
            Some(value) => seed.deserialize(value.into_deserializer()),
            None => self.rest.next_value_seed(seed),
        };
        // In other builds, objects add the names of their properties to errors.
        #[cfg(not(debug_assertions))]
        let value = value.map_err(|error| in_property(&self.name.0, error));
        value
    }
}

impl<'de, A: MapAccess<'de>> TaggedMapAccess<'de, A> {
    fn deserialize_name<K: DeserializeSeed<'de>>(&self, seed: K) -> Result<K::Value, A::Error> {
        seed.deserialize(value::StrDeserializer::new(&self.name.0))
    }
}

/// Adds the name of a property to an error, unless it begins with its path already.
#[cfg(not(debug_assertions))]
fn in_property<E: Error>(name: &str, error: E) -> E {
    let text = error.to_string();
    match text.strip_prefix(name) {
        Some(rest) if rest.starts_with([':', '.', '[']) => error,
        _ => E::custom(format_args!("{name}: {text}")),
    }
}

/// The names of properties: up to [`FEW`](Self::FEW), which are compared, and all others.
#[derive(Default)]
struct SeenNames<'de> {
    few: Vec<Cow<'de, str>>,
    others: HashSet<Cow<'de, str>>,
}

impl<'de> SeenNames<'de> {
    const FEW: usize = 24;

    /// Adds a name; returns `false` if it was added before.
    fn insert(&mut self, name: &PropertyName<'de>) -> bool {
        // A cheap clone: most names are borrowed from the input.
        let PropertyName(name) = name;
        if self.few.contains(name) {
            return false;
        }
        if self.few.len() == Self::FEW {
            return self.others.insert(name.clone());
        }
        self.few.push(name.clone());
        true
    }
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
            let tag = loop {
                match map.next_key::<PropertyName<'de>>()? {
                    None => {
                        let properties = value::MapDeserializer::new(buffered.into_iter());
                        let properties = value::MapAccessDeserializer::new(properties);
                        return unrecognized(unknown::deserialize(properties)?);
                    }
                    Some(name) if name.0 == T::TAG => {
                        break map.next_value_seed(LosslessSeed)?;
                    }
                    Some(name) => buffered.push((name, map.next_value_seed(LosslessSeed)?)),
                }
            };
            let text = T::TAG_TYPE.text(&tag);
            let mut map = TaggedMapAccess {
                tag_property: T::TAG,
                is_buffered: true,
                tag: Some((T::TAG, tag)),
                buffered: buffered.into_iter(),
                rest: map,
                next_value: None,
                name: PropertyName("".into()),
                seen: SeenNames::default(),
            };
            if let Some(text) = text
                && let Some(union) = T::deserialize_variant(&text, &mut map)?
            {
                return Ok(union);
            }
            unrecognized(unknown::deserialize(value::MapAccessDeserializer::new(map))?)
        }
    }

    deserializer.deserialize_any(UnionVisitor(PhantomData))
}

/// Returns the variant of a value whose tag is unknown or missing.
fn unrecognized<T: TaggedUnion, E>(value: Value) -> Result<T, E> {
    record_unknown_value();
    Ok(T::unrecognized(value))
}

/// Releases the buffer of a union when it is deserialized.
struct BufferRelease(usize);

impl Drop for BufferRelease {
    fn drop(&mut self) {
        limits::release_buffer(self.0);
    }
}

/// Deserializes the type of a variant, and adds the tag to its errors.
pub fn deserialize_variant<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    tag: &str,
    map: &mut TaggedMapAccess<'de, A>,
) -> Result<T, A::Error> {
    match T::deserialize(value::MapAccessDeserializer::new(map)) {
        Ok(value) => Ok(value),
        Err(error) => Err(in_variant(tag, &error)),
    }
}

/// Adds the tag to an error. It isn't compiled for each type of a variant.
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
