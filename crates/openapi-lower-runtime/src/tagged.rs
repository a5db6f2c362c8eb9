//! Unions whose members a property tells apart: all that is the same for each of them.
//!
//! A tag that leads is read and the member after it, straight from the input. What stands before a
//! tag is kept until the tag is known; what stands behind it never is.

use std::{fmt, marker::PhantomData, vec};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, Visitor, value},
    ser,
};
use serde_json::Value;

use crate::{
    buffered::{Content, Key},
    untagged::note_unknown,
};

/// A union.
pub trait TaggedUnion: Sized {
    /// The property that is the tag.
    const TAG: &'static str;

    /// Reads the member with this tag; nothing is read if there is none.
    fn member<'de, A: MapAccess<'de>>(
        tag: &str,
        entries: &mut Entries<'de, A>,
    ) -> Result<Option<Self>, A::Error>;

    /// What isn't known, as it came.
    fn unrecognized(value: Value) -> Self;
}

/// The members of an object: the tag, what stood before it, and what is still to be read.
pub struct Entries<'de, A> {
    property: &'static str,
    /// Whether what is read next was kept: the tag or what stood before it.
    buffered: bool,
    tag: Option<(&'static str, Content<'de>)>,
    before: vec::IntoIter<(Key<'de>, Content<'de>)>,
    rest: A,
    next: Option<Content<'de>>,
    /// For errors.
    name: Key<'de>,
}

impl<A> Entries<'_, A> {
    /// Passes the tag over: the member knows it.
    pub fn without_tag(&mut self) -> &mut Self {
        self.tag = None;
        self.buffered = self.before.len() > 0;
        self
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Entries<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        if self.buffered {
            let entry = match self.tag.take() {
                Some((tag, content)) => Some((Key(tag.into()), content)),
                None => self.before.next(),
            };
            match entry {
                Some((name, content)) => {
                    self.name = name;
                    self.next = Some(content);
                }
                None => self.buffered = false,
            }
        }
        if !self.buffered {
            match self.rest.next_key::<Key<'de>>()? {
                Some(name) if name.0 == self.property => {
                    return Err(A::Error::duplicate_field(self.property));
                }
                Some(name) => self.name = name,
                None => return Ok(None),
            }
        }
        let name = value::StrDeserializer::<A::Error>::new(&self.name.0);
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let value = if self.buffered {
            let content = self.next.take().unwrap_or(Content::Null);
            seed.deserialize(content.into_deserializer())
        } else {
            self.rest.next_value_seed(seed)
        };
        value.map_err(|error| A::Error::custom(format_args!("`{}`: {error}", self.name.0)))
    }
}

/// Reads a union.
pub fn deserialize<'de, T: TaggedUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Union<T>(PhantomData<T>);

    impl<'de, T: TaggedUnion> Visitor<'de> for Union<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "an object with `{}`", T::TAG)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
            let mut before = Vec::new();
            let tag = loop {
                match map.next_key::<Key<'de>>()? {
                    None => return Err(A::Error::missing_field(T::TAG)),
                    Some(name) if name.0 == T::TAG => break map.next_value::<Content<'de>>()?,
                    Some(name) => before.push((name, map.next_value()?)),
                }
            };
            // Cheap: a tag without escapes is borrowed from the input.
            let text = match &tag {
                Content::Text(text) => Some(text.clone()),
                _ => None,
            };
            let mut entries = Entries {
                property: T::TAG,
                buffered: true,
                tag: Some((T::TAG, tag)),
                before: before.into_iter(),
                rest: map,
                next: None,
                name: Key("".into()),
            };
            if let Some(text) = text
                && let Some(member) = T::member(&text, &mut entries)?
            {
                return Ok(member);
            }
            let value = Value::deserialize(value::MapAccessDeserializer::new(entries))?;
            note_unknown();
            Ok(T::unrecognized(value))
        }
    }

    deserializer.deserialize_map(Union(PhantomData))
}

