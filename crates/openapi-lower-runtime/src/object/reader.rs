//! The properties of an object, whatever it is read from.

use std::collections::HashMap;

use serde::{Deserialize, de::Error};
use serde_json::Value;

#[cfg(not(debug_assertions))]
use super::values::Field;
#[cfg(debug_assertions)]
use crate::erased::Slot as Field;
use crate::limits::{VALUE_COST, charge_unknown};

/// An object with declared properties.
pub trait Object: Sized {
    /// The names of the properties in JSON.
    const NAMES: &'static [&'static str];

    /// Reads the properties.
    fn read<'de, R: ObjectReader<'de>>(properties: &mut R) -> Result<Self, R::Error>;
}

/// Reads the properties of an object, in the order of the input.
pub trait ObjectReader<'de> {
    /// The error of a value that is invalid.
    type Error: Error;

    /// Returns the index of the next declared property, and skips undeclared ones.
    fn next(&mut self) -> Result<Option<usize>, Self::Error>;

    /// Returns the index of the next property, which is that after the last one for an undeclared
    /// property.
    fn next_or_undeclared(&mut self) -> Result<Option<usize>, Self::Error>;

    /// Reads the value of the property: null is a value.
    fn read<F: Field<'de>>(&mut self, field: &mut F) -> Result<(), Self::Error>;

    /// Reads the value of the property: null is as if it were absent.
    fn read_optional<F: Field<'de>>(&mut self, field: &mut F) -> Result<(), Self::Error>;

    /// Reads the value of an undeclared property of any type.
    fn read_undeclared(
        &mut self,
        properties: &mut HashMap<String, Value>,
    ) -> Result<(), Self::Error>;

    /// Reads the value of an additional property with a declared type.
    fn read_additional<T: Deserialize<'de> + 'static>(
        &mut self,
        properties: &mut HashMap<String, T>,
    ) -> Result<(), Self::Error>;

    /// Skips the value of the property.
    fn skip(&mut self) -> Result<(), Self::Error>;

    /// Returns the name of the first of these properties that wasn't read.
    fn absent(&self, required: &[usize]) -> Option<&'static str>;

    /// Checks that these properties were read.
    fn require(&self, required: &[usize]) -> Result<(), Self::Error> {
        match self.absent(required) {
            None => Ok(()),
            Some(name) => Err(Self::Error::missing_field(name)),
        }
    }

    /// Returns the error of an object without the first of these properties that wasn't read.
    fn missing(&self, required: &[usize]) -> Self::Error {
        Self::Error::missing_field(self.absent(required).unwrap_or_default())
    }
}

/// Counts the name of a property that the document doesn't declare.
pub(super) fn charge_name<E: Error>(name: &str) -> Result<(), E> {
    charge_unknown(name.len() + VALUE_COST).map_err(E::custom)
}

/// Adds the name of a property to an error, unless it begins with its path already. In builds
/// without optimization, objects add it.
#[cold]
pub(crate) fn in_property<E: Error>(name: &str, error: E) -> E {
    if cfg!(debug_assertions) {
        return error;
    }
    let text = error.to_string();
    match text.strip_prefix(name) {
        Some(rest) if rest.starts_with([':', '.', '[']) => error,
        _ => E::custom(format_args!("{name}: {text}")),
    }
}
