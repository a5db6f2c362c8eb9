//! Futures with an end.

use tokio::time::{Instant, timeout_at};

/// The output of `future`; `None` if `end` comes first. Without an end it may take for ever.
pub(crate) async fn within<T>(end: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match end {
        Some(end) => timeout_at(end, future).await.ok(),
        None => Some(future.await),
    }
}
