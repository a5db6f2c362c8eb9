//! Tests of runs, waits, activity streams and the other helpers of executions against the mock.
#![cfg(all(
    helper = "activities",
    helper = "cancel",
    helper = "executions",
    helper = "files",
    helper = "messages",
    helper = "pause",
    helper = "recording",
    helper = "resume",
    helper = "run",
    helper = "run_files",
    helper = "run_version",
    helper = "status"
))]

mod activities;
#[cfg(helper = "long_poll")]
mod long_poll;
#[cfg(helper = "rerun")]
mod rerun;
mod run;
mod shortcuts;
mod wait;

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use asteroid_agents::{Client, DOCUMENT, Error, Execution, RetryPolicy, Sleeper, uuid::Uuid};
use openapi_mock::{Api, Exchange, MockResponse, MockServer};

const ID: Uuid = Uuid::from_u128(0x6f1b_6a52_6f0e_4a3b_8f57_0f2b_1d9c_3a01);

/// The operation that long polls call.
const LONG_POLL: &str = "ExecutionSyncGet";

/// A mock that doesn't serve long polls, so that executions are polled whatever the version is.
fn mock() -> MockServer {
    let mock = mock_with_long_polls();
    if cfg!(helper = "long_poll") {
        mock.respond_with(LONG_POLL, |_| MockResponse::status(404));
    }
    mock
}

/// A mock of all operations.
fn mock_with_long_polls() -> MockServer {
    MockServer::start(Api::parse(DOCUMENT).unwrap()).unwrap()
}

/// A client without retries, so that tests see how polling handles failures.
fn client(mock: &MockServer) -> Client {
    let builder = Client::builder().api_key("the-key").base_url(mock.url());
    builder.retry(RetryPolicy::none()).build().unwrap()
}

fn execution(mock: &MockServer) -> Execution {
    client(mock).execution(ID)
}

/// A mock whose execution has these statuses, one after the other.
fn mock_with_statuses(statuses: &[&str]) -> MockServer {
    let mock = mock();
    mock.sequence("ExecutionGet", "/status", statuses.iter().copied());
    mock
}

/// A timer that never waits, and the pauses that were requested, in milliseconds.
fn no_pauses() -> (Sleeper, Arc<Mutex<Vec<u128>>>) {
    let pauses = Arc::<Mutex<Vec<u128>>>::default();
    let recorded = pauses.clone();
    let sleeper = Sleeper::new(move |pause: Duration| {
        recorded.lock().unwrap().push(pause.as_millis());
        async {}
    });
    (sleeper, pauses)
}

/// All exchanges but long polls.
fn exchanges(mock: &MockServer) -> Vec<Exchange> {
    let mut exchanges = mock.exchanges();
    exchanges.retain(|one| one.operation.as_deref() != Some(LONG_POLL));
    exchanges
}

/// The `operationId`s of all calls but long polls.
fn called_operations(mock: &MockServer) -> Vec<String> {
    let exchanges = exchanges(mock).into_iter();
    exchanges.map(|exchange| exchange.operation.unwrap_or(exchange.path)).collect()
}

/// Asserts that an error names the execution.
fn assert_names_execution(error: &Error) {
    assert!(error.to_string().starts_with(&format!("execution {ID}: ")), "{error}");
}
