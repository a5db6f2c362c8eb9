//! Answers: as they came, and as the document says.

use std::{fmt, ops::Deref};

use bytes::Bytes;
use reqwest::{
    StatusCode, Url,
    header::{CONTENT_TYPE, HeaderMap, LOCATION},
};
use serde::de::DeserializeOwned;

use super::{failure::ErrorBody, operation::Status};

/// A good answer: the value, with the status and headers it came with.
///
/// It derefs to the value.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// let agents = client.agent_list().await?;
/// println!("{} {:?} {}", agents.status(), agents.request_id(), agents.total);
/// let agents = agents.into_inner();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
}

impl<T> Response<T> {
    pub(super) fn new(value: T, status: StatusCode, headers: HeaderMap) -> Self {
        Self { value, status, headers }
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id by which the API's operators find this request, if the answer has one.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

/// The header is a convention, not a standard; these are the names in use.
pub(super) fn request_id(headers: &HeaderMap) -> Option<&str> {
    ["x-request-id", "request-id", "x-amzn-requestid", "x-correlation-id"]
        .iter()
        .find_map(|name| headers.get(*name)?.to_str().ok())
}

/// One documented answer of an operation: its statuses, and how its body is read.
#[derive(Debug)]
pub struct Case<T> {
    pub(super) status: Status,
    pub(super) read: fn(&Raw) -> Result<T, Mismatch>,
}

/// A documented error.
pub type ErrorCase = Case<ErrorBody>;

impl ErrorCase {
    /// An error with a JSON body.
    pub const fn json<B: DeserializeOwned + Send + Sync + 'static>(status: Status) -> Self {
        Self::new(status, |raw| raw.json::<B>().map(ErrorBody::new))
    }

    /// An error with a text body.
    pub const fn text(status: Status) -> Self {
        Self::new(status, |raw| raw.text().map(ErrorBody::new))
    }
}

impl<T> Case<T> {
    /// An answer of these statuses.
    pub const fn new(status: Status, read: fn(&Raw) -> Result<T, Mismatch>) -> Self {
        Self { status, read }
    }
}

/// What serde says of a value, without the value itself: it may be a secret. The kind of it stays:
/// "invalid type: string, expected a map".
fn without_value(message: &str) -> String {
    match message.split_once(", expected ") {
        Some((found, expected)) if found.starts_with("invalid ") => {
            let kind = found.find(['"', '`']).map_or(found, |value| found[..value].trim_end());
            format!("{kind}, expected {expected}")
        }
        _ => message.to_owned(),
    }
}

/// Why a body isn't what the document says.
#[derive(Debug)]
pub struct Mismatch(pub(super) String);

/// An answer that was read into memory and not looked at.
#[derive(Debug)]
pub struct Raw {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) url: Url,
    pub(super) body: Bytes,
}

impl Raw {
    /// Reads the body as JSON. A good one is decoded once; a bad one again, to find the field.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Mismatch> {
        self.expect_content("JSON", |essence| {
            essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
        })?;
        serde_json::from_slice(&self.body).map_err(|error| {
            if self.body.iter().all(u8::is_ascii_whitespace) {
                return Mismatch("the body is empty".to_owned());
            }
            let mut json = serde_json::Deserializer::from_slice(&self.body);
            match serde_path_to_error::deserialize::<_, T>(&mut json) {
                Err(located) if located.path().iter().next().is_some() => {
                    let reason = without_value(&located.inner().to_string());
                    Mismatch(format!("{}: {reason}", located.path()))
                }
                _ => Mismatch(without_value(&error.to_string())),
            }
        })
    }

    /// Reads the body as JSON, and no body as null: what nobody documented may have none.
    pub(super) fn json_or_nothing<T: DeserializeOwned>(&self) -> Result<T, Mismatch> {
        if self.body.is_empty() {
            let none = serde_json::from_slice(b"null");
            return none.map_err(|_| Mismatch("the body is empty".to_owned()));
        }
        self.json()
    }

    /// Reads the body as text, in UTF-8.
    pub fn text(&self) -> Result<String, Mismatch> {
        self.expect_content("text", |essence| {
            essence == "text/plain" || essence == "application/json"
        })?;
        match String::from_utf8(self.body.to_vec()) {
            Ok(text) => Ok(text),
            Err(_) => Err(Mismatch("the text isn't UTF-8".to_owned())),
        }
    }

    /// Reads nothing: what the body holds, if anything, says nothing.
    pub fn empty(&self) -> Result<(), Mismatch> {
        Ok(())
    }

    /// The body as it is.
    pub fn bytes(&self) -> Result<Bytes, Mismatch> {
        Ok(self.body.clone())
    }

    /// The target of a redirect, absolute (RFC 9110, section 10.2.2).
    pub fn location(&self) -> Result<Url, Mismatch> {
        let Some(location) = self.headers.get(LOCATION) else {
            return Err(Mismatch("a redirect without Location".to_owned()));
        };
        let location = location.to_str().map_err(|_| Mismatch("Location isn't text".to_owned()))?;
        self.url.join(location).map_err(|error| Mismatch(format!("Location isn't a URL: {error}")))
    }

    /// An answer that doesn't say what it holds is taken at its word.
    fn expect_content(&self, what: &str, fits: impl Fn(&str) -> bool) -> Result<(), Mismatch> {
        let Some(header) = self.headers.get(CONTENT_TYPE) else { return Ok(()) };
        let header = String::from_utf8_lossy(header.as_bytes());
        let essence = header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if fits(&essence) {
            Ok(())
        } else {
            Err(Mismatch(format!("{what} was expected, not `{essence}`")))
        }
    }

    /// The value, if this is a success; `Ok(None)` if it isn't one.
    ///
    /// A documented status is read as documented. Any other 2xx is a success as well if its body
    /// can be read as one of the documented ones.
    pub(super) fn success<T>(&self, cases: &[Case<T>]) -> Result<Option<T>, Mismatch> {
        if let Some(case) =
            cases.iter().find(|case| case.status == Status::Code(self.status.as_u16()))
        {
            return (case.read)(self).map(Some);
        }
        if !self.status.is_success() && !self.status.is_redirection() {
            return Ok(None);
        }
        if let Some(case) = cases.iter().find(|case| case.status.includes(self.status)) {
            return (case.read)(self).map(Some);
        }
        if !self.status.is_success() {
            return Ok(None);
        }
        let mut first = None;
        for case in cases.iter().filter(|case| !matches!(case.status, Status::Code(300..=399))) {
            match (case.read)(self) {
                Ok(value) => return Ok(Some(value)),
                Err(mismatch) => first = first.or(Some(mismatch)),
            }
        }
        first.map_or(Ok(None), Err)
    }
}
