//! Open enums: the code that is the same for all of them.

pub use std::{convert::Infallible, num::ParseIntError};
use std::{fmt, marker::PhantomData};

use serde::{
    Serializer,
    de::{Deserializer, Error, Unexpected, Visitor},
};

use crate::{assigned::assigned, untagged::record_unknown_value};

/// The integers between `-MAX_EXACT` and `MAX_EXACT` are numbers of type `f64`.
const MAX_EXACT: f64 = (1_i64 << f64::MANTISSA_DIGITS) as f64;

/// Returns a value that the document doesn't list, and counts it.
pub fn unrecognized<T>(value: impl Into<T>) -> T {
    record_unknown_value();
    value.into()
}

/// Deserializes an enum of strings without buffering the value.
pub fn deserialize_text<'de, T: for<'a> From<&'a str>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut value: Option<T> = None;
    match deserializer.deserialize_str(TextVisitor(&mut value)) {
        Ok(()) => assigned(value),
        Err(error) => Err(error),
    }
}

/// A variable for an enum of strings.
pub(crate) trait TextSlot {
    /// Assigns the value with this text.
    fn assign(&mut self, text: &str);
}

impl<T: for<'a> From<&'a str>> TextSlot for Option<T> {
    fn assign(&mut self, text: &str) {
        *self = Some(T::from(text));
    }
}

/// Visits the text of any enum: it is compiled once for each format, and not for each enum.
struct TextVisitor<'a>(&'a mut dyn TextSlot);

impl Visitor<'_> for TextVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        self.0.assign(value);
        Ok(())
    }
}

/// Deserializes an enum of integers.
pub fn deserialize_integer<'de, T: From<i64>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct EnumVisitor<T>(PhantomData<T>);

    impl<T: From<i64>> Visitor<'_> for EnumVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an integer")
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
            Ok(T::from(value))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
            let fitting = i64::try_from(value).map(T::from);
            fitting.map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
            let fitting = exact_integer(value).map(T::from);
            fitting.ok_or_else(|| E::invalid_value(Unexpected::Float(value), &self))
        }
    }

    deserializer.deserialize_i64(EnumVisitor(PhantomData))
}

/// Deserializes an enum of numbers.
pub fn deserialize_number<'de, T: From<f64>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    serde::Deserialize::deserialize(deserializer).map(|value: f64| T::from(value))
}

/// Serializes a number: a whole one without a fraction, as documents list it.
pub fn serialize_number<S: Serializer>(value: f64, serializer: S) -> Result<S::Ok, S::Error> {
    match exact_integer(value) {
        Some(integer) => serializer.serialize_i64(integer),
        None => serializer.serialize_f64(value),
    }
}

/// The integer that a number is: `1.0` is one (JSON Schema 2020-12, section 6.1.1).
pub(crate) fn exact_integer(value: f64) -> Option<i64> {
    (value.fract() == 0.0 && value.abs() <= MAX_EXACT).then_some(value as i64)
}
