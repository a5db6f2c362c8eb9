//! Responses as they came, and the forms in which a body can be read.

use bytes::Bytes;
use reqwest::{
    StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, LOCATION},
};
use serde::de::DeserializeOwned;

/// The header is a convention, not a standard; these are the names in use.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "request-id", "x-amzn-requestid", "x-correlation-id"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
}

/// What serde says of a value, without the value itself: it may be a secret. The kind of it stays:
/// "invalid type: string, expected a map".
fn without_value(message: &str) -> String {
    match message.split_once(", expected ") {
        Some((found, expected)) if found.starts_with("invalid ") => {
            let kind = found.find(['"', '`']).map_or(found, |value| found[..value].trim_end());
            format!("{kind}, expected {expected}")
        }
        _ => message.to_owned(),
    }
}

/// Why a body isn't what the document says.
#[derive(Debug)]
pub struct DecodeError(pub(crate) String);

/// An answer that was read into memory and not looked at.
#[derive(Debug)]
pub struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) url: Url,
    pub(crate) body: Bytes,
}

impl RawResponse {
    /// Reads the body as JSON. A good one is decoded once; a bad one again, to find the field.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        self.expect_content("JSON", |essence| {
            essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
        })?;
        serde_json::from_slice(&self.body).map_err(|error| {
            if self.body.iter().all(u8::is_ascii_whitespace) {
                return DecodeError("the body is empty".to_owned());
            }
            let mut json = serde_json::Deserializer::from_slice(&self.body);
            match serde_path_to_error::deserialize::<_, T>(&mut json) {
                Err(located) if located.path().iter().next().is_some() => {
                    let reason = without_value(&located.inner().to_string());
                    DecodeError(format!("{}: {reason}", located.path()))
                }
                _ => DecodeError(without_value(&error.to_string())),
            }
        })
    }

    /// Reads the body as JSON, and no body as null: what nobody documented may have none.
    pub(crate) fn json_or_nothing<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        if self.body.is_empty() {
            let none = serde_json::from_slice(b"null");
            return none.map_err(|_| DecodeError("the body is empty".to_owned()));
        }
        self.json()
    }

    /// Reads the body as text, in UTF-8.
    pub fn text(&self) -> Result<String, DecodeError> {
        self.expect_content("text", |essence| {
            essence == "text/plain" || essence == "application/json"
        })?;
        match String::from_utf8(self.body.to_vec()) {
            Ok(text) => Ok(text),
            Err(_) => Err(DecodeError("the text isn't UTF-8".to_owned())),
        }
    }

    /// Reads nothing: what the body holds, if anything, says nothing.
    pub fn empty(&self) -> Result<(), DecodeError> {
        Ok(())
    }

    /// The body as it is.
    pub fn bytes(&self) -> Result<Bytes, DecodeError> {
        Ok(self.body.clone())
    }

    /// The target of a redirect, absolute (RFC 9110, section 10.2.2).
    pub fn location(&self) -> Result<Url, DecodeError> {
        let Some(location) = self.headers.get(LOCATION) else {
            return Err(DecodeError("a redirect without Location".to_owned()));
        };
        let location =
            location.to_str().map_err(|_| DecodeError("Location isn't text".to_owned()))?;
        self.url
            .join(location)
            .map_err(|error| DecodeError(format!("Location isn't a URL: {error}")))
    }

    /// An answer that doesn't say what it holds is taken at its word.
    fn expect_content(&self, what: &str, fits: impl Fn(&str) -> bool) -> Result<(), DecodeError> {
        let Some(header) = self.headers.get(CONTENT_TYPE) else { return Ok(()) };
        let header = String::from_utf8_lossy(header.as_bytes());
        let essence = header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if fits(&essence) {
            Ok(())
        } else {
            Err(DecodeError(format!("{what} was expected, not `{essence}`")))
        }
    }
}
