//! The lines of a recorded file.

use std::fmt;

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request, response};
use serde::{Deserialize, Serialize};

use crate::{display::Mask, transport::TransportBody};

/// The headers whose values are never recorded.
const SECRET_HEADERS: [HeaderName; 4] =
    [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE, header::SET_COOKIE];

/// The recorded form of a secret header.
const REDACTED: &str = "[redacted]";

/// A request and the response to it.
#[derive(Deserialize, Serialize)]
pub(super) struct Exchange {
    pub(super) request: Request,
    pub(super) response: Response,
}

/// A request without secrets.
#[derive(Deserialize, Serialize)]
pub(super) struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    body: Body,
}

/// A response without secrets.
#[derive(Deserialize, Serialize)]
pub(super) struct Response {
    status: u16,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    body: Body,
}

/// The content of a body.
#[derive(Deserialize, PartialEq, Serialize)]
#[serde(untagged)]
enum Body {
    Text(String),
    Binary { base64: String },
}

/// The masks that hide credentials and other secrets.
pub(super) struct Secrets(pub(super) [Mask; 2]);

impl Secrets {
    fn hide(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, mask| mask.apply(&text))
    }

    /// Hides secrets in any bytes: of those that aren't UTF-8, each is a character.
    fn hide_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        match str::from_utf8(bytes) {
            Ok(text) => self.hide(text).into_bytes(),
            Err(_) => {
                let hidden = self.hide(&characters(bytes));
                hidden.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect()
            }
        }
    }

    /// Returns the headers as text, with a character for each byte of a value.
    fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let text = |(name, value): (&HeaderName, &HeaderValue)| {
            let is_secret = value.is_sensitive() || SECRET_HEADERS.contains(name);
            let text = match is_secret {
                true => REDACTED.to_owned(),
                false => characters(&self.hide_bytes(value.as_bytes())),
            };
            (name.as_str().to_owned(), text)
        };
        headers.iter().map(text).collect()
    }

    fn body(&self, body: &[u8]) -> Body {
        match String::from_utf8(self.hide_bytes(body)) {
            Ok(text) => Body::Text(text),
            Err(error) => Body::Binary { base64: BASE64_STANDARD.encode(error.as_bytes()) },
        }
    }
}

/// Returns a text with a character for each byte.
fn characters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

impl Body {
    fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        match self {
            Self::Text(text) => Ok(text.clone().into_bytes()),
            Self::Binary { base64 } => BASE64_STANDARD
                .decode(base64)
                .map_err(|error| format!("`body` isn't Base64: {error}")),
        }
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Request {
    pub(super) fn new(secrets: &Secrets, head: &request::Parts, body: &[u8]) -> Self {
        Self {
            method: head.method.to_string(),
            url: secrets.hide(&head.uri.to_string()),
            headers: secrets.headers(&head.headers),
            body: secrets.body(body),
        }
    }

    /// Whether this recorded request is equal to another one, for the choice of a response.
    pub(super) fn matches(&self, other: &Self) -> bool {
        let has_same_body = self.is_multipart() && other.is_multipart() || self.body == other.body;
        self.method == other.method && self.url == other.url && has_same_body
    }

    fn is_multipart(&self) -> bool {
        self.headers.iter().any(|(name, value)| {
            name == header::CONTENT_TYPE.as_str()
                && value.to_ascii_lowercase().starts_with("multipart/")
        })
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split('?').next().unwrap_or_default();
        write!(f, "{} {url} with this query and body", self.method)
    }
}

impl Response {
    pub(super) fn new(secrets: &Secrets, head: &response::Parts, body: &[u8]) -> Self {
        let mut headers = secrets.headers(&head.headers);
        // They describe the message, not the recorded body; only HEAD has a length without one.
        let is_framing = |name: &str| {
            name == header::TRANSFER_ENCODING.as_str()
                || (name == header::CONTENT_LENGTH.as_str() && !body.is_empty())
        };
        headers.retain(|(name, _)| !is_framing(name));
        Self { status: head.status.as_u16(), headers, body: secrets.body(body) }
    }

    /// Builds the response.
    ///
    /// # Errors
    ///
    /// The reason, if it isn't a response of HTTP.
    pub(super) fn build(&self) -> Result<http::Response<TransportBody>, String> {
        let mut response = http::Response::new(TransportBody::from(self.body.bytes()?));
        *response.status_mut() =
            StatusCode::from_u16(self.status).map_err(|_| "`status` isn't a status".to_owned())?;
        for (name, value) in &self.headers {
            let invalid = || format!("the header `{name}` is invalid");
            let bytes: Result<Vec<u8>, _> = value.chars().map(u8::try_from).collect();
            let value = bytes.ok().and_then(|bytes| HeaderValue::from_bytes(&bytes).ok());
            let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| invalid())?;
            response.headers_mut().append(name, value.ok_or_else(invalid)?);
        }
        Ok(response)
    }
}
