//! Values without parts.

use std::borrow::Cow;

use serde::de::{Error, Expected, Unexpected, Visitor};

use super::invalid::Invalid;

/// A value that was read: one without parts, or the kind of a value with parts.
#[derive(Debug)]
pub enum Scalar<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
    Bytes(Cow<'de, [u8]>),
    /// A value that the sink has taken.
    Taken,
    /// A list that no sink has taken.
    List,
    /// An object that no sink has taken.
    Object,
}

impl<'de> Scalar<'de> {
    /// Lets a visitor visit the value.
    pub(crate) fn visit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Invalid> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(value) => visitor.visit_bool(value),
            Self::Unsigned(value) => visitor.visit_u64(value),
            Self::Signed(value) => visitor.visit_i64(value),
            Self::Float(value) => visitor.visit_f64(value),
            Self::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Self::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Self::Bytes(Cow::Borrowed(bytes)) => visitor.visit_borrowed_bytes(bytes),
            Self::Bytes(Cow::Owned(bytes)) => visitor.visit_byte_buf(bytes),
            Self::Taken | Self::List | Self::Object => Err(self.unexpected(&visitor)),
        }
    }

    /// The error of a value of another type than was expected.
    pub(crate) fn unexpected(&self, expected: &dyn Expected) -> Invalid {
        Invalid::invalid_type(
            match self {
                Self::Null => Unexpected::Unit,
                Self::Bool(value) => Unexpected::Bool(*value),
                Self::Unsigned(value) => Unexpected::Unsigned(*value),
                Self::Signed(value) => Unexpected::Signed(*value),
                Self::Float(value) => Unexpected::Float(*value),
                Self::Text(text) => Unexpected::Str(text),
                Self::Bytes(bytes) => Unexpected::Bytes(bytes),
                Self::Taken => Unexpected::Other("a value that was read already"),
                Self::List => Unexpected::Seq,
                Self::Object => Unexpected::Map,
            },
            expected,
        )
    }
}
