//! The tracing spans of a call and of its attempts, and the events of its retries; without the
//! feature `tracing`, nothing.
//!
//! The fields are those of OpenTelemetry's semantic conventions for HTTP clients, except
//! `url.full`, which would have values. They contain names of the document, the host, counts,
//! durations and the server's request id, but no credential, no value of a path, query or header,
//! and no body.

pub(crate) use self::feature::{CallSpan, record_removed_prefix};

#[cfg(feature = "tracing")]
mod feature {
    use std::{
        sync::atomic::{AtomicU32, Ordering},
        time::Duration,
    };

    use reqwest::{Method, Request, header::HeaderMap};
    use tokio::time::Instant;
    use tracing::{Instrument, Span, field::Empty};

    use crate::{
        display::{self, Mask, excerpt},
        error::{Error, ErrorKind},
        operation::CallTarget,
        raw_response::{RawResponse, request_id},
    };

    /// The method of the conventions for all that they don't list.
    const OTHER_METHOD: &str = "_OTHER";

    /// The span of a call: from before the first attempt until the response is read. If the body is
    /// returned as a stream, the span ends when the head of the response is read.
    pub(crate) struct CallSpan {
        span: Span,
        started: Instant,
        /// The number of attempts. It is recorded at the end, since fields can't be replaced.
        attempts: AtomicU32,
        mask: Mask,
    }

    impl CallSpan {
        pub(crate) fn new(target: &CallTarget, method: &Method) -> Self {
            let operation = || display::message(&target.mask.apply(&target.id));
            let span = tracing::info_span!(
                target: env!("CARGO_CRATE_NAME"),
                "call",
                otel.name = operation(),
                otel.kind = "internal",
                otel.status_code = Empty,
                operation = operation(),
                http.request.method = method_name(method),
                url.template = template(target),
                http.response.status_code = Empty,
                "error.type" = Empty,
                attempts = Empty,
                request_id = Empty,
                duration_ms = Empty,
            );
            let (started, attempts) = (Instant::now(), AtomicU32::new(0));
            Self { span, started, attempts, mask: target.mask.clone() }
        }

        pub(crate) fn instrument<F: Future>(
            &self,
            future: F,
        ) -> impl Future<Output = F::Output> + use<F> {
            future.instrument(self.span.clone())
        }

        /// Creates the span of an attempt, counted from 1.
        pub(crate) fn attempt(
            &self,
            attempt: u32,
            target: &CallTarget,
            request: &Request,
        ) -> AttemptSpan {
            self.attempts.store(attempt, Ordering::Relaxed);
            let (method, url) = (request.method(), request.url());
            let masked = |text: &str| display::message(&target.mask.apply(text));
            let span = tracing::info_span!(
                target: env!("CARGO_CRATE_NAME"),
                parent: &self.span,
                "attempt",
                otel.name = match (method_name(method), template(target)) {
                    (OTHER_METHOD, Some(template)) => format!("HTTP {template}"),
                    (OTHER_METHOD, None) => "HTTP".to_owned(),
                    (method, Some(template)) => format!("{method} {template}"),
                    (method, None) => method.to_owned(),
                },
                otel.kind = "client",
                otel.status_code = Empty,
                operation = masked(&target.id),
                http.request.method = method_name(method),
                http.request.method_original =
                    (method_name(method) == OTHER_METHOD).then(|| masked(method.as_str())),
                // The convention omits it for the first attempt.
                http.request.resend_count = (attempt > 1).then(|| attempt - 1),
                url.scheme = url.scheme(),
                url.template = template(target),
                server.address = url.host_str().map(masked),
                server.port = url.port_or_known_default(),
                http.response.status_code = Empty,
                "error.type" = Empty,
                request_id = Empty,
            );
            AttemptSpan { span, mask: self.mask.clone() }
        }

        /// Records the outcome of the call.
        pub(crate) fn record_outcome<T>(&self, outcome: &Result<(RawResponse, T), Error>) {
            record(&self.span, &self.mask, outcome);
        }

