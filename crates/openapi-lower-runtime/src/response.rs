//! Successful responses, decoded.

use std::{fmt, ops::Deref};

use reqwest::{StatusCode, header::HeaderMap};

use crate::{rate_limit::RateLimit, raw_response::request_id};

/// A successful response: the decoded value, with status and headers.
///
/// It dereferences to the value, so that `response.name` is the field `name` of the value.
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    status: StatusCode,
    headers: HeaderMap,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, status: StatusCode, headers: HeaderMap) -> Self {
        Self { value, status, headers }
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the request id, if the response has one: the header `x-request-id`, `request-id`,
    /// `x-amzn-requestid` or `x-correlation-id`.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// Returns the rate limit, if the headers report one: `RateLimit`, or `RateLimit-Limit`,
    /// `-Remaining` and `-Reset`, or these with `X-`.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(&self.headers)
    }

    /// Returns the value, without status and headers.
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
