//! Bodies of responses that a transport returns: they let time limits take effect, and end where
//! they should.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use http_body::{Body, Frame, SizeHint};

use crate::transport::{TransportBody, TransportError};

/// The number of frames after which a body yields. A body that never waits would keep the timer
/// from being polled.
const FRAMES_PER_POLL: u32 = 32;

/// A body of a response. Empty frames and trailers are dropped.
pub(crate) struct ReceivedBody {
    body: TransportBody,
    /// The number of bytes that are missing to the `Content-Length`.
    missing: Option<u64>,
    frames: u32,
}

impl ReceivedBody {
    pub(crate) fn new(
        method: &Method,
        status: StatusCode,
        headers: &HeaderMap,
        body: TransportBody,
    ) -> Self {
        Self { body, missing: content_length(method, status, headers), frames: 0 }
    }
}

impl Body for ReceivedBody {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        loop {
            self.frames += 1;
            if self.frames > FRAMES_PER_POLL {
                self.frames = 0;
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let data = match ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => {
                    let is_complete = self.missing.take().unwrap_or(0) == 0;
                    let error = TransportError::new(io::Error::from(io::ErrorKind::UnexpectedEof));
                    return Poll::Ready((!is_complete).then_some(Err(error)));
                }
            };
            if !data.is_empty() {
                let length = data.len() as u64;
                self.missing = self.missing.map(|missing| missing.saturating_sub(length));
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// Returns the length that a body should have; `None` if it isn't known, or if it is that of
/// another form of the body.
fn content_length(method: &Method, status: StatusCode, headers: &HeaderMap) -> Option<u64> {
    let has_no_body = method == Method::HEAD
        || status.is_informational()
        || [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
    let is_coded = headers.contains_key(header::CONTENT_ENCODING)
        || headers.contains_key(header::TRANSFER_ENCODING);
    let mut lengths = headers.get_all(header::CONTENT_LENGTH).iter();
    let length = lengths.next().filter(|_| !has_no_body && !is_coded && lengths.next().is_none());
    length?.to_str().ok()?.parse().ok()
}
