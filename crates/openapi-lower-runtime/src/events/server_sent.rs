//! Server-sent events (WHATWG HTML, section 9.2.6, "Interpreting an event stream").

use std::{mem, time::Duration};

use serde::Deserialize;

use super::lines::Line;

/// A server-sent event.
///
/// Comments aren't events. An event without `data` isn't delivered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ServerSentEvent {
    /// The type of the event; `None` if the server named none, which means `message`.
    #[serde(default)]
    pub event: Option<String>,
    /// The data; several lines are joined by line feeds.
    #[serde(default)]
    pub data: String,
    /// The id, by which the server can continue after a reconnection.
    #[serde(default)]
    pub id: Option<String>,
    /// The delay before a reconnection, in milliseconds.
    #[serde(default)]
    pub retry: Option<u64>,
}

impl ServerSentEvent {
    /// Returns the delay before a reconnection.
    pub(crate) fn retry_delay(&self) -> Option<Duration> {
        self.retry.map(Duration::from_millis)
    }
}

/// The outcome of a line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Parsed {
    /// The line completes an event.
    Event(ServerSentEvent),
    /// The line completes one without data, which only sets the id and the delay.
    Settings(ServerSentEvent),
    /// The line completes an event that was larger than the limit; its data isn't kept.
    TooLarge(ServerSentEvent),
    /// More lines are needed.
    Incomplete,
}

/// The event that is being received.
#[derive(Debug)]
pub(crate) struct EventParser {
    /// The maximum size of an event, in bytes.
    limit: usize,
    event: ServerSentEvent,
    has_data: bool,
    is_too_large: bool,
    /// Whether the next line is the first one, which may have a byte order mark.
    is_first: bool,
}

impl EventParser {
    pub(crate) fn new(limit: usize) -> Self {
        let event = ServerSentEvent::default();
        Self { limit, event, has_data: false, is_too_large: false, is_first: true }
    }

    /// Interprets a line.
    pub(crate) fn parse(&mut self, line: Line) -> Parsed {
        let Line::Text(line) = line else {
            self.is_first = false;
            self.is_too_large = true;
            return Parsed::Incomplete;
        };
        let mut line = line.as_slice();
        if mem::take(&mut self.is_first) {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        if line.is_empty() {
            return self.complete();
        }
        // A stream is UTF-8 always; invalid bytes are replaced.
        let line = String::from_utf8_lossy(line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.event.event = Some(value.to_owned()).filter(|name| !name.is_empty()),
            "data" => {
                if self.has_data {
                    self.event.data.push('\n');
                }
                self.has_data = true;
                self.event.data.push_str(value);
                if self.event.data.len() > self.limit {
                    self.is_too_large = true;
                    self.event.data = String::new();
                }
            }
            "id" if !value.contains('\0') => self.event.id = Some(value.to_owned()),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.event.retry = value.parse().ok();
            }
            // A comment, or a field of another name.
            _ => {}
        }
        Parsed::Incomplete
    }

    /// Completes the event at an empty line.
    fn complete(&mut self) -> Parsed {
        let event = mem::take(&mut self.event);
        let has_data = mem::take(&mut self.has_data);
        if mem::take(&mut self.is_too_large) {
            return Parsed::TooLarge(ServerSentEvent { data: String::new(), ..event });
        }
        if has_data { Parsed::Event(event) } else { Parsed::Settings(event) }
    }
}
