//! Request bodies that are sent as a stream: counting of bytes, progress, and the stall timeout.

use std::{
    fmt,
    path::Path,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt, stream};
use http_body_util::BodyExt;
use reqwest::Body;
use tokio::{fs::File, io::AsyncReadExt, time::Instant};
use tokio_util::io::ReaderStream;

use crate::time::within;

/// The size of a chunk, in bytes.
const CHUNK_SIZE: usize = 64 << 10;

/// A counter of the bytes of a request body that were passed to the transport.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByteCounter(Arc<AtomicU64>);

impl ByteCounter {
    fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Returns a body that counts its chunks as they are sent, and reports them to `progress`.
    pub(crate) fn counted_body<E>(
        &self,
        chunks: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
        total: Option<u64>,
        progress: Option<UploadProgress>,
    ) -> Body
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let (counter, mut sent) = (self.clone(), 0);
        Body::wrap_stream(chunks.inspect_ok(move |chunk| {
            let length = chunk.len() as u64;
            sent += length;
            counter.0.fetch_add(length, Ordering::Relaxed);
            if let Some(UploadProgress(progress)) = &progress {
                progress(sent, total);
            }
        }))
    }

    /// Awaits `future`, which sends the body and receives the response. Returns `None` if no byte
    /// was sent for as long as `timeout` and there is no response, or at `deadline`.
    pub(crate) async fn with_stall_timeout<T>(
        &self,
        future: impl Future<Output = T>,
        timeout: Duration,
        deadline: Option<Instant>,
    ) -> Option<T> {
        let mut future = pin!(future);
        loop {
            let sent_before = self.bytes();
            let stall_deadline = Instant::now().checked_add(timeout);
            let end = [stall_deadline, deadline].into_iter().flatten().min();
            if let Some(output) = within(end, future.as_mut()).await {
                return Some(output);
            }
            let is_stalled = self.bytes() == sent_before;
            if is_stalled || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return None;
            }
        }
    }
}

/// The progress callback of an upload: called with the bytes sent and the total, if it is known.
#[derive(Clone)]
pub(crate) struct UploadProgress(pub(crate) Arc<dyn Fn(u64, Option<u64>) + Send + Sync>);

impl fmt::Debug for UploadProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadProgress")
    }
}

/// Splits bytes into chunks: a large body that is sent as one chunk would look stalled.
pub(crate) fn bytes_chunks(
    bytes: Bytes,
) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> + Send {
    stream::unfold(bytes, |mut rest| async move {
        let chunk = rest.split_to(rest.len().min(CHUNK_SIZE));
        (!chunk.is_empty()).then_some((Ok(chunk), rest))
    })
}

/// Opens a file and returns its chunks and its length in bytes.
///
/// If the file grows while it is sent, only its present length is sent. A file that isn't regular,
/// for example a pipe, has no length.
pub(crate) async fn file_chunks(
    path: &Path,
) -> std::io::Result<(impl Stream<Item = std::io::Result<Bytes>> + Send + use<>, Option<u64>)> {
    let file = File::open(path).await?;
    let metadata = file.metadata().await?;
    if metadata.is_dir() {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    let length = metadata.is_file().then_some(metadata.len());
    let file = file.take(length.unwrap_or(u64::MAX));
    Ok((ReaderStream::with_capacity(file, CHUNK_SIZE), length))
}

/// Returns the chunks of a body.
pub(crate) fn body_chunks(body: Body) -> impl Stream<Item = Result<Bytes, reqwest::Error>> + Send {
    body.into_data_stream().boxed()
}
