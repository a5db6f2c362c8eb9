//! How the time passes between two tries, so that tests need not wait.

use std::{fmt, sync::Arc, time::Duration};

use crate::future::BoxFuture;

/// What waits for a while: by default tokio's timer.
///
/// With one of your own, what polls or retries can be tested without waiting.
#[derive(Clone)]
pub struct Sleeper(Arc<dyn Fn(Duration) -> BoxFuture<()> + Send + Sync>);

impl Sleeper {
    /// A sleeper that calls `sleep` for each pause; the future is ready when the pause is over.
    pub fn new<F: Future<Output = ()> + Send + 'static>(
        sleep: impl Fn(Duration) -> F + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |pause| Box::pin(sleep(pause))))
    }

    /// Waits.
    pub(crate) fn sleep(&self, pause: Duration) -> BoxFuture<()> {
        (self.0)(pause)
    }
}

impl Default for Sleeper {
    fn default() -> Self {
        Self::new(tokio::time::sleep)
    }
}

impl fmt::Debug for Sleeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sleeper")
    }
}
