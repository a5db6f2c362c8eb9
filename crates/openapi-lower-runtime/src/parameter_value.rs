//! Values of parameters and forms, by their serialization: texts, lists and objects.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use crate::text::{self, EncodedValue};

/// The maximum depth of lists and objects in a value.
const MAX_DEPTH: usize = 128;

/// A value that is sent outside of a JSON body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ParameterValue {
    Null,
    /// The text of a string, number or boolean.
    Text(String),
    List(Vec<ParameterValue>),
    /// The members in the order of their serialization.
    Object(Vec<(String, ParameterValue)>),
}

impl ParameterValue {
    /// Reads the serialization of a value.
    ///
    /// # Errors
    ///
    /// If the value can't be serialized or is nested too deeply. The error doesn't show the value,
    /// which may be a secret.
    pub(crate) fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, String> {
        Self::from_json(serde_json::to_string(value))
    }

    /// Reads a serialization. It is compiled once, and not for each type.
    fn from_json(json: serde_json::Result<String>) -> Result<Self, String> {
        Self::parse(&json.map_err(|error| error.to_string())?, 0)
    }

    /// Reads JSON, which keeps the texts of numbers: an `f32` isn't the same as an `f64`.
    fn parse(json: &str, depth: usize) -> Result<Self, String> {
        let failed = |error: serde_json::Error| error.to_string();
        if depth > MAX_DEPTH {
            return Err(format!("it has more than {MAX_DEPTH} levels"));
        }
        match json.as_bytes().first() {
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json).map_err(failed)?;
                let items = items.into_iter().map(|item| Self::parse(item.get(), depth + 1));
                items.collect::<Result<_, _>>().map(Self::List)
            }
            Some(b'{') => {
                let OrderedObject(members) = serde_json::from_str(json).map_err(failed)?;
                let members = members
                    .into_iter()
                    .map(|(name, value)| Ok((name, Self::parse(value.get(), depth + 1)?)));
                members.collect::<Result<_, String>>().map(Self::Object)
            }
            Some(b'n') => Ok(Self::Null),
            _ => match text::encode_json(json.to_owned())? {
                EncodedValue::Text(text) | EncodedValue::Json(text) => Ok(Self::Text(text)),
            },
        }
    }

    /// Whether the value is a list or an object.
    pub(crate) fn is_nested(&self) -> bool {
        matches!(self, Self::List(_) | Self::Object(_))
    }

    /// The text of a single value.
    ///
    /// # Errors
    ///
    /// If it is null, a list or an object.
    pub(crate) fn into_text(self) -> Result<String, String> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Null => Err(text::NO_TEXT.to_owned()),
            Self::List(_) | Self::Object(_) => {
                Err("it has a nested value, for which this style has no text".to_owned())
            }
        }
    }
}

/// The members of a JSON object, in their order.
pub(crate) struct OrderedObject(pub(crate) Vec<(String, Box<RawValue>)>);

impl OrderedObject {
    /// Serializes an object.
    ///
    /// # Errors
    ///
    /// If the value can't be serialized or isn't an object.
    pub(crate) fn new<T: Serialize + ?Sized>(value: &T) -> Result<Self, String> {
        let json = serde_json::to_string(value).map_err(|error| error.to_string())?;
        if !json.starts_with('{') {
            return Err("it isn't an object".to_owned());
        }
        serde_json::from_str(&json).map_err(|error| error.to_string())
    }
}

impl<'de> Deserialize<'de> for OrderedObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = OrderedObject;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OrderedObject, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(OrderedObject(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}
