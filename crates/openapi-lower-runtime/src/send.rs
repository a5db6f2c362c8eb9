//! Sending a call and decoding its response.

use crate::{
    api_error::ApiError,
    attempts::{self, BodyMode},
    call::Call,
    decoder::ResponseDecoder,
    error::{Error, ErrorKind},
    limits::{DecodeLimits, Exceeded, LimitGuard},
    raw_response::RawResponse,
    response::Response,
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

impl Call {
    /// Sends the request and decodes the response as one of `successes`, or as an error.
    pub async fn send<T>(
        self,
        successes: &'static [ResponseDecoder<T>],
    ) -> Result<Response<T>, Error> {
        let target = self.target.clone();
        let client = self.client.clone();
        let undeclared_limit = self.client.settings().undeclared_limit;
        let received = attempts::send(self, BodyMode::Buffer).await?;
        let raw = received.raw;
        let guard = LimitGuard::new(DecodeLimits {
            unknown: undeclared_limit,
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
            (Ok(Some(value)), _) => return Ok(Response::new(value, raw.status, raw.headers)),
            (Ok(None), _) => {
                let error = ApiError::from_response(target.errors, &target.mask, raw);
                client.api_error(error, target.server)
            }
            (Err(error), None) => {
                Error::invalid_body(ErrorKind::Decode, &error.0, raw, &target.mask)
            }
        };
        Err(target.describe(error).with_attempts(received.attempts))
    }

    /// Sends the request and returns the body of a success as a stream.
    pub async fn stream(self) -> Result<Response<ByteStream>, Error> {
        self.send_for_stream(BodyMode::BufferErrors).await
    }

    /// Sends the request and returns the body as a stream, whatever the status is.
    pub async fn send_raw(self) -> Result<Response<ByteStream>, Error> {
        self.send_for_stream(BodyMode::Stream).await
    }

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
