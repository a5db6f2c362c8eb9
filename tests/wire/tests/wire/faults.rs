//! A thousand concurrent calls of a server that fails in many ways.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use openapi_document::operation::Location;
use openapi_mock::{Api, Exchange, MockResponse, MockServer};
use tokio::{runtime::Handle, task::JoinSet};
use wire::{Client, ErrorKind, RetryPolicy, Sleeper, types};

/// The number of calls of each method, GET and POST.
const CALLS: usize = 500;

/// The number of requests for each item, and of accepted ones.
#[derive(Default)]
struct Log {
    requested: HashMap<String, usize>,
    accepted: HashMap<String, usize>,
}

/// Returns the number at the end of a name.
fn number(name: &str) -> usize {
    name.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
}

/// Responds to a GET, after up to three failures.
fn respond_to_get(log: &Mutex<Log>, exchange: &Exchange) -> MockResponse {
    let id = exchange.parameters[&(Location::Path, "itemId".to_owned())].as_str().unwrap();
    let mut log = log.lock().unwrap();
    let requests = log.requested.entry(id.to_owned()).or_default();
    *requests += 1;
    let response = || MockResponse::new().with_value("/id", id);
    match (number(id) + *requests * 3) % 8 {
        _ if *requests > 3 => response(),
        0 => MockResponse::status(503),
        1 => MockResponse::status(429).header("retry-after", "1"),
        2 => MockResponse::disconnect(),
        3 => response().disconnect_after(5),
        4 => MockResponse::status(502).body("<html>", "text/html"),
        5 => {
            MockResponse::status(504).body("late".repeat(1 << 12), "text/plain").disconnect_after(9)
        }
        _ => response(),
    }
}

/// Responds to a POST: rejects some items twice, and fails after it accepted others.
fn respond_to_post(log: &Mutex<Log>, exchange: &Exchange) -> MockResponse {
    let name = exchange.body_value.as_ref().unwrap()["name"].as_str().unwrap();
    let mut log = log.lock().unwrap();
    let requests = log.requested.entry(name.to_owned()).or_default();
    *requests += 1;
    if number(name) % 5 < 2 && *requests <= 2 {
        return MockResponse::status(429).header("retry-after", "0");
    }
    *log.accepted.entry(name.to_owned()).or_default() += 1;
    let response = MockResponse::new().with_value("/name", name);
    match number(name) % 5 {
        2 => MockResponse::disconnect(),
        3 => response.disconnect_after(5),
        4 => MockResponse::status(503),
        _ => response,
    }
}

/// Gets an item, which succeeds after retries.
async fn get_item(client: Client, id: String) {
    let item = client.items_get().item_id(&*id).send().await;
    assert_eq!(item.expect("a GET succeeds after retries").id, id);
}

/// Creates an item, and checks the outcome that its number determines.
async fn create_item(client: Client, name: String) {
    let result = client.items_create().body(types::NewItem::new(&*name)).send().await;
    match (number(&name) % 5, result) {
        (0 | 1, Ok(item)) => assert_eq!(item.name, name),
        (2 | 3, Err(error)) => {
            assert_eq!((error.kind(), error.attempts()), (ErrorKind::Transport, 1));
        }
        (4, Err(error)) => {
            assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (503, 1));
        }
        (_, result) => panic!("{name}: {result:?}"),
    }
}

/// Checks that each call was received and each item accepted exactly once.
fn check(log: &Log, mock: &MockServer) {
    assert_eq!(log.accepted.len(), CALLS);
    assert!(log.accepted.values().all(|times| *times == 1));
    assert_eq!(log.requested.len(), 2 * CALLS);
    // The log has every exchange: no request was sent besides.
    let exchanges = mock.exchanges().len();
    assert_eq!(log.requested.values().sum::<usize>(), exchanges);
    assert!(exchanges > 3 * CALLS, "{exchanges} exchanges");
    assert!(mock.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_calls_are_neither_lost_nor_duplicated() {
    // Two descriptors for each connection.
    rlimit::increase_nofile_limit(4096).unwrap();
    let before = Handle::current().metrics().num_alive_tasks();
    let log: Arc<Mutex<Log>> = Arc::default();
    let api = Api::parse(include_str!("../../wire.yaml")).unwrap();
    let mock = MockServer::start(api).unwrap();
    let (get_log, post_log) = (log.clone(), log.clone());
    mock.respond_with("itemsGet", move |exchange| respond_to_get(&get_log, exchange));
    mock.respond_with("itemsCreate", move |exchange| respond_to_post(&post_log, exchange));

    let policy =
        RetryPolicy::new().max_retries(3).sleeper(Sleeper::new(|_| tokio::task::yield_now()));
    // Long enough for a thousand connections on a busy machine.
    let timeout = Duration::from_secs(300);
    let client = wire::client(&mock.url()).timeout(timeout).connect_timeout(timeout);
    let client = client.retry(policy).build().unwrap();
    let mut calls = JoinSet::new();
    for index in 0..CALLS {
        calls.spawn(get_item(client.clone(), format!("i{index}")));
        calls.spawn(create_item(client.clone(), format!("n{index}")));
    }
    while let Some(call) = calls.join_next().await {
        call.unwrap();
    }

    check(&log.lock().unwrap(), &mock);

    drop(client);
    let ended = async {
        while Handle::current().metrics().num_alive_tasks() > before {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), ended).await.expect("every task ends");
}
