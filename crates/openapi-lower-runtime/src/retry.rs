//! The retry policy: decides whether a failed request is sent again, and after what delay.
//!
//! The policy neither sends nor waits by itself, so that tests can replace clock and randomness.

use std::{
    fmt,
    hash::{BuildHasher, Hasher, RandomState},
    sync::Arc,
    time::Duration,
};

use reqwest::{
    Method, StatusCode,
    header::{HeaderMap, RETRY_AFTER},
};

use crate::{response_date::response_date, sleep::Sleeper, status::is_transient};

type Randomness = Arc<dyn Fn() -> f64 + Send + Sync>;

/// The default maximum of `Retry-After`: a longer delay isn't waited for.
pub(crate) const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);

/// The policy by which failed requests are sent again.
///
/// By default a request is sent again up to 2 times, with exponential backoff and full jitter: the
/// delay before a retry is a random part of 0.5 s, then of 1 s, and never longer than 8 s.
///
/// | failure | retried |
/// | --- | --- |
/// | no connection: nothing was sent | always |
/// | status 429: the API didn't process the request | always |
/// | status 408, 500, 502, 503 or 504, a timeout, a broken connection | if the method is idempotent: GET, HEAD, OPTIONS, TRACE, PUT, DELETE (RFC 9110, section 9.2.2), QUERY |
/// | status 401, if a [provider] of the API key then returns another key | once, at once, if the method is idempotent |
/// | anything else | never |
///
/// So a POST that may have had an effect isn't sent twice, unless [`any_method`] allows it. A
/// request whose body is a stream is never sent twice, since the body can be read once only.
///
/// Reading the response body is part of the attempt, unless the body is returned as a stream: then
/// an error while it is read isn't retried.
///
/// If the response has `Retry-After` (RFC 9110, section 10.2.3), in seconds or as a date, that is
/// the delay in place of the backoff, up to [`retry_after_cap`].
///
/// [provider]: crate::ClientBuilder::api_key_provider
/// [`any_method`]: RetryPolicy::any_method
/// [`retry_after_cap`]: RetryPolicy::retry_after_cap
#[derive(Clone)]
pub struct RetryPolicy {
    max_retries: u32,
    initial_backoff: Duration,
    max_backoff: Duration,
    retry_after_cap: Duration,
    deadline: Option<Duration>,
    any_method: bool,
    sleeper: Sleeper,
    randomness: Option<Randomness>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 2,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(8),
            retry_after_cap: RETRY_AFTER_CAP,
            deadline: None,
            any_method: false,
            sleeper: Sleeper::default(),
            randomness: None,
        }
    }
}

impl RetryPolicy {
    /// Creates the default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a policy without retries: every request is sent once.
    pub fn none() -> Self {
        Self::default().max_retries(0)
    }

    /// Sets the maximum number of retries; 2 by default.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Sets the backoff: the delay before retry `n`, counted from 0, is a random part of
    /// `first * 2^n`, but of `cap` at most. 0.5 s and 8 s by default.
    #[must_use]
    pub fn backoff(mut self, first: Duration, cap: Duration) -> Self {
        self.initial_backoff = first;
        self.max_backoff = cap;
        self
    }

    /// Sets the longest `Retry-After` delay that is waited for; 60 s by default.
    ///
    /// If the API requires a longer delay, the call fails at once with the error response. The
    /// caller can read the header from [`Error::headers`](crate::Error::headers).
    #[must_use]
    pub fn retry_after_cap(mut self, cap: Duration) -> Self {
        self.retry_after_cap = cap;
        self
    }

    /// Sets the time limit of a call: all attempts and the delays between them. No limit by
    /// default.
    ///
    /// Waiting for the client's own [limits](crate::ClientBuilder::max_concurrent) counts, too. An
    /// attempt is given the remaining time if that is shorter than its timeout. If a delay would
    /// exceed the deadline, the call fails at once with the error of the last attempt.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Retries requests of any method, POST and PATCH included. Only safe if the API recognizes a
    /// repeated request, for example by an idempotency key.
    #[must_use]
    pub fn any_method(mut self) -> Self {
        self.any_method = true;
        self
    }

    /// Sets the [`Sleeper`] that waits between attempts, in place of tokio's timer; in tests, one
    /// that doesn't wait.
    #[must_use]
    pub fn sleeper(mut self, sleeper: Sleeper) -> Self {
        self.sleeper = sleeper;
        self
    }

