//! Sending a call, as often as its policy says, until there is an answer to keep.
//!
//! The one loop that all calls go through. Nothing in it depends on what is called or how the
//! answer is read, so that it is compiled once and not for every operation.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::Request;
use tokio::time::Instant;

use crate::{
    call::Call,
    client::Client,
    error::{Error, ErrorKind},
    raw_response::RawResponse,
    retry::Failure,
    time::within,
    trace::CallSpan,
    upload::ByteCounter,
};

/// Which bodies are read as part of the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyMode {
    Buffer,
    /// All but those of successes.
    BufferErrors,
    Stream,
}

/// An answer.
pub(crate) struct Received {
    pub(crate) raw: RawResponse,
    /// What the body is read from, if it wasn't.
    pub(crate) unread: Option<reqwest::Response>,
    /// How often the request was sent.
    pub(crate) attempts: u32,
}

/// Sends a call until there is an answer to keep. A status that means an error is an answer too.
pub(crate) async fn send(call: Call, mode: BodyMode) -> Result<Received, Error> {
    let span = CallSpan::new(&call.target, call.request.method());
    span.instrument(send_in(&span, call, mode)).await
}

async fn send_in(span: &CallSpan, call: Call, mode: BodyMode) -> Result<Received, Error> {
    let (client, target) = (call.client.clone(), call.target.clone());
    let (settings, method) = (client.settings(), call.request.method().clone());
    let policy = &settings.retry;
    let begun = Instant::now();
    let mut call = call.authorized()?;
    let mut attempt = 1;
    loop {
        // The last attempt needs no copy.
        let next = policy.allows_after(attempt).then(|| call.try_clone()).flatten();
        span.attempt(attempt);
        let (request, streamed) =
            call.into_request().await.map_err(|error| error.with_attempts(attempt - 1))?;
        let limits = Limits {
            timeout: settings.timeout,
            deadline: policy
                .left(begun.elapsed())
                .and_then(|left| Instant::now().checked_add(left)),
        };
        let outcome = exchange(&client, request, streamed.as_ref(), mode, limits).await;
        let wait = failure(&outcome)
            .and_then(|failure| policy.wait(&method, &failure, attempt, begun.elapsed()));
        let (Some(next), Some(wait)) = (next, wait) else {
            span.record_outcome(&outcome);
            let kept = outcome.map(|(raw, unread)| Received { raw, unread, attempts: attempt });
            return kept.map_err(|error| error.with_operation(target.id).with_attempts(attempt));
        };
        span.record_retry(attempt, &outcome, wait);
        // A connection whose answer nobody reads is of no use while waiting.
        drop(outcome);
        policy.sleep(wait).await;
        call = next;
        attempt += 1;
    }
}

/// An answer, and what its body is read from if it wasn't.
type Exchanged = (RawResponse, Option<reqwest::Response>);

/// How long an attempt may take.
#[derive(Clone, Copy)]
struct Limits {
    timeout: Duration,
    /// The end of all attempts.
    deadline: Option<Instant>,
}

impl Limits {
    /// The end of what begins now; `None`: beyond all time.
    fn end(self) -> Option<Instant> {
        let end = Instant::now().checked_add(self.timeout);
        [end, self.deadline].into_iter().flatten().min()
    }
}

/// Sends a request once and reads what is to be read, within the limits: the timeout is for all of
/// it, but for a body that is sent piece by piece, where it is for each piece and for the answer.
async fn exchange(
    client: &Client,
    request: Request,
    streamed: Option<&ByteCounter>,
    mode: BodyMode,
    limits: Limits,
) -> Result<Exchanged, Error> {
    let mut end = limits.end();
    let exchange = client.http().execute(request);
    let answer = match streamed {
        Some(sent) => {
            let answer = sent.with_stall_timeout(exchange, limits.timeout, limits.deadline).await;
            end = limits.end();
            answer
        }
        None => within(end, exchange).await,
    };
    let answer = answer.ok_or_else(|| Error::timed_out(None))?;
    let response = answer.map_err(|error| Error::from_reqwest(error, None))?;
    let raw = RawResponse {
        status: response.status(),
        headers: response.headers().clone(),
        url: response.url().clone(),
        body: Bytes::new(),
    };
    let is_read = match mode {
        BodyMode::Buffer => true,
        BodyMode::BufferErrors => !raw.status.is_success(),
        BodyMode::Stream => false,
    };
    if is_read {
        let raw = read_body(response, raw, client.settings().response_limit, end).await?;
        Ok((raw, None))
    } else {
        Ok((raw, Some(response)))
    }
}

/// Reads a body up to the limit. What was read of one that breaks or is too large is kept.
async fn read_body(
    mut response: reqwest::Response,
    mut raw: RawResponse,
    limit: usize,
    end: Option<Instant>,
) -> Result<RawResponse, Error> {
    let mut body = BytesMut::new();
    loop {
        match within(end, response.chunk()).await {
            Some(Ok(Some(chunk))) if body.is_empty() && chunk.len() <= limit => body = chunk.into(),
            Some(Ok(Some(chunk))) if body.len() + chunk.len() > limit => {
                body.extend_from_slice(&chunk[..limit - body.len()]);
                raw.body = body.freeze();
                // An error is told by its status; the beginning of its body will do.
                if !raw.status.is_success() {
                    return Ok(raw);
                }
                let reason =
                    format!("it is larger than the limit of {limit} bytes (`response_limit`)");
                return Err(Error::unread(ErrorKind::TooLarge, &reason, raw));
            }
            Some(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
            Some(Ok(None)) => {
                raw.body = body.freeze();
                return Ok(raw);
            }
            Some(Err(error)) => {
                raw.body = body.freeze();
                return Err(Error::from_reqwest(error, Some(raw)));
            }
            None => {
                raw.body = body.freeze();
                return Err(Error::timed_out(Some(raw)));
            }
        }
    }
}

/// Why an outcome isn't what the caller hoped for, if another attempt may change that. The status
/// of an answer counts whatever became of its body.
fn failure(outcome: &Result<Exchanged, Error>) -> Option<Failure<'_>> {
    match outcome {
        Ok((raw, _)) => Some(Failure::Status(raw.status, &raw.headers)),
        Err(error) => match (error.status(), error.headers(), error.kind()) {
            (Some(status), Some(headers), _) if !status.is_success() => {
                Some(Failure::Status(status, headers))
            }
            (_, _, ErrorKind::Connect) => Some(Failure::Unconnected),
            (_, _, ErrorKind::Timeout | ErrorKind::Transport) => Some(Failure::Unknown),
            _ => None,
        },
    }
}
