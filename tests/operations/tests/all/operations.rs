//! Calls of every operation of the vendored document against openapi-mock, with minimal and full
//! values, for several seeds.

use asteroid_agents::{Client, RetryPolicy};
use openapi_document::{Operation, operation::Location};
use openapi_mock::{Api, Exchange, Fill, MockResponse, MockServer, ParameterValues};
use operations::{CallArguments, CallOutcome};
use serde_json::{Map, Value};

use crate::json_difference::difference;

const SEEDS: u64 = 5;

fn mock() -> (MockServer, Client) {
    let api = Api::parse(include_str!("../../../../spec/openapi.yaml")).expect("the document");
    let mock = MockServer::start(api).expect("a server");
    let client = Client::builder()
        .api_key("any key will do")
        .base_url(mock.url())
        // A documented 503 is tested, not retried.
        .retry(RetryPolicy::none())
        .build()
        .expect("a client");
    (mock, client)
}

/// Generates the arguments of a call.
fn arguments(api: &Api, operation: &Operation, seed: u64, fill: Fill) -> CallArguments {
    let mut arguments = CallArguments::default();
    let wanted = |required: bool| required || fill == Fill::Full;
    for parameter in operation.parameters.iter().filter(|p| wanted(p.required)) {
        let sendable = |value: &Value| match (parameter.location, value) {
            // An empty segment would make another path (RFC 3986, section 3.3).
            (Location::Path, Value::String(text)) => !text.is_empty(),
            (Location::Header, Value::String(text)) => {
                text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && text.trim() == text
            }
            // An empty array isn't sent.
            (_, Value::Array(items)) => !items.is_empty(),
            _ => true,
        };
        let value = api.instances().generate_matching(&parameter.schema, seed, fill, sendable);
        let value = value.unwrap_or_else(|error| panic!("{}: {error}", operation.id)).value;
        arguments.parameters.insert((parameter.location, parameter.name.clone()), value);
    }
    if let Some(body) = operation.body.as_ref().filter(|body| wanted(body.required)) {
        let content = &body.content[0];
        let schema = content.schema.as_deref().expect("a schema");
        // An empty array of required files would be sent as no part at all.
        let has_parts = |value: &Value| match value.as_object() {
            Some(parts) if content.media_type == "multipart/form-data" => {
                parts.values().all(|part| part.as_array().is_none_or(|items| !items.is_empty()))
            }
            _ => true,
        };
        let fill = if content.media_type == "multipart/form-data" { Fill::Full } else { fill };
        let value = api.instances().generate_matching(schema, seed, fill, has_parts);
        let value = value.unwrap_or_else(|error| panic!("{}: {error}", operation.id)).value;
        if content.media_type == "multipart/form-data" {
            for (name, value) in value.as_object().into_iter().flatten() {
                match value {
                    Value::Array(items) => {
                        arguments
                            .parts
                            .extend(items.iter().map(|item| (name.clone(), item.clone())));
                    }
                    scalar => arguments.parts.push((name.clone(), scalar.clone())),
                }
            }
        } else {
            arguments.body = Some(value);
        }
    }
    arguments
}

/// Checks that the mock has received the arguments, without violations.
fn check_request(
    operation: &Operation,
    arguments: &CallArguments,
    exchange: &Exchange,
) -> Result<(), String> {
    if exchange.operation.as_deref() != Some(operation.id.as_str()) {
        return Err(format!("{} {} is another operation", exchange.method, exchange.path));
    }
    if let Some(violation) = exchange.violations.first() {
        return Err(format!("violation: {violation}"));
    }
    if let Some(error) = &exchange.mock_error {
        return Err(format!("the mock failed: {error}"));
    }
    let parameters = |values: &ParameterValues| -> Value {
        let all = values.iter().map(|((location, name), value)| {
            (format!("{} {name}", location.name()), value.clone())
        });
        all.collect::<Map<_, _>>().into()
    };
    let body = |value: &Option<Value>| value.clone().unwrap_or_default();
    let difference =
        difference(&parameters(&arguments.parameters), &parameters(&exchange.parameters), "")
            .or_else(|| match &arguments.body {
                None => exchange
                    .body_value
                    .as_ref()
                    .filter(|_| arguments.parts.is_empty())
                    .map(|v| format!("{v}")),
                Some(_) => difference(&body(&arguments.body), &body(&exchange.body_value), "body"),
            });
    match difference {
        Some(difference) => Err(format!("request: {difference}")),
        None => Ok(()),
    }
}

/// Checks that the call has returned the response as the mock sent it.
fn check_response(outcome: &CallOutcome, exchange: &Exchange) -> Result<(), String> {
    let sent = exchange.response.as_ref().ok_or("no response was sent")?;
    let (status, value) = match outcome {
        CallOutcome::Success(status, value) => (*status, Some(value)),
        CallOutcome::ApiError(status, value) => (*status, value.as_ref()),
        CallOutcome::Failed(error) => return Err(format!("{error}")),
    };
    if status != sent.status {
        return Err(format!("status {} became {status}", sent.status));
    }
    let body = match sent.header("content-type") {
        Some("application/json") => sent.json().unwrap_or_default(),
        Some(_) => Value::from(String::from_utf8_lossy(&sent.body)),
        None if (300..400).contains(&status) => Value::from(sent.header("location")),
        None => Value::Null,
    };
    let value = value.ok_or("the error has no typed body")?;
    difference(&body, value, "").map_or(Ok(()), |difference| Err(format!("response: {difference}")))
}

/// Calls an operation and checks the request and the response.
async fn check_call(
    mock: &MockServer,
    client: &Client,
    operation: &Operation,
    arguments: &CallArguments,
) -> Result<(), String> {
    mock.take_exchanges();
    let call =
        operations::call(client, &operation.id, arguments).ok_or("no caller was generated")?;
    let outcome = call.await;
    let exchanges = mock.take_exchanges();
    let [exchange] = exchanges.as_slice() else {
        return Err(format!("{} requests were sent: {outcome:?}", exchanges.len()));
    };
    check_request(operation, arguments, exchange)?;
    check_response(&outcome, exchange)
}

#[tokio::test]
async fn every_operation_sends_its_arguments_and_decodes_its_responses() {
    let (mock, client) = mock();
    let mut failures = Vec::new();
    let (mut calls, mut statuses) = (0, 0);
    for operation in mock.api().operations() {
        for seed in 0..SEEDS {
            mock.set_seed(seed);
            for fill in [Fill::Minimal, Fill::Full] {
                mock.set_fill(fill);
                let arguments = arguments(mock.api(), operation, seed, fill);
                calls += 1;
                if let Err(error) = check_call(&mock, &client, operation, &arguments).await {
                    failures.push(format!("{} (seed {seed}, {fill:?}): {error}", operation.id));
                }
            }
        }
        let arguments = arguments(mock.api(), operation, 0, Fill::Minimal);
        for response in &operation.responses {
            for seed in 0..SEEDS {
                mock.set_seed(seed);
                mock.set_fill(if seed % 2 == 0 { Fill::Full } else { Fill::Minimal });
                mock.respond_once(&operation.id, MockResponse::status(response.code()));
                calls += 1;
                if let Err(error) = check_call(&mock, &client, operation, &arguments).await {
                    failures.push(format!("{} ({}): {error}", operation.id, response.status));
                }
            }
            statuses += 1;
        }
    }
    let operations = mock.api().operations().len();
    println!("{operations} operations, {calls} calls, {statuses} documented statuses");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
