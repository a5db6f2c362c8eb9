//! The credential: where it goes, and that it is never shown.

use std::fmt;

use reqwest::{
    Request,
    header::{AUTHORIZATION, HeaderName, HeaderValue},
};

use crate::error::{Error, ErrorKind};

/// How a request proves who sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Not at all.
    None,
    /// The key in a header of this (lowercase) name.
    Header(&'static str),
    /// The key in a query parameter of this name.
    Query(&'static str),
    /// A bearer token (RFC 6750).
    Bearer,
    /// User name and password, joined by a colon (RFC 7617).
    Basic,
}

impl Auth {
    /// The header that carries the credential, in lowercase.
    pub(crate) fn header(self) -> Option<&'static str> {
        match self {
            Self::None | Self::Query(_) => None,
            Self::Header(name) => Some(name),
            Self::Bearer | Self::Basic => Some("authorization"),
        }
    }
}

/// A credential. Its `Debug` shows nothing of it.
#[derive(Clone)]
pub(crate) struct Credential(String);

impl Credential {
    /// Refuses what no header can carry (RFC 9110, section 5.5). The message says where the key
    /// came from, if that is known, and doesn't repeat it.
    pub(crate) fn new(text: String, source: Option<&str>) -> Result<Self, Error> {
        let source = source.map(|source| format!(" in {source}")).unwrap_or_default();
        let refused =
            |what: &str| Error::new(ErrorKind::Config, format!("the API key{source} {what}"));
        if text.trim().is_empty() {
            return Err(refused("is empty"));
        }
        match HeaderValue::from_str(&text) {
            Ok(value) if value.to_str().is_ok() => Ok(Self(text)),
            _ => Err(refused("has characters that no header can carry (a line break, perhaps)")),
        }
    }

    /// Puts the credential onto a request for the API's own host.
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
                request.headers_mut().insert(HeaderName::from_static(name), sensitive(&self.0)?);
            }
            Auth::Query(name) => {
                request.url_mut().query_pairs_mut().append_pair(name, &self.0);
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

/// A header value that no `Debug` output shows.
fn sensitive(text: &str) -> Result<HeaderValue, Error> {
    let illegal = |_| Error::new(ErrorKind::Config, "the API key is no legal header value");
    let mut value = HeaderValue::from_str(text).map_err(illegal)?;
    value.set_sensitive(true);
    Ok(value)
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
