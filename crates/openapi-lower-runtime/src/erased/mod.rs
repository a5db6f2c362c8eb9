//! Deserialization without type parameters for the format.
//!
//! serde compiles a type anew for each deserializer that it is read from: for JSON, for the rest of
//! an object whose tag is known, for a buffered value. Here the format is behind trait objects, so
//! that the types of a document are compiled for one deserializer, [`ErasedDeserializer`], which
//! also knows the path of a value that is invalid.

mod deserializer;
mod invalid;
mod scalar;
mod source;

pub use self::deserializer::ErasedDeserializer;
pub(crate) use self::{
    invalid::{Invalid, into_error},
    source::{Held, Slot},
};
#[cfg(debug_assertions)]
pub(crate) use self::{
    scalar::Scalar,
    source::{Hint, ListSource, ObjectSource, Properties, Sink, Source},
};
