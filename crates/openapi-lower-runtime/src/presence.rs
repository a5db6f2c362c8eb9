//! Properties that may be absent or null.

use serde::{Deserialize, Deserializer};

/// Deserializes a property that may be null: null is `Some(None)`. An absent property isn't
/// deserialized, so that its field stays `None`.
pub fn double_option<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Deserializes a property with a default, which `default` returns for null.
pub fn deserialize_or_else<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
    default: fn() -> T,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_else(default))
}