        /// Emits the event of a retry, with the outcome of the attempt before it.
        pub(crate) fn record_retry<T>(
            &self,
            attempt: u32,
            outcome: &Result<(RawResponse, T), Error>,
            delay: Duration,
        ) {
            let OutcomeFields { status, error, .. } = OutcomeFields::new(outcome);
            tracing::info!(
                target: env!("CARGO_CRATE_NAME"),
                parent: &self.span,
                attempt,
                http.response.status_code = status,
                "error.type" = error,
                wait_ms = milliseconds(delay),
                "retrying"
            );
        }
    }

    impl Drop for CallSpan {
        fn drop(&mut self) {
            self.span.record("attempts", self.attempts.load(Ordering::Relaxed));
            self.span.record("duration_ms", milliseconds(self.started.elapsed()));
        }
    }

    /// The span of an attempt, within that of its call: from the request to the response that is
    /// read, or its head.
    pub(crate) struct AttemptSpan {
        span: Span,
        mask: Mask,
    }

    impl AttemptSpan {
        pub(crate) fn instrument<F: Future>(
            &self,
            future: F,
        ) -> impl Future<Output = F::Output> + use<F> {
            future.instrument(self.span.clone())
        }

        /// Calls a function in the span.
        pub(crate) fn in_scope(&self, function: impl FnOnce()) {
            self.span.in_scope(function);
        }

        /// Records the outcome, and ends the span.
        pub(crate) fn end<T>(self, outcome: &Result<(RawResponse, T), Error>) {
            record(&self.span, &self.mask, outcome);
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

    fn record<T>(span: &Span, mask: &Mask, outcome: &Result<(RawResponse, T), Error>) {
        if span.is_disabled() {
            return;
        }
        let OutcomeFields { status, headers, error } = OutcomeFields::new(outcome);
        if let Some(status) = status {
            span.record("http.response.status_code", status);
        }
        if let Some(id) = headers.and_then(request_id) {
            span.record("request_id", display::message(&excerpt(&mask.apply(id))));
        }
        if let Some(error) = error {
            span.record("error.type", error);
            span.record("otel.status_code", "ERROR");
        }
    }

    /// The outcome of an attempt.
    struct OutcomeFields<'a> {
        status: Option<u16>,
        headers: Option<&'a HeaderMap>,
        /// The status of an error response, or the name of the error's kind.
        error: Option<String>,
    }

    impl<'a> OutcomeFields<'a> {
        fn new<T>(outcome: &'a Result<(RawResponse, T), Error>) -> Self {
            let (status, headers, kind) = match outcome {
                Ok((raw, _)) => (Some(raw.status), Some(&raw.headers), None),
                Err(error) => (error.status(), error.headers(), Some(kind_name(error.kind()))),
            };
            let status = status.map(|status| status.as_u16());
            let failed = status.filter(|status| *status >= 400).map(|status| status.to_string());
            Self { status, headers, error: failed.or(kind.map(str::to_owned)) }
        }
    }

    /// The method as the conventions have it: those of RFC 9110 and RFC 5789, and QUERY.
    fn method_name(method: &Method) -> &str {
        match method.as_str() {
            name @ ("CONNECT" | "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST"
            | "PUT" | "QUERY" | "TRACE") => name,
            _ => OTHER_METHOD,
        }
    }

    /// The path template; `None` for the URL of a download.
    fn template(target: &CallTarget) -> Option<String> {
        let is_path = target.path.starts_with('/');
        is_path.then(|| display::message(&target.mask.apply(&target.path)))
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
            ErrorKind::TooLarge => "too_large",
            ErrorKind::Redirect => "redirect",
            ErrorKind::File => "file",
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod feature {
    use std::time::Duration;

    use reqwest::{Method, Request};

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

        pub(crate) fn attempt(&self, _: u32, _: &CallTarget, _: &Request) -> AttemptSpan {
            AttemptSpan
        }

        pub(crate) fn record_outcome<T>(&self, _: &T) {}

        pub(crate) fn record_retry<T>(&self, _: u32, _: &T, _: Duration) {}
    }

    /// A span that records nothing.
    pub(crate) struct AttemptSpan;

    impl AttemptSpan {
        pub(crate) fn instrument<F: Future>(
            &self,
            future: F,
        ) -> impl Future<Output = F::Output> + use<F> {
            future
        }

        /// Calls a function.
        pub(crate) fn in_scope(&self, function: impl FnOnce()) {
            function();
        }

        pub(crate) fn end<T>(self, _: &T) {}
    }
}
