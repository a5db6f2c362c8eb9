//! Variables that visitors assign.

use serde::de::Error;

/// Returns the value that a visitor has assigned.
pub(crate) fn assigned<T, E: Error>(value: Option<T>) -> Result<T, E> {
    match value {
        Some(value) => Ok(value),
        None => Err(E::custom("the value wasn't read")),
    }
}
