//! The error type of this crate.

use std::{borrow::Cow, error::Error as StdError, fmt};

use reqwest::{StatusCode, header::HeaderMap};

use crate::{
    api_error::ApiError,
    causes,
    display::{self, Mask, excerpt},
    rate_limit::RateLimit,
    raw_response::{RawResponse, request_id},
    status::is_transient,
    transport::{TransportError, TransportErrorKind},
    upload::BodyError,
};

/// The message of a timeout.
const TIMED_OUT: &str = "timed out";

/// An error of a call, or of building a client.
///
/// [`kind`](Self::kind) and the predicates classify it. If a response was received, the error has
/// its [`status`](Self::status), [`headers`](Self::headers) and [body](Self::raw); if the API
/// responded with an error, [`api`](Self::api) has its code, message and typed body.
///
/// The text names the operation and the request id. It is one line of bounded length without
/// control characters, and never contains the credential, not even if the server repeats it. The
/// raw body and the headers are what the server sent.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<Cow<'static, str>>,
    context: Option<String>,
    message: String,
    hint: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    response: Option<ErrorResponse>,
    attempts: u32,
    mask: Mask,
}

/// The response that an error is about.
enum ErrorResponse {
    /// An error response of the API.
    Api(ApiError),
    /// A response whose body couldn't be received or decoded.
    Undecoded(RawResponse),
}

/// The kind of an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The settings of the client are invalid.
    Config,
    /// The request can't be built: for example, a required parameter is missing. Or a
    /// [transport](crate::Transport) refused it. Nothing was sent.
    Request,
    /// No connection could be established, or not within the connect timeout; or an HTTP/2 server
    /// refused to process the request; or a [transport](crate::Transport) says so. It had no
    /// effect.
    Connect,
    /// The attempt timed out, or the deadline of the retry policy passed.
    Timeout,
    /// The connection broke while the request was sent or the response was read, or a
    /// [transport](crate::Transport) failed.
    Transport,
    /// The API responded with an error, or with an undocumented redirect.
    Api,
    /// The response doesn't match the document: its body can't be decoded, or its pages
    /// are inconsistent.
    Decode,
    /// The response or the downloaded file is larger than the limit.
    TooLarge,
    /// A download was redirected too often, or to a URL that isn't followed.
    Redirect,
    /// A downloaded file can't be written.
    File,
}

