//! Recorded requests and responses.

use bytes::Bytes;
use serde_json::Value;

use crate::{bodies::Upload, parameters::ParameterValues, validator::Violation};

/// A request that the mock received, and its response.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The `operationId`; `None` if no operation matched the request.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path as received, percent-encoded.
    pub path: String,
    /// The query as received, without `?`; empty if there was none.
    pub query: String,
    /// The request headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The request body as received.
    pub body: Bytes,
    /// The decoded parameters, by location and name.
    pub parameters: ParameterValues,
    /// The decoded request body; `None` if it is absent, binary or can't be decoded.
    pub body_value: Option<Value>,
    /// The parts of a multipart request body.
    pub uploads: Vec<Upload>,
    /// The violations of the document in the request.
    pub violations: Vec<Violation>,
    /// The reason why the mock could not validate the request or build the documented response.
    pub mock_error: Option<String>,
    /// The response; `None` if the connection was closed without one.
    pub response: Option<SentResponse>,
}

/// A response as the mock sent it.
#[derive(Clone, Debug)]
pub struct SentResponse {
    /// The status code.
    pub status: u16,
    /// The response headers.
    pub headers: Vec<(String, String)>,
    /// The response body.
    pub body: Bytes,
}

impl Exchange {
    /// Returns the decoded value of a parameter, the first of this name in path, query, header and
    /// cookies.
    pub fn parameter(&self, name: &str) -> Option<&Value> {
        self.parameters.iter().find(|((_, own), _)| own == name).map(|(_, value)| value)
    }

    /// Returns the first value of a request header.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

impl SentResponse {
    /// Returns the first value of a response header.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// Decodes the body as JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}
