//! The replaceable timer of retries and polling.

use std::{fmt, sync::Arc, time::Duration};

use crate::future::BoxFuture;

/// A timer that waits between two attempts or polls; by default tokio's.
///
/// With another one, code that polls or retries can be tested without waiting:
/// `Sleeper::new(|_| async {})`.
#[derive(Clone)]
pub struct Sleeper(Arc<dyn Fn(Duration) -> BoxFuture<()> + Send + Sync>);

impl Sleeper {
    /// Creates a timer that calls `sleep` for each pause; the future is ready when the pause is
    /// over.
    pub fn new<F: Future<Output = ()> + Send + 'static>(
        sleep: impl Fn(Duration) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |pause| Box::pin(sleep(pause))))
    }

    /// Waits for `pause`.
    pub(crate) fn sleep(&self, pause: Duration) -> BoxFuture<()> {
        (self.0)(pause)
    }
}

impl Default for Sleeper {
    /// Returns tokio's timer.
    fn default() -> Self {
        Self::new(tokio::time::sleep)
    }
}

impl fmt::Debug for Sleeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sleeper")
    }
}
