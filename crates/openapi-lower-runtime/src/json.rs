//! Decoding of JSON as servers send it: with a byte order mark, in another charset, and with
//! integers such as `5.0`.

use serde::de::DeserializeOwned;

use crate::{charset, json_tokens, limits};

/// The reason why JSON can't be decoded.
#[derive(Debug)]
pub(crate) enum JsonError {
    /// A limit was exceeded.
    Limit(String),
    /// The text is empty or white space.
    Empty,
    /// The JSON is malformed or of another type. The message begins with the path of the field.
    Invalid { path: Option<String>, message: String },
}

/// Decodes a value.
///
/// JSON in UTF-8 with integers as Rust has them is decoded at once. Any other is decoded once more:
/// from its charset, with integral numbers written as integers (JSON Schema 2020-12, Validation,
/// section 6.1.1, where `5.0` is an integer), and so that the path of an invalid field is known.
pub(crate) fn decode<T: DeserializeOwned>(
    charset: Option<&str>,
    json: &[u8],
) -> Result<T, JsonError> {
    let json = charset::without_mark(json);
    let error = match serde_json::from_slice(json) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if limits::is_exceeded() {
        return Err(JsonError::Limit(error.to_string()));
    }
    if json.iter().all(u8::is_ascii_whitespace) {
        return Err(JsonError::Empty);
    }
    limits::restart();
    let text = charset::decode_json(charset, json);
    let text = text.as_ref().map(|text| json_tokens::with_integers(text));
    let text = text.as_ref().map_or(json, |text| text.as_bytes());
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let (path, message) = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Ok(value) => match deserializer.end() {
            Ok(()) => return Ok(value),
            Err(error) => (None, error.to_string()),
        },
        Err(located) => {
            let path = located.path().iter().next().map(|_| located.path().to_string());
            (path, located.inner().to_string())
        }
    };
    // The line and column are those of the text that the server sent, or none.
    let message = match message.rsplit_once(" at line ") {
        Some((message, _)) if text != json => message.to_owned(),
        _ => message,
    };
    Err(JsonError::Invalid { path, message })
}
