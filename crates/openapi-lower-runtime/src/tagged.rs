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
    limits, unknown,
    untagged::record_unknown_value,
};

/// A union whose variants are selected by a tag.
pub trait TaggedUnion: Sized {
    /// The name of the property that holds the tag.
    const TAG: &'static str;

    /// Deserializes the variant with this tag. Returns `None`, and reads nothing, if no variant has
    /// it.
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
    /// The names of the properties that were read.
    seen: HashSet<Cow<'de, str>>,
    /// The name of the current property, for errors.
    name: PropertyName<'de>,
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
                Some((name, value)) if self.seen.insert(name.0.clone()) => {
                    self.name = name;
                    self.next_value = Some(value);
                    break;
                }
                Some(_) => {}
                None => self.is_buffered = false,
            }
        }
        while !self.is_buffered {
            match self.rest.next_key::<PropertyName<'de>>()? {
                Some(name) if name.0 != self.tag_property && self.seen.insert(name.0.clone()) => {
                    self.name = name;
                    break;
                }
                Some(_) => {
                    self.rest.next_value::<IgnoredAny>()?;
                }
                None => return Ok(None),
            }
        }
        let name = value::StrDeserializer::<A::Error>::new(&self.name.0);
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let value = if self.is_buffered {
            let value = self.next_value.take().unwrap_or(BufferedValue::Null);
            seed.deserialize(value.into_deserializer())
        } else {
            self.rest.next_value_seed(seed)
        };
        value.map_err(|error| A::Error::custom(format_args!("`{}`: {error}", self.name.0)))
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
            // A cheap clone: a tag without escapes is borrowed from the input.
            let text = match &tag {
                BufferedValue::Text(text) => Some(text.clone()),
                _ => None,
            };
            let mut map = TaggedMapAccess {
                tag_property: T::TAG,
                is_buffered: true,
                tag: Some((T::TAG, tag)),
                buffered: buffered.into_iter(),
                rest: map,
                next_value: None,
                seen: HashSet::new(),
                name: PropertyName("".into()),
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
    T::deserialize(value::MapAccessDeserializer::new(map))
        .map_err(|error| A::Error::custom(format_args!("variant `{tag}`: {error}")))
}

/// Serializes a variant whose type doesn't serialize the tag, or may have another one.
pub fn serialize_with_tag<T: Serialize, S: Serializer>(
    property: &str,
    tag: &str,
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

/// Deserializes a string constant. Returns `None` for the documented `value`, and any other string
/// as it is: the document may list it later.
pub fn deserialize_constant<'de, D: Deserializer<'de>>(
    value: &'static str,
    deserializer: D,
) -> Result<Option<Box<str>>, D::Error> {
    struct ConstantVisitor(&'static str);

    impl Visitor<'_> for ConstantVisitor {
        type Value = Option<Box<str>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "\"{}\"", self.0)
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<Option<Box<str>>, E> {
            if value == self.0 {
                return Ok(None);
            }
            record_unknown_value();
            Ok(Some(value.into()))
        }
    }

    deserializer.deserialize_str(ConstantVisitor(value))
}

/// Defines a union whose variants are selected by a tag.
///
/// The source of a variant's tag is `constant` (the type has a constant field), `nested` (the type
/// is a union with the same tag) or `injected` (the union adds the tag). `Debug` output shows an
/// unrecognized value if it is `plain`, and not if it is `secret`.
#[doc(hidden)]
#[macro_export]
macro_rules! __tagged_union {
    ($(#[$meta:meta])* $name:ident $unknown:ident by $property:literal {
        $($(#[$variant_meta:meta])* $source:ident $tag:literal = $variant:ident($member:ty),)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant($member),)*
            /// A value with a tag that the document didn't list when this crate was built. It is
            /// encoded as it was received.
            Unrecognized($crate::__codegen_v1::serde_json::Value),
        }

        $crate::__union_debug!($name $unknown { $($variant)* });

        impl $crate::__codegen_v1::TaggedUnion for $name {
            const TAG: &'static str = $property;

            fn deserialize_variant<'de, A: $crate::__codegen_v1::serde::de::MapAccess<'de>>(
                tag: &str,
                map: &mut $crate::__codegen_v1::TaggedMapAccess<'de, A>,
            ) -> ::std::result::Result<::std::option::Option<Self>, A::Error> {
                match tag {
                    $($tag => $crate::__codegen_v1::deserialize_variant($tag, $crate::__tagged_union!($source map))
                        .map(|content| ::std::option::Option::Some(Self::$variant(content))),)*
                    _ => ::std::result::Result::Ok(::std::option::Option::None),
                }
            }

            fn unrecognized(value: $crate::__codegen_v1::serde_json::Value) -> Self {
                Self::Unrecognized(value)
            }
        }

        impl $crate::__codegen_v1::serde::Serialize for $name {
            fn serialize<S: $crate::__codegen_v1::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(content) => {
                        $crate::__tagged_union!($source $property, $tag, content, serializer)
                    })*
                    Self::Unrecognized(value) => value.serialize(serializer),
                }
            }
        }

        impl<'de> $crate::__codegen_v1::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__codegen_v1::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__codegen_v1::deserialize_tagged_union(deserializer)
            }
        }
    };
    (constant $map:ident) => {
        $map.skip_tag()
    };
    ($source:ident $map:ident) => {
        $map
    };
    (constant $property:literal, $tag:literal, $content:ident, $serializer:ident) => {
        $content.serialize($serializer)
    };
    (nested $property:literal, $tag:literal, $content:ident, $serializer:ident) => {
        $content.serialize($serializer)
    };
    (injected $property:literal, $tag:literal, $content:ident, $serializer:ident) => {
        $crate::__codegen_v1::serialize_with_tag($property, $tag, $content, $serializer)
    };
}

/// Defines the type of a property with one documented value. Any other value is kept as it was
/// received.
#[doc(hidden)]
#[macro_export]
macro_rules! __constant {
    ($name:ident = $value:literal) => {
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name(::std::option::Option<::std::boxed::Box<str>>);

        impl $crate::__codegen_v1::serde::Serialize for $name {
            fn serialize<S: $crate::__codegen_v1::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.as_deref().unwrap_or($value))
            }
        }

        impl<'de> $crate::__codegen_v1::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__codegen_v1::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__codegen_v1::deserialize_constant($value, deserializer).map(Self)
            }
        }
    };
}

/// Defines the conversion of a variant's type into its union.
#[doc(hidden)]
#[macro_export]
macro_rules! __from_member {
    ($name:ident: $variant:ident($member:ty)) => {
        impl ::std::convert::From<$member> for $name {
            fn from(content: $member) -> Self {
                Self::$variant(content)
            }
        }
    };
}
