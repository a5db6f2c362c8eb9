//! Bodies that are handed on as they arrive.

use std::{
    borrow::Cow,
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::StreamExt;
use tokio::time::{Sleep, sleep};

use crate::error::Error;

/// A body as a stream of chunks: of no bounded size, each read bounded by the client's timeout. An
/// error ends it.
pub struct ByteStream(Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>);

impl ByteStream {
    pub(crate) fn new(
        response: reqwest::Response,
        timeout: Duration,
        operation: Cow<'static, str>,
        attempts: u32,
    ) -> Self {
        let inner: Inner = Box::pin(response.bytes_stream());
        Self::of(Timed { inner: Some(inner), sleep: None, timeout, operation, attempts })
    }

    pub(crate) fn of(chunks: impl Stream<Item = Result<Bytes, Error>> + Send + 'static) -> Self {
        Self(Box::pin(chunks))
    }

    /// Reads what is left into memory, however much it is.
    ///
    /// # Errors
    ///
    /// If the connection breaks or a read takes too long.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        let mut all = BytesMut::new();
        while let Some(chunk) = self.next().await {
            all.extend_from_slice(&chunk?);
        }
        Ok(all.freeze())
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

type Inner = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>;

/// The body of an answer, each read within a timeout.
struct Timed {
    /// `None` after the end.
    inner: Option<Inner>,
    /// Ends the read that is waited for.
    sleep: Option<Pin<Box<Sleep>>>,
    timeout: Duration,
    operation: Cow<'static, str>,
    attempts: u32,
}

impl Stream for Timed {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(inner) = &mut this.inner else { return Poll::Ready(None) };
        let error = match inner.as_mut().poll_next(cx) {
            Poll::Ready(Some(Ok(chunk))) => {
                this.sleep = None;
                return Poll::Ready(Some(Ok(chunk)));
            }
            Poll::Ready(Some(Err(error))) => Some(Error::from_reqwest(error, None)),
            Poll::Ready(None) => None,
            Poll::Pending => {
                let timeout = this.timeout;
                let wait = this.sleep.get_or_insert_with(|| Box::pin(sleep(timeout)));
                match wait.as_mut().poll(cx) {
                    Poll::Ready(()) => Some(Error::timed_out(None)),
                    Poll::Pending => return Poll::Pending,
                }
            }
        };
        (this.inner, this.sleep) = (None, None);
        let (operation, attempts) = (this.operation.clone(), this.attempts);
        Poll::Ready(error.map(|error| Err(error.with_operation(operation).with_attempts(attempts))))
    }
}