    /// Sets the source of the random part of the backoff: numbers from 0 to 1. Others are clamped.
    #[must_use]
    pub fn randomness(mut self, random: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.randomness = Some(Arc::new(random));
        self
    }

    /// Whether a retry may follow this attempt, counted from 1.
    pub(crate) fn allows_retry(&self, attempt: u32) -> bool {
        attempt <= self.max_retries
    }

    /// Returns the time until the deadline; `None` without a deadline.
    pub(crate) fn remaining(&self, elapsed: Duration) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_sub(elapsed))
    }

    /// Returns the delay between this attempt, counted from 1, and the next one; `None` if the
    /// request isn't sent again.
    pub(crate) fn retry_delay(
        &self,
        method: &Method,
        failure: &AttemptFailure<'_>,
        attempt: u32,
        elapsed: Duration,
    ) -> Option<Duration> {
        let retryable = match failure {
            AttemptFailure::NotConnected => true,
            AttemptFailure::Status(StatusCode::TOO_MANY_REQUESTS, _) => true,
            AttemptFailure::Status(status, _) if !is_transient(*status) => false,
            AttemptFailure::Status(..) | AttemptFailure::Interrupted => {
                self.any_method || is_idempotent(method)
            }
        };
        if !retryable || !self.allows_retry(attempt) {
            return None;
        }
        let retry_after = match failure {
            AttemptFailure::Status(_, headers) => retry_after(headers),
            _ => None,
        };
        let delay = match retry_after {
            Some(delay) if delay > self.retry_after_cap => return None,
            Some(delay) => delay,
            None => self.backoff_delay(attempt),
        };
        match self.remaining(elapsed) {
            Some(remaining) if delay >= remaining => None,
            _ => Some(delay),
        }
    }

    /// Whether a request that the API refused for its credential may be sent again, with another
    /// one: as after a failure that may have had an effect.
    pub(crate) fn repeats_unauthorized(&self, method: &Method) -> bool {
        self.any_method || is_idempotent(method)
    }

    pub(crate) async fn sleep(&self, delay: Duration) {
        self.sleeper.sleep(delay).await;
    }

    /// Draws the backoff delay that follows this attempt, counted from 1.
    fn backoff_delay(&self, attempt: u32) -> Duration {
        let factor = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let longest = self.initial_backoff.saturating_mul(factor).min(self.max_backoff);
        let random = self.randomness.as_ref().map_or_else(random, |randomness| randomness());
        // The caller's source may return NaN or a number out of bounds.
        let part = if random > 0.0 { random.min(1.0) } else { 0.0 };
        Duration::try_from_secs_f64(longest.as_secs_f64() * part).unwrap_or(longest)
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("max_retries", &self.max_retries)
            .field("backoff", &(self.initial_backoff..=self.max_backoff))
            .field("retry_after_cap", &self.retry_after_cap)
            .field("deadline", &self.deadline)
            .field("any_method", &self.any_method)
            .finish_non_exhaustive()
    }
}

/// The failure of an attempt.
#[derive(Debug)]
pub(crate) enum AttemptFailure<'a> {
    /// No connection was established: nothing was sent.
    NotConnected,
    /// The attempt timed out or the connection broke: the request may have had an effect.
    Interrupted,
    /// A response with this status and these headers was received. It isn't retried if it is a
    /// success.
    Status(StatusCode, &'a HeaderMap),
}

/// Whether a method is idempotent: equal requests have the effect of one (RFC 9110, section 9.2.2;
/// the specification of QUERY).
fn is_idempotent(method: &Method) -> bool {
    matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE" | "QUERY")
}

/// Returns the delay of `Retry-After` (RFC 9110, section 10.2.3); `None` if it is absent or
/// invalid.
///
/// A date is compared with the `Date` of the response, so that a wrong local clock does no harm.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let retry_date = httpdate::parse_http_date(text).ok()?;
    Some(retry_date.duration_since(response_date(headers)).unwrap_or_default())
}

/// Returns a random number from 0 to 1.
///
/// It comes from the random seed of the standard library's hashers, which is good enough to spread
/// the retries of many clients.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 11;
    bits as f64 / (1_u64 << 53) as f64
}
