//! Values that were read before it was known as what they are to be read.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IntoDeserializer, MapAccess, SeqAccess, Visitor, value},
    forward_to_deserialize_any,
};

/// A JSON value; text is borrowed where it can be.
#[derive(Debug)]
pub(crate) enum Content<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
    List(Vec<Content<'de>>),
    Object(Vec<(Key<'de>, Content<'de>)>),
}

/// The name of a member.
#[derive(Debug)]
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;

        impl<'de> Visitor<'de> for Name {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a member")
            }

            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(name)))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name.to_owned())))
            }

            fn visit_string<E: Error>(self, name: String) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(name)))
            }
        }

        deserializer.deserialize_str(Name)
    }
}

impl<'de, E: Error> IntoDeserializer<'de, E> for Key<'de> {
    type Deserializer = value::CowStrDeserializer<'de, E>;

    fn into_deserializer(self) -> Self::Deserializer {
        value::CowStrDeserializer::new(self.0)
    }
}

impl<'de> Deserialize<'de> for Content<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Content<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_unit<E: Error>(self) -> Result<Content<'de>, E> {
                Ok(Content::Null)
            }

            fn visit_none<E: Error>(self) -> Result<Content<'de>, E> {
                Ok(Content::Null)
            }

            fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Content<'de>, D::Error> {
                Content::deserialize(inner)
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Content<'de>, E> {
                Ok(Content::Bool(value))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Content<'de>, E> {
                Ok(Content::Unsigned(value))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Content<'de>, E> {
                Ok(Content::Signed(value))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Content<'de>, E> {
                Ok(Content::Float(value))
            }

            fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Content<'de>, E> {
                Ok(Content::Text(Cow::Borrowed(value)))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Content<'de>, E> {
                Ok(Content::Text(Cow::Owned(value.to_owned())))
            }

            fn visit_string<E: Error>(self, value: String) -> Result<Content<'de>, E> {
                Ok(Content::Text(Cow::Owned(value)))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Content<'de>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Content::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Content::Object(members))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

/// Reads a value as what it turned out to be.
pub(crate) struct ContentDeserializer<'de, E>(Content<'de>, PhantomData<E>);

impl<'de, E: Error> IntoDeserializer<'de, E> for Content<'de> {
    type Deserializer = ContentDeserializer<'de, E>;

    fn into_deserializer(self) -> Self::Deserializer {
        ContentDeserializer(self, PhantomData)
    }
}

impl<'de, E: Error> Deserializer<'de> for ContentDeserializer<'de, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.0 {
            Content::Null => visitor.visit_unit(),
            Content::Bool(value) => visitor.visit_bool(value),
            Content::Unsigned(value) => visitor.visit_u64(value),
            Content::Signed(value) => visitor.visit_i64(value),
            Content::Float(value) => visitor.visit_f64(value),
            Content::Text(Cow::Borrowed(value)) => visitor.visit_borrowed_str(value),
            Content::Text(Cow::Owned(value)) => visitor.visit_string(value),
            Content::List(items) => {
                let mut list = value::SeqDeserializer::new(items.into_iter());
                let value = visitor.visit_seq(&mut list)?;
                list.end()?;
                Ok(value)
            }
            Content::Object(members) => {
                let mut map = value::MapDeserializer::new(members.into_iter());
                let value = visitor.visit_map(&mut map)?;
                map.end()?;
                Ok(value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.0 {
            Content::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        match self.0 {
            Content::Object(members) => {
                let map = value::MapDeserializer::new(members.into_iter());
                visitor.visit_enum(value::MapAccessDeserializer::new(map))
            }
            Content::Text(text) => visitor.visit_enum(value::CowStrDeserializer::new(text)),
            _ => Err(E::custom("an enum is text or an object")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
