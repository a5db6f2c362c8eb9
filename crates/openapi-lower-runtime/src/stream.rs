//! Response bodies as streams.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::StreamExt;
use tokio::time::{Sleep, sleep};

use crate::{error::Error, operation::CallTarget};

/// A response body as a stream of chunks.
///
/// Its size isn't limited. Each read must complete within the client's
/// [`timeout`](crate::ClientBuilder::timeout). The stream ends after an error.
pub struct ByteStream(Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>);

impl ByteStream {
    pub(crate) fn new(
        response: reqwest::Response,
        timeout: Duration,
        target: CallTarget,
        attempts: u32,
    ) -> Self {
        let chunks: ResponseChunks = Box::pin(response.bytes_stream());
        let chunks = Some(chunks);
        Self::from_stream(TimedChunks { chunks, sleep: None, timeout, target, attempts })
    }

    pub(crate) fn from_stream(
        chunks: impl Stream<Item = Result<Bytes, Error>> + Send + 'static,
    ) -> Self {
        Self(Box::pin(chunks))
    }

    /// Reads the rest of the body into memory, without a limit.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Transport`](crate::ErrorKind::Transport) if the connection breaks,
    /// [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) if a read takes too long,
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) if a download exceeds its limit.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let mut body = BytesMut::new();
        while let Some(chunk) = self.next().await {
            body.extend_from_slice(&chunk?);
        }
        Ok(body.freeze())
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByteStream")
    }
}

type ResponseChunks = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

/// The chunks of a response body, with a timeout for each read.
struct TimedChunks {
    /// `None` after the end of the stream.
    chunks: Option<ResponseChunks>,
    /// The timer of the pending read.
    sleep: Option<Pin<Box<Sleep>>>,
    timeout: Duration,
    target: CallTarget,
    attempts: u32,
}

impl Stream for TimedChunks {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(chunks) = &mut this.chunks else { return Poll::Ready(None) };
        let error = match chunks.as_mut().poll_next(cx) {
            Poll::Ready(Some(Ok(chunk))) => {
                this.sleep = None;
                return Poll::Ready(Some(Ok(chunk)));
            }
            Poll::Ready(Some(Err(error))) => Some(Error::from_reqwest(error, None)),
            Poll::Ready(None) => None,
            Poll::Pending => {
                let timeout = this.timeout;
                let timer = this.sleep.get_or_insert_with(|| Box::pin(sleep(timeout)));
                match timer.as_mut().poll(cx) {
                    Poll::Ready(()) => Some(Error::timed_out(None)),
                    Poll::Pending => return Poll::Pending,
                }
            }
        };
        (this.chunks, this.sleep) = (None, None);
        let (target, attempts) = (&this.target, this.attempts);
        Poll::Ready(error.map(|error| Err(target.describe(error).with_attempts(attempts))))
    }
}
