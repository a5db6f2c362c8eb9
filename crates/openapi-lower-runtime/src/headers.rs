//! Headers that callers add to their requests.

use reqwest::{
    Request,
    header::{ACCEPT, HeaderMap, HeaderName, HeaderValue},
};

use crate::{error::Error, operation::CallTarget};

/// Headers that say whom the request is for, where it ends, and what its body is: they follow from
/// the request itself.
const FIXED: [&str; 9] = [
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

/// Headers that callers add to their requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct ExtraHeaders {
    map: HeaderMap,
    /// Why one of them can't be sent.
    refused: Option<String>,
}

impl ExtraHeaders {
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        let legal_name = HeaderName::from_bytes(name.as_bytes());
        let refusal = match (&legal_name, HeaderValue::from_str(value)) {
            (Err(_), _) => format!("`{name}` is no name that a header can have"),
            (Ok(name), _) if FIXED.contains(&name.as_str()) => {
                format!("the header `{name}` follows from the request and can't be set")
            }
            (Ok(name), Err(_)) => format!("`{name}` has characters that no header can carry"),
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.map.insert(name, value);
                return;
            }
        };
        self.refused.get_or_insert(refusal);
    }

    /// Adds the headers of `other`; of two with one name, that one counts.
    pub(crate) fn extend(&mut self, other: Self) {
        self.map.extend(other.map);
        self.refused = self.refused.take().or(other.refused);
    }

    /// Adds them to a request; what its operation set stays.
    pub(crate) fn add_to(&self, request: &mut Request, target: &CallTarget) -> Result<(), Error> {
        if let Some(reason) = &self.refused {
            return Err(target.not_sent(reason));
        }
        if let Some(name) = target.auth.header().filter(|name| self.map.contains_key(*name)) {
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
