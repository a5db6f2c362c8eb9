//! Polling with backoff and a deadline, for helpers that wait for a state of an API.

mod recent;

use std::time::Duration;

use tokio::time::Instant;

pub use self::recent::RecentKeys;
use crate::{
    error::Error,
    retry::{RETRY_AFTER_CAP, retry_after},
    sleep::Sleeper,
};

/// The number of retryable failures in a row that are tolerated.
const MAX_FAILURES: u32 = 3;

/// The time before the deadline that is reserved for the last poll.
const LAST_POLL_RESERVE: Duration = Duration::from_secs(1);

/// Polls an API, with pauses that grow from a first to a longest one, until a deadline.
///
/// Each pause is one and a half times as long as the one before. A `Retry-After` of the API (RFC
/// 9110, section 10.2.3) lengthens the next pause. A failure that may be transient doesn't end the
/// polling: see [`poll`](Self::poll).
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
///     // A real program calls a client here.
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
    first_pause: Duration,
    longest_pause: Duration,
    next_pause: Duration,
    /// The time until the deadline; `None` without a deadline.
    remaining: Option<Duration>,
    /// The part of the remaining time that is reserved for the last poll.
    last_poll_reserve: Duration,
    sleeper: Sleeper,
    /// The number of failures in a row.
    failures: u32,
    /// The time that the latest request took.
    request_time: Duration,
    /// The `Retry-After` of the latest failure.
    retry_after: Option<Duration>,
}

/// An error that ends polling.
#[derive(Debug)]
#[non_exhaustive]
pub enum PollError {
    /// The deadline passed, or would pass before the next poll.
    DeadlineExceeded,
    /// A request failed with an error that isn't retryable, or too often in a row.
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
    /// Returns a poller with pauses from 1 s to 10 s, no deadline, and tokio's timer.
    fn default() -> Self {
        let first_pause = Duration::from_secs(1);
        Self {
            first_pause,
            longest_pause: Duration::from_secs(10),
            next_pause: first_pause,
            remaining: None,
            last_poll_reserve: LAST_POLL_RESERVE,
            sleeper: Sleeper::default(),
            failures: 0,
            request_time: Duration::ZERO,
            retry_after: None,
        }
    }
}

impl Poller {
    /// Sets the first and the longest pause; 1 s and 10 s by default.
    pub fn backoff(&mut self, first: Duration, longest: Duration) {
        (self.first_pause, self.next_pause) = (first, first);
        self.longest_pause = longest.max(first);
    }

    /// Sets the time limit of all polls and the pauses between them, from now on. No limit by
    /// default.
    pub fn deadline(&mut self, deadline: Duration) {
        self.remaining = Some(deadline);
        self.last_poll_reserve = LAST_POLL_RESERVE.min(deadline / 4);
    }

    /// Sets the timer of the pauses; tokio's by default.
    pub fn sleeper(&mut self, sleeper: Sleeper) {
        self.sleeper = sleeper;
    }

    /// Sends one request, and returns its response, or `None` if it failed and may succeed later.
    ///
    /// # Errors
    ///
    /// [`PollError::DeadlineExceeded`] if the deadline passes; the request is then cancelled.
    /// [`PollError::Request`] if the error isn't retryable ([`Error::is_retryable`]), at the fourth
    /// retryable error in a row, and if `Retry-After` is longer than 60 s.
    pub async fn poll<T>(
        &mut self,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<Option<T>, PollError> {
        let started = Instant::now();
        let response = match self.remaining {
            None => request.await,
            Some(remaining) => tokio::time::timeout(remaining, request)
                .await
                .map_err(|_| PollError::DeadlineExceeded)?,
        };
        self.request_time = started.elapsed();
        self.charge(self.request_time);
        match response {
            Ok(response) => {
                self.failures = 0;
                Ok(Some(response))
            }
            Err(error) if error.is_retryable() && self.failures < MAX_FAILURES => {
                self.retry_after = error.headers().and_then(retry_after);
                if self.retry_after.is_some_and(|delay| delay > RETRY_AFTER_CAP) {
                    return Err(PollError::Request(error));
                }
                self.failures += 1;
                Ok(None)
            }
            Err(error) => Err(PollError::Request(error)),
        }
    }

    /// Waits until the next poll is due: for the next pause, or for `Retry-After` if that is
    /// longer.
    ///
    /// # Errors
    ///
    /// [`PollError::DeadlineExceeded`] if there is no time for another poll.
    pub async fn wait(&mut self) -> Result<(), PollError> {
        let retry_after = self.retry_after.take().unwrap_or_default();
        let mut pause = self.next_pause.max(retry_after);
        if let Some(remaining) = self.remaining {
            let latest = remaining.checked_sub(self.last_poll_reserve);
            let latest = latest.filter(|latest| !latest.is_zero());
            pause = pause.min(latest.ok_or(PollError::DeadlineExceeded)?);
        }
        let longer = self.next_pause.saturating_add(self.next_pause / 2);
        self.next_pause = longer.min(self.longest_pause);
        self.sleeper.sleep(pause).await;
        self.charge(pause);
        Ok(())
    }

    /// Returns how long the server may hold the response to the next request back (a *long poll*):
    /// for `longest`, or for the time until the deadline, without the part of it that is reserved
    /// for the last poll. `None` if there is no time.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let mut poller = openapi_lower_runtime::poll::Poller::default();
    /// let longest = Duration::from_secs(25);
    /// assert_eq!(poller.hold_time(longest), Some(longest));
    /// poller.deadline(Duration::from_secs(10));
    /// assert_eq!(poller.hold_time(longest), Some(Duration::from_secs(9)));
    /// poller.charge(Duration::from_secs(9));
    /// assert_eq!(poller.hold_time(longest), None);
    /// ```
    pub fn hold_time(&self, longest: Duration) -> Option<Duration> {
        let Some(remaining) = self.remaining else { return Some(longest) };
        let time = remaining.checked_sub(self.last_poll_reserve)?;
        Some(time.min(longest)).filter(|time| !time.is_zero())
    }

    /// Returns the time that the latest request took.
    pub fn request_time(&self) -> Duration {
        self.request_time
    }

    /// Resets the next pause to the first one, for example after a change of state.
    pub fn reset(&mut self) {
        self.next_pause = self.first_pause;
    }

    /// Subtracts time from the time until the deadline, for work between polls.
    pub fn charge(&mut self, time: Duration) {
        self.remaining = self.remaining.map(|remaining| remaining.saturating_sub(time));
    }
}
