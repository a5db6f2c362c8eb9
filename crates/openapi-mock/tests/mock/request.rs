//! Encoding of requests from parameter and body values: the inverse of what the mock does.

use openapi_mock::{Api, Exchange, Fill, Location, MockServer, Operation, ParameterValues};
use serde_json::Value;

/// The values of a request.
#[derive(Clone, Debug, Default)]
pub struct RequestValues {
    pub parameters: ParameterValues,
    pub body: Option<Value>,
}

/// A response, with the exchange that the mock recorded.
pub struct RecordedResponse {
    pub status: u16,
    pub body: String,
    pub exchange: Exchange,
}

impl RecordedResponse {
    /// Returns the texts in the body: the string properties of a JSON object, or the body itself.
    pub fn message(&self) -> String {
        match serde_json::from_str::<Value>(&self.body) {
            Ok(Value::Object(map)) => {
                map.values().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
            }
            _ => self.body.clone(),
        }
    }

    /// Returns the keywords of the recorded violations.
    pub fn keywords(&self) -> Vec<&str> {
        self.exchange.violations.iter().map(|violation| violation.keyword.as_str()).collect()
    }
}

/// Generates a valid request with all parameters and a full body.
pub fn valid(api: &Api, operation: &Operation, seed: u64) -> RequestValues {
    let mut values = RequestValues::default();
    for parameter in &operation.parameters {
        let sendable = |value: &Value| match value {
            Value::String(text) => !text.is_empty() && text.is_ascii(),
            Value::Array(items) => !items.is_empty(),
            _ => true,
        };
        let instance =
            api.instances().generate_matching(&parameter.schema, seed, Fill::Full, sendable);
        let value = instance.expect("an instance").value;
        values.parameters.insert((parameter.location, parameter.name.clone()), value);
    }
    if let Some(content) = operation.body.as_ref().map(|body| &body.content[0])
        && content.media_type == "application/json"
    {
        let schema = content.schema.as_deref().expect("a schema");
        let body = api.instances().generate(schema, seed, Fill::Full);
        values.body = Some(body.expect("an instance"));
    }
    values
}

fn percent_encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

fn to_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Returns a client that follows no redirects.
pub fn client() -> reqwest::Client {
    // Fails in all tests but the first, which has installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.build().expect("a client")
}

/// Builds the request of an operation, without its body.
fn request(
    mock: &MockServer,
    operation: &Operation,
    values: &RequestValues,
) -> reqwest::RequestBuilder {
    let mut path = operation.path.clone();
    let mut query = Vec::new();
    let mut headers = Vec::new();
    for ((location, name), value) in &values.parameters {
        match location {
            Location::Path => {
                path = path.replace(&format!("{{{name}}}"), &percent_encode(&to_text(value)));
            }
            Location::Header => headers.push((name.clone(), to_text(value))),
            Location::Querystring => panic!("no document of these tests has one: {name}"),
            Location::Cookie => headers.push(("cookie".to_owned(), format!("{name}={value}"))),
            Location::Query => match value {
                Value::Array(items) => {
                    query.extend(items.iter().map(|item| (name, percent_encode(&to_text(item)))));
                }
                scalar => query.push((name, percent_encode(&to_text(scalar)))),
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

/// Sends the request of an operation, with its body.
pub async fn send(
    mock: &MockServer,
    operation: &Operation,
    values: &RequestValues,
) -> RecordedResponse {
    let mut request = request(mock, operation, values);
    if let Some(body) = &values.body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    execute(mock, request).await
}

/// Sends a request as it is.
pub async fn execute(mock: &MockServer, request: reqwest::RequestBuilder) -> RecordedResponse {
    mock.take_exchanges();
    let response = request.send().await.expect("a response");
    let status = response.status().as_u16();
    let body = response.text().await.expect("a body");
    let exchange = mock.take_exchanges().pop().expect("an exchange");
    RecordedResponse { status, body, exchange }
}
