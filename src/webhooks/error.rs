//! Errors of verification.

use std::fmt;

use openapi_lower_runtime::serde_json;

/// An error of [`Verifier`](super::Verifier). Its text never has parts of the body, of the
/// signature or of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookError {
    kind: WebhookErrorKind,
    /// The reason in a few words, without data.
    reason: String,
}

/// The kind of a [`WebhookError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookErrorKind {
    /// A public key can't be read, or is too small.
    Key,
    /// The request has no signature.
    MissingSignature,
    /// The signature isn't Base64.
    MalformedSignature,
    /// No key made the signature of this body.
    WrongSignature,
    /// The body exceeds the limit; its signature wasn't checked.
    TooLarge,
    /// The signature is right, but the timestamp isn't within the tolerance.
    Stale,
    /// The signature is right, but the body isn't what was expected.
    Undecodable,
}

impl WebhookError {
    pub(super) fn new(kind: WebhookErrorKind, reason: impl Into<String>) -> Self {
        Self { kind, reason: reason.into() }
    }

    /// A body that is signed, but isn't JSON or has another type.
    pub(super) fn undecodable(error: &serde_json::Error) -> Self {
        // The message may quote the body.
        let reason = match error.classify() {
            serde_json::error::Category::Data => "the JSON has another type".to_owned(),
            _ => format!("no valid JSON at line {}, column {}", error.line(), error.column()),
        };
        Self::new(WebhookErrorKind::Undecodable, reason)
    }

    /// The kind.
    pub fn kind(&self) -> WebhookErrorKind {
        self.kind
    }

    /// The status to respond with, of those that the API documents: 401 if the signature is
    /// missing, malformed or wrong or the event is stale, 400 for a body that is too large or can't
    /// be decoded, 500 for a key.
    pub fn status(&self) -> u16 {
        match self.kind {
            WebhookErrorKind::Key => 500,
            WebhookErrorKind::MissingSignature
            | WebhookErrorKind::MalformedSignature
            | WebhookErrorKind::WrongSignature
            | WebhookErrorKind::Stale => 401,
            WebhookErrorKind::TooLarge | WebhookErrorKind::Undecodable => 400,
        }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            WebhookErrorKind::Key => "invalid public key",
            WebhookErrorKind::MissingSignature => "missing signature",
            WebhookErrorKind::MalformedSignature => "malformed signature",
            WebhookErrorKind::WrongSignature => "wrong signature",
            WebhookErrorKind::TooLarge => "body too large",
            WebhookErrorKind::Stale => "event outside of the tolerance",
            WebhookErrorKind::Undecodable => "undecodable body",
        };
        write!(f, "webhook: {what}: {}", self.reason)
    }
}

impl std::error::Error for WebhookError {}
