//! Bodies of builders, which can be cloned.

use std::fmt;

use bytes::Bytes;
use reqwest::Body;

use crate::once::Once;

/// The body of a builder: bytes, or a stream that can be sent once.
#[derive(Clone)]
pub struct StoredBody(Content);

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Stream(Once<Body>),
}

impl StoredBody {
    /// Creates a stored body.
    pub fn new(body: Body) -> Self {
        Self(match body.as_bytes() {
            Some(bytes) => Content::Bytes(Bytes::copy_from_slice(bytes)),
            None => Content::Stream(Once::new(body)),
        })
    }

    /// Returns the body. Fails if it is a stream that was sent.
    pub(crate) fn into_body(self) -> Result<Body, String> {
        match self.0 {
            Content::Bytes(bytes) => Ok(bytes.into()),
            Content::Stream(body) => body.take(),
        }
    }
}

impl fmt::Debug for StoredBody {
    /// Omits the content, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Content::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Content::Stream(_) => f.write_str("a stream"),
        }
    }
}
