//! Bodies that are handed on as they arrive.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt};

use super::{error::Error, operation::Operation};

type Inner = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// A body as a stream of chunks: of no bounded size, each read bounded by the client's timeout.
pub struct ByteStream {
    inner: Inner,
}

impl ByteStream {
    pub(super) fn new(response: reqwest::Response, operation: &'static Operation) -> Self {
        let failed = move |error| Error::from_reqwest(error, None).of(operation).after(1);
        Self::of(response.bytes_stream().map_err(failed))
    }

    pub(super) fn of(chunks: impl Stream<Item = Result<Bytes, Error>> + Send + 'static) -> Self {
        Self { inner: Box::pin(chunks) }
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
        self.inner.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByteStream")
    }
}