/// Reads a member, whose errors say which it is.
pub fn member<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    tag: &str,
    entries: &mut Entries<'de, A>,
) -> Result<T, A::Error> {
    T::deserialize(value::MapAccessDeserializer::new(entries))
        .map_err(|error| A::Error::custom(format_args!("variant `{tag}`: {error}")))
}

/// Writes a member that doesn't write its tag, or may have another one.
pub fn with_tag<T: Serialize, S: Serializer>(
    property: &str,
    tag: &str,
    member: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match serde_json::to_value(member).map_err(ser::Error::custom)? {
        Value::Object(mut map) => {
            map.insert(property.to_owned(), tag.into());
            map.serialize(serializer)
        }
        _ => Err(ser::Error::custom(format_args!("variant `{tag}` isn't an object"))),
    }
}

/// Reads a value that is this one (`None`), or what the document will list later.
pub fn read_constant<'de, D: Deserializer<'de>>(
    value: &'static str,
    deserializer: D,
) -> Result<Option<Box<str>>, D::Error> {
    struct Mostly(&'static str);

    impl Visitor<'_> for Mostly {
        type Value = Option<Box<str>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "\"{}\"", self.0)
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<Option<Box<str>>, E> {
            if value == self.0 {
                return Ok(None);
            }
            note_unknown();
            Ok(Some(value.into()))
        }
    }

    deserializer.deserialize_str(Mostly(value))
}

/// Defines a union: `constant` members have the tag as a constant, `nested` ones are unions by the same
/// tag, for `injected` ones it is written. What isn't known is `plain` or `secret`.
#[doc(hidden)]
#[macro_export]
macro_rules! __tagged_union {
    ($(#[$meta:meta])* $name:ident $unknown:ident by $property:literal {
        $($how:ident $tag:literal = $variant:ident($member:ty),)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $property, "` is `", $tag, "`.")] $variant($member),)*
            /// A value whose tag the document didn't list when this crate was built.
            Unrecognized($crate::__codegen_v1::serde_json::Value),
        }

        $crate::__union_debug!($name $unknown { $($variant)* });

        impl $crate::__codegen_v1::TaggedUnion for $name {
            const TAG: &'static str = $property;

            fn member<'de, A: $crate::__codegen_v1::serde::de::MapAccess<'de>>(
                tag: &str,
                entries: &mut $crate::__codegen_v1::Entries<'de, A>,
            ) -> ::std::result::Result<::std::option::Option<Self>, A::Error> {
                match tag {
                    $($tag => $crate::__codegen_v1::read_member($tag, $crate::__tagged_union!($how entries))
                        .map(|member| ::std::option::Option::Some(Self::$variant(member))),)*
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
                    $(Self::$variant(member) => {
                        $crate::__tagged_union!($how $property, $tag, member, serializer)
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
    (constant $entries:ident) => {
        $entries.without_tag()
    };
    ($how:ident $entries:ident) => {
        $entries
    };
    (constant $property:literal, $tag:literal, $member:ident, $serializer:ident) => {
        $member.serialize($serializer)
    };
    (nested $property:literal, $tag:literal, $member:ident, $serializer:ident) => {
        $member.serialize($serializer)
    };
    (injected $property:literal, $tag:literal, $member:ident, $serializer:ident) => {
        $crate::__codegen_v1::with_tag($property, $tag, $member, $serializer)
    };
}

/// Defines the type of a property that has one value only; another one is kept as it came.
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
                $crate::__codegen_v1::read_constant($value, deserializer).map(Self)
            }
        }
    };
}

/// A member is its union.
#[doc(hidden)]
#[macro_export]
macro_rules! __from_member {
    ($name:ident: $variant:ident($member:ty)) => {
        impl ::std::convert::From<$member> for $name {
            fn from(member: $member) -> Self {
                Self::$variant(member)
            }
        }
    };
}
