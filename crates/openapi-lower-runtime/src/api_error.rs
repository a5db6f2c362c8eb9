//! Error responses of the API.

use std::fmt;

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

use crate::{
    charset,
    decoder::{ErrorBody, ErrorDecoder},
    display::{self, Mask, excerpt},
    json,
    raw_response::RawResponse,
};

/// An error response of the API: status, headers, code, message and typed body.
pub struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    raw: Bytes,
    code: Option<String>,
    message: Option<String>,
    typed: Option<ErrorBody>,
    /// Whether the document declares the status.
    documented: bool,
    mask: Mask,
}

impl ApiError {
    /// Decodes a response by the documented errors of its operation; `errors` is `None` for a
    /// request that isn't an operation. `mask` hides the credential.
    pub(crate) fn from_response(
        errors: Option<&[ErrorDecoder]>,
        mask: &Mask,
        raw: RawResponse,
    ) -> Self {
        let mut typed = None;
        // A request that isn't an operation has no documentation.
        let mut documented = errors.is_none();
        let errors = errors.unwrap_or_default().iter();
        for decoder in errors.filter(|decoder| decoder.status.includes(raw.status)) {
            documented = true;
            typed = (decoder.decode)(&raw).ok();
            if typed.is_some() {
                break;
            }
        }
        let (code, message) = extract_message(&raw);
        let mask = mask.clone();
        let masked = |text: Option<String>| text.map(|text| mask.apply(&text));
        let (code, message) = (masked(code), masked(message));
        let RawResponse { status, headers, body, .. } = raw;
        Self { status, headers, raw: body, code, message, typed, documented, mask }
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the property `code` of a JSON body, or of its object `error`, as text.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Returns the human-readable message of a JSON body: its property `message`, `detail`, `error`
    /// or `title`, or that of its object `error`.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Returns the decoded body. `T` is the type that the document declares for this status,
    /// `String` for text, `Bytes` for other media types, or `()` for no body; `None` if it is
    /// another type, or the body couldn't be decoded.
    pub fn body<T: 'static>(&self) -> Option<&T> {
        self.typed.as_ref()?.downcast_ref()
    }

    /// Returns the raw body.
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if !self.documented {
            f.write_str(" (undocumented status)")?;
        }
        let text = match &self.message {
            Some(message) => excerpt(message),
            None if self.raw.is_empty() => return Ok(()),
            None => {
                let text = charset::decode_lossy(charset::charset(&self.headers), &self.raw);
                excerpt(&self.mask.apply(&text))
            }
        };
        write!(f, ": {}", display::message(&self.mask.apply(&text)))
    }
}

/// Returns code and message of a JSON body, by the common property names.
fn extract_message(raw: &RawResponse) -> (Option<String>, Option<String>) {
    let Ok(Value::Object(body)) = json::decode(raw.charset(), &raw.body) else {
        return (None, None);
    };
    let nested = body.get("error").and_then(Value::as_object);
    let text = |key: &str| {
        let value = body.get(key).or_else(|| nested?.get(key))?;
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    };
    let message = ["message", "detail", "error", "title"].into_iter().find_map(text);
    (text("code"), message)
}

impl fmt::Debug for ApiError {
    /// Omits headers and body, which may contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("code", &self.code.as_deref().map(excerpt))
            .field("message", &self.message.as_deref().map(excerpt))
            .field("bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}
