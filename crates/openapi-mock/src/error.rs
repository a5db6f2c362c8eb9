//! The error type of this crate.

use std::fmt;

use openapi_document::{LoadError, ParseError, Refusal};

/// An error in parsing a document or in setting up a mock response.
#[derive(Debug)]
pub struct MockError(String);

impl MockError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// The error with what it is about in front.
    pub(crate) fn context(self, about: &str) -> Self {
        Self(format!("{about}: {}", self.0))
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

impl From<LoadError> for MockError {
    fn from(error: LoadError) -> Self {
        Self(error.to_string())
    }
}

impl From<Refusal> for MockError {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.to_string())
    }
}
