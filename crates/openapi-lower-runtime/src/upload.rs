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
use futures_util::{
    StreamExt, TryStreamExt, future,
    stream::{self, BoxStream},
};
use http_body_util::BodyExt;
use reqwest::Body;
use tokio::{
    fs::File,
    io::{AsyncRead, AsyncReadExt},
    time::Instant,
};
use tokio_util::io::ReaderStream;

use crate::time::within;

/// The size of a chunk, in bytes.
const CHUNK_SIZE: usize = 64 << 10;

/// A counter of the bytes of a request body that were passed to the transport.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByteCounter(Arc<AtomicU64>);

impl ByteCounter {
    fn sent(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts chunks as they are sent, and reports them to `progress`.
    pub(crate) fn count(
        &self,
        chunks: Chunks,
        total: Option<u64>,
        progress: Option<UploadProgress>,
    ) -> Chunks {
        let (counter, mut sent) = (self.clone(), 0);
        let counted = chunks.inspect_ok(move |chunk| {
            let length = chunk.len() as u64;
            sent += length;
            counter.0.fetch_add(length, Ordering::Relaxed);
            if let Some(UploadProgress(progress)) = &progress {
                progress(sent, total);
            }
        });
        counted.boxed()
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
            let sent_before = self.sent();
            let stall_deadline = Instant::now().checked_add(timeout);
            let end = [stall_deadline, deadline].into_iter().flatten().min();
            if let Some(output) = within(end, future.as_mut()).await {
                return Some(output);
            }
            let is_stalled = self.sent() == sent_before;
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

/// The chunks of a request body.
pub(crate) type Chunks = BoxStream<'static, Result<Bytes, BodyError>>;

/// The reason why a request body can't be read. The request is aborted then.
#[derive(Debug)]
pub(crate) struct BodyError(String);

impl BodyError {
    /// Names the form field whose content it is.
    pub(crate) fn with_field(self, field: &str) -> Self {
        Self(format!("`{field}`: {}", self.0))
    }
}

impl fmt::Display for BodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BodyError {}

/// Converts an error to one of the body, with the most specific reason that it has.
fn body_error(error: &(dyn std::error::Error + 'static)) -> BodyError {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    BodyError(cause.to_string())
}

/// Fails if a content isn't `length` bytes long: a body must neither end inside a part nor go on
/// after it.
pub(crate) fn exact_length(chunks: Chunks, length: Option<u64>) -> Chunks {
    let Some(length) = length else { return chunks };
    let mut received = 0;
    let end = stream::iter([None]);
    let checked = chunks.map(Some).chain(end).map(move |chunk| match chunk {
        Some(Ok(chunk)) => {
            received += chunk.len() as u64;
            match received > length {
                true => Err(BodyError(format!("the content has more than {length} bytes"))),
                false => Ok(Some(chunk)),
            }
        }
        Some(Err(error)) => Err(error),
        None if received < length => {
            Err(BodyError(format!("the content has {received} bytes instead of {length}")))
        }
        None => Ok(None),
    });
    checked.try_filter_map(|chunk| future::ready(Ok(chunk))).boxed()
}

/// Splits bytes into chunks: a large body that is sent as one chunk would look stalled.
pub(crate) fn bytes_chunks(bytes: Bytes) -> Chunks {
    let chunks = stream::unfold(bytes, |mut rest| async move {
        let chunk = rest.split_to(rest.len().min(CHUNK_SIZE));
        (!chunk.is_empty()).then_some((Ok(chunk), rest))
    });
    chunks.boxed()
}

/// Opens a file and returns its chunks and its length in bytes.
///
/// If the file grows while it is sent, only its present length is sent. A pipe or device has no
/// length; a pipe is read until its writers have closed it.
pub(crate) async fn file_chunks(path: &Path) -> std::io::Result<(Chunks, Option<u64>)> {
    let metadata = tokio::fs::metadata(path).await?;
    if metadata.is_dir() {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    #[cfg(unix)]
    if std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type()) {
        // Opening it as a file would block a thread until somebody writes.
        let pipe = tokio::net::unix::pipe::OpenOptions::new().open_receiver(path)?;
        return Ok((reader_chunks(pipe), None));
    }
    let file = File::open(path).await?;
    let length = metadata.is_file().then_some(metadata.len());
    Ok((reader_chunks(file.take(length.unwrap_or(u64::MAX))), length))
}

/// The chunks of a reader.
pub(crate) fn reader_chunks(reader: impl AsyncRead + Send + 'static) -> Chunks {
    let chunks = ReaderStream::with_capacity(reader, CHUNK_SIZE);
    chunks.map_err(|error| body_error(&error)).boxed()
}

/// The chunks of a body.
pub(crate) fn body_chunks(body: Body) -> Chunks {
    body.into_data_stream().map_err(|error| body_error(&error)).boxed()
}
