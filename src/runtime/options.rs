//! What one call, or some of them, do otherwise than the client.

use std::time::Duration;

use reqwest::{
    Request,
    header::{ACCEPT, HeaderMap, HeaderName, HeaderValue},
};

use super::{client::Settings, error::Error, operation::Subject, retry::RetryPolicy};

/// Headers that say whom the request is for, where it ends, and what its body is: they follow from
/// the request itself.
const FIXED: [&str; 9] = [
    "connection",
    "content-length",
    "content-type",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What calls do otherwise: see [`Client::with_options`](super::Client::with_options).
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use std::time::Duration;
///
/// use asteroid_agents::CallOptions;
///
/// let options = CallOptions::new().timeout(Duration::from_secs(300)).header("x-trace", "42");
/// println!("{} agents", client.with_options(options).agent_list().await?.total);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "options do nothing until a client has them"]
pub struct CallOptions {
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
    headers: ExtraHeaders,
}

/// Headers that callers add to their requests.
#[derive(Clone, Debug, Default)]
pub(super) struct ExtraHeaders {
    map: HeaderMap,
    /// Why one of them can't be sent.
    refused: Option<String>,
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
    pub(super) fn apply(self, settings: &mut Settings) {
        let Self { timeout, retry, headers } = self;
        settings.timeout = timeout.unwrap_or(settings.timeout);
        if let Some(retry) = retry {
            settings.retry = retry;
        }
        settings.headers.map.extend(headers.map);
        settings.headers.refused = settings.headers.refused.take().or(headers.refused);
    }
}

impl ExtraHeaders {
    fn add(&mut self, name: &str, value: &str) {
        let legal_name = HeaderName::from_bytes(name.as_bytes());
        let refusal = match (&legal_name, HeaderValue::from_str(value)) {
            (Err(_), _) => format!("`{name}` is no name that a header can have"),
            (Ok(name), _) if FIXED.contains(&name.as_str()) => {
                format!("the header `{name}` follows from the request and can't be set")
            }
            (Ok(name), Err(_)) => format!("`{name}` has characters that no header can carry"),
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.map.insert(name, value);
                return;
            }
        };
        self.refused.get_or_insert(refusal);
    }
    /// Adds them to a request; what its operation set stays.
    pub(super) fn add_to(&self, request: &mut Request, subject: &Subject) -> Result<(), Error> {
        if let Some(reason) = &self.refused {
            return Err(subject.not_sent(reason));
        }
        if let Some(name) = subject.auth.header().filter(|name| self.map.contains_key(*name)) {
            return Err(subject.not_sent(format!("the header `{name}` carries the credential")));
        }
        let headers = request.headers_mut();
        for (name, value) in &self.map {
            if name == ACCEPT || !headers.contains_key(name) {
                headers.insert(name, value.clone());
            }
        }
        Ok(())
    }
}
