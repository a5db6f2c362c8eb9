//! The retry loop: sends a request until a response can be returned.
//!
//! All calls go through this loop. It doesn't depend on the types of an operation, so that it is
//! compiled once and not once for each operation.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::{Request, StatusCode};
use tokio::{sync::SemaphorePermit, time::Instant};

use crate::{
    call::Call,
    client::Client,
    display::Mask,
    error::{Error, ErrorKind},
    key_provider::ProvidedKey,
    raw_response::RawResponse,
    retry::AttemptFailure,
    time::within,
    trace::CallSpan,
    upload::ByteCounter,
};

/// The number of bytes that are read of the body of an error response: enough for a message and a
/// typed body.
const ERROR_LIMIT: usize = 64 << 10;

/// The number of bytes that are reserved for a body before any of it is received.
const MAX_CAPACITY: usize = 1 << 20;

/// The responses whose bodies are read into memory as part of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyMode {
    /// All responses.
    Buffer,
    /// All responses but successes (2xx).
    BufferErrors,
    /// All responses but 200 (OK), the only one whose body is a whole file.
    BufferAllButOk,
    /// No response.
    Stream,
}

/// The response to the last attempt of a call.
pub(crate) struct FinalResponse {
    pub(crate) raw: RawResponse,
    /// The response whose body isn't read yet; `None` if the body is in `raw`.
    pub(crate) body: Option<reqwest::Response>,
    /// The number of times the request was sent.
    pub(crate) attempts: u32,
    /// The time at which the attempt must end, decoding included.
    pub(crate) end: Option<Instant>,
}

/// Sends a call until a response can be returned, an error response included.
pub(crate) async fn send(call: Call, mode: BodyMode) -> Result<FinalResponse, Error> {
    let span = CallSpan::new(&call.target, call.request.method());
    span.instrument(send_with_retries(&span, call, mode)).await
}

async fn send_with_retries(
    span: &CallSpan,
    call: Call,
    mode: BodyMode,
) -> Result<FinalResponse, Error> {
    let (client, target) = (call.client.clone(), call.target.clone());
    let (settings, method) = (client.settings(), call.request.method().clone());
    let policy = &settings.retry;
    let started = Instant::now();
    // A credential in the query isn't part of the URL that responses are relative to.
    let url = call.request.url().clone();
    let mut call = call;
    let mut attempt = 1;
    let mut is_key_replaced = false;
    loop {
        // The last attempt needs no copy of the call.
        let next = policy.allows_retry(attempt).then(|| call.try_clone()).flatten();
        let limits = TimeLimits {
            timeout: settings.timeout,
            deadline: policy
                .remaining(started.elapsed())
                .and_then(|remaining| Instant::now().checked_add(remaining)),
        };
        let prepared = prepare(&client, call, limits).await;
        let Prepared { mut request, counter, key, permit } =
            prepared.map_err(|error| target.describe(error).with_attempts(attempt - 1))?;
        let end = limits.end_of_step();
        let attempt_span = span.attempt(attempt, &target, &request);
        if client.serves(request.url()) {
            attempt_span.in_scope(|| client.propagator().inject(&mut request, &target));
        }
        let sending = send_once(&client, request, counter.as_ref(), mode, limits);
        let outcome = attempt_span.instrument(sending).await;
        drop(permit);
        attempt_span.end(&outcome);
        let outcome = outcome.map(|(raw, body)| (RawResponse { url: url.clone(), ..raw }, body));
        let delay = match key.filter(|_| is_unauthorized(&outcome)) {
            Some(key) => {
                key.reject();
                let repeats = next.is_some() && policy.repeats_unauthorized(&method);
                let repeats = repeats && !is_key_replaced;
                is_key_replaced =
                    repeats && within(limits.end_of_step(), key.is_replaced()).await == Some(true);
                is_key_replaced.then_some(Duration::ZERO)
            }
            None => attempt_failure(&outcome).and_then(|failure| {
                policy.retry_delay(&method, &failure, attempt, started.elapsed())
            }),
        };
        let (Some(next), Some(delay)) = (next, delay) else {
            span.record_outcome(&outcome);
            let last =
                outcome.map(|(raw, body)| FinalResponse { raw, body, attempts: attempt, end });
            return last.map_err(|error| target.describe(error).with_attempts(attempt));
        };
        span.record_retry(attempt, &outcome, delay);
        // Releases the connection, which an unread response would keep open during the delay.
        drop(outcome);
        policy.sleep(delay).await;
        call = next;
        attempt += 1;
    }
}

/// An attempt that can be sent.
struct Prepared<'a> {
    request: Request,
    /// The counter of the bytes sent, if the body is a stream.
    counter: Option<ByteCounter>,
    /// The API key, if it is that of a provider.
    key: Option<ProvidedKey>,
    /// Counts the attempt among the concurrent ones.
    permit: Option<SemaphorePermit<'a>>,
}

