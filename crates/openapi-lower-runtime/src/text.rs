//! Values as text, where they aren't part of a JSON body: in paths, headers, cookies, lists of a
//! query and parts of forms.

use serde::Serialize;

/// A value that is encoded outside of a JSON body.
#[derive(Debug)]
pub(crate) enum EncodedValue {
    /// The text of a string, number or boolean.
    Text(String),
    /// The JSON of an object or an array.
    Json(String),
}

/// Encodes a value by its serialization, which has date-times in RFC 3339 and the values of enums;
/// `Display` of chrono writes date-times in another format.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Result<EncodedValue, String> {
    encode_json(serde_json::to_string(value).map_err(|error| error.to_string())?)
}

/// Encodes a value by its JSON.
pub(crate) fn encode_json(json: String) -> Result<EncodedValue, String> {
    Ok(match json.as_bytes().first() {
        Some(b'"') => {
            EncodedValue::Text(serde_json::from_str(&json).map_err(|error| error.to_string())?)
        }
        Some(b'-' | b'0'..=b'9') => {
            EncodedValue::Text(json.strip_suffix(".0").unwrap_or(&json).to_owned())
        }
        Some(b't' | b'f') => EncodedValue::Text(json),
        Some(b'{' | b'[') => EncodedValue::Json(json),
        // Null, which a number that isn't finite is serialized as.
        _ => return Err(NO_TEXT.to_owned()),
    })
}

pub(crate) const NO_TEXT: &str = "it isn't a string, a finite number or a boolean";

/// Returns the text of a string, number or boolean.
///
/// # Errors
///
/// If the value is an object, an array, null or a number that isn't finite.
pub fn text<T: Serialize + ?Sized>(value: &T) -> Result<String, String> {
    match encode(value)? {
        EncodedValue::Text(text) => Ok(text),
        // The value may be a secret.
        EncodedValue::Json(_) => Err(NO_TEXT.to_owned()),
    }
}
