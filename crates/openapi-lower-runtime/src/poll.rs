//! Polling, for helpers that wait for something of an API or follow it.

mod recent;

use std::time::{Duration, Instant};

pub use self::recent::RecentKeys;
use crate::{
    error::Error,
    retry::{RETRY_AFTER_CAP, retry_after},
    sleep::Sleeper,
};

/// How many times in a row a poll may fail with an error that may pass.
const FAILURES: u32 = 3;

/// The time that is left for the last poll before a deadline.
const LAST_POLL: Duration = Duration::from_secs(1);

/// Polls with pauses that grow by half from the first to the longest one, within a deadline.
///
/// ```
/// # async fn example() -> Result<(), openapi_lower_runtime::poll::PollError> {
/// use std::time::Duration;
///
/// use openapi_lower_runtime::poll::Poller;
///
/// let mut poller = Poller::default();
/// poller.backoff(Duration::from_millis(200), Duration::from_secs(5));
/// poller.deadline(Duration::from_secs(60));
/// let done = loop {
///     // Here stands a call of a client.
///     if let Some(state) = poller.poll(async { Ok("done") }).await? {
///         break state;
///     }
///     poller.wait().await?;
/// };
/// assert_eq!(done, "done");
/// # Ok(())
/// # }
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(example()).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Poller {
    first: Duration,
    longest: Duration,
    next: Duration,
    /// What is left until the deadline.
    left: Option<Duration>,
    /// What is left of it for the last poll: of a short one, a part.
    last_poll: Duration,
    sleeper: Sleeper,
    failures: u32,
    /// How long the API asked to wait.
    retry_after: Option<Duration>,
}

/// Why polling ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum PollError {
    /// The deadline passed, or would before the next poll.
    DeadlineExceeded,
    /// A request failed for good, or too often in a row.
    Request(Error),
}

impl std::fmt::Display for PollError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::DeadlineExceeded => f.write_str("the deadline passed"),
            Self::Request(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PollError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::DeadlineExceeded => None,
            Self::Request(error) => std::error::Error::source(error),
        }
    }
}

impl Default for Poller {
    /// Pauses from 1 s to 10 s, no deadline, tokio's timer.
    fn default() -> Self {
        let first = Duration::from_secs(1);
        Self {
            first,
            longest: Duration::from_secs(10),
            next: first,
            left: None,
            last_poll: LAST_POLL,
            sleeper: Sleeper::default(),
            failures: 0,
            retry_after: None,
        }
    }
}

impl Poller {
    /// Sets the first and the longest pause.
    pub fn backoff(&mut self, first: Duration, longest: Duration) {
        (self.first, self.next, self.longest) = (first, first, longest.max(first));
    }

    /// Sets the time for all polls and the pauses between them.
    pub fn deadline(&mut self, deadline: Duration) {
        self.left = Some(deadline);
        self.last_poll = LAST_POLL.min(deadline / 4);
    }

    /// Sets what waits between two polls.
    pub fn sleeper(&mut self, sleeper: Sleeper) {
        self.sleeper = sleeper;
    }

    /// Sends one request. `None`: it failed, and may succeed later.
    ///
    /// # Errors
    ///
    /// At the deadline, which cuts the request off; at an error that won't pass
    /// ([`Error::is_retryable`]), and at the fourth in a row of those that may; if the API asks to
    /// wait for more than 60 s.
    pub async fn poll<T>(
        &mut self,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<Option<T>, PollError> {
        let started = Instant::now();
        let response = match self.left {
            None => request.await,
            Some(left) => tokio::time::timeout(left, request)
                .await
                .map_err(|_| PollError::DeadlineExceeded)?,
        };
        self.charge(started.elapsed());
        match response {
            Ok(response) => {
                self.failures = 0;
                Ok(Some(response))
            }
            Err(error) if error.is_retryable() && self.failures < FAILURES => {
                self.retry_after = error.headers().and_then(retry_after);
                if self.retry_after.is_some_and(|wait| wait > RETRY_AFTER_CAP) {
                    return Err(PollError::Request(error));
                }
                self.failures += 1;
                Ok(None)
            }
            Err(error) => Err(PollError::Request(error)),
        }
    }

    /// Waits for the next poll: as long as the API asked to, or for the next pause.
    ///
    /// # Errors
    ///
    /// [`PollError::DeadlineExceeded`] if there is no time for another poll.
    pub async fn wait(&mut self) -> Result<(), PollError> {
        // The API knows better when it is of use to come back.
        let retry_after = self.retry_after.take().unwrap_or_default();
        let mut pause = self.next.max(retry_after);
        if let Some(left) = self.left {
            let latest = left.checked_sub(self.last_poll).filter(|latest| !latest.is_zero());
            pause = pause.min(latest.ok_or(PollError::DeadlineExceeded)?);
        }
        self.next = self.next.saturating_add(self.next / 2).min(self.longest);
        self.sleeper.sleep(pause).await;
        self.charge(pause);
        Ok(())
    }

    /// Begins with the first pause again: something is going on.
    pub fn reset(&mut self) {
        self.next = self.first;
    }

    /// Counts time against the deadline.
    pub fn charge(&mut self, time: Duration) {
        self.left = self.left.map(|left| left.saturating_sub(time));
    }
}
