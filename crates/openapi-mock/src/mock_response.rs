//! Responses that tests set.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Map, Value};

/// A response to send.
///
/// Whatever isn't set comes from the document: the first documented success status, with a
/// generated instance of its schema as the body.
#[derive(Clone, Debug, Default)]
pub struct MockResponse {
    pub(crate) status: Option<u16>,
    pub(crate) body: Option<Bytes>,
    pub(crate) content_type: Option<String>,
    /// The items of a sequence.
    pub(crate) items: Option<Vec<Value>>,
    /// JSON pointers into the body, with the values to set there.
    pub(crate) patches: Vec<(String, Value)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) delay: Duration,
    /// The time between two items of a sequence.
    pub(crate) interval: Duration,
    /// The number of body bytes to send before the connection closes.
    pub(crate) disconnect_after: Option<usize>,
}

impl MockResponse {
    /// Creates the documented success response.
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates the documented response for a status; its body is empty if none is documented.
    pub fn status(status: u16) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// Closes the connection without a response.
    pub fn disconnect() -> Self {
        Self { disconnect_after: Some(0), ..Self::default() }
    }

    /// Sets a value in the documented body, at a JSON pointer.
    ///
    /// Missing objects on the way are created; arrays aren't extended. The patched body isn't
    /// validated.
    pub fn with_value(mut self, pointer: impl Into<String>, value: impl Into<Value>) -> Self {
        self.patches.push((pointer.into(), value.into()));
        self
    }

    /// Sends this JSON body instead of the documented one.
    pub fn json(self, body: &Value) -> Self {
        self.body(body.to_string(), "application/json")
    }

    /// Sends this body instead of the documented one.
    pub fn body(mut self, body: impl Into<Bytes>, content_type: &str) -> Self {
        self.body = Some(body.into());
        self.content_type = Some(content_type.to_owned());
        self
    }

    /// Sends these items in the documented sequence: server-sent events, or JSON texts one after
    /// the other. They aren't validated.
    ///
    /// If the document describes the fields of events (`itemSchema`), a value that isn't an event
    /// is sent as the data of one.
    pub fn items(mut self, items: impl IntoIterator<Item = Value>) -> Self {
        self.items = Some(items.into_iter().collect());
        self
    }

    /// Waits this long before each item of a sequence but the first.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// Adds a response header.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Waits this long before the response is sent.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Closes the connection after this many bytes of the body.
    pub fn disconnect_after(mut self, bytes: usize) -> Self {
        self.disconnect_after = Some(bytes);
        self
    }

    /// Returns `body` with the values of [`MockResponse::with_value`] set.
    pub(crate) fn patched(&self, mut body: Value) -> Value {
        for (pointer, value) in &self.patches {
            set_at(&mut body, pointer, value.clone());
        }
        body
    }
}

/// Sets a value at a JSON pointer (RFC 6901); creates missing objects, doesn't extend arrays.
fn set_at(body: &mut Value, pointer: &str, value: Value) {
    let mut target = body;
    for key in pointer.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        if let Value::Array(items) = target {
            let Some(item) = key.parse().ok().and_then(|index: usize| items.get_mut(index)) else {
                return;
            };
            target = item;
            continue;
        }
        if !target.is_object() {
            *target = Value::Object(Map::new());
        }
        let Value::Object(map) = target else { return };
        target = map.entry(key).or_insert(Value::Null);
    }
    *target = value;
}
