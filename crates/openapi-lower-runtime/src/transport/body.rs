//! Bodies of requests and responses of transports.

use std::{
    error::Error as StdError,
    fmt,
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::error::TransportError;

/// The body of a request or response of a [`Transport`](crate::Transport): bytes in memory, or a
/// stream of them.
///
/// It is an [`http_body::Body`], as hyper, tower and reqwest send and return them.
pub struct TransportBody(reqwest::Body);

impl TransportBody {
    /// Creates a body from any other.
    pub fn new<B>(body: B) -> Self
    where
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn StdError + Send + Sync>>,
    {
        Self(reqwest::Body::wrap(Exclusive(Mutex::new(Box::pin(body)))))
    }

    /// Creates an empty body.
    pub fn empty() -> Self {
        Bytes::new().into()
    }

    /// Returns the bytes of the body; `None` if it is a stream.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        self.0.as_bytes()
    }
}

impl Default for TransportBody {
    /// Returns an empty body.
    fn default() -> Self {
        Self::empty()
    }
}

impl From<Bytes> for TransportBody {
    fn from(bytes: Bytes) -> Self {
        Self(bytes.into())
    }
}

impl From<Vec<u8>> for TransportBody {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl From<String> for TransportBody {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&'static str> for TransportBody {
    fn from(text: &'static str) -> Self {
        Self(text.into())
    }
}

impl From<&'static [u8]> for TransportBody {
    fn from(bytes: &'static [u8]) -> Self {
        Self(bytes.into())
    }
}

impl From<reqwest::Body> for TransportBody {
    fn from(body: reqwest::Body) -> Self {
        Self(body)
    }
}

impl From<TransportBody> for reqwest::Body {
    fn from(body: TransportBody) -> Self {
        body.0
    }
}

impl Body for TransportBody {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        let frame = ready!(Pin::new(&mut self.0).poll_frame(cx));
        Poll::Ready(frame.map(|frame| frame.map_err(TransportError::new)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

impl fmt::Debug for TransportBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TransportBody")
    }
}

/// A body that is `Sync` even if the one in it isn't: reqwest requires that.
struct Exclusive<B>(Mutex<Pin<Box<B>>>);

impl<B: Body> Body for Exclusive<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut().poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}
