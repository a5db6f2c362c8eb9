//! Call options: they override the settings of a client for some of its calls.

use std::time::Duration;

use crate::{headers::ExtraHeaders, retry::RetryPolicy, settings::Settings};

/// Settings that override those of a client, for one call or for many.
///
/// They take effect through [`Client::with_options`](crate::Client::with_options), or the method of
/// that name of a generated client.
#[derive(Clone, Debug, Default)]
#[must_use = "options do nothing until they are passed to `with_options`"]
pub struct CallOptions {
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
    headers: ExtraHeaders,
}

impl CallOptions {
    /// Creates options that override nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the timeout of one attempt, as
    /// [`ClientBuilder::timeout`](crate::ClientBuilder::timeout) does.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the retry policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// Adds a header to each request. It replaces an earlier header of this name, but not one that
    /// a setter of the operation sets. `Debug` output doesn't show the value.
    ///
    /// A call fails with [`ErrorKind::Request`](crate::ErrorKind::Request), and nothing is sent, if
    /// name or value are invalid (RFC 9110, section 5), if the header carries the credential, or if
    /// it is derived from the request (`Host`, `Content-Length`, `Content-Type` and others).
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.headers.add(name.as_ref(), value.as_ref());
        self
    }

    /// Overrides the settings that are set here, and adds the headers.
    pub(crate) fn apply(self, settings: &mut Settings) {
        let Self { timeout, retry, headers } = self;
        settings.timeout = timeout.unwrap_or(settings.timeout);
        if let Some(retry) = retry {
            settings.retry = retry;
        }
        settings.headers.extend(headers);
    }
}
