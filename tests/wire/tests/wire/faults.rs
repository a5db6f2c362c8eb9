//! A thousand calls at once, of a server that fails in every way: none is lost, none is doubled.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use openapi_document::operation::Location;
use openapi_mock::{Api, Exchange, MockApi, MockResponse};
use tokio::{runtime::Handle, task::JoinSet};
use wire::{Client, ErrorKind, RetryPolicy, Sleeper, types};

/// Of each kind, GET and POST.
const CALLS: usize = 500;

/// How often each thing was asked for, and each item accepted.
#[derive(Default)]
struct Log {
    asked: HashMap<String, usize>,
    accepted: HashMap<String, usize>,
}

fn number(name: &str) -> usize {
    name.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
}

/// Fails up to three times before it answers.
fn get(log: &Mutex<Log>, exchange: &Exchange) -> MockResponse {
    let id = exchange.parameters[&(Location::Path, "itemId".to_owned())].as_str().unwrap();
    let mut log = log.lock().unwrap();
    let asked = log.asked.entry(id.to_owned()).or_default();
    *asked += 1;
    let answer = || MockResponse::new().with("/id", id);
    match (number(id) + *asked * 3) % 8 {
        _ if *asked > 3 => answer(),
        0 => MockResponse::status(503),
        1 => MockResponse::status(429).header("retry-after", "1"),
        2 => MockResponse::broken(),
        3 => answer().broken_after(5),
        4 => MockResponse::status(502).body("<html>", "text/html"),
        5 => MockResponse::status(504).body("late".repeat(1 << 12), "text/plain").broken_after(9),
        _ => answer(),
    }
}

/// Refuses some twice; what it accepts it may fail to say.
fn post(log: &Mutex<Log>, exchange: &Exchange) -> MockResponse {
    let name = exchange.value.as_ref().unwrap()["name"].as_str().unwrap();
    let mut log = log.lock().unwrap();
    let asked = log.asked.entry(name.to_owned()).or_default();
    *asked += 1;
    if number(name) % 5 < 2 && *asked <= 2 {
        return MockResponse::status(429).header("retry-after", "0");
    }
    *log.accepted.entry(name.to_owned()).or_default() += 1;
    let answer = MockResponse::new().with("/name", name);
    match number(name) % 5 {
        2 => MockResponse::broken(),
        3 => answer.broken_after(5),
        4 => MockResponse::status(503),
        _ => answer,
    }
}

async fn reads(client: Client, id: String) {
    let item = client.items_get().item_id(&*id).send().await;
    assert_eq!(item.expect("a GET is answered in the end").id, id);
}

async fn writes(client: Client, name: String) {
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

fn check(log: &Log, mock: &MockApi) {
    assert_eq!(log.accepted.len(), CALLS);
    assert!(log.accepted.values().all(|times| *times == 1));
    assert_eq!(log.asked.len(), 2 * CALLS);
    // What the log counts is what was exchanged: nothing was sent that isn't in it.
    let exchanges = mock.exchanges().len();
    assert_eq!(log.asked.values().sum::<usize>(), exchanges);
    assert!(exchanges > 3 * CALLS, "{exchanges} exchanges");
    assert!(mock.violations().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_lose_and_double_nothing() {
    // Two for each connection.
    rlimit::increase_nofile_limit(4096).unwrap();
    let before = Handle::current().metrics().num_alive_tasks();
    let log: Arc<Mutex<Log>> = Arc::default();
    let api = Api::parse(include_str!("../../wire.yaml")).unwrap();
    let mock = MockApi::start(api).unwrap();
    let (of_get, of_post) = (log.clone(), log.clone());
    mock.always("itemsGet", move |exchange| get(&of_get, exchange));
    mock.always("itemsCreate", move |exchange| post(&of_post, exchange));

    let policy =
        RetryPolicy::new().max_retries(3).sleeper(Sleeper::new(|_| tokio::task::yield_now()));
    // A busy machine takes its time with a thousand connections.
    let patience = Duration::from_secs(300);
    let client = wire::client(&mock.url()).timeout(patience).connect_timeout(patience);
    let client = client.retry(policy).build().unwrap();
    let mut calls = JoinSet::new();
    for index in 0..CALLS {
        calls.spawn(reads(client.clone(), format!("i{index}")));
        calls.spawn(writes(client.clone(), format!("n{index}")));
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
