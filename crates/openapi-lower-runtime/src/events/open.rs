//! Requests for a stream of items.

use bytes::BytesMut;
use futures_util::StreamExt;

use crate::{
    attempts::BodyMode,
    call::Call,
    error::{Error, ErrorKind},
    json::DecodeError,
    send::StreamedResponse,
    stream_format::StreamFormat,
};

/// The number of bytes that an error has of a body that isn't a stream of items.
const ERROR_LIMIT: usize = 64 << 10;

impl Call {
    /// Sends the request, and checks that the response is a success of a media type of the format.
    pub(crate) async fn open(self, format: StreamFormat) -> Result<StreamedResponse, Error> {
        let target = self.target.clone();
        let mut opened = self.receive_stream(BodyMode::BufferErrors).await?;
        let expected = match format {
            StreamFormat::JsonLines => "JSON lines",
            StreamFormat::JsonSequence => "a JSON text sequence",
            _ => "text/event-stream",
        };
        let Err(DecodeError(reason)) =
            opened.raw.check_media_type(expected, |essence| format.accepts(essence))
        else {
            return Ok(opened);
        };
        let mut text = BytesMut::new();
        while let Some(Ok(chunk)) = opened.body.next().await {
            let length = chunk.len().min(ERROR_LIMIT - text.len());
            text.extend_from_slice(&chunk[..length]);
            if text.len() == ERROR_LIMIT {
                break;
            }
        }
        let StreamedResponse { mut raw, attempts, .. } = opened;
        raw.body = text.freeze();
        let error = Error::invalid_body(ErrorKind::Decode, &reason, raw, &target.mask);
        Err(target.describe(error).with_attempts(attempts))
    }
}
