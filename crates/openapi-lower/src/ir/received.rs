//! Webhooks and callbacks: requests that the API sends and the user of the client receives.

use openapi_document::Pointer;
use serde_json::Value;

use super::types::TagType;

/// Everything of one kind that is received.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReceivedUnion {
    /// The kind.
    pub kind: ReceivedKind,
    /// The property that tells the payloads apart: its name and the JSON type of its values.
    /// Without one, the name of the webhook does.
    pub tag: Option<(String, TagType)>,
    /// The variants, in the order of the document.
    pub variants: Vec<Received>,
}

/// A kind of requests that are received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReceivedKind {
    /// `webhooks` of the document, and operations that the configuration names.
    Webhook,
    /// `callbacks` of operations.
    Callback,
}

impl ReceivedKind {
    /// The Rust name of the enum.
    pub fn rust_name(self) -> &'static str {
        match self {
            Self::Webhook => "Webhook",
            Self::Callback => "Callback",
        }
    }

    /// The word for one of the kind.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Callback => "callback",
        }
    }

    /// The key by which the names of variants are published. No schema has it.
    pub(crate) fn published_key(self) -> &'static str {
        match self {
            Self::Webhook => "#webhooks",
            Self::Callback => "#callbacks",
        }
    }
}

/// A webhook or a callback.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Received {
    /// The pointer to the operation in the document.
    pub pointer: Pointer,
    /// The name by which it is decoded: that of the webhook, or `operation.callback`.
    pub name: String,
    /// The name of the variant.
    pub rust_name: String,
    /// The HTTP method, in capitals.
    pub method: String,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// The names of the headers that it is received with.
    pub headers: Vec<String>,
    /// The statuses to respond with, each with its description and the schema of its JSON.
    pub responses: Vec<(String, String, Option<Value>)>,
    /// The lowered schema of the body.
    pub payload: Value,
    /// The values of the tag that bodies of this schema have, as text.
    pub tags: Vec<String>,
}
