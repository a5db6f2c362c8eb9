//! Sending a call and decoding its response.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use reqwest::{StatusCode, header::HeaderMap};

use crate::{
    api_error::ApiError,
    attempts::{self, BodyMode, FinalResponse},
    call::Call,
    client::Client,
    decoder::{ResponseDecoder, Successes},
    error::{Error, ErrorKind},
    future::BoxFuture,
    json::DecodeError,
    limits::{DecodeLimits, Exceeded, LimitGuard},
    operation::CallTarget,
    raw_response::RawResponse,
    response::Response,
    status::Status,
    stream::ByteStream,
};

/// A response whose body is a stream.
pub(crate) struct StreamedResponse {
    /// The response without its body.
    pub(crate) raw: RawResponse,
    pub(crate) body: ByteStream,
    /// The number of times the request was sent.
    pub(crate) attempts: u32,
}

/// The future of a call: its output is a [`Response`] of `T`, or an [`Error`]. Nothing is sent
/// before it is polled.
#[must_use = "a request isn't sent until its future is awaited"]
pub struct Sending<T: 'static> {
    exchange: BoxFuture<Result<Exchange, Error>>,
    successes: &'static [ResponseDecoder<T>],
}

impl<T> Sending<T> {
    /// Creates the future of a call, or of the error by which there is none.
    pub fn new(call: Result<Call, Error>, successes: &'static [ResponseDecoder<T>]) -> Self {
        Self { exchange: exchange(call), successes }
    }
}

impl<T> Future for Sending<T> {
    type Output = Result<Response<T>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let exchange = ready!(self.exchange.as_mut().poll(context));
        let mut decoded = Decoded::new(self.successes);
        Poll::Ready(match decode(exchange, &mut decoded) {
            Ok((status, headers)) => decoded.into_response(status, headers),
            Err(error) => Err(error),
        })
    }
}

impl<T> fmt::Debug for Sending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sending(..)")
    }
}

/// Decoders, and the value that one of them has decoded.
struct Decoded<T: 'static> {
    decoders: &'static [ResponseDecoder<T>],
    value: Option<T>,
}

impl<T> Decoded<T> {
    fn new(decoders: &'static [ResponseDecoder<T>]) -> Self {
        Self { decoders, value: None }
    }

    /// Returns the value with status and headers.
    fn into_response(self, status: StatusCode, headers: HeaderMap) -> Result<Response<T>, Error> {
        match self.value {
            Some(value) => Ok(Response::new(value, status, headers)),
            None => Err(Error::undecoded()),
        }
    }
}

impl<T> Successes for Decoded<T> {
    fn status(&self, index: usize) -> Option<Status> {
        Some(self.decoders.get(index)?.status)
    }

    fn decode(&mut self, index: usize, raw: &RawResponse) -> Result<(), DecodeError> {
        if let Some(decoder) = self.decoders.get(index) {
            self.value = Some((decoder.decode)(raw)?);
        }
        Ok(())
    }
}

/// A response that isn't decoded yet, and the call that it is of.
struct Exchange {
    client: Client,
    target: CallTarget,
    received: FinalResponse,
}

/// Sends a call. Like [`decode`], it is compiled once, and not for each type of a response.
fn exchange(call: Result<Call, Error>) -> BoxFuture<Result<Exchange, Error>> {
    Box::pin(async move {
        let call = call?;
        let (client, target) = (call.client.clone(), call.target.clone());
        let received = attempts::send(call, BodyMode::Buffer).await?;
        Ok(Exchange { client, target, received })
    })
}

/// Decodes a response as one of the successes, or as an error.
fn decode(
    exchange: Result<Exchange, Error>,
    successes: &mut dyn Successes,
) -> Result<(StatusCode, HeaderMap), Error> {
    let Exchange { client, target, received } = exchange?;
    let raw = received.raw;
    let guard = LimitGuard::new(DecodeLimits {
        unknown: client.settings().undeclared_limit,
        body: raw.body.len(),
        end: received.end,
    });
    let decoded = raw.decode_success(successes);
    let exceeded = guard.exceeded();
    let error = match (decoded, exceeded) {
        (_, Some(Exceeded::Time)) => Error::timed_out(Some(raw)),
        (Err(_), Some(exceeded)) => {
            let reason = exceeded.to_string();
            Error::invalid_body(ErrorKind::TooLarge, &reason, raw, &target.mask)
        }
        (Ok(true), _) => return Ok((raw.status, raw.headers)),
        (Ok(false), _) => {
            let error = ApiError::from_response(target.errors, &target.mask, raw);
            client.api_error(error, target.server)
        }
        (Err(error), None) => Error::invalid_body(ErrorKind::Decode, &error.0, raw, &target.mask),
    };
    Err(target.describe(error).with_attempts(received.attempts))
}

/// Sends a call, and returns the body of a success as a stream.
pub fn stream(call: Result<Call, Error>) -> BoxFuture<Result<Response<ByteStream>, Error>> {
    Box::pin(async move { call?.send_for_stream(BodyMode::BufferErrors).await })
}

/// Sends a call, and returns the body as a stream, whatever the status is.
pub fn send_raw(call: Result<Call, Error>) -> BoxFuture<Result<Response<ByteStream>, Error>> {
    Box::pin(async move { call?.send_for_stream(BodyMode::Stream).await })
}

impl Call {
    async fn send_for_stream(self, mode: BodyMode) -> Result<Response<ByteStream>, Error> {
        let StreamedResponse { raw, body, .. } = self.receive_stream(mode).await?;
        Ok(Response::new(body, raw.status, raw.headers))
    }

    /// Sends the request and returns the response with its body as a stream, or the error of a
    /// response that `mode` reads into memory.
    pub(crate) async fn receive_stream(self, mode: BodyMode) -> Result<StreamedResponse, Error> {
        let (client, target) = (self.client.clone(), self.target.clone());
        let timeout = client.settings().timeout;
        let received = attempts::send(self, mode).await?;
        let (raw, attempts) = (received.raw, received.attempts);
        let Some(body) = received.body else {
            let error = ApiError::from_response(target.errors, &target.mask, raw);
            let error = client.api_error(error, target.server);
            return Err(target.describe(error).with_attempts(attempts));
        };
        let body = ByteStream::new(body, timeout, target, attempts);
        Ok(StreamedResponse { raw, body, attempts })
    }
}
