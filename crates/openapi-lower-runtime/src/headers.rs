//! Additional headers of requests.

use reqwest::{
    Request,
    header::{ACCEPT, HeaderMap, HeaderName, HeaderValue},
};

use crate::{error::Error, operation::CallTarget};

/// Headers that are derived from the request and its body, and can't be set.
const DERIVED: [&str; 9] = [
    "connection",
    "content-length",
    "content-type",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The headers that a caller adds to its requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExtraHeaders {
    map: HeaderMap,
    /// The reason why the first invalid header can't be sent.
    refusal: Option<String>,
}

/// Whether a header is derived from the request and its body.
pub(crate) fn is_derived(name: &HeaderName) -> bool {
    DERIVED.contains(&name.as_str())
}

impl ExtraHeaders {
    /// Adds a header, or remembers why it can't be sent.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        let valid_name = HeaderName::from_bytes(name.as_bytes());
        let refusal = match (&valid_name, HeaderValue::from_str(value)) {
            (Err(_), _) => format!("`{name}` isn't a valid header name"),
            (Ok(name), _) if is_derived(name) => {
                format!("the header `{name}` is derived from the request and can't be set")
            }
            (Ok(name), Err(_)) => format!("`{name}` has characters that a header can't carry"),
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.map.insert(name, value);
                return;
            }
        };
        self.refusal.get_or_insert(refusal);
    }

    /// Adds the headers of `other`, which replace those of the same name.
    pub(crate) fn extend(&mut self, other: Self) {
        self.map.extend(other.map);
        self.refusal = self.refusal.take().or(other.refusal);
    }

    /// Adds the headers to a request. A header that the operation sets stays, except `Accept`.
    pub(crate) fn add_to(&self, request: &mut Request, target: &CallTarget) -> Result<(), Error> {
        if let Some(reason) = &self.refusal {
            return Err(target.not_sent(reason));
        }
        if let Some(name) = target.security.headers().find(|name| self.map.contains_key(*name)) {
            return Err(target.not_sent(format!("the header `{name}` carries the credential")));
        }
        let headers = request.headers_mut();
        for (name, value) in &self.map {
            if name == ACCEPT || !headers.contains_key(name) {
                headers.insert(name, value.clone());
            }
        }
        Ok(())
    }
}
