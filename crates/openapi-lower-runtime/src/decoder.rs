//! Decoders of the documented responses of an operation.

use std::{any::Any, fmt};

use serde::de::DeserializeOwned;

use crate::{json::DecodeError, raw_response::RawResponse, status::Status};

/// The decoder of a documented response: its statuses, and the function that decodes its body.
#[derive(Debug)]
pub struct ResponseDecoder<T> {
    pub(crate) status: Status,
    pub(crate) decode: fn(&RawResponse) -> Result<T, DecodeError>,
}

/// The decoder of a documented error response.
pub type ErrorDecoder = ResponseDecoder<ErrorBody>;

impl ErrorDecoder {
    /// Creates the decoder of an error with a JSON body.
    pub const fn json<B: DeserializeOwned + Send + Sync + 'static>(status: Status) -> Self {
        Self::new(status, |raw| raw.json::<B>().map(ErrorBody::new))
    }

    /// Creates the decoder of an error with a text body, whatever the text's media type is.
    pub const fn text(status: Status) -> Self {
        Self::new(status, |raw| raw.any_text().map(ErrorBody::new))
    }

    /// Creates the decoder of an error with a body of any other media type, which stays bytes.
    pub const fn bytes(status: Status) -> Self {
        Self::new(status, |raw| raw.bytes().map(ErrorBody::new))
    }

    /// Creates the decoder of an error without a body.
    pub const fn empty(status: Status) -> Self {
        Self::new(status, |raw| raw.ignore_body().map(ErrorBody::new))
    }
}

impl<T> ResponseDecoder<T> {
    /// Creates the decoder of a response with these statuses.
    pub const fn new(status: Status, decode: fn(&RawResponse) -> Result<T, DecodeError>) -> Self {
        Self { status, decode }
    }
}

/// The decoded body of an error, with its type erased.
pub struct ErrorBody(Box<dyn Any + Send + Sync>);

impl ErrorBody {
    pub(crate) fn new<T: Any + Send + Sync>(body: T) -> Self {
        Self(Box::new(body))
    }

    /// Returns the body, if it is of type `T`.
    pub(crate) fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for ErrorBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ErrorBody(..)")
    }
}

/// The decoders of the successes of an operation, with their type erased.
pub(crate) trait Successes {
    /// The status of a decoder; `None` after the last one.
    fn status(&self, index: usize) -> Option<Status>;

    /// Decodes a response with a decoder.
    fn decode(&mut self, index: usize, raw: &RawResponse) -> Result<(), DecodeError>;
}

impl RawResponse {
    /// Decodes a success; returns `false` for any other response.
    ///
    /// A documented status is decoded as documented. Any other 2xx is a success if its body can be
    /// decoded as that of a documented success.
    pub(crate) fn decode_success(&self, decoders: &mut dyn Successes) -> Result<bool, DecodeError> {
        let statuses: Vec<Status> = (0..).map_while(|index| decoders.status(index)).collect();
        let code = Status::Code(self.status.as_u16());
        if let Some(index) = statuses.iter().position(|status| *status == code) {
            return decoders.decode(index, self).map(|()| true);
        }
        if !self.status.is_success() && !self.status.is_redirection() {
            return Ok(false);
        }
        if let Some(index) = statuses.iter().position(|status| status.includes(self.status)) {
            return decoders.decode(index, self).map(|()| true);
        }
        if !self.status.is_success() {
            return Ok(false);
        }
        let mut first_error = None;
        let is_redirect = |status| matches!(status, Status::Code(300..=399));
        for (index, _) in statuses.into_iter().enumerate().filter(|(_, one)| !is_redirect(*one)) {
            match decoders.decode(index, self) {
                Ok(()) => return Ok(true),
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        first_error.map_or(Ok(false), Err)
    }
}
