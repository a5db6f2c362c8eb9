//! What is answered: an instance of what the document says, or what a test asks for.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Map, Value};

/// An answer to be given: by default the first documented success, as an instance of its schema.
#[derive(Clone, Debug, Default)]
pub struct MockResponse {
    pub(crate) status: Option<u16>,
    pub(crate) body: Option<Bytes>,
    pub(crate) content_type: Option<String>,
    pub(crate) patches: Vec<(String, Value)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) delay: Duration,
    pub(crate) broken_after: Option<usize>,
}

impl MockResponse {
    /// The documented success.
    pub fn new() -> Self {
        Self::default()
    }

    /// A status; its body is as documented, or empty.
    pub fn status(status: u16) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// A connection that ends without an answer.
    pub fn broken() -> Self {
        Self { broken_after: Some(0), ..Self::default() }
    }

    /// Puts a value into the documented body, at a JSON pointer; missing members are built.
    pub fn with(mut self, pointer: impl Into<String>, value: impl Into<Value>) -> Self {
        self.patches.push((pointer.into(), value.into()));
        self
    }

    /// A JSON body, whatever the document says.
    pub fn json(self, body: &Value) -> Self {
        self.body(body.to_string(), "application/json")
    }

    /// A body, whatever the document says.
    pub fn body(mut self, body: impl Into<Bytes>, content_type: &str) -> Self {
        self.body = Some(body.into());
        self.content_type = Some(content_type.to_owned());
        self
    }

    /// A header more.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Waits before it answers.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The connection ends after this many bytes of the body.
    pub fn broken_after(mut self, bytes: usize) -> Self {
        self.broken_after = Some(bytes);
        self
    }

    /// `body` with this answer's values in it.
    pub(crate) fn patched(&self, mut body: Value) -> Value {
        for (pointer, value) in &self.patches {
            put(&mut body, pointer, value.clone());
        }
        body
    }
}

/// Puts a value where a JSON pointer leads; objects on the way are built, arrays aren't extended.
fn put(body: &mut Value, pointer: &str, value: Value) {
    let mut here = body;
    for key in pointer.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        if let Value::Array(items) = here {
            let Some(item) = key.parse().ok().and_then(|index: usize| items.get_mut(index)) else {
                return;
            };
            here = item;
            continue;
        }
        if !here.is_object() {
            *here = Value::Object(Map::new());
        }
        let Value::Object(map) = here else { return };
        here = map.entry(key).or_insert(Value::Null);
    }
    *here = value;
}
