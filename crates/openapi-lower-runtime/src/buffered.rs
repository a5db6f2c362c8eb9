//! JSON values that are buffered until the type to decode them into is known.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, IntoDeserializer, MapAccess, SeqAccess, Visitor, value},
    forward_to_deserialize_any,
};

use crate::limits::{VALUE_COST, charge_buffer};

/// A buffered JSON value. Strings are borrowed from the input where possible.
#[derive(Debug)]
pub(crate) enum BufferedValue<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
    List(Vec<BufferedValue<'de>>),
    Object(Vec<(PropertyName<'de>, BufferedValue<'de>)>),
}

/// The name of a property. It is borrowed from the input where possible.
#[derive(Debug)]
pub(crate) struct PropertyName<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for PropertyName<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl<'de> Visitor<'de> for NameVisitor {
            type Value = PropertyName<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a property name")
            }

            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<PropertyName<'de>, E> {
                Ok(PropertyName(Cow::Borrowed(name)))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<PropertyName<'de>, E> {
                Ok(PropertyName(Cow::Owned(name.to_owned())))
            }

            fn visit_string<E: Error>(self, name: String) -> Result<PropertyName<'de>, E> {
                Ok(PropertyName(Cow::Owned(name)))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

impl<'de, E: Error> IntoDeserializer<'de, E> for PropertyName<'de> {
    type Deserializer = BufferedValueDeserializer<'de, E>;

    /// serde's deserializer of a `Cow` copies borrowed text.
    fn into_deserializer(self) -> Self::Deserializer {
        BufferedValue::Text(self.0).into_deserializer()
    }
}

/// Counts a value that is buffered.
fn charged<T, E: Error>(text: usize, value: T) -> Result<T, E> {
    charge_buffer(text.saturating_add(VALUE_COST)).map(|()| value).map_err(E::custom)
}

impl<'de> Deserialize<'de> for BufferedValue<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ValueVisitor;

        impl<'de> Visitor<'de> for ValueVisitor {
            type Value = BufferedValue<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_unit<E: Error>(self) -> Result<BufferedValue<'de>, E> {
                charged(0, BufferedValue::Null)
            }

            fn visit_none<E: Error>(self) -> Result<BufferedValue<'de>, E> {
                charged(0, BufferedValue::Null)
            }

            fn visit_some<D: Deserializer<'de>>(
                self,
                inner: D,
            ) -> Result<BufferedValue<'de>, D::Error> {
                BufferedValue::deserialize(inner)
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<BufferedValue<'de>, E> {
                charged(0, BufferedValue::Bool(value))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<BufferedValue<'de>, E> {
                charged(0, BufferedValue::Unsigned(value))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<BufferedValue<'de>, E> {
                charged(0, BufferedValue::Signed(value))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<BufferedValue<'de>, E> {
                charged(0, BufferedValue::Float(value))
            }

            fn visit_borrowed_str<E: Error>(
                self,
                value: &'de str,
            ) -> Result<BufferedValue<'de>, E> {
                charged(0, BufferedValue::Text(Cow::Borrowed(value)))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<BufferedValue<'de>, E> {
                charged(value.len(), BufferedValue::Text(Cow::Owned(value.to_owned())))
            }

            fn visit_string<E: Error>(self, value: String) -> Result<BufferedValue<'de>, E> {
                charged(value.len(), BufferedValue::Text(Cow::Owned(value)))
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut list: A,
            ) -> Result<BufferedValue<'de>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                charged(0, BufferedValue::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<BufferedValue<'de>, A::Error> {
                let mut properties = Vec::new();
                while let Some(property) = map.next_entry()? {
                    properties.push(property);
                }
                charged(0, BufferedValue::Object(properties))
            }
        }

        deserializer.deserialize_any(ValueVisitor)
    }
}

impl BufferedValue<'_> {
    /// Copies borrowed strings.
    pub(crate) fn into_owned<'a>(self) -> BufferedValue<'a> {
        match self {
            Self::Null => BufferedValue::Null,
            Self::Bool(value) => BufferedValue::Bool(value),
            Self::Unsigned(value) => BufferedValue::Unsigned(value),
            Self::Signed(value) => BufferedValue::Signed(value),
            Self::Float(value) => BufferedValue::Float(value),
            Self::Text(text) => BufferedValue::Text(Cow::Owned(text.into_owned())),
            Self::List(items) => {
                BufferedValue::List(items.into_iter().map(BufferedValue::into_owned).collect())
            }
            Self::Object(properties) => {
                let owned = properties.into_iter().map(|(PropertyName(name), value)| {
                    (PropertyName(Cow::Owned(name.into_owned())), value.into_owned())
                });
                BufferedValue::Object(owned.collect())
            }
        }
    }
}

/// Deserializes from a buffered value.
pub(crate) struct BufferedValueDeserializer<'de, E>(BufferedValue<'de>, PhantomData<E>);

impl<'de, E: Error> IntoDeserializer<'de, E> for BufferedValue<'de> {
    type Deserializer = BufferedValueDeserializer<'de, E>;

    fn into_deserializer(self) -> Self::Deserializer {
        BufferedValueDeserializer(self, PhantomData)
    }
}

impl<'de, E: Error> Deserializer<'de> for BufferedValueDeserializer<'de, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.0 {
            BufferedValue::Null => visitor.visit_unit(),
            BufferedValue::Bool(value) => visitor.visit_bool(value),
            BufferedValue::Unsigned(value) => visitor.visit_u64(value),
            BufferedValue::Signed(value) => visitor.visit_i64(value),
            BufferedValue::Float(value) => visitor.visit_f64(value),
            BufferedValue::Text(Cow::Borrowed(value)) => visitor.visit_borrowed_str(value),
            BufferedValue::Text(Cow::Owned(value)) => visitor.visit_string(value),
            BufferedValue::List(items) => {
                let mut list = value::SeqDeserializer::new(items.into_iter());
                let value = visitor.visit_seq(&mut list)?;
                list.end()?;
                Ok(value)
            }
            BufferedValue::Object(properties) => {
                let mut map = value::MapDeserializer::new(properties.into_iter());
                let value = visitor.visit_map(&mut map)?;
                map.end()?;
                Ok(value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.0 {
            BufferedValue::Null => visitor.visit_none(),
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
            BufferedValue::Object(properties) => {
                let map = value::MapDeserializer::new(properties.into_iter());
                visitor.visit_enum(value::MapAccessDeserializer::new(map))
            }
            BufferedValue::Text(text) => visitor.visit_enum(value::CowStrDeserializer::new(text)),
            _ => Err(E::custom("expected a string or an object")),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
