//! The credential, and the schemes by which it is sent.

use std::fmt;

use reqwest::{
    Request,
    header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue},
};

use crate::{
    encode,
    error::{Error, ErrorKind},
};

/// An authentication scheme: where a request carries the credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// No authentication.
    None,
    /// The API key in the header of this name.
    Header(&'static str),
    /// The API key in the query parameter of this name.
    Query(&'static str),
    /// The API key in the cookie of this name.
    Cookie(&'static str),
    /// A bearer token (RFC 6750).
    Bearer,
    /// HTTP Basic authentication with `user:password` as the API key (RFC 7617).
    Basic,
}

impl Auth {
    /// Returns the lowercase name of the header that carries the credential.
    pub(crate) fn header(self) -> Option<&'static str> {
        match self {
            Self::None | Self::Query(_) | Self::Cookie(_) => None,
            Self::Header(name) => Some(name),
            Self::Bearer | Self::Basic => Some("authorization"),
        }
    }
}

/// A credential, which `Debug` output doesn't show.
#[derive(Clone)]
pub(crate) struct Credential(String);

impl Credential {
    /// Checks that a header can carry the credential (RFC 9110, section 5.5). The error calls it
    /// `name`, and doesn't contain the value.
    pub(crate) fn new(text: String, name: &str) -> Result<Self, Error> {
        let refused = |reason: &str| Error::new(ErrorKind::Config, format!("{name} {reason}"));
        if text.trim().is_empty() {
            return Err(refused("is empty"));
        }
        match HeaderValue::from_str(&text) {
            Ok(value) if value.to_str().is_ok() => Ok(Self(text)),
            _ => Err(refused("has characters that a header can't carry, for example a line break")),
        }
    }

    /// The text, for the mask that hides it in messages.
    pub(crate) fn text(&self) -> &str {
        &self.0
    }

    /// Adds the credential to a request to the host of the base URL.
    pub(crate) fn apply(
        &self,
        auth: Auth,
        http: &reqwest::Client,
        request: Request,
    ) -> Result<Request, Error> {
        let mut request = request;
        match auth {
            Auth::None => {}
            Auth::Header(name) => {
                let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
                    let message = format!("the API key can't be sent in the header `{name}`");
                    Error::new(ErrorKind::Config, message)
                })?;
                request.headers_mut().insert(name, sensitive(&self.0)?);
            }
            Auth::Query(name) => {
                encode::append_pair(request.url_mut(), name, &self.0);
            }
            Auth::Cookie(name) => {
                if !self.0.bytes().all(is_cookie_octet) {
                    let message = "the API key has characters that a cookie can't carry";
                    return Err(Error::new(ErrorKind::Config, message));
                }
                let others = request.headers().get(COOKIE).and_then(|others| others.to_str().ok());
                let others = others.map(|others| format!("{others}; ")).unwrap_or_default();
                let value = sensitive(&format!("{others}{name}={}", self.0))?;
                request.headers_mut().insert(COOKIE, value);
            }
            Auth::Bearer => {
                let value = sensitive(&format!("Bearer {}", self.0))?;
                request.headers_mut().insert(AUTHORIZATION, value);
            }
            Auth::Basic => {
                let (user, password) = self.0.split_once(':').unwrap_or((&self.0, ""));
                request = reqwest::RequestBuilder::from_parts(http.clone(), request)
                    .basic_auth(user, Some(password))
                    .build()
                    .map_err(|error| Error::from_reqwest(error, None))?;
            }
        }
        Ok(request)
    }
}

/// Whether the value of a cookie may have a byte (RFC 6265, section 4.1.1).
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\",;\\".contains(&byte)
}

/// Returns a header value that is marked sensitive: `Debug` output doesn't show it.
fn sensitive(text: &str) -> Result<HeaderValue, Error> {
    let illegal = |_| Error::new(ErrorKind::Config, "the API key isn't a valid header value");
    let mut value = HeaderValue::from_str(text).map_err(illegal)?;
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
