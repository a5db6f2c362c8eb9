//! Formats of item streams.

/// The format of a response that is a stream of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamFormat {
    /// `text/event-stream`, where the data of each event is an item as JSON.
    EventData,
    /// `text/event-stream`, where the data of each event is an item as text.
    EventText,
    /// `text/event-stream`, where an item is an object with the properties `event`, `data`, `id`
    /// and `retry` of an event. `data` is JSON if it can be, and text otherwise.
    Event,
    /// `text/event-stream`, likewise, where `data` is text.
    TextEvent,
    /// One JSON value per line: `application/jsonl`, `application/x-ndjson` and the like.
    JsonLines,
    /// JSON text sequences (RFC 7464): `application/json-seq`.
    JsonSequence,
}

impl StreamFormat {
    pub(crate) fn is_events(self) -> bool {
        matches!(self, Self::EventData | Self::EventText | Self::Event | Self::TextEvent)
    }

    /// Whether a response of this media type, in lowercase, can be read.
    pub(crate) fn accepts(self, essence: &str) -> bool {
        if self.is_events() {
            return essence == "text/event-stream";
        }
        let subtype = essence.split_once('/').map_or("", |(_, subtype)| subtype);
        // Servers often send lines as plain text, or as what a single line is.
        subtype.contains("json")
            || ["plain", "octet-stream"].contains(&subtype)
            || essence == "text/event-stream"
    }
}
