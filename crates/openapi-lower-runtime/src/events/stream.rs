//! Responses as streams of items.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use reqwest::Method;
use serde::de::DeserializeOwned;

use super::{
    item::{self, DecodeItem},
    reconnect::Reconnection,
    server_sent::ServerSentEvent,
    split::{ItemSplitter, ItemText, Split},
};
use crate::{
    call::Call,
    error::{Error, ErrorKind},
    future::BoxFuture,
    json::DecodeError,
    limits::{DecodeLimits, LimitGuard},
    operation::CallTarget,
    raw_response::RawResponse,
    response::Response,
    send::StreamedResponse,
    stream::ByteStream,
    stream_format::StreamFormat,
};

/// A response that is a stream of items: server-sent events, JSON lines or JSON text sequences.
///
/// Each item is decoded when it arrives. An item that can't be decoded or that is larger than the
/// client's [`response_limit`](crate::ClientBuilder::response_limit) is an error, after which the
/// stream goes on; after an error of the connection it ends. At most one item is held in memory.
///
/// The stream may take any time, but each read must complete within the client's
/// [`timeout`](crate::ClientBuilder::timeout); comments that a server sends to keep the connection
/// alive count as reads.
pub struct EventStream<T> {
    core: StreamCore,
    decode: DecodeItem<T>,
}

/// The parts that don't depend on the type of the items.
struct StreamCore {
    format: StreamFormat,
    /// `None` at the end.
    source: Option<ByteStream>,
    chunk: Bytes,
    splitter: ItemSplitter,
    /// The response without its body.
    head: RawResponse,
    target: CallTarget,
    attempts: u32,
    limit: usize,
    undeclared_limit: usize,
    /// The number of items so far.
    count: u64,
    sentinel: Option<String>,
    last: Option<ServerSentEvent>,
    last_event_id: Option<String>,
    /// `None` if the request can't be repeated.
    reconnection: Option<Reconnection>,
    connecting: Option<BoxFuture<Result<Option<StreamedResponse>, Error>>>,
}

impl<T> EventStream<T> {
    /// Ends the stream at an item with this text, which isn't JSON: `[DONE]` in many APIs.
    #[must_use]
    pub fn until(mut self, sentinel: impl Into<String>) -> Self {
        self.core.sentinel = Some(sentinel.into());
        self
    }

    /// Reconnects when the connection ends or breaks: sends the request again, with the id of the
    /// last event in `Last-Event-ID`, after the delay that the server asked for (`retry`), or 3
    /// seconds. Gives up after `attempts` connections in a row without an event, at a response
    /// that is an error, and at the status 204.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Request`](crate::ErrorKind::Request) if the stream can't be continued: its
    /// request isn't a GET, or the items aren't server-sent events.
    pub fn reconnect(mut self, attempts: u32) -> Result<Self, Error> {
        let Some(reconnection) = &mut self.core.reconnection else {
            let reason = "only a GET of server-sent events can be repeated";
            return Err(self.core.target.not_sent(reason));
        };
        reconnection.allow(attempts);
        Ok(self)
    }

    /// Returns the event of the last item, with its type and id; `None` for other formats.
    pub fn last_event(&self) -> Option<&ServerSentEvent> {
        self.core.last.as_ref()
    }

    /// Returns the id of the last event that had one. Send it in the header `Last-Event-ID` to
    /// continue there.
    pub fn last_event_id(&self) -> Option<&str> {
        self.core.last_event_id.as_deref()
    }
}

impl<T> Stream for EventStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let item = match ready!(this.core.poll_item(cx)) {
            Some(Ok(item)) => item,
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            None => return Poll::Ready(None),
        };
        let (decode, core) = (this.decode, &mut this.core);
        let limits = DecodeLimits { unknown: core.undeclared_limit, body: core.limit, end: None };
        let guard = LimitGuard::new(limits);
        let decoded = decode(core.format, &item);
        let exceeded = guard.exceeded();
        drop(guard);
        let outcome = match (decoded, exceeded) {
            (Ok(value), _) => Ok(value),
            (Err(_), Some(exceeded)) => {
                Err(core.item_error(ErrorKind::TooLarge, &exceeded.to_string(), &item))
            }
            (Err(DecodeError(reason)), None) => {
                let kind = match item {
                    ItemText::TooLarge(_) => ErrorKind::TooLarge,
                    _ => ErrorKind::Decode,
                };
                Err(core.item_error(kind, &reason, &item))
            }
        };
        if let ItemText::Event(event) = item {
            core.last = Some(event);
        }
        Poll::Ready(Some(outcome))
    }
}

