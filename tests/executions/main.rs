//! Executions, against scripts of the mock: how they are waited for and followed, and what the
//! shortcuts send.
#![cfg(all(
    helper = "activities",
    helper = "executions",
    helper = "files",
    helper = "messages",
    helper = "recording",
    helper = "run",
    helper = "status"
))]

mod activities;
mod run;
mod shortcuts;
mod wait;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use asteroid_agents::{Client, Error, Execution, RetryPolicy, Sleeper, uuid::Uuid};
use openapi_mock::{Api, MockApi, MockResponse};

const ID: Uuid = Uuid::from_u128(0x6f1b_6a52_6f0e_4a3b_8f57_0f2b_1d9c_3a01);

fn mock() -> MockApi {
    MockApi::start(Api::parse(include_str!("../../spec/openapi.yaml")).unwrap()).unwrap()
}

/// It sends every call once: what a wait does about failures is told apart from retries.
fn client(mock: &MockApi) -> Client {
    let builder = Client::builder().api_key("the-key").base_url(mock.url());
    builder.retry(RetryPolicy::none()).build().unwrap()
}

fn execution(mock: &MockApi) -> Execution {
    client(mock).execution(ID)
}

/// An execution with these statuses, one after the other.
fn with_statuses(statuses: &[&str]) -> MockApi {
    let mock = mock();
    mock.steps("ExecutionGet", "/status", statuses.iter().copied());
    mock
}

/// A sleeper that never waits, and the pauses that it was asked for, in milliseconds.
fn at_once() -> (Sleeper, Arc<Mutex<Vec<u128>>>) {
    let pauses = Arc::<Mutex<Vec<u128>>>::default();
    let noted = pauses.clone();
    let sleeper = Sleeper::new(move |pause: Duration| {
        noted.lock().unwrap().push(pause.as_millis());
        async {}
    });
    (sleeper, pauses)
}

/// The operations that were called.
fn called(mock: &MockApi) -> Vec<String> {
    let exchanges = mock.exchanges().into_iter();
    exchanges.map(|exchange| exchange.operation.unwrap_or(exchange.path)).collect()
}

fn failing(mock: &MockApi, operation: &str, times: usize) {
    for _ in 0..times {
        mock.next(operation, MockResponse::status(503));
    }
}

/// An error names the execution it is about.
fn assert_names_it(error: &Error) {
    assert!(error.to_string().starts_with(&format!("execution {ID}: ")), "{error}");
}
