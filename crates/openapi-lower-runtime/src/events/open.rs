//! Requests for a stream of items.

use bytes::BytesMut;
use futures_util::StreamExt;

use crate::{
    api_error::ApiError,
    attempts::{self, BodyMode},
    call::Call,
    error::{Error, ErrorKind},
    raw_response::{DecodeError, RawResponse},
    stream::ByteStream,
    stream_format::StreamFormat,
};

/// The number of bytes that an error has of a body that isn't a stream of items.
const ERROR_LIMIT: usize = 64 << 10;

/// The body of a response that is a stream of items.
pub(crate) struct OpenedBody {
    pub(crate) raw: RawResponse,
    pub(crate) body: ByteStream,
    pub(crate) attempts: u32,
}

impl Call {
    /// Sends the request, and checks that the response is a success of a media type of the format.
    pub(crate) async fn open(self, format: StreamFormat) -> Result<OpenedBody, Error> {
        let (client, target) = (self.client.clone(), self.target.clone());
        let timeout = client.settings().timeout;
        let received = attempts::send(self, BodyMode::BufferErrors).await?;
        let (mut raw, attempts) = (received.raw, received.attempts);
        let Some(body) = received.body else {
            let error = ApiError::from_response(target.errors, &target.mask, raw);
            let error = client.api_error(error, target.server);
            return Err(target.describe(error).with_attempts(attempts));
        };
        let mut body = ByteStream::new(body, timeout, target.clone(), attempts);
        let expected = match format {
            StreamFormat::JsonLines => "JSON lines",
            StreamFormat::JsonSequence => "a JSON text sequence",
            _ => "text/event-stream",
        };
        let Err(DecodeError(reason)) =
            raw.check_media_type(expected, |essence| format.accepts(essence))
        else {
            return Ok(OpenedBody { raw, body, attempts });
        };
        let mut text = BytesMut::new();
        while let Some(Ok(chunk)) = body.next().await {
            let length = chunk.len().min(ERROR_LIMIT - text.len());
            text.extend_from_slice(&chunk[..length]);
            if text.len() == ERROR_LIMIT {
                break;
            }
        }
        raw.body = text.freeze();
        let error = Error::invalid_body(ErrorKind::Decode, &reason, raw, &target.mask);
        Err(target.describe(error).with_attempts(attempts))
    }
}
