//! Decoding of the parameters of a request.

use std::collections::BTreeMap;

use openapi_document::{
    Document, Operation,
    operation::{Location, Parameter},
};
use serde_json::Value;

use crate::{
    forms::{FORM, decode_pairs},
    parameter_decoder::{ParameterDecoder, parse_json, percent_decode, trimmed},
    query_pairs::QueryPairs,
    validator::Violation,
};

/// The parts of a request that carry parameters.
#[derive(Debug)]
pub(crate) struct RawParameters<'a> {
    /// The values of the path template, percent-encoded.
    pub(crate) path: &'a [(String, String)],
    /// The query as received.
    pub(crate) query: &'a str,
    pub(crate) headers: &'a hyper::HeaderMap,
}

/// Decoded parameters, by location and name.
pub type ParameterValues = BTreeMap<(Location, String), Value>;

/// Decodes all parameters of an operation.
///
/// Missing required parameters and undeclared query parameters are violations, except the names in
/// `query_keys`, which carry API keys.
pub(crate) fn decode(
    document: &Document,
    operation: &Operation,
    raw: &RawParameters<'_>,
    query_keys: &[String],
) -> (ParameterValues, Vec<Violation>) {
    let mut values = ParameterValues::new();
    let mut violations = Vec::new();
    let mut query = QueryPairs::parse(raw.query);
    let cookies = parse_cookies(raw.headers);
    for parameter in &operation.parameters {
        let name = &parameter.name;
        let value = match parameter.location {
            Location::Path => {
                let sent = raw.path.iter().find(|(sent, _)| sent == name);
                sent.map(|(_, text)| ParameterDecoder::new(document, parameter).path(text))
            }
            Location::Query => {
                let decoder = ParameterDecoder::new(document, parameter);
                if decoder.has_single_value() && query.count(name) > 1 {
                    let message = "sent more than once";
                    violations.push(Violation::new(describe(parameter), "number", message));
                }
                decoder.query(&mut query)
            }
            Location::Querystring => {
                let sent = query.take_all(query_keys);
                (!sent.is_empty()).then(|| decode_querystring(document, parameter, sent))
            }
            Location::Header => {
                let lines = raw.headers.get_all(name.as_str()).into_iter();
                let lines: Vec<_> = lines
                    .map(|line| String::from_utf8_lossy(line.as_bytes()).into_owned())
                    .collect();
                // Declarations of these are ignored (OpenAPI 3.1, "Parameter Object").
                let ignored = ["accept", "content-type", "authorization"];
                if ignored.contains(&name.to_ascii_lowercase().as_str()) || lines.is_empty() {
                    None
                } else {
                    let decoder = ParameterDecoder::new(document, parameter);
                    Some(decoder.simple(&lines.join(","), ",", trimmed))
                }
            }
            Location::Cookie => ParameterDecoder::new(document, parameter).cookie(&cookies),
        };
        match value {
            Some(value) => drop(values.insert((parameter.location, name.clone()), value)),
            None if parameter.required => {
                violations.push(Violation::new(describe(parameter), "required", "missing"));
            }
            None => {}
        }
    }
    for name in query.unused(query_keys) {
        let message = "the operation declares no such query parameter";
        violations.push(Violation::new(format!("query parameter `{name}`"), "unknown", message));
    }
    (values, violations)
}

/// Decodes a whole query by the media type of its parameter: as a form, or as JSON or text that is
/// percent-encoded (OpenAPI 3.2, "Parameter Object").
fn decode_querystring(document: &Document, parameter: &Parameter, sent: QueryPairs) -> Value {
    match &parameter.content {
        Some(content) if content.media_type == FORM => decode_pairs(document, content, sent),
        _ => {
            let text = percent_decode(&sent.raw());
            if parameter.json { parse_json(&text) } else { text.into() }
        }
    }
}

/// Returns the name of a parameter in messages, such as ``query parameter `limit` ``.
pub(crate) fn describe(parameter: &Parameter) -> String {
    format!("{} parameter `{}`", parameter.location.name(), parameter.name)
}

/// Parses the `Cookie` headers into names and values (RFC 6265, section 4.2.1).
pub(crate) fn parse_cookies(headers: &hyper::HeaderMap) -> Vec<(String, String)> {
    let lines = headers.get_all("cookie").into_iter().filter_map(|line| line.to_str().ok());
    let pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
