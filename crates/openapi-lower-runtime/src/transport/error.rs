//! Errors of transports.

use std::{error::Error as StdError, fmt};

use crate::causes;

/// An error of a [`Transport`](crate::Transport): there is no response, or its body broke.
///
/// By default the request may have been processed, so that only idempotent calls are retried.
/// [`not_connected`](Self::not_connected) and [`refused`](Self::refused) promise that it wasn't.
///
/// The text of the cause is shown in errors of the client, without the credential and without the
/// query of the request. Leave other secrets out of it.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    source: Box<dyn StdError + Send + Sync>,
}

/// The effect that a request without a response may have had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TransportErrorKind {
    /// None: it wasn't sent, since there was no connection.
    NotConnected,
    /// None: it wasn't sent, and never will be.
    Refused,
    /// Any.
    Interrupted,
}

impl TransportError {
    /// Creates an error after which the request may have been processed. The error of the client
    /// has the kind [`Transport`](crate::ErrorKind::Transport), and idempotent calls are retried.
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::with_kind(TransportErrorKind::Interrupted, source.into())
    }

    /// Creates the error of a request that had no effect for sure, since there was no connection
    /// or the server refused to process it. The error of the client has the kind
    /// [`Connect`](crate::ErrorKind::Connect), and all calls are retried, those of POST included.
    pub fn not_connected(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::with_kind(TransportErrorKind::NotConnected, source.into())
    }

    /// Creates the error of a request that the transport doesn't send. The error of the client has
    /// the kind [`Request`](crate::ErrorKind::Request), and the call isn't retried.
    pub fn refused(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::with_kind(TransportErrorKind::Refused, source.into())
    }

    /// An error that may be its own cause is replaced by its text: others follow the causes of an
    /// error to their end.
    fn with_kind(kind: TransportErrorKind, source: Box<dyn StdError + Send + Sync>) -> Self {
        match causes::is_unbounded(&*source) {
            true => Self { kind, source: source.to_string().into() },
            false => Self { kind, source },
        }
    }

    /// Whether the request had no effect for sure.
    pub fn is_unprocessed(&self) -> bool {
        self.kind != TransportErrorKind::Interrupted
    }

    pub(crate) fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    pub(crate) fn into_source(self) -> Box<dyn StdError + Send + Sync> {
        self.source
    }
}

/// Converts the error of one request that reqwest has sent once, without its URL.
///
/// If there was no connection, the request had no effect. That is wrong of an error that follows
/// upon other attempts by a layer that repeats requests: use [`TransportError::new`] there.
impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> Self {
        let kind = if error.is_builder() {
            TransportErrorKind::Refused
        } else if error.is_connect() || causes::is_unprocessed(&error) {
            TransportErrorKind::NotConnected
        } else {
            TransportErrorKind::Interrupted
        };
        Self { kind, source: error.without_url().into() }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::NotConnected => "can't connect",
            TransportErrorKind::Refused => "the transport refused the request",
            TransportErrorKind::Interrupted => "the transport failed",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.source)
    }
}
