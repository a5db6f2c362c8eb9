//! Responses that were read into memory, and the decoding of their bodies.

use bytes::Bytes;
use reqwest::{
    StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, LOCATION},
};
use serde::de::DeserializeOwned;

use crate::limits;

/// Returns the request id of a response. The header is a convention, not a standard: these are the
/// names in use.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "request-id", "x-amzn-requestid", "x-correlation-id"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
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

/// The reason why a response can't be decoded.
#[derive(Debug)]
pub struct DecodeError(pub(crate) String);

/// A response that isn't decoded yet. Its body is in memory, or empty if it is returned as a
/// stream.
#[derive(Debug)]
pub struct RawResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) url: Url,
    pub(crate) body: Bytes,
}

impl RawResponse {
    /// Decodes the body from JSON. A body that can't be decoded is decoded once more to find the
    /// path of the field.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        self.check_media_type("JSON", |essence| {
            essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
        })?;
        serde_json::from_slice(&self.body).map_err(|error| {
            if limits::is_exceeded() {
                return DecodeError(error.to_string());
            }
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

    /// Decodes the body from JSON, and an empty body from `null`.
    pub(crate) fn json_or_null<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        if self.body.is_empty() {
            let null = serde_json::from_slice(b"null");
            return null.map_err(|_| DecodeError("the body is empty".to_owned()));
        }
        self.json()
    }

    /// Decodes the body as UTF-8 text.
    pub fn text(&self) -> Result<String, DecodeError> {
        self.check_media_type("text", |essence| {
            essence == "text/plain" || essence == "application/json"
        })?;
        match String::from_utf8(self.body.to_vec()) {
            Ok(text) => Ok(text),
            Err(_) => Err(DecodeError("the text isn't UTF-8".to_owned())),
        }
    }

    /// Ignores the body: the response is documented without one.
    pub fn ignore_body(&self) -> Result<(), DecodeError> {
        Ok(())
    }

    /// Returns the body as it was received.
    pub fn bytes(&self) -> Result<Bytes, DecodeError> {
        Ok(self.body.clone())
    }

    /// Returns the target of a redirect as an absolute URL (RFC 9110, section 10.2.2).
    pub fn location(&self) -> Result<Url, DecodeError> {
        let Some(location) = self.headers.get(LOCATION) else {
            return Err(DecodeError("the redirect has no `Location` header".to_owned()));
        };
        let location =
            location.to_str().map_err(|_| DecodeError("`Location` isn't text".to_owned()))?;
        self.url
            .join(location)
            .map_err(|error| DecodeError(format!("`Location` isn't a URL: {error}")))
    }

    /// Checks the media type of the body. A response without `Content-Type` passes.
    fn check_media_type(
        &self,
        expected: &str,
        accepts: impl Fn(&str) -> bool,
    ) -> Result<(), DecodeError> {
        let Some(header) = self.headers.get(CONTENT_TYPE) else { return Ok(()) };
        let header = String::from_utf8_lossy(header.as_bytes());
        let essence = header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if accepts(&essence) {
            Ok(())
        } else {
            Err(DecodeError(format!("expected {expected}, found media type `{essence}`")))
        }
    }
}