/// Waits until an attempt may be sent, and completes its request.
async fn prepare(client: &Client, call: Call, limits: TimeLimits) -> Result<Prepared<'_>, Error> {
    let permit = match client.serves(call.request.url()) {
        true => within(limits.deadline, client.throttle().acquire()).await.ok_or_else(|| {
            let reason = "timed out while it waited for the client's own limits";
            Error::new(ErrorKind::Timeout, reason)
        })?,
        false => None,
    };
    // The provider of a key may take time, and files are opened here.
    let complete = async {
        let (call, key) = call.with_credentials().await?;
        let (request, counter) = call.into_request().await?;
        Ok(Prepared { request, counter, key, permit })
    };
    within(limits.end_of_step(), complete).await.unwrap_or_else(|| Err(Error::timed_out(None)))
}

/// A response, and the body as a stream if it wasn't read into memory.
type AttemptResponse = (RawResponse, Option<reqwest::Response>);

/// The time limits of an attempt.
#[derive(Clone, Copy)]
struct TimeLimits {
    timeout: Duration,
    /// The time at which the last attempt must end.
    deadline: Option<Instant>,
}

impl TimeLimits {
    /// Returns the time limit of a step that starts now; `None` if it has no limit.
    fn end_of_step(self) -> Option<Instant> {
        let end = Instant::now().checked_add(self.timeout);
        [end, self.deadline].into_iter().flatten().min()
    }
}

/// Sends a request once, and reads the response body as `mode` requires.
///
/// The timeout applies to the whole attempt. If the request body is a stream, it applies to each
/// period in which no byte is sent, and then to reading the response.
async fn send_once(
    client: &Client,
    request: Request,
    counter: Option<&ByteCounter>,
    mode: BodyMode,
    limits: TimeLimits,
) -> Result<AttemptResponse, Error> {
    let mut end = limits.end_of_step();
    let sending = client.connections().send(request);
    let response = match counter {
        Some(counter) => {
            let response =
                counter.with_stall_timeout(sending, limits.timeout, limits.deadline).await;
            end = limits.end_of_step();
            response
        }
        None => within(end, sending).await,
    };
    let response = response.ok_or_else(|| Error::timed_out(None))??;
    let raw = RawResponse {
        status: response.status(),
        headers: response.headers().clone(),
        url: response.url().clone(),
        body: Bytes::new(),
    };
    let buffers_body = match mode {
        BodyMode::Buffer => true,
        BodyMode::BufferErrors => !raw.status.is_success(),
        BodyMode::BufferAllButOk => raw.status != StatusCode::OK,
        BodyMode::Stream => false,
    };
    if buffers_body {
        let limit = client.settings().response_limit;
        let limit = match mode {
            BodyMode::BufferAllButOk => limit.min(ERROR_LIMIT),
            _ if raw.status.is_success() => limit,
            _ => limit.min(ERROR_LIMIT),
        };
        let raw = read_body(response, raw, limit, mode, end).await?;
        Ok((raw, None))
    } else {
        Ok((raw, Some(response)))
    }
}

/// Reads a body of up to `limit` bytes. An error response is truncated there; a success that is
/// larger is an error, which has the part that was read.
async fn read_body(
    mut response: reqwest::Response,
    mut raw: RawResponse,
    limit: usize,
    mode: BodyMode,
    end: Option<Instant>,
) -> Result<RawResponse, Error> {
    // The length that the server declares saves copies, but isn't trusted with memory.
    let declared = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut body = BytesMut::with_capacity(declared.unwrap_or(0).min(limit).min(MAX_CAPACITY));
    loop {
        match within(end, response.chunk()).await {
            Some(Ok(Some(chunk)))
                if body.is_empty() && body.capacity() == 0 && chunk.len() <= limit =>
            {
                body = chunk.into()
            }
            Some(Ok(Some(chunk))) if body.len() + chunk.len() > limit => {
                body.extend_from_slice(&chunk[..limit - body.len()]);
                raw.body = body.freeze();
                // An error response is identified by its status; its body may be truncated.
                if !raw.status.is_success() || mode == BodyMode::BufferAllButOk {
                    return Ok(raw);
                }
                let reason =
                    format!("it is larger than the limit of {limit} bytes (`response_limit`)");
                return Err(Error::invalid_body(
                    ErrorKind::TooLarge,
                    &reason,
                    raw,
                    &Mask::default(),
                ));
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

/// Whether the API rejected the credential.
fn is_unauthorized(outcome: &Result<AttemptResponse, Error>) -> bool {
    let status = match outcome {
        Ok((raw, _)) => Some(raw.status),
        Err(error) => error.status(),
    };
    status == Some(StatusCode::UNAUTHORIZED)
}

/// Returns the failure of an attempt, by which the policy decides on a retry. The status of a
/// response decides even if its body couldn't be read.
fn attempt_failure(outcome: &Result<AttemptResponse, Error>) -> Option<AttemptFailure<'_>> {
    match outcome {
        Ok((raw, _)) => Some(AttemptFailure::Status(raw.status, &raw.headers)),
        Err(error) => match (error.status(), error.headers(), error.kind()) {
            (Some(status), Some(headers), _) if !status.is_success() => {
                Some(AttemptFailure::Status(status, headers))
            }
            (_, _, ErrorKind::Connect) => Some(AttemptFailure::NotConnected),
            (_, _, ErrorKind::Timeout | ErrorKind::Transport) => Some(AttemptFailure::Interrupted),
            _ => None,
        },
    }
}
