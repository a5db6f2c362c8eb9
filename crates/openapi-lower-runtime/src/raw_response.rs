//! Responses that were read into memory, and the decoding of their bodies.

use std::borrow::Cow;

use bytes::Bytes;
use reqwest::{
    StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, LOCATION},
};
use serde::de::DeserializeOwned;

use crate::{
    charset,
    date_time::{DateTimes, Lenient},
    json::{self, DecodeError},
};

/// Returns the request id of a response. The header is a convention, not a standard: these are the
/// names in use.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "request-id", "x-amzn-requestid", "x-correlation-id"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
}

/// Whether a media type in lowercase is JSON.
fn media_type_is_json(essence: &str) -> bool {
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

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
    /// Decodes the body from JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        match self.check_media_type("JSON", media_type_is_json) {
            Ok(()) => json::decode(self.charset(), &self.body),
            Err(error) => Err(error),
        }
    }

    /// Decodes the body from JSON, and an empty body from `null`: the document allows null.
    pub fn json_or_null<T: DeserializeOwned>(&self) -> Result<T, DecodeError> {
        if charset::without_mark(&self.body).iter().all(u8::is_ascii_whitespace) {
            let null = serde_json::from_slice(b"null");
            return null.map_err(|_| DecodeError::empty());
        }
        self.json()
    }

    /// Decodes the body from JSON that is a date-time, or has them in lists or maps.
    pub fn date_times<T: for<'de> DateTimes<'de>>(&self) -> Result<T, DecodeError> {
        self.json::<Lenient<T>>().map(|Lenient(value)| value)
    }

    /// Decodes the body as plain text in its charset, UTF-8 by default.
    pub fn text(&self) -> Result<String, DecodeError> {
        self.text_of_type("text/plain")
    }

    /// Decodes the body as text of a media type, in lowercase, or as plain text. Text of another
    /// type may be the page of a proxy.
    pub fn text_of_type(&self, media_type: &str) -> Result<String, DecodeError> {
        self.check_media_type("text", |essence| {
            [media_type, "text/plain"].contains(&essence)
                || media_type_is_json(essence)
                || (media_type == "text/*" && essence.starts_with("text/"))
        })?;
        self.decode_text()
    }

    /// Decodes the body as text of any subtype.
    pub(crate) fn any_text(&self) -> Result<String, DecodeError> {
        self.check_media_type("text", |essence| {
            essence.starts_with("text/") || media_type_is_json(essence)
        })?;
        self.decode_text()
    }

    fn decode_text(&self) -> Result<String, DecodeError> {
        let text = charset::decode(self.charset(), &self.body);
        text.map(Cow::into_owned).map_err(DecodeError)
    }

    /// Returns the body as text for a message.
    pub(crate) fn text_lossy(&self) -> Cow<'_, str> {
        charset::decode_lossy(self.charset(), &self.body)
    }

    /// Returns the charset of the media type.
    pub(crate) fn charset(&self) -> Option<&str> {
        charset::charset(&self.headers)
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
    pub(crate) fn check_media_type(
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
