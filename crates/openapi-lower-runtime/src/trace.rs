//! What those see of a call who turn the feature `tracing` on: a span, and an event per retry.
//!
//! Fields hold what the document says and what the protocol counts. No key, no value of a path,
//! query or header, and no body gets into any of them; the id of the request is the server's.

pub(crate) use self::feature::CallSpan;

#[cfg(feature = "tracing")]
mod feature {
    use std::time::Duration;

    use reqwest::{Method, header::HeaderMap};
    use tokio::time::Instant;
    use tracing::{Instrument, Span, field::Empty};

    use crate::{
        error::{Error, ErrorKind},
        operation::CallTarget,
        raw_response::{RawResponse, request_id},
    };

    /// The span of one call, from before the first attempt until the answer is kept: it has been
    /// read, or its head has if it is handed on as a stream.
    pub(crate) struct CallSpan {
        span: Span,
        begun: Instant,
    }

    impl CallSpan {
        pub(crate) fn new(target: &CallTarget, method: &Method) -> Self {
            let span = tracing::info_span!(
                target: env!("CARGO_CRATE_NAME"),
                "call",
                operation = &*target.id,
                method = method.as_str(),
                path = &*target.path,
                attempt = Empty,
                status = Empty,
                request_id = Empty,
                error = Empty,
                duration_ms = Empty,
            );
            Self { span, begun: Instant::now() }
        }

        pub(crate) fn instrument<F: Future>(
            &self,
            future: F,
        ) -> impl Future<Output = F::Output> + use<F> {
            future.instrument(self.span.clone())
        }

        /// An attempt begins.
        pub(crate) fn attempt(&self, attempt: u32) {
            self.span.record("attempt", attempt);
        }

        /// This is what the call has come to.
        pub(crate) fn record_outcome<T>(&self, outcome: &Result<(RawResponse, T), Error>) {
            let (status, headers, error) = outcome_fields(outcome);
            self.span.record("status", status);
            self.span.record("request_id", headers.and_then(request_id));
            self.span.record("error", error);
        }

        /// This is what an attempt has come to; there will be another one.
        pub(crate) fn record_retry<T>(
            &self,
            attempt: u32,
            outcome: &Result<(RawResponse, T), Error>,
            wait: Duration,
        ) {
            let (status, _, error) = outcome_fields(outcome);
            tracing::info!(
                target: env!("CARGO_CRATE_NAME"),
                attempt,
                status,
                error,
                wait_ms = milliseconds(wait),
                "the call is sent again"
            );
        }
    }

    impl Drop for CallSpan {
        fn drop(&mut self) {
            self.span.record("duration_ms", milliseconds(self.begun.elapsed()));
        }
    }

    /// Status and headers, if there is an answer; what failed, if it did.
    fn outcome_fields<T>(
        outcome: &Result<(RawResponse, T), Error>,
    ) -> (Option<u16>, Option<&HeaderMap>, Option<&'static str>) {
        match outcome {
            Ok((raw, _)) => (Some(raw.status.as_u16()), Some(&raw.headers), None),
            Err(error) => {
                let status = error.status().map(|status| status.as_u16());
                (status, error.headers(), Some(name(error.kind())))
            }
        }
    }

    fn milliseconds(duration: Duration) -> u64 {
        u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
    }

    fn name(kind: ErrorKind) -> &'static str {
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

    /// Nothing.
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

        pub(crate) fn attempt(&self, _: u32) {}

        pub(crate) fn record_outcome<T>(&self, _: &T) {}

        pub(crate) fn record_retry<T>(&self, _: u32, _: &T, _: Duration) {}
    }
}
