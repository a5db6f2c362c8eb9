//! The values of properties, until the tag that follows them is known.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, IntoDeserializer, MapAccess, Visitor},
};

#[cfg(not(debug_assertions))]
use crate::unknown::{fits, is_plain};
use crate::{
    buffered::BufferedValue,
    tag::TagType,
    unknown::{RAW_VALUE, lossless},
};

/// The depth of objects and lists that are buffered as text. The unions in them, one in another,
/// examine it anew.
#[cfg(not(debug_assertions))]
const MAX_TEXT_DEPTH: usize = 8;

/// The value of a property.
pub(super) enum Buffered<'de> {
    Text(Cow<'de, str>),
    /// Any other value in JSON: to read that later takes less time than to build a value of it. In
    /// other builds, types aren't compiled for another format.
    #[cfg(not(debug_assertions))]
    Json(&'de str),
    /// In a box: all values are moved, and few are of this variant.
    Value(Box<BufferedValue<'de>>),
}

impl<'de> From<BufferedValue<'de>> for Buffered<'de> {
    fn from(value: BufferedValue<'de>) -> Self {
        match value {
            BufferedValue::Text(text) => Self::Text(text),
            value => Self::Value(Box::new(value)),
        }
    }
}

impl<'de> Buffered<'de> {
    /// Buffers a value of valid JSON. One odd number or string doesn't make it undecodable: see
    /// [`lossless`].
    #[inline]
    fn new<E: Error>(json: &'de str) -> Result<Self, E> {
        match json.as_bytes() {
            [b'"', text @ .., b'"'] if !has_escape(text) => {
                return Ok(Self::Text(Cow::Borrowed(&json[1..json.len() - 1])));
            }
            #[cfg(not(debug_assertions))]
            _ if may_stay_text(json) => return Ok(Self::Json(json)),
            _ => {}
        }
        match lossless(json) {
            Cow::Borrowed(json) => {
                serde_json::from_str(json).map(BufferedValue::into).map_err(E::custom)
            }
            Cow::Owned(json) => Self::copied(&json),
        }
    }

    /// Buffers a value of valid JSON that doesn't last.
    fn copied<E: Error>(json: &str) -> Result<Self, E> {
        let value: BufferedValue<'_> = serde_json::from_str(json).map_err(E::custom)?;
        Ok(value.into_owned().into())
    }

    /// Whether the value is borrowed from the input. Any other is counted where it is made.
    pub(super) fn is_borrowed(&self) -> bool {
        match self {
            Self::Text(text) => matches!(text, Cow::Borrowed(_)),
            #[cfg(not(debug_assertions))]
            Self::Json(_) => true,
            Self::Value(_) => false,
        }
    }

    /// The text of a tag; `None` for a value of another type.
    #[inline]
    pub(super) fn tag(&self, ty: TagType) -> Option<Cow<'de, str>> {
        match self {
            // A cheap clone: a tag without escapes is borrowed from the input.
            Self::Text(text) => (ty == TagType::Text).then(|| text.clone()),
            #[cfg(not(debug_assertions))]
            Self::Json(json) => ty.text(&serde_json::from_str(json).ok()?),
            Self::Value(value) => ty.text(value),
        }
    }

    /// Deserializes the value.
    #[inline]
    pub(super) fn read<S: DeserializeSeed<'de>, E: Error>(self, seed: S) -> Result<S::Value, E> {
        match self {
            Self::Text(text) => seed.deserialize(BufferedValue::Text(text).into_deserializer()),
            #[cfg(not(debug_assertions))]
            Self::Json(json) => {
                let mut deserializer = serde_json::Deserializer::from_str(json);
                let value = seed.deserialize(&mut deserializer);
                value.map_err(without_position)
            }
            Self::Value(value) => seed.deserialize((*value).into_deserializer()),
        }
    }
}

/// Whether the text of a value may be buffered as it is.
#[cfg(not(debug_assertions))]
#[inline]
fn may_stay_text(json: &str) -> bool {
    if !json.starts_with(['{', '[', '"']) {
        return fits(json);
    }
    // Nearly all texts, in the least time.
    is_simple(json) || is_plain(json, MAX_TEXT_DEPTH)
}

/// Whether JSON has no escapes, and few objects and lists.
#[cfg(not(debug_assertions))]
fn is_simple(json: &str) -> bool {
    // Bytes are added up in parts, for which there are vector instructions.
    let begins = |part: &[u8]| {
        let begins = part.iter().map(|byte| u8::from(matches!(byte, b'{' | b'[')));
        usize::from(begins.sum::<u8>())
    };
    let parts = json.as_bytes().chunks(u8::MAX.into());
    parts.map(begins).sum::<usize>() <= MAX_TEXT_DEPTH && !has_escape(json.as_bytes())
}

/// Whether a JSON string has an escape.
fn has_escape(text: &[u8]) -> bool {
    // Without an end at the first one, for which there are no vector instructions.
    text.iter().fold(false, |found, byte| found | (*byte == b'\\'))
}

/// Converts an error, without its position in the text of the value. The enclosing deserializer
/// adds that in the whole text.
#[cfg(not(debug_assertions))]
#[cold]
fn without_position<E: Error>(error: serde_json::Error) -> E {
    let text = error.to_string();
    E::custom(text.rsplit_once(" at line ").map_or(&*text, |(reason, _)| reason))
}

/// The seed of a value.
pub(super) struct BufferedSeed;

impl<'de> DeserializeSeed<'de> for BufferedSeed {
    type Value = Buffered<'de>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_newtype_struct(RAW_VALUE, self)
    }
}

impl<'de> Visitor<'de> for BufferedSeed {
    type Value = Buffered<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
        BufferedValue::deserialize(inner).map(Buffered::from)
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        map.next_key::<IgnoredAny>()?;
        map.next_value_seed(JsonSeed)
    }
}

/// The seed of a value from its text.
struct JsonSeed;

impl<'de> DeserializeSeed<'de> for JsonSeed {
    type Value = Buffered<'de>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for JsonSeed {
    type Value = Buffered<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("raw JSON")
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, json: &'de str) -> Result<Self::Value, E> {
        Buffered::new(json)
    }

    fn visit_str<E: Error>(self, json: &str) -> Result<Self::Value, E> {
        Buffered::copied(&lossless(json))
    }
}
