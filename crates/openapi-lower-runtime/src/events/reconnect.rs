//! Reconnection of server-sent events (WHATWG HTML, section 9.2.3).

use std::time::Duration;

use reqwest::{
    StatusCode,
    header::{HeaderName, HeaderValue},
};

use crate::{
    call::Call, error::Error, future::BoxFuture, send::StreamedResponse,
    stream_format::StreamFormat,
};

/// The delay before a reconnection, unless the server sends `retry`.
const DEFAULT_DELAY: Duration = Duration::from_secs(3);

/// The longest delay that a server can ask for.
const MAX_DELAY: Duration = Duration::from_secs(300);

/// The request of a stream, and the attempts that are left.
pub(crate) struct Reconnection {
    call: Call,
    format: StreamFormat,
    /// The number of connections in a row that may bring no event.
    limit: u32,
    left: u32,
    delay: Duration,
}

impl Reconnection {
    pub(crate) fn new(call: Call, format: StreamFormat) -> Self {
        Self { call, format, limit: 0, left: 0, delay: DEFAULT_DELAY }
    }

    pub(crate) fn allow(&mut self, attempts: u32) {
        (self.limit, self.left) = (attempts, attempts);
    }

    pub(crate) fn set_delay(&mut self, delay: Duration) {
        self.delay = delay.min(MAX_DELAY);
    }

    /// Counts anew: the connection has brought an event.
    pub(crate) fn reset(&mut self) {
        self.left = self.limit;
    }

    /// Sends the request again after the delay. The body is `None` if the server wants no further
    /// connection (204). Returns `None` if no attempt is left.
    pub(crate) fn connect(
        &mut self,
        last_event_id: Option<&str>,
    ) -> Option<BoxFuture<Result<Option<StreamedResponse>, Error>>> {
        self.left = self.left.checked_sub(1)?;
        let mut call = self.call.try_clone()?;
        if let Some(Ok(id)) = last_event_id.map(|id| HeaderValue::from_bytes(id.as_bytes())) {
            call.request.headers_mut().insert(HeaderName::from_static("last-event-id"), id);
        }
        let (delay, format) = (self.delay, self.format);
        Some(Box::pin(async move {
            let policy = call.client.settings().retry.clone();
            policy.sleep(delay).await;
            let opened = call.open(format).await?;
            Ok((opened.raw.status != StatusCode::NO_CONTENT).then_some(opened))
        }))
    }
}