impl StreamCore {
    /// Polls the text of the next item.
    fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<ItemText, Error>>> {
        loop {
            if let Some(connecting) = &mut self.connecting {
                let opened = ready!(connecting.as_mut().poll(cx));
                self.connecting = None;
                match opened {
                    Ok(Some(opened)) => self.restart(opened),
                    Ok(None) => return Poll::Ready(None),
                    Err(error) => {
                        // Without a response, the next attempt may succeed.
                        if error.status().is_some() || !self.begin_reconnection() {
                            return Poll::Ready(Some(Err(error)));
                        }
                        continue;
                    }
                }
            }
            while let Some(split) = self.splitter.next(&mut self.chunk) {
                if let Some(item) = self.accept(split) {
                    return Poll::Ready(item.map(Ok));
                }
            }
            let Some(source) = &mut self.source else { return Poll::Ready(None) };
            match ready!(source.poll_next_unpin(cx)) {
                Some(Ok(chunk)) => self.chunk = chunk,
                Some(Err(error)) => {
                    self.source = None;
                    if !self.begin_reconnection() {
                        return Poll::Ready(Some(Err(error)));
                    }
                }
                None => {
                    self.source = None;
                    let rest = self.splitter.finish();
                    if let Some(item) = rest.and_then(|split| self.accept(split)) {
                        return Poll::Ready(item.map(Ok));
                    }
                    if !self.begin_reconnection() {
                        return Poll::Ready(None);
                    }
                }
            }
        }
    }

    /// Records what an event sets. Returns `Some(None)` at the sentinel, and `None` if there is no
    /// item.
    fn accept(&mut self, split: Split) -> Option<Option<ItemText>> {
        let event = match &split {
            Split::Settings(event)
            | Split::Item(ItemText::Event(event) | ItemText::TooLarge(event)) => Some(event),
            Split::Item(_) => None,
        };
        if let Some(event) = event {
            if let Some(id) = &event.id {
                self.last_event_id = Some(id.clone()).filter(|id| !id.is_empty());
            }
            if let (Some(reconnection), Some(delay)) = (&mut self.reconnection, event.retry_delay())
            {
                reconnection.set_delay(delay);
            }
        }
        let Split::Item(item) = split else { return None };
        self.count += 1;
        // One that is too large may come again and again.
        if let (Some(reconnection), ItemText::Json(_) | ItemText::Event(_)) =
            (&mut self.reconnection, &item)
        {
            reconnection.reset();
        }
        let is_sentinel = self.sentinel.as_ref().is_some_and(|sentinel| match &item {
            ItemText::Json(text) => text.trim_ascii() == sentinel.as_bytes(),
            ItemText::Event(event) => event.data.trim() == sentinel,
            ItemText::TooLarge(_) => false,
        });
        if is_sentinel {
            (self.source, self.chunk) = (None, Bytes::new());
            self.reconnection = None;
            return Some(None);
        }
        Some(Some(item))
    }

    /// Whether the stream goes on with another connection.
    fn begin_reconnection(&mut self) -> bool {
        let id = self.last_event_id.as_deref();
        self.connecting = self.reconnection.as_mut().and_then(|one| one.connect(id));
        self.connecting.is_some()
    }

    fn restart(&mut self, opened: StreamedResponse) {
        (self.head, self.attempts) = (opened.raw, opened.attempts);
        self.source = Some(opened.body);
        self.splitter = ItemSplitter::new(self.format, self.limit);
        self.chunk = Bytes::new();
    }

    /// The error of one item, with its text.
    fn item_error(&self, kind: ErrorKind, reason: &str, item: &ItemText) -> Error {
        let body = match item {
            ItemText::Json(text) => Bytes::copy_from_slice(text),
            ItemText::Event(event) => Bytes::copy_from_slice(event.data.as_bytes()),
            ItemText::TooLarge(_) => Bytes::new(),
        };
        let reason = match kind {
            ErrorKind::TooLarge if body.is_empty() => {
                format!("it is larger than the limit of {} bytes (`response_limit`)", self.limit)
            }
            _ => reason.to_owned(),
        };
        let reason = format!("item {}: {reason}", self.count);
        let RawResponse { status, headers, url, .. } = &self.head;
        let (status, headers, url) = (*status, headers.clone(), url.clone());
        let raw = RawResponse { status, headers, url, body };
        let error = Error::invalid_body(kind, &reason, raw, &self.target.mask);
        self.target.describe(error).with_attempts(self.attempts)
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream")
            .field("format", &self.core.format)
            .field("items", &self.core.count)
            .finish_non_exhaustive()
    }
}

/// Sends a call, and returns the body of a success as a stream of items.
pub fn events<T: DeserializeOwned + 'static>(
    call: Result<Call, Error>,
    format: StreamFormat,
) -> BoxFuture<Result<Response<EventStream<T>>, Error>> {
    Box::pin(async move {
        let core = call?.open_items(format).await?;
        let (status, headers) = (core.head.status, core.head.headers.clone());
        Ok(Response::new(EventStream { core, decode: item::decode::<T> }, status, headers))
    })
}

impl Call {
    async fn open_items(self, format: StreamFormat) -> Result<StreamCore, Error> {
        let can_repeat = format.is_events() && self.request.method() == Method::GET;
        let repeated = can_repeat.then(|| self.try_clone()).flatten();
        let target = self.target.clone();
        let settings = self.client.settings();
        let (limit, undeclared_limit) = (settings.response_limit, settings.undeclared_limit);
        let opened = self.open(format).await?;
        Ok(StreamCore {
            format,
            source: Some(opened.body),
            chunk: Bytes::new(),
            splitter: ItemSplitter::new(format, limit),
            head: opened.raw,
            target,
            attempts: opened.attempts,
            limit,
            undeclared_limit,
            count: 0,
            sentinel: None,
            last: None,
            last_event_id: None,
            reconnection: repeated.map(|call| Reconnection::new(call, format)),
            connecting: None,
        })
    }
}
