//! When a call is sent again, and when it must not be.
//!
//! Nothing here sends or waits: a policy is asked what to do about a failure, and says how long to
//! wait. So the rules stand in one place, and callers can give it their own clock and dice.

use std::{
    fmt,
    hash::{BuildHasher, Hasher, RandomState},
    sync::Arc,
    time::{Duration, SystemTime},
};

use reqwest::{
    Method, StatusCode,
    header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER},
};

use crate::{sleep::Sleeper, status::is_transient};

type Randomness = Arc<dyn Fn() -> f64 + Send + Sync>;

/// The longest `Retry-After` that is waited for, unless the caller says otherwise.
pub(crate) const RETRY_AFTER_CAP: Duration = Duration::from_secs(60);

/// When a call that failed is sent again.
///
/// By default up to 2 times, after a random part of 0.5 s, then of 1 s (exponential backoff with
/// full jitter, 8 s at most):
///
/// | failure | sent again |
/// | --- | --- |
/// | no connection: nothing was sent | always |
/// | 429 | always: the API didn't take it |
/// | 408, 500, 502, 503, 504, a timeout, a broken connection | if the method is idempotent: GET, HEAD, OPTIONS, TRACE, PUT, DELETE (RFC 9110, section 9.2.2) |
/// | anything else | never |
///
/// So a POST that may have had an effect isn't sent twice, unless [`any_method`] says so. Nor is
/// anything whose body can be read only once. Reading the body of an answer belongs to the
/// attempt, but for answers that are handed on as a stream.
///
/// `Retry-After` (RFC 9110, section 10.2.3), in seconds or as a date, is waited for in place of
/// the backoff, up to [`retry_after_cap`].
///
/// [`any_method`]: RetryPolicy::any_method
/// [`retry_after_cap`]: RetryPolicy::retry_after_cap
#[derive(Clone)]
pub struct RetryPolicy {
    max_retries: u32,
    first: Duration,
    cap: Duration,
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
            first: Duration::from_millis(500),
            cap: Duration::from_secs(8),
            retry_after_cap: RETRY_AFTER_CAP,
            deadline: None,
            any_method: false,
            sleeper: Sleeper::default(),
            randomness: None,
        }
    }
}

impl RetryPolicy {
    /// The default.
    pub fn new() -> Self {
        Self::default()
    }

    /// Every call is sent once.
    pub fn none() -> Self {
        Self::default().max_retries(0)
    }

    /// How often a call is sent again, at the most; 2 by default.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Before retry `n` (from 0), a random part of `first * 2^n`, but no more than `cap`, is
    /// waited; 0.5 s and 8 s by default.
    #[must_use]
    pub fn backoff(mut self, first: Duration, cap: Duration) -> Self {
        self.first = first;
        self.cap = cap;
        self
    }

    /// The longest `Retry-After` that is waited for; 60 s by default. If the API asks for more,
    /// the call fails at once: the caller knows better what to do for so long, and finds the
    /// header in [`Error::headers`](crate::Error::headers).
    #[must_use]
    pub fn retry_after_cap(mut self, cap: Duration) -> Self {
        self.retry_after_cap = cap;
        self
    }

    /// How long all attempts may take, the waits between them included; not limited by default.
    /// What is left of it shortens the timeout of an attempt, and no wait is begun that would pass
    /// it.
    #[must_use]
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// POST and PATCH are sent again too: the caller knows that the API takes the second of two
    /// equal requests for the first.
    #[must_use]
    pub fn any_method(mut self) -> Self {
        self.any_method = true;
        self
    }

    /// Waits in another way than by tokio's clock: tests needn't wait at all.
    #[must_use]
    pub fn sleeper(mut self, sleeper: Sleeper) -> Self {
        self.sleeper = sleeper;
        self
    }

    /// Draws the part of the backoff that is waited, from 0 to 1, in another way.
    #[must_use]
    pub fn randomness(mut self, random: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        self.randomness = Some(Arc::new(random));
        self
    }

    /// Whether anything can follow this attempt (from 1).
    pub(crate) fn allows_after(&self, attempt: u32) -> bool {
        attempt <= self.max_retries
    }

    /// What is left for all that is still to be done; `None` if there is no deadline.
    pub(crate) fn left(&self, elapsed: Duration) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_sub(elapsed))
    }

    /// How long to wait until the attempt after this one (from 1); `None` if there is to be none.
    pub(crate) fn wait(
        &self,
        method: &Method,
        failure: &Failure<'_>,
        attempt: u32,
        elapsed: Duration,
    ) -> Option<Duration> {
        let repeatable = match failure {
            Failure::Unconnected => true,
            Failure::Status(StatusCode::TOO_MANY_REQUESTS, _) => true,
            Failure::Status(status, _) if !is_transient(*status) => false,
            Failure::Status(..) | Failure::Unknown => self.any_method || is_idempotent(method),
        };
        if !repeatable || !self.allows_after(attempt) {
            return None;
        }
        let wait = match failure {
            Failure::Status(_, headers) => retry_after(headers),
            _ => None,
        };
        let wait = match wait {
            Some(wait) if wait > self.retry_after_cap => return None,
            Some(wait) => wait,
            None => self.backoff_after(attempt),
        };
        match self.left(elapsed) {
            Some(left) if wait >= left => None,
            _ => Some(wait),
        }
    }

    pub(crate) async fn sleep(&self, wait: Duration) {
        self.sleeper.sleep(wait).await;
    }

    fn backoff_after(&self, attempt: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let most = self.first.saturating_mul(doubled).min(self.cap);
        let random = self.randomness.as_ref().map_or_else(random, |randomness| randomness());
        // Not a number, or out of bounds: callers may draw anything.
        let part = if random > 0.0 { random.min(1.0) } else { 0.0 };
        Duration::try_from_secs_f64(most.as_secs_f64() * part).unwrap_or(most)
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryPolicy")
            .field("max_retries", &self.max_retries)
            .field("backoff", &(self.first..=self.cap))
            .field("retry_after_cap", &self.retry_after_cap)
            .field("deadline", &self.deadline)
            .field("any_method", &self.any_method)
            .finish_non_exhaustive()
    }
}

/// Why an attempt came to nothing, as far as another one depends on it.
#[derive(Debug)]
pub(crate) enum Failure<'a> {
    /// There was no connection, so that nothing was sent.
    Unconnected,
    /// It took too long or broke: the request may have had its effect.
    Unknown,
    /// The API said no.
    Status(StatusCode, &'a HeaderMap),
}

/// Whether two equal requests are to have the effect of one (RFC 9110, section 9.2.2).
fn is_idempotent(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE | Method::PUT | Method::DELETE
    )
}

/// How long the API asks to wait (RFC 9110, section 10.2.3); what can't be read asks for nothing.
///
/// A date is compared with the answer's own, so that it doesn't matter if the clock here is wrong.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(text.parse().map_or(Duration::MAX, Duration::from_secs));
    }
    let date = |text: &str| httpdate::parse_http_date(text).ok();
    let then = date(text)?;
    let now = headers.get(DATE).map(HeaderValue::to_str).and_then(|text| date(text.ok()?));
    Some(then.duration_since(now.unwrap_or_else(SystemTime::now)).unwrap_or_default())
}

/// A number from 0 to 1. The standard library's hashers are seeded at random, which is enough for
/// callers not to come back all at once.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 11;
    bits as f64 / (1_u64 << 53) as f64
}
