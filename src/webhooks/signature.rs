//! The header with the signature.

use base64::{Engine, engine::general_purpose::STANDARD};
use openapi_lower_runtime::reqwest::header::HeaderValue;

use super::error::{WebhookError, WebhookErrorKind};

/// The name of the header with the signature: RSA PKCS#1 v1.5 with SHA-256, in Base64.
pub const SIGNATURE_HEADER: &str = "x-asteroid-signature";

/// The maximum length in Base64, of a key of 8192 bits.
const MAX_LENGTH: usize = 1368;

/// The value of the header with the signature; `None` if the request has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature<'a>(Option<&'a [u8]>);

impl Signature<'_> {
    /// Decodes the signature.
    pub(super) fn decode(self) -> Result<Vec<u8>, WebhookError> {
        let missing =
            || WebhookError::new(WebhookErrorKind::MissingSignature, "the header is absent");
        let malformed = |why| WebhookError::new(WebhookErrorKind::MalformedSignature, why);
        let text = self.0.ok_or_else(missing)?;
        if text.len() > MAX_LENGTH {
            return Err(malformed("it is too long"));
        }
        match STANDARD.decode(text) {
            Ok(signature) if signature.is_empty() => Err(malformed("it is empty")),
            Ok(signature) => Ok(signature),
            Err(_) => Err(malformed("it isn't Base64")),
        }
    }
}

impl<'a> From<&'a str> for Signature<'a> {
    fn from(text: &'a str) -> Self {
        Self(Some(text.as_bytes()))
    }
}

impl<'a> From<&'a String> for Signature<'a> {
    fn from(text: &'a String) -> Self {
        Self(Some(text.as_bytes()))
    }
}

impl<'a> From<&'a [u8]> for Signature<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self(Some(bytes))
    }
}

impl<'a> From<&'a HeaderValue> for Signature<'a> {
    fn from(value: &'a HeaderValue) -> Self {
        Self(Some(value.as_bytes()))
    }
}

impl<'a, T: Into<Self>> From<Option<T>> for Signature<'a> {
    fn from(header: Option<T>) -> Self {
        header.map_or(Self(None), Into::into)
    }
}
