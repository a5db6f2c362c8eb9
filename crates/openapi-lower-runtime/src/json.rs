//! Decoding of JSON as servers send it: with a byte order mark, in another charset, and with
//! integers such as `5.0`.

use serde::de::DeserializeOwned;

use crate::{
    charset,
    erased::{Held, Invalid, Slot},
    json_tokens, limits,
};

/// The reason why a body can't be decoded. It has no value of the body, which may be a secret.
#[derive(Debug)]
pub struct DecodeError(pub(crate) String);

impl DecodeError {
    /// The error of an empty text, or one of white space.
    pub(crate) fn empty() -> Self {
        Self("the body is empty".to_owned())
    }

    /// The error of JSON that is malformed or of another type.
    fn invalid(path: Option<String>, message: &str) -> Self {
        let message = without_value(message);
        Self(path.map_or_else(|| message.clone(), |path| format!("{path}: {message}")))
    }
}

/// Removes the value from a message of serde, since it may be a secret. The type of the value
/// stays: "invalid type: string, expected a map".
fn without_value(message: &str) -> String {
    match message.split_once(", expected ") {
        Some((found, expected)) if found.starts_with("invalid ") => {
            let kind = found.find(['"', '`']).map_or(found, |value| found[..value].trim_end());
            format!("{kind}, expected {expected}")
        }
        _ => message.to_owned(),
    }
}

/// Decodes a value.
///
/// JSON in UTF-8 with integers as Rust has them is decoded at once. Any other is decoded once more:
/// from its charset, with integral numbers written as integers (JSON Schema 2020-12, Validation,
/// section 6.1.1, where `5.0` is an integer), and so that the path of an invalid field is known.
pub(crate) fn decode<T: DeserializeOwned>(
    charset: Option<&str>,
    json: &[u8],
) -> Result<T, DecodeError> {
    // At full speed. In builds without optimization, types are compiled for `read` only.
    #[cfg(not(debug_assertions))]
    if let Ok(text) = str::from_utf8(charset::without_mark(json)) {
        match serde_json::from_str(text) {
            Ok(value) => return Ok(value),
            Err(error) if limits::is_exceeded() => return Err(DecodeError(error.to_string())),
            Err(_) => limits::restart(),
        }
    }
    let mut value: Option<T> = None;
    // Less code for each type than with `?` and a closure.
    match decode_into(charset, json, &mut value) {
        Ok(()) => decoded(value),
        Err(error) => Err(error),
    }
}

fn decoded<T>(value: Option<T>) -> Result<T, DecodeError> {
    match value {
        Some(value) => Ok(value),
        None => Err(DecodeError::empty()),
    }
}

/// A slot for a value of any lifetime.
type AnySlot<'a> = &'a mut dyn for<'de> Slot<'de>;

/// Decodes a value into a slot. It is compiled once, and not for each type.
fn decode_into(charset: Option<&str>, json: &[u8], slot: AnySlot<'_>) -> Result<(), DecodeError> {
    let json = charset::without_mark(json);
    if cfg!(debug_assertions) {
        match read(json, slot) {
            Ok(()) => return Ok(()),
            Err(error) if limits::is_exceeded() => return Err(DecodeError(error.message())),
            Err(_) => limits::restart(),
        }
    }
    if json.iter().all(u8::is_ascii_whitespace) {
        return Err(DecodeError::empty());
    }
    let text = charset::decode_json(charset, json);
    let text = text.as_ref().map(|text| json_tokens::with_integers(text));
    let text = text.as_ref().map_or(json, |text| text.as_bytes());
    let Err(error) = read(text, slot) else { return Ok(()) };
    let message = error.message();
    // The line and column are those of the text that the server sent, or none.
    let message = match message.rsplit_once(" at line ") {
        Some((message, _)) if text != json => message.to_owned(),
        _ => message,
    };
    Err(DecodeError::invalid(error.path(), &message))
}

/// Reads a value, after which the text ends. The error has the path of what is invalid.
fn read(json: &[u8], slot: AnySlot<'_>) -> Result<(), Invalid> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    slot.read(&mut Held::new(&mut deserializer))?;
    deserializer.end().map_err(|error| Invalid::of_source(None, error))
}
