//! JSON values that the document doesn't declare: kept as they are, within limits.
//!
//! `serde_json::Value` holds integers up to 64 bits and finite floating-point numbers. A number
//! beyond that is kept as a string of its digits, so that nothing is lost, and an unpaired
//! surrogate in a string is replaced (U+FFFD): one odd value must not make a whole response
//! undecodable.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

#[cfg(debug_assertions)]
use crate::erased::{ErasedDeserializer, Invalid, Slot, Source};
#[cfg(not(debug_assertions))]
use crate::json_tokens::Token;
use crate::{
    json_tokens,
    limits::{Exceeded, VALUE_COST, charge_buffer, charge_unknown},
};

/// The name by which serde_json recognizes its `RawValue`. Other deserializers pass it on.
pub(crate) const RAW_VALUE: &str = "$serde_json::private::RawValue";

/// A slot for a value that is kept.
#[cfg(debug_assertions)]
pub(crate) struct UnknownSlot(pub(crate) Value);

#[cfg(debug_assertions)]
impl<'de> Slot<'de> for UnknownSlot {
    fn read(&mut self, value: &mut dyn Source<'de>) -> Result<(), Invalid> {
        self.0 = deserialize(ErasedDeserializer::new(value))?;
        Ok(())
    }
}

/// Deserializes a value that is kept, and counts it as undeclared data.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    ValueSeed { charge: charge_unknown }.deserialize(deserializer)
}

/// Deserializes a value that is buffered until its type is known.
pub(crate) fn deserialize_buffered<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Value, D::Error> {
    ValueSeed { charge: charge_buffer }.deserialize(deserializer)
}

/// The size of a value by which it is charged.
pub(crate) fn size(value: &Value) -> usize {
    let content = match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(map) => map.iter().map(|(name, value)| name.len() + size(value)).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
    };
    content.saturating_add(VALUE_COST)
}

type Charge = fn(usize) -> Result<(), Exceeded>;

/// The seed of a value, each part of which is charged before it is kept.
#[derive(Clone, Copy)]
struct ValueSeed {
    charge: Charge,
}

impl ValueSeed {
    fn charge<E: Error>(self, bytes: usize) -> Result<(), E> {
        (self.charge)(bytes.saturating_add(VALUE_COST)).map_err(E::custom)
    }

    /// Converts JSON text to a value.
    fn parse<E: Error>(self, json: &str) -> Result<Value, E> {
        let lossless = lossless(json);
        let mut deserializer = serde_json::Deserializer::from_str(&lossless);
        match ValueVisitor(self).deserialize(&mut deserializer) {
            Ok(value) => Ok(value),
            // Nested deeper than serde_json allows.
            Err(error) if error.is_syntax() => {
                self.charge(json.len())?;
                Ok(Value::String(json.to_owned()))
            }
            Err(error) => Err(E::custom(error)),
        }
    }
}

/// Rewrites valid JSON so that a `Value` can hold it: numbers that it can't hold become strings,
/// and unpaired surrogates are replaced.
pub(crate) fn lossless(json: &str) -> Cow<'_, str> {
    json_tokens::rewrite(json, |token| match token.starts_with('"') {
        true => lossless_string(token),
        false => (!fits(token)).then(|| format!("\"{token}\"")),
    })
}

/// Whether [`lossless`] leaves valid JSON as it is, and its objects and lists aren't nested deeper
/// than `max_depth`.
#[cfg(not(debug_assertions))]
pub(crate) fn is_plain(json: &str, max_depth: usize) -> bool {
    let mut depth = 0_usize;
    json_tokens::tokens(json).all(|(_, token)| match token {
        Token::Text(text) => lossless_string(text).is_none(),
        Token::Number(number) => fits(number),
        Token::Begin => {
            depth += 1;
            depth <= max_depth
        }
        Token::End => {
            depth = depth.saturating_sub(1);
            true
        }
    })
}

/// Whether a `Value` can hold a number: an integer of 64 bits, or a finite float.
pub(crate) fn fits(number: &str) -> bool {
    // Nearly all numbers are short.
    if number.len() < 19 && !number.contains(['e', 'E']) {
        return true;
    }
    match number.contains(['.', 'e', 'E']) {
        true => number.parse::<f64>().is_ok_and(f64::is_finite),
        false => number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok(),
    }
}

/// Replaces unpaired surrogates in a string in quotes; `None` if it has none.
fn lossless_string(string: &str) -> Option<String> {
    // Nearly no string has an escape.
    if !string.contains('\\') || !string.contains("\\u") {
        return None;
    }
    if serde_json::from_str::<Cow<'_, str>>(string).is_ok() {
        return None;
    }
    let LossyText(text) = serde_json::from_str(string).ok()?;
    Some(Value::String(text).to_string())
}

impl<'de> DeserializeSeed<'de> for ValueSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, ValueVisitor(self))
    }
}

/// The visitor of a value: of the raw text where the deserializer has it, else of its parts.
#[derive(Clone, Copy)]
struct ValueVisitor(ValueSeed);

impl<'de> DeserializeSeed<'de> for ValueVisitor {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.0.charge(0).map(|()| Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Value, D::Error> {
        inner.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.0.charge(0).map(|()| value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.0.charge(0).map(|()| value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.0.charge(0).map(|()| value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.0.charge(0).map(|()| value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.0.charge(value.len()).map(|()| value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.0.charge(value.len()).map(|()| value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        self.0.charge(0)?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let Some(mut name) = map.next_key::<String>()? else {
            return self.0.charge(0).map(|()| Value::Object(Map::new()));
        };
        if name == RAW_VALUE {
            return map.next_value_seed(RawSeed(self.0));
        }
        let mut properties = Map::new();
        loop {
            self.0.charge(name.len())?;
            properties.insert(name, map.next_value_seed(self.0)?);
            match map.next_key()? {
                Some(next) => name = next,
                None => return Ok(Value::Object(properties)),
            }
        }
    }
}

/// The seed of a value from its raw text.
struct RawSeed(ValueSeed);

impl<'de> DeserializeSeed<'de> for RawSeed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for RawSeed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("raw JSON")
    }

    fn visit_str<E: Error>(self, json: &str) -> Result<Value, E> {
        self.0.parse(json)
    }
}

/// A string, each unpaired surrogate of which is replaced.
struct LossyText(String);

impl<'de> Deserialize<'de> for LossyText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl Visitor<'_> for TextVisitor {
            type Value = LossyText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<LossyText, E> {
                Ok(LossyText(match String::from_utf8_lossy(bytes) {
                    Cow::Borrowed(text) => text.to_owned(),
                    Cow::Owned(text) => text,
                }))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<LossyText, E> {
                Ok(LossyText(text.to_owned()))
            }
        }

        deserializer.deserialize_bytes(TextVisitor)
    }
}
