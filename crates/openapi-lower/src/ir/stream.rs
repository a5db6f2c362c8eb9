//! Bodies that are series of items.

use serde_json::Value;

/// A body that is a series of items, each of which is read or written by itself.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ItemStream {
    /// The format.
    pub format: StreamFormat,
    /// The schema of an item; `None` for server-sent events that have none.
    pub schema: Option<Value>,
}

/// The format of a body that is a series of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamFormat {
    /// Server-sent events, where the data of each is an item as JSON.
    EventData,
    /// Server-sent events, where the data of each is an item as text.
    EventText,
    /// Server-sent events, where an item is an object with the properties of an event, whose `data`
    /// is JSON.
    Event,
    /// Server-sent events, likewise, where `data` is text.
    TextEvent,
    /// A JSON value per line.
    JsonLines,
    /// JSON text sequences (RFC 7464).
    JsonSequence,
}
