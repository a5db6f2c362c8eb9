//! Futures with a time limit.

use tokio::time::{Instant, timeout_at};

/// Awaits `future` until `end`; returns `None` if `end` is reached first. Without an end, there is
/// no time limit.
pub(crate) async fn within<T>(end: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match end {
        Some(end) => timeout_at(end, future).await.ok(),
        None => Some(future.await),
    }
}
