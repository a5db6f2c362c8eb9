//! Bodies that take their time: how much of them was sent, for those who watch and for the timeout.

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

/// How much is handed over at once, in bytes.
const PIECE: usize = 64 << 10;

/// How many bytes of a request's body were handed over for sending.
#[derive(Clone, Debug, Default)]
pub(crate) struct ByteCounter(Arc<AtomicU64>);

impl ByteCounter {
    fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// A body of pieces that are counted as they go.
    pub(crate) fn counting<E>(
        &self,
        pieces: impl Stream<Item = Result<Bytes, E>> + Send + 'static,
        total: Option<u64>,
        progress: Option<Progress>,
    ) -> Body
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
    {
        let (sent, mut done) = (self.clone(), 0);
        Body::wrap_stream(pieces.inspect_ok(move |piece| {
            let length = piece.len() as u64;
            done += length;
            sent.0.fetch_add(length, Ordering::Relaxed);
            if let Some(Progress(progress)) = &progress {
                progress(done, total);
            }
        }))
    }

    /// What comes of `future`, which sends the body: given up when nothing of it was sent, and no
    /// answer came, for as long as `timeout`, or at `deadline`.
    pub(crate) async fn with_stall_timeout<T>(
        &self,
        future: impl Future<Output = T>,
        timeout: Duration,
        deadline: Option<Instant>,
    ) -> Option<T> {
        let mut future = pin!(future);
        loop {
            let before = self.bytes();
            let stall_deadline = Instant::now().checked_add(timeout);
            let end = [stall_deadline, deadline].into_iter().flatten().min();
            if let Some(outcome) = within(end, future.as_mut()).await {
                return Some(outcome);
            }
            if self.bytes() == before || deadline.is_some_and(|deadline| Instant::now() >= deadline)
            {
                return None;
            }
        }
    }
}

/// Who is told how much was sent.
#[derive(Clone)]
pub(crate) struct Progress(pub(crate) Arc<dyn Fn(u64, Option<u64>) + Send + Sync>);

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Progress")
    }
}

/// Bytes in pieces: a large body that is handed over at once would seem to stand still.
pub(crate) fn pieces(
    bytes: Bytes,
) -> impl Stream<Item = Result<Bytes, std::convert::Infallible>> + Send {
    stream::unfold(bytes, |mut rest| async move {
        let piece = rest.split_to(rest.len().min(PIECE));
        (!piece.is_empty()).then_some((Ok(piece), rest))
    })
}

/// A file in pieces, and its length in bytes: as long as it is now, even if it grows. What isn't a
/// regular file, a pipe for example, has no length.
pub(crate) async fn file(
    path: &Path,
) -> std::io::Result<(impl Stream<Item = std::io::Result<Bytes>> + Send + use<>, Option<u64>)> {
    let file = File::open(path).await?;
    let metadata = file.metadata().await?;
    if metadata.is_dir() {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    let length = metadata.is_file().then_some(metadata.len());
    let file = file.take(length.unwrap_or(u64::MAX));
    Ok((ReaderStream::with_capacity(file, PIECE), length))
}

/// A body in the pieces that it comes in.
pub(crate) fn body(body: Body) -> impl Stream<Item = Result<Bytes, reqwest::Error>> + Send {
    body.into_data_stream().boxed()
}
