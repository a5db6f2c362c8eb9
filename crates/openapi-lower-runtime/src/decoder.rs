//! The documented responses of an operation, and the choice among them.

use std::{any::Any, fmt};

use serde::de::DeserializeOwned;

use crate::{
    raw_response::{DecodeError, RawResponse},
    status::Status,
};

/// One documented answer of an operation: its statuses, and how its body is read.
#[derive(Debug)]
pub struct ResponseDecoder<T> {
    pub(crate) status: Status,
    pub(crate) read: fn(&RawResponse) -> Result<T, DecodeError>,
}

/// A documented error.
pub type ErrorDecoder = ResponseDecoder<ErrorBody>;

impl ErrorDecoder {
    /// An error with a JSON body.
    pub const fn json<B: DeserializeOwned + Send + Sync + 'static>(status: Status) -> Self {
        Self::new(status, |raw| raw.json::<B>().map(ErrorBody::new))
    }

    /// An error with a text body.
    pub const fn text(status: Status) -> Self {
        Self::new(status, |raw| raw.text().map(ErrorBody::new))
    }
}

impl<T> ResponseDecoder<T> {
    /// An answer of these statuses.
    pub const fn new(status: Status, read: fn(&RawResponse) -> Result<T, DecodeError>) -> Self {
        Self { status, read }
    }
}

/// A typed error body, its type forgotten until someone asks for it.
pub struct ErrorBody(Box<dyn Any + Send + Sync>);

impl ErrorBody {
    pub(crate) fn new<T: Any + Send + Sync>(body: T) -> Self {
        Self(Box::new(body))
    }

    /// The body, if it is of this type.
    pub(crate) fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ErrorBody(..)")
    }
}

impl RawResponse {
    /// The value, if this is a success; `Ok(None)` if it isn't one.
    ///
    /// A documented status is read as documented. Any other 2xx is a success as well if its body
    /// can be read as one of the documented ones.
    pub(crate) fn success<T>(
        &self,
        decoders: &[ResponseDecoder<T>],
    ) -> Result<Option<T>, DecodeError> {
        if let Some(case) =
            decoders.iter().find(|case| case.status == Status::Code(self.status.as_u16()))
        {
            return (case.read)(self).map(Some);
        }
        if !self.status.is_success() && !self.status.is_redirection() {
            return Ok(None);
        }
        if let Some(case) = decoders.iter().find(|case| case.status.includes(self.status)) {
            return (case.read)(self).map(Some);
        }
        if !self.status.is_success() {
            return Ok(None);
        }
        let mut first = None;
        for case in decoders.iter().filter(|case| !matches!(case.status, Status::Code(300..=399))) {
            match (case.read)(self) {
                Ok(value) => return Ok(Some(value)),
                Err(mismatch) => first = first.or(Some(mismatch)),
            }
        }
        first.map_or(Ok(None), Err)
    }
}
