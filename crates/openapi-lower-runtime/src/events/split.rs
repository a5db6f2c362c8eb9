//! Splitting of bodies into items.

use bytes::Bytes;

use super::{
    lines::{Line, LineSplitter, Separator},
    server_sent::{EventParser, Parsed, ServerSentEvent},
};
use crate::stream_format::StreamFormat;

/// The text of an item.
#[derive(Debug)]
pub(crate) enum ItemText {
    /// JSON.
    Json(Vec<u8>),
    Event(ServerSentEvent),
    /// An item that was larger than the limit, and isn't kept; of an event, the rest is.
    TooLarge(ServerSentEvent),
}

/// A piece of a body.
#[derive(Debug)]
pub(crate) enum Split {
    Item(ItemText),
    /// The id and the delay of an event without data.
    Settings(ServerSentEvent),
}

/// Splits a body into items.
#[derive(Debug)]
pub(crate) struct ItemSplitter {
    lines: LineSplitter,
    /// The parser of events; `None` if each line is an item.
    events: Option<EventParser>,
}

impl ItemSplitter {
    /// Creates a splitter of items of up to `limit` bytes.
    pub(crate) fn new(format: StreamFormat, limit: usize) -> Self {
        let separator = match format {
            StreamFormat::JsonLines => Separator::LineFeed,
            StreamFormat::JsonSequence => Separator::Record,
            _ => Separator::AnyLineEnd,
        };
        let events = format.is_events().then(|| EventParser::new(limit));
        Self { lines: LineSplitter::new(separator, limit), events }
    }

    /// Takes the next item from `chunk`. `None` if the chunk is used up.
    pub(crate) fn next(&mut self, chunk: &mut Bytes) -> Option<Split> {
        while let Some(line) = self.lines.next_line(chunk) {
            if let Some(item) = self.read(line) {
                return Some(item);
            }
        }
        None
    }

    /// Takes the item after the last separator. An event without an empty line behind it is
    /// incomplete, and none.
    pub(crate) fn finish(&mut self) -> Option<Split> {
        match self.events {
            Some(_) => None,
            None => self.lines.take_rest().and_then(|line| self.read(line)),
        }
    }

    fn read(&mut self, line: Line) -> Option<Split> {
        let Some(events) = &mut self.events else {
            return match line {
                Line::TooLong => Some(Split::Item(ItemText::TooLarge(ServerSentEvent::default()))),
                Line::Text(text) if is_blank(&text) => None,
                Line::Text(text) => Some(Split::Item(ItemText::Json(text))),
            };
        };
        match events.parse(line) {
            Parsed::Event(event) => Some(Split::Item(ItemText::Event(event))),
            Parsed::Settings(event) => Some(Split::Settings(event)),
            Parsed::TooLarge(event) => Some(Split::Item(ItemText::TooLarge(event))),
            Parsed::Incomplete => None,
        }
    }
}

/// Whether a line is white space, or the byte order mark of an empty body.
fn is_blank(text: &[u8]) -> bool {
    crate::charset::without_mark(text).iter().all(u8::is_ascii_whitespace)
}
