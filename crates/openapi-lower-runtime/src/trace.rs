//! The tracing span of a call and the events of its retries; without the feature `tracing`,
//! nothing.
//!
//! Their fields contain names of the document, counts, durations and the server's request id, but
//! no credential, no value of a path, query or header, and no body.

pub(crate) use self::feature::{CallSpan, record_removed_prefix};

#[cfg(feature = "tracing")]
mod feature {
    use std::time::Duration;

    use reqwest::{Method, header::HeaderMap};
    use tokio::time::Instant;
    use tracing::{Instrument, Span, field::Empty};

    use crate::{
        display::{self, Mask, excerpt},
        error::{Error, ErrorKind},
        operation::CallTarget,
        raw_response::{RawResponse, request_id},
    };

    /// The span of a call: from before the first attempt until the response is read. If the body is
    /// returned as a stream, the span ends when the head of the response is read.
    pub(crate) struct CallSpan {
        span: Span,
        started: Instant,
        mask: Mask,
    }

    impl CallSpan {
        pub(crate) fn new(target: &CallTarget, method: &Method) -> Self {
            let span = tracing::info_span!(
                target: env!("CARGO_CRATE_NAME"),
                "call",
                operation = display::message(&target.mask.apply(&target.id)),
                method = method.as_str(),
                path = display::message(&target.mask.apply(&target.path)),
                attempt = Empty,
                status = Empty,
                request_id = Empty,
                error = Empty,
                duration_ms = Empty,
            );
            Self { span, started: Instant::now(), mask: target.mask.clone() }
        }

        pub(crate) fn instrument<F: Future>(
            &self,
            future: F,
        ) -> impl Future<Output = F::Output> + use<F> {
            future.instrument(self.span.clone())
        }

        /// Records the number of the attempt that starts, counted from 1.
        pub(crate) fn record_attempt(&self, attempt: u32) {
            self.span.record("attempt", attempt);
        }

        /// Records the outcome of the call.
        pub(crate) fn record_outcome<T>(&self, outcome: &Result<(RawResponse, T), Error>) {
            let (status, headers, error) = outcome_fields(outcome);
            self.span.record("status", status);
            let id = headers.and_then(request_id);
            let id = id.map(|id| display::message(&excerpt(&self.mask.apply(id))));
            self.span.record("request_id", id);
            self.span.record("error", error);
        }

        /// Emits the event of a retry, with the outcome of the attempt before it.
        pub(crate) fn record_retry<T>(
            &self,
            attempt: u32,
            outcome: &Result<(RawResponse, T), Error>,
            delay: Duration,
        ) {
            let (status, _, error) = outcome_fields(outcome);
            tracing::info!(
                target: env!("CARGO_CRATE_NAME"),
                attempt,
                status,
                error,
                wait_ms = milliseconds(delay),
                "retrying"
            );
        }
    }

    impl Drop for CallSpan {
        fn drop(&mut self) {
            self.span.record("duration_ms", milliseconds(self.started.elapsed()));
        }
    }

    /// Emits the event of a base URL that is used without the prefix of the document's paths.
    pub(crate) fn record_removed_prefix(prefix: &str) {
        tracing::info!(
            target: env!("CARGO_CRATE_NAME"),
            prefix,
            "the base URL ends with the prefix of the document's paths, and is used without it"
        );
    }

    /// Returns status and headers, if a response was received, and the name of the error's kind.
    fn outcome_fields<T>(
        outcome: &Result<(RawResponse, T), Error>,
    ) -> (Option<u16>, Option<&HeaderMap>, Option<&'static str>) {
        match outcome {
            Ok((raw, _)) => (Some(raw.status.as_u16()), Some(&raw.headers), None),
            Err(error) => {
                let status = error.status().map(|status| status.as_u16());
                (status, error.headers(), Some(kind_name(error.kind())))
            }
        }
    }

    fn milliseconds(duration: Duration) -> u64 {
        u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
    }

    fn kind_name(kind: ErrorKind) -> &'static str {
        match kind {
            ErrorKind::Config => "config",
            ErrorKind::Request => "request",
            ErrorKind::Connect => "connect",
            ErrorKind::Timeout => "timeout",
            ErrorKind::Transport => "transport",
            ErrorKind::Api => "api",
            ErrorKind::Decode => "decode",
            ErrorKind::TooLarge => "too large",
            ErrorKind::Redirect => "redirect",
            ErrorKind::File => "file",
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod feature {
    use std::time::Duration;

    use reqwest::Method;

    use crate::operation::CallTarget;

    pub(crate) fn record_removed_prefix(_: &str) {}

    /// A span that records nothing.
    pub(crate) struct CallSpan;

    impl CallSpan {
        pub(crate) fn new(_: &CallTarget, _: &Method) -> Self {
            Self
        }

        pub(crate) fn instrument<F: Future>(
            &self,
            future: F,
        ) -> impl Future<Output = F::Output> + use<F> {
            future
        }

        pub(crate) fn record_attempt(&self, _: u32) {}

        pub(crate) fn record_outcome<T>(&self, _: &T) {}

        pub(crate) fn record_retry<T>(&self, _: u32, _: &T, _: Duration) {}
    }
}
