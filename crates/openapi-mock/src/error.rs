//! Why a document can't be served.

use std::fmt;

use openapi_document::{ParseError, Refusal};

/// Why a document can't be served, or not as it was asked.
#[derive(Debug)]
pub struct MockError(String);

impl MockError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for MockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for MockError {}

impl From<ParseError> for MockError {
    fn from(error: ParseError) -> Self {
        Self(error.to_string())
    }
}

impl From<Refusal> for MockError {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.to_string())
    }
}
