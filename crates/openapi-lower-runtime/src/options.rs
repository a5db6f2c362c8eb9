//! Settings of one call, or of some of them, in place of the client's.

use std::time::Duration;

use crate::{headers::ExtraHeaders, retry::RetryPolicy, settings::Settings};

/// What calls do otherwise: see [`Client::with_options`](crate::Client::with_options).
#[derive(Clone, Debug, Default)]
#[must_use = "options do nothing until a client has them"]
pub struct CallOptions {
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
    headers: ExtraHeaders,
}

impl CallOptions {
    /// Nothing is otherwise.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long one attempt may take; for answers that are handed on as a stream, how long it may
    /// take to begin, and each read of it; for bodies that are sent as a stream, how long nothing
    /// of them moves.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// When a call that failed is sent again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// A header more; of two with one name, the last one counts. What an operation's own setter
    /// sets stays. No `Debug` output shows the value.
    ///
    /// The call fails before anything is sent if the header can't be sent as it is, carries the
    /// credential, or follows from the request itself (`Host`, `Content-Length`, `Content-Type` …).
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.headers.add(name.as_ref(), value.as_ref());
        self
    }

    /// Changes settings: what is set here counts, headers add up.
    pub(crate) fn apply(self, settings: &mut Settings) {
        let Self { timeout, retry, headers } = self;
        settings.timeout = timeout.unwrap_or(settings.timeout);
        if let Some(retry) = retry {
            settings.retry = retry;
        }
        settings.headers.extend(headers);
    }
}
