//! What was asked and answered, for tests to read.

use bytes::Bytes;
use serde_json::Value;

use crate::{bodies::Upload, parameters::Values, validator::Violation};

/// A request and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The operation's id; `None` if no operation was meant.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The query as it was sent; empty if there was none.
    pub query: String,
    /// The headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body as it was sent.
    pub body: Bytes,
    /// The parameters as values, by location and name.
    pub parameters: Values,
    /// The body as a value, if it has one.
    pub value: Option<Value>,
    /// The parts of a multipart body.
    pub uploads: Vec<Upload>,
    /// How the request breaks the document.
    pub violations: Vec<Violation>,
    /// How the server failed to answer as the document says.
    pub fault: Option<String>,
    /// The answer; `None` if the connection was broken.
    pub answer: Option<Sent>,
}

/// An answer that was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Bytes,
}

impl Exchange {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

impl Sent {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The body as JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}
