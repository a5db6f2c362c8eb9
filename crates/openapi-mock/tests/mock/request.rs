//! Requests, written as OpenAPI says: the other direction of what the mock reads.

use std::collections::BTreeMap;

use openapi_mock::{Api, Exchange, Fill, Location, MockApi, Operation};
use serde_json::Value;

/// What a request says.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub parameters: BTreeMap<(Location, String), Value>,
    pub body: Option<Value>,
}

/// An answer, and what the mock noted of its request.
pub struct Heard {
    pub status: u16,
    pub body: String,
    pub exchange: Exchange,
}

impl Heard {
    /// What the body says, as JSON or as text.
    pub fn said(&self) -> String {
        match serde_json::from_str::<Value>(&self.body) {
            Ok(Value::Object(map)) => {
                map.values().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
            }
            _ => self.body.clone(),
        }
    }
}

/// A request that breaks nothing, with everything set.
pub fn valid(api: &Api, operation: &Operation, seed: u64) -> Said {
    let mut said = Said::default();
    for parameter in &operation.parameters {
        let sendable = |value: &Value| match value {
            Value::String(text) => !text.is_empty() && text.is_ascii(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        };
        let value = api.instances().draw(&parameter.schema, seed, Fill::Full, sendable);
        let value = value.expect("an instance").value;
        said.parameters.insert((parameter.location, parameter.name.clone()), value);
    }
    if let Some(content) = operation.body.as_ref().map(|body| &body.content[0])
        && content.media_type == "application/json"
    {
        let schema = content.schema.as_deref().expect("a schema");
        said.body = Some(api.instances().of(schema, seed, Fill::Full).expect("an instance"));
    }
    said
}

fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A client that follows no redirects.
pub fn client() -> reqwest::Client {
    // The first of many may install it; the others find it there.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.build().expect("a client")
}

/// The request of an operation, up to its body.
pub fn request(mock: &MockApi, operation: &Operation, said: &Said) -> reqwest::RequestBuilder {
    let mut path = operation.path.clone();
    let mut query = Vec::new();
    let mut headers = Vec::new();
    for ((location, name), value) in &said.parameters {
        match location {
            Location::Path => {
                path = path.replace(&format!("{{{name}}}"), &encode(&plain(value)));
            }
            Location::Header => headers.push((name.clone(), plain(value))),
            Location::Cookie => headers.push(("cookie".to_owned(), format!("{name}={value}"))),
            Location::Query => match value {
                Value::Array(items) => {
                    query.extend(items.iter().map(|item| (name, encode(&plain(item)))));
                }
                one => query.push((name, encode(&plain(one)))),
            },
        }
    }
    let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let url = format!("{}{path}?{}", mock.url(), query.join("&"));
    let method = reqwest::Method::from_bytes(operation.method.as_bytes()).expect("a method");
    let mut request = client().request(method, url).header("X-Asteroid-Agents-Api-Key", "any");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request
}

/// Sends it, with the body.
pub async fn send(mock: &MockApi, operation: &Operation, said: &Said) -> Heard {
    let mut request = request(mock, operation, said);
    if let Some(body) = &said.body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    hear(mock, request).await
}

/// Sends a request as it is.
pub async fn hear(mock: &MockApi, request: reqwest::RequestBuilder) -> Heard {
    mock.take_exchanges();
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let body = response.text().await.expect("a body");
    let exchange = mock.take_exchanges().pop().expect("an exchange");
    Heard { status, body, exchange }
}