impl Error {
    /// Creates an error, for helpers that are built upon a client.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            context: None,
            message: message.into(),
            hint: None,
            source: None,
            response: None,
            attempts: 0,
            mask: Mask::default(),
        }))
    }

    pub(crate) fn with_operation(mut self, operation: Cow<'static, str>) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Hides the credential in the text.
    pub(crate) fn with_mask(mut self, mask: &Mask) -> Self {
        self.0.mask = mask.clone();
        self.0.source = self.0.source.map(|source| without_secrets(source, mask));
        self
    }

    /// Adds context to the front of the error's text, for helpers that make several calls.
    #[must_use]
    pub fn with_context(mut self, context: impl fmt::Display) -> Self {
        self.0.context = Some(context.to_string());
        self
    }

    /// Adds a likely reason to the end of the error's text.
    pub(crate) fn with_hint(mut self, hint: Option<String>) -> Self {
        self.0.hint = hint;
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

    /// Converts an error of the transport, without the URL: its query may contain a credential.
    pub(crate) fn from_reqwest(error: reqwest::Error, response: Option<RawResponse>) -> Self {
        if let Some(reason) = causes::find::<BodyError>(&error) {
            return Self::new(ErrorKind::Request, reason.to_string());
        }
        let kind = if error.is_builder() {
            ErrorKind::Request
        } else if error.is_connect() || (response.is_none() && causes::is_unprocessed(&error)) {
            // Checked before timeouts: after a connect timeout, nothing was sent.
            ErrorKind::Connect
        } else if error.is_timeout() {
            ErrorKind::Timeout
        } else if error.is_decode() && is_bad_data(&error) {
            ErrorKind::Decode
        } else {
            ErrorKind::Transport
        };
        let message = match kind {
            ErrorKind::Connect if !error.is_connect() => {
                "the server refused to process the request"
            }
            ErrorKind::Request => "can't build the request",
            ErrorKind::Timeout => TIMED_OUT,
            ErrorKind::Connect => "can't connect",
            ErrorKind::Decode => "can't decompress the body",
            _ if response.is_some() => "the connection broke while the response was read",
            _ => "the connection broke",
        };
        let mut this = Self::new(kind, message).with_source(error.without_url());
        this.0.response = response.map(ErrorResponse::Undecoded);
        this
    }

    /// Converts an error of a transport of the caller, whose text is masked.
    pub(crate) fn from_transport(error: TransportError, mask: &Mask) -> Self {
        if let Some(reason) = causes::find::<BodyError>(&error) {
            return Self::new(ErrorKind::Request, reason.to_string());
        }
        let kind = match error.kind() {
            TransportErrorKind::NotConnected => ErrorKind::Connect,
            TransportErrorKind::Refused => ErrorKind::Request,
            TransportErrorKind::Interrupted => ErrorKind::Transport,
        };
        let message = error.to_string();
        Self::new(kind, message).with_source(without_secrets(error.into_source(), mask))
    }

    /// Creates the error of a timeout, with the part of the response that was received.
    pub(crate) fn timed_out(response: Option<RawResponse>) -> Self {
        let mut this = Self::new(ErrorKind::Timeout, TIMED_OUT);
        this.0.response = response.map(ErrorResponse::Undecoded);
        this
    }

    /// Creates the error of a response that no decoder has decoded.
    pub(crate) fn undecoded() -> Self {
        Self::new(ErrorKind::Decode, "the response has no decoder".to_owned())
    }

    pub(crate) fn from_api(error: ApiError) -> Self {
        let mut this = Self::new(ErrorKind::Api, error.to_string());
        this.0.response = Some(ErrorResponse::Api(error));
        this
    }

    /// Creates the error of a success whose body can't be decoded or is too large.
    pub(crate) fn invalid_body(
        kind: ErrorKind,
        reason: &str,
        raw: RawResponse,
        mask: &Mask,
    ) -> Self {
        let reason = display::message(&mask.apply(reason));
        let mut message = format!("{}, invalid body: {reason}", raw.status);
        // The values of a JSON body may be secrets, and its reason names the field anyway. The page
        // of a redirect may repeat a signed URL.
        let text = raw.text_lossy();
        let is_json = text.trim_start().starts_with(['{', '[', '"']);
        let may_hold_secrets = is_json || raw.status.is_redirection();
        if kind == ErrorKind::Decode && !text.trim().is_empty() && !may_hold_secrets {
            let start = excerpt(&mask.apply(&text));
            message = format!("{message}; the body starts with: {start}");
        }
        let mut this = Self::new(kind, message);
        this.0.response = Some(ErrorResponse::Undecoded(raw));
        this
    }

    /// Returns the kind of the error.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the attempt timed out, or the deadline of the retry policy passed.
    pub fn is_timeout(&self) -> bool {
        self.kind() == ErrorKind::Timeout
    }

    /// Whether no connection could be established, so that nothing was sent.
    pub fn is_connect(&self) -> bool {
        self.kind() == ErrorKind::Connect
    }

    /// Whether the same call may succeed later: after a failure of the connection, a timeout, or
    /// the status 408, 429, 500, 502, 503 or 504.
    ///
    /// The failed call may still have had an effect, for example a POST that timed out.
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => true,
            ErrorKind::Api => self.status().is_some_and(is_transient),
            _ => false,
        }
    }

    /// Whether the API refused the request since the caller has sent too many: the status is 429
    /// (RFC 6585, section 4).
    ///
    /// A 503 isn't one, not even with `Retry-After`: then the server is overloaded or under
    /// maintenance, whoever calls it (RFC 9110, section 15.6.4). The [rate limit](Self::rate_limit)
    /// tells whether an API means a quota by another status.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Returns the rate limit, if a response was received and its headers report one; see
    /// [`Response::rate_limit`](crate::Response::rate_limit).
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(self.headers()?)
    }

    /// Returns the HTTP status, if a response was received.
    pub fn status(&self) -> Option<StatusCode> {
        match self.0.response.as_ref()? {
            ErrorResponse::Api(error) => Some(error.status),
            ErrorResponse::Undecoded(raw) => Some(raw.status),
        }
    }

    /// Returns the headers, if a response was received.
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self.0.response.as_ref()? {
            ErrorResponse::Api(error) => Some(&error.headers),
            ErrorResponse::Undecoded(raw) => Some(&raw.headers),
        }
    }

    /// Returns the part of the body that was read, if a response was received.
    pub fn raw(&self) -> Option<&[u8]> {
        match self.0.response.as_ref()? {
            ErrorResponse::Api(error) => Some(error.raw()),
            ErrorResponse::Undecoded(raw) => Some(&raw.body),
        }
    }

    /// Returns the request id, if a response was received and has one; see
    /// [`Response::request_id`](crate::Response::request_id).
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }

    /// Returns the error response, if the API responded with an error.
    pub fn api(&self) -> Option<&ApiError> {
        match self.0.response.as_ref()? {
            ErrorResponse::Api(error) => Some(error),
            ErrorResponse::Undecoded(_) => None,
        }
    }

    /// Returns the number of attempts to send the request; 0 if there were none.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the `operationId` of the operation that failed; for a
    /// [`Client::request`](crate::Client::request), its method and path template.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }
}

/// Replaces an error that shows the credential, or more text of the server than a message may, by
/// its masked text.
fn without_secrets(
    source: Box<dyn StdError + Send + Sync>,
    mask: &Mask,
) -> Box<dyn StdError + Send + Sync> {
    let mut text = String::new();
    for error in causes::chain(&*source) {
        text += &format!("{error} {error:?} ");
    }
    if text == mask.apply(&text) && text == display::message(&text) {
        return source;
    }
    display::message(&mask.apply(&source.to_string())).into()
}

/// Whether a decompressor failed: reqwest reports every failure to read a body as "decode".
fn is_bad_data(error: &reqwest::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, InvalidInput};
    causes::chain(error)
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|io| matches!(io.kind(), InvalidData | InvalidInput))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for part in [self.0.context.as_deref(), self.operation()].into_iter().flatten() {
            text.push_str(part);
            text.push_str(": ");
        }
        text.push_str(&self.0.message);
        let mut text = display::message(&self.0.mask.apply(&text));
        if let Some(hint) = &self.0.hint {
            text.push_str(&format!("; {}", display::message(&self.0.mask.apply(hint))));
        }
        if let Some(id) = self.request_id() {
            let id = excerpt(&self.0.mask.apply(id));
            text.push_str(&format!(" (request id {})", display::message(&id)));
        }
        f.write_str(&text)
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
