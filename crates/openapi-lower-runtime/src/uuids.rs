//! UUIDs of parameters, which callers may have as text.

use std::fmt::Display;

use uuid::Uuid;

/// Converts the value of a parameter.
///
/// # Errors
///
/// If it isn't a UUID: the reason, to be read behind the name of the parameter.
pub fn to_uuid(value: impl TryInto<Uuid, Error: Display>) -> Result<Uuid, String> {
    value.try_into().map_err(|error| format!("isn't a UUID: {error}"))
}

/// Converts the values of a parameter.
///
/// # Errors
///
/// If one isn't a UUID: the reason, to be read behind the name of the parameter.
pub fn to_uuids(
    values: impl IntoIterator<Item = impl TryInto<Uuid, Error: Display>>,
) -> Result<Vec<Uuid>, String> {
    let values = values.into_iter().map(TryInto::try_into).enumerate();
    let values = values.map(|(index, value)| {
        value.map_err(|error| format!("has an item that isn't a UUID, at index {index}: {error}"))
    });
    values.collect()
}
