//! Webhooks and callbacks: the code that is the same for all enums of them.

use serde::{Deserializer, de::Error};
use serde_json::Value;

use crate::{
    charset,
    erased::{ErasedDeserializer, Held, into_error},
    limits,
    limits::LimitGuard,
    unknown,
};

/// An enum over what an API sends: webhooks, or callbacks.
pub trait Received: Sized {
    /// Deserializes the body of the webhook with this name; any other is unrecognized.
    fn deserialize_named<'de, D: Deserializer<'de>>(
        name: Option<&str>,
        deserializer: D,
    ) -> Result<Self, D::Error>;
}

/// Such an enum whose bodies have a property that tells which they are.
pub trait TaggedReceived: Received {
    /// The name of the property.
    const TAG: &'static str;

    /// The name of the webhook for a value of the property, as text.
    fn name_of(tag: &str) -> Option<&'static str>;
}

/// Decodes the body of the webhook with this name.
///
/// # Errors
///
/// If the body isn't JSON of the type of its webhook.
pub fn decode<T: Received>(name: &str, body: &[u8]) -> Result<T, serde_json::Error> {
    let _guard = LimitGuard::for_union();
    let mut deserializer = serde_json::Deserializer::from_slice(charset::without_mark(body));
    let mut value = Held::new(&mut deserializer);
    let received = T::deserialize_named(Some(name), ErasedDeserializer::new(&mut value));
    let received = received.map_err(serde_json::Error::custom)?;
    deserializer.end()?;
    Ok(received)
}

/// Deserializes a body that tells which webhook it is of.
pub fn deserialize<'de, T: TaggedReceived, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let _guard = LimitGuard::for_union();
    let buffered = limits::buffered();
    let value = unknown::deserialize_buffered(deserializer)?;
    let name = match value.get(T::TAG) {
        Some(Value::String(tag)) => T::name_of(tag),
        Some(tag @ (Value::Number(_) | Value::Bool(_))) => T::name_of(&tag.to_string()),
        _ => None,
    };
    let mut value = Held::new(value);
    let received = T::deserialize_named(name, ErasedDeserializer::new(&mut value));
    let received = received.map_err(into_error);
    limits::release_buffer(buffered);
    received
}
