//! One opaque error for everything that can go wrong with a call.

use std::{borrow::Cow, error::Error as StdError, fmt};

use reqwest::{StatusCode, header::HeaderMap};

use crate::{
    api_error::{ApiError, shortened},
    raw_response::{RawResponse, request_id},
    status::is_transient,
};

/// What went wrong with a call, or with setting up a client.
///
/// Its text names the operation, and never the credential or a query.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<Cow<'static, str>>,
    context: Option<String>,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
    response: Option<ErrorResponse>,
    attempts: u32,
}

/// What is known of the response.
enum ErrorResponse {
    /// It is no success.
    Api(ApiError),
    /// It would be one, but can't be read.
    Unread(RawResponse),
}

/// The kinds of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client can't be set up like this.
    Config,
    /// The request can't be built; nothing was sent.
    Request,
    /// There is no connection, or it took too long to make one; nothing was sent.
    Connect,
    /// It took too long.
    Timeout,
    /// The connection broke while the request was sent or the answer read.
    Transport,
    /// The API answered, but not with a success.
    Api,
    /// The answer isn't what the document says.
    Decode,
    /// The answer is larger than the limit.
    TooLarge,
    /// A download was sent on to where it isn't followed, or too often.
    Redirect,
    /// A file can't be written.
    File,
}

impl Error {
    /// An error of a helper that is built upon a client.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            context: None,
            message: message.into(),
            source: None,
            response: None,
            attempts: 0,
        }))
    }

    pub(crate) fn with_operation(mut self, operation: Cow<'static, str>) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Names what the error is about, before all else that its text says: for helpers that make
    /// several calls.
    #[must_use]
    pub fn with_context(mut self, context: impl fmt::Display) -> Self {
        self.0.context = Some(context.to_string());
        self
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// A failure of the transport. The URL is left out: its query may hold a credential.
    pub(crate) fn from_reqwest(error: reqwest::Error, response: Option<RawResponse>) -> Self {
        let kind = if error.is_builder() {
            ErrorKind::Request
        } else if error.is_connect() {
            // Before timeouts: connecting has one of its own, after which nothing was sent.
            ErrorKind::Connect
        } else if error.is_timeout() {
            ErrorKind::Timeout
        } else if error.is_decode() && is_bad_data(&error) {
            ErrorKind::Decode
        } else {
            ErrorKind::Transport
        };
        let message = match kind {
            ErrorKind::Request => "the request can't be built",
            ErrorKind::Timeout => "it took too long",
            ErrorKind::Connect => "there is no connection",
            ErrorKind::Decode => "the body can't be decompressed",
            _ if response.is_some() => "the connection broke while the answer was read",
            _ => "the connection broke",
        };
        let mut this = Self::new(kind, message).with_source(error.without_url());
        this.0.response = response.map(ErrorResponse::Unread);
        this
    }

    /// An attempt that took too long, with what came of its response.
    pub(crate) fn timed_out(response: Option<RawResponse>) -> Self {
        let mut this = Self::new(ErrorKind::Timeout, "it took too long");
        this.0.response = response.map(ErrorResponse::Unread);
        this
    }

    pub(crate) fn from_api(error: ApiError) -> Self {
        let mut this = Self::new(ErrorKind::Api, error.to_string());
        this.0.response = Some(ErrorResponse::Api(error));
        this
    }

    /// A success that can't be read: what it should have been, and what it was.
    pub(crate) fn unread(kind: ErrorKind, reason: &str, raw: RawResponse) -> Self {
        let mut message = format!("{} with a body that can't be read: {reason}", raw.status);
        // Of JSON the reason names the field; its values may be secrets. So may be the URL that a
        // redirect's page repeats.
        let is_json = matches!(raw.body.trim_ascii_start().first(), Some(b'{' | b'[' | b'"'));
        let is_told = is_json || raw.status.is_redirection();
        if kind == ErrorKind::Decode && !raw.body.is_empty() && !is_told {
            message =
                format!("{message}; it begins: {}", shortened(&String::from_utf8_lossy(&raw.body)));
        }
        let mut this = Self::new(kind, message);
        this.0.response = Some(ErrorResponse::Unread(raw));
        this
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether it took too long.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether there was no connection, so that nothing was sent.
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Whether the same call may succeed later. It says nothing of whether the first one had an
    /// effect: after a timeout, a POST may have.
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => true,
            ErrorKind::Api => self.status().is_some_and(is_transient),
            _ => false,
        }
    }

    /// The HTTP status, if there was an response.
    pub fn status(&self) -> Option<StatusCode> {
        match self.0.response.as_ref()? {
            ErrorResponse::Api(error) => Some(error.status),
            ErrorResponse::Unread(raw) => Some(raw.status),
        }
    }

    /// The headers, if there was an response.
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self.0.response.as_ref()? {
            ErrorResponse::Api(error) => Some(&error.headers),
            ErrorResponse::Unread(raw) => Some(&raw.headers),
        }
    }

    /// The body, as much of it as was read, if there was an response.
    pub fn raw(&self) -> Option<&[u8]> {
        match self.0.response.as_ref()? {
            ErrorResponse::Api(error) => Some(error.raw()),
            ErrorResponse::Unread(raw) => Some(&raw.body),
        }
    }

    /// The id by which the API's operators find this request, if the answer has one.
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }

    /// What the API said, if it answered, but not with a success.
    pub fn api(&self) -> Option<&ApiError> {
        match self.0.response.as_ref()? {
            ErrorResponse::Api(error) => Some(error),
            ErrorResponse::Unread(_) => None,
        }
    }

    /// How often the request was sent, or tried to be; 0 if it wasn't.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// The `operationId` of the operation that failed; method and path template of a request that
    /// the document doesn't know.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }
}

/// reqwest calls every failure to read a body "decode"; bad data is what a decompressor calls so.
fn is_bad_data(error: &reqwest::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, InvalidInput};
    let mut source = error.source();
    while let Some(cause) = source {
        let io = cause.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| matches!(io.kind(), InvalidData | InvalidInput)) {
            return true;
        }
        source = cause.source();
    }
    false
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(context) = &self.0.context {
            write!(f, "{context}: ")?;
        }
        if let Some(operation) = self.operation() {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.message)?;
        if let Some(id) = self.request_id() {
            write!(f, " (request id {id})")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown.field("kind", &self.0.kind).field("message", &self.to_string());
        shown.field("attempts", &self.0.attempts);
        if let Some(source) = &self.0.source {
            shown.field("source", source);
        }
        shown.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
