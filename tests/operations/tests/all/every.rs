//! Every operation of the vendored document against openapi-mock, in both fillings, for several seeds.

use asteroid_agents::{Client, RetryPolicy};
use openapi_document::{Operation, operation::Location};
use openapi_mock::{Api, Exchange, Fill, MockApi, MockResponse};
use operations::{Given, Outcome};
use serde_json::{Map, Value};

use crate::normal::difference;

const SEEDS: u64 = 5;

fn mock() -> (MockApi, Client) {
    let api = Api::parse(include_str!("../../../../spec/openapi.yaml")).expect("the document");
    let mock = MockApi::start(api).expect("a server");
    let client = Client::builder()
        .api_key("any key will do")
        .base_url(mock.url())
        // A documented 503 is an answer to look at.
        .retry(RetryPolicy::none())
        .build()
        .expect("a client");
    (mock, client)
}

/// What an operation is given: required parameters only, or all.
fn given(api: &Api, operation: &Operation, seed: u64, fill: Fill) -> Given {
    let mut given = Given::default();
    let wanted = |required: bool| required || fill == Fill::Full;
    for parameter in operation.parameters.iter().filter(|p| wanted(p.required)) {
        let sendable = |value: &Value| match (parameter.location, value) {
            // An empty segment is another path (RFC 3986, section 3.3).
            (Location::Path, Value::String(text)) => !text.is_empty(),
            (Location::Header, Value::String(text)) => {
                text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) && text.trim() == text
            }
            // A list of none isn't sent at all.
            (_, Value::Array(items)) => !items.is_empty(),
            _ => true,
        };
        let value = api.instances().draw(&parameter.schema, seed, fill, sendable);
        let value = value.unwrap_or_else(|error| panic!("{}: {error}", operation.id)).value;
        given.parameters.insert((parameter.location, parameter.name.clone()), value);
    }
    if let Some(body) = operation.body.as_ref().filter(|body| wanted(body.required)) {
        let content = &body.content[0];
        let schema = content.schema.as_deref().expect("a schema");
        // A list of files that must be there has one.
        let has_parts = |value: &Value| match value.as_object() {
            Some(parts) if content.media_type == "multipart/form-data" => {
                parts.values().all(|part| part.as_array().is_none_or(|items| !items.is_empty()))
            }
            _ => true,
        };
        let fill = if content.media_type == "multipart/form-data" { Fill::Full } else { fill };
        let value = api.instances().draw(schema, seed, fill, has_parts);
        let value = value.unwrap_or_else(|error| panic!("{}: {error}", operation.id)).value;
        if content.media_type == "multipart/form-data" {
            for (name, value) in value.as_object().into_iter().flatten() {
                match value {
                    Value::Array(items) => {
                        given.parts.extend(items.iter().map(|item| (name.clone(), item.clone())));
                    }
                    one => given.parts.push((name.clone(), one.clone())),
                }
            }
        } else {
            given.body = Some(value);
        }
    }
    given
}

/// The request as it arrived is the one that was given, and breaks nothing.
fn arrived(operation: &Operation, given: &Given, exchange: &Exchange) -> Result<(), String> {
    if exchange.operation.as_deref() != Some(operation.id.as_str()) {
        return Err(format!("{} {} is another operation", exchange.method, exchange.path));
    }
    if let Some(violation) = exchange.violations.first() {
        return Err(format!("violation: {violation}"));
    }
    if let Some(fault) = &exchange.fault {
        return Err(format!("the mock failed: {fault}"));
    }
    let parameters = |values: &openapi_mock::Values| -> Value {
        let all = values
            .iter()
            .map(|((place, name), value)| (format!("{} {name}", place.name()), value.clone()));
        all.collect::<Map<_, _>>().into()
    };
    let body = |value: &Option<Value>| value.clone().unwrap_or_default();
    let difference = difference(
        &parameters(&given.parameters),
        &parameters(&exchange.parameters),
        "",
    )
    .or_else(|| match &given.body {
        None => exchange.value.as_ref().filter(|_| given.parts.is_empty()).map(|v| format!("{v}")),
        Some(_) => difference(&body(&given.body), &body(&exchange.value), "body"),
    });
    match difference {
        Some(difference) => Err(format!("the request arrived differently: {difference}")),
        None => Ok(()),
    }
}

/// The answer was read as it was sent.
fn answered(outcome: &Outcome, exchange: &Exchange) -> Result<(), String> {
    let sent = exchange.answer.as_ref().ok_or("nothing was answered")?;
    let (status, value) = match outcome {
        Outcome::Success(status, value) => (*status, Some(value)),
        Outcome::Refused(status, value) => (*status, value.as_ref()),
        Outcome::Failed(error) => return Err(format!("{error}")),
    };
    if status != sent.status {
        return Err(format!("{} became {status}", sent.status));
    }
    let body = match sent.header("content-type") {
        Some("application/json") => sent.json().unwrap_or_default(),
        Some(_) => Value::from(String::from_utf8_lossy(&sent.body)),
        None if (300..400).contains(&status) => Value::from(sent.header("location")),
        None => Value::Null,
    };
    let value = value.ok_or("the error has no typed body")?;
    difference(&body, value, "").map_or(Ok(()), |difference| Err(format!("answer: {difference}")))
}

/// Calls and compares; the failures say which call it was.
async fn call(
    mock: &MockApi,
    client: &Client,
    operation: &Operation,
    given: &Given,
) -> Result<(), String> {
    mock.take_exchanges();
    let call = operations::call(client, &operation.id, given).ok_or("no caller was generated")?;
    let outcome = call.await;
    let exchanges = mock.take_exchanges();
    let [exchange] = exchanges.as_slice() else {
        return Err(format!("{} requests were sent: {outcome:?}", exchanges.len()));
    };
    arrived(operation, given, exchange)?;
    answered(&outcome, exchange)
}

#[tokio::test]
async fn every_operation_in_both_fillings() {
    let (mock, client) = mock();
    let mut failures = Vec::new();
    let (mut calls, mut statuses) = (0, 0);
    for operation in mock.api().operations() {
        for seed in 0..SEEDS {
            mock.seed(seed);
            for fill in [Fill::Minimal, Fill::Full] {
                mock.fill(fill);
                let given = given(mock.api(), operation, seed, fill);
                calls += 1;
                if let Err(why) = call(&mock, &client, operation, &given).await {
                    failures.push(format!("{} (seed {seed}, {fill:?}): {why}", operation.id));
                }
            }
        }
        let given = given(mock.api(), operation, 0, Fill::Minimal);
        for response in &operation.responses {
            for seed in 0..SEEDS {
                mock.seed(seed);
                mock.fill(if seed % 2 == 0 { Fill::Full } else { Fill::Minimal });
                mock.next(&operation.id, MockResponse::status(response.code()));
                calls += 1;
                if let Err(why) = call(&mock, &client, operation, &given).await {
                    failures.push(format!("{} ({}): {why}", operation.id, response.status));
                }
            }
            statuses += 1;
        }
    }
    let operations = mock.api().operations().len();
    println!("{operations} operations, {calls} calls, {statuses} documented statuses");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}
