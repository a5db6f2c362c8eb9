//! Responses.

use std::fmt;

use serde_json::Value;

use super::stream::ItemStream;

use crate::collect::Collect;

/// The response of one status or of a range of statuses.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Response {
    /// The statuses of this response.
    pub status: Status,
    /// `description`.
    pub description: String,
    /// The names of the documented headers.
    pub headers: Vec<String>,
    /// The representations of the body, the preferred one first; empty for no body.
    pub contents: Vec<Content>,
}

/// The key of a response (OpenAPI 3.1, section 4.8.16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Status {
    /// A single status.
    Code(u16),
    /// A range such as `4XX`, by its first digit.
    Class(u16),
    /// `default`: every status that no other response names.
    Default,
}

impl Status {
    /// Parses the key of a response.
    pub fn parse(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        if let [digit @ b'1'..=b'5', b'X' | b'x', b'X' | b'x'] = key.as_bytes() {
            return Some(Self::Class(u16::from(digit - b'0')));
        }
        key.parse().ok().filter(|code| (100..600).contains(code)).map(Self::Code)
    }

    /// Whether responses of this key are returned as `Ok`: 2xx and redirects.
    pub fn is_success(self) -> bool {
        match self {
            Self::Code(code) => (200..400).contains(&code),
            Self::Class(class) => class == 2 || class == 3,
            Self::Default => false,
        }
    }

    /// Whether responses of this key carry a `Location` instead of a representation.
    pub fn is_redirect(self) -> bool {
        matches!(self, Self::Code(301 | 302 | 303 | 307 | 308) | Self::Class(3))
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => code.fmt(f),
            Self::Class(class) => write!(f, "{class}xx"),
            Self::Default => f.write_str("any other"),
        }
    }
}

/// A representation of a response body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Content {
    /// The media type.
    pub media_type: String,
    /// The decoding of the body.
    pub kind: ContentKind,
}

/// The decoding of a response body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ContentKind {
    /// As JSON of this schema.
    Json(Value),
    /// Item by item.
    Stream(ItemStream),
    /// As text.
    Text,
    /// As a stream of bytes.
    Bytes,
    /// Not at all: a response to HEAD has no body.
    Empty,
}

impl ContentKind {
    /// The schema of a body, or of its items.
    pub(crate) fn schema(&self) -> Option<&Value> {
        match self {
            Self::Json(schema) => Some(schema),
            Self::Stream(items) => items.schema.as_ref(),
            Self::Text | Self::Bytes | Self::Empty => None,
        }
    }
}

/// A representation of successes that callers choose by a method of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alternative {
    /// The media type.
    pub media_type: String,
    /// The Rust name of the method.
    pub rust_name: String,
    /// The name of the enum of the successes, if their types differ.
    pub success_type: String,
}

/// The documented successes. Where nothing else is a success, the default response is one.
pub(crate) fn successes(responses: &[Response]) -> Vec<&Response> {
    let has_success = responses.iter().any(|one| one.status.is_success());
    let mut successes: Vec<&Response> = responses.iter().collect_vec();
    successes.retain(|one| match has_success {
        true => one.status.is_success(),
        false => one.status == Status::Default,
    });
    successes
}
