//! What the API said when it said no.

use std::fmt;

use bytes::Bytes;
use reqwest::{StatusCode, header::HeaderMap};
use serde_json::Value;

use crate::{
    decoder::{ErrorBody, ErrorDecoder},
    raw_response::RawResponse,
};

/// How much of a body is shown in a message.
const SHOWN: usize = 300;

/// An answer that is no success: what the API said, and as what it can be read.
pub struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    raw: Bytes,
    code: Option<String>,
    message: Option<String>,
    typed: Option<ErrorBody>,
    /// Whether the status is one that was to be expected.
    documented: bool,
}

impl ApiError {
    /// Reads an answer by the error table of its operation, if it has one.
    pub(crate) fn read(errors: Option<&[ErrorDecoder]>, raw: RawResponse) -> Self {
        let mut typed = None;
        let mut documented = errors.is_none();
        let errors = errors.unwrap_or_default().iter();
        for case in errors.filter(|case| case.status.includes(raw.status)) {
            documented = true;
            typed = (case.read)(&raw).ok();
            if typed.is_some() {
                break;
            }
        }
        let (code, message) = extract_message(&raw.body);
        let RawResponse { status, headers, body, .. } = raw;
        Self { status, headers, raw: body, code, message, typed, documented }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The `code` in the body, as text.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What the body says to a human.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The body that the document gives this status; `String` where it is text. `None` if `T` isn't
    /// its type or the body isn't what the document says.
    pub fn body<T: 'static>(&self) -> Option<&T> {
        self.typed.as_ref()?.downcast_ref()
    }

    /// The body as it came.
    pub fn raw(&self) -> &Bytes {
        &self.raw
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status)?;
        if !self.documented {
            f.write_str(" (which the API doesn't document)")?;
        }
        match &self.message {
            Some(message) => write!(f, ": {}", shortened(message)),
            None if self.raw.is_empty() => Ok(()),
            None => write!(f, ": {}", shortened(&String::from_utf8_lossy(&self.raw))),
        }
    }
}

/// `code` and message of a JSON body, in the spellings that are common.
fn extract_message(body: &[u8]) -> (Option<String>, Option<String>) {
    let Ok(Value::Object(body)) = serde_json::from_slice(body) else { return (None, None) };
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

/// The beginning of a text, on one line.
pub(crate) fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}… ({} bytes)", &line[..end], text.len()),
        None => line,
    }
}

impl fmt::Debug for ApiError {
    /// Without headers and body, which may hold anything.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("message", &self.message.as_deref().map(shortened))
            .field("bytes", &self.raw.len())
            .finish_non_exhaustive()
    }
}
