use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use asteroid_agents::{
    Activities, Client, Error, ErrorKind, RetryPolicy, Sleeper, types::ExecutionActivity,
};
use futures::{StreamExt, TryStreamExt};
use openapi_mock::{Exchange, Location, MockResponse, MockServer};
use serde_json::Value;

use crate::{
    ID, assert_names_execution, called_operations, execution, mock_with_statuses, no_pauses,
};

const GET: &str = "ExecutionActivitiesGet";

fn activities(mock: &MockServer) -> Activities {
    execution(mock).activities().sleeper(no_pauses().0)
}

/// Reads the stream to its end.
async fn streamed_ids(mock: &MockServer) -> Vec<String> {
    let activities: Vec<_> = activities(mock).try_collect().await.unwrap();
    activities.into_iter().map(|activity| activity.id.to_string()).collect()
}

fn ids(activities: &[Value]) -> Vec<String> {
    activities.iter().map(|activity| activity["id"].as_str().unwrap().to_owned()).collect()
}

/// Makes activities with the mock, oldest first.
fn make_activities(mock: &MockServer, count: usize) -> Vec<Value> {
    mock.growing_list(GET, 1, count).unwrap()
}

/// Sets the responses: each has the activities at these indices, newest first. The last response is
/// repeated.
fn respond_with(mock: &MockServer, all: &[Value], responses: &[&[usize]]) {
    let select =
        |indices: &&[usize]| indices.iter().map(|index| all[*index].clone()).collect::<Value>();
    mock.respond_in_turn(GET, responses.iter().map(select));
}

#[tokio::test]
async fn each_activity_is_returned_once_and_in_order_until_the_end() {
    let mock = mock_with_statuses(&["running", "running", "completed"]);
    let all = mock.growing_list(GET, 2, 5).unwrap();
    assert_eq!(streamed_ids(&mock).await, ids(&all));
    assert_eq!(mock.violations(), []);
    let queries = mock.exchanges().into_iter().filter(|one| one.operation.as_deref() == Some(GET));
    for exchange in queries {
        assert_eq!(exchange.query, "limit=100&order=desc");
    }
}

#[tokio::test]
async fn more_activities_than_the_first_limit_are_returned() {
    let mock = mock_with_statuses(&["completed"]);
    let all = mock.growing_list(GET, 250, 1_000).unwrap();
    // 250 exist at first, and 250 more with each request.
    assert_eq!(streamed_ids(&mock).await, ids(&all));
}

#[tokio::test]
async fn duplicates_and_late_activities_are_returned_once() {
    let mock = mock_with_statuses(&["running", "running", "completed"]);
    let all = make_activities(&mock, 5);
    respond_with(&mock, &all, &[&[1, 0, 0], &[1, 1, 0], &[3, 2, 1, 0], &[3, 4, 2, 1, 0]]);
    let expected: Vec<_> = [0, 1, 2, 3, 4].map(|index| all[index].clone()).into();
    assert_eq!(streamed_ids(&mock).await, ids(&expected));
}

#[tokio::test]
async fn activities_added_just_before_the_end_are_returned() {
    let mock = mock_with_statuses(&["completed"]);
    let all = make_activities(&mock, 3);
    // There are none at the first request; by the second one, the execution has ended.
    respond_with(&mock, &all, &[&[], &[1, 0], &[2, 1, 0]]);
    assert_eq!(streamed_ids(&mock).await, ids(&all));
    assert_eq!(called_operations(&mock), [GET, "ExecutionGet", GET, GET, GET]);
}

#[tokio::test]
async fn the_stream_goes_on_while_action_is_required() {
    let mock = mock_with_statuses(&["awaiting_confirmation", "paused", "brand_new", "failed"]);
    let all = make_activities(&mock, 1);
    respond_with(&mock, &all, &[&[], &[], &[], &[0]]);
    assert_eq!(streamed_ids(&mock).await, ids(&all));
}

#[tokio::test]
async fn pauses_grow_while_there_are_no_new_activities() {
    let mock = mock_with_statuses(&["running", "running", "running", "running", "completed"]);
    let all = make_activities(&mock, 1);
    respond_with(&mock, &all, &[&[], &[], &[0]]);
    let (sleeper, pauses) = no_pauses();
    let activities: Vec<_> =
        execution(&mock).activities().sleeper(sleeper).try_collect().await.unwrap();
    assert_eq!(activities.len(), 1);
    assert_eq!(*pauses.lock().unwrap(), [1_000, 1_500, 1_000, 1_500]);
}

#[tokio::test]
async fn up_to_three_retryable_failures_in_a_row_are_skipped() {
    let mock = mock_with_statuses(&["running", "completed"]);
    let all = mock.growing_list(GET, 2, 4).unwrap();
    mock.fail(GET, 503).times(3);
    mock.fail("ExecutionGet", 503).times(1);
    assert_eq!(streamed_ids(&mock).await, ids(&all));
}

#[tokio::test]
async fn an_error_ends_the_stream() {
    let mock = mock_with_statuses(&["running"]);
    let all = make_activities(&mock, 1);
    respond_with(&mock, &all, &[&[0]]);
    let mut stream = activities(&mock);
    assert!(stream.next().await.unwrap().is_ok());
    mock.fail(GET, 403).times(1);
    let error = stream.next().await.unwrap().unwrap_err();
    assert_names_execution(&error);
    assert_eq!(error.status().unwrap(), 403);
    assert!(stream.next().await.is_none());
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn nothing_is_sent_before_the_first_poll_or_after_the_drop() {
    let mock = mock_with_statuses(&["running"]);
    make_activities(&mock, 10);
    let mut stream = activities(&mock);
    assert_eq!(called_operations(&mock).len(), 0);
    stream.next().await.unwrap().unwrap();
    drop(stream);
    execution(&mock).get().await.unwrap();
    assert_eq!(called_operations(&mock), [GET, "ExecutionGet"]);
}

#[test]
fn the_stream_is_send_and_static() {
    fn check<
        S: futures::Stream<Item = Result<ExecutionActivity, Error>> + Send + Unpin + 'static,
    >() {
    }
    check::<Activities>();
}

/// The ids of activities from one template, oldest first.
fn numbered(count: u32) -> Vec<String> {
    (0..count).map(id).collect()
}

fn id(index: u32) -> String {
    format!("00000000-0000-4000-8000-{index:012x}")
}

/// An execution with activities that the API returns in parts.
#[derive(Clone)]
struct LongExecution {
    template: Value,
    /// The length of a text in each activity, in bytes.
    size: usize,
    count: u32,
    /// The number of activities that are added with each request.
    step: u32,
    /// The largest number of activities in a response.
    cap: usize,
    /// The largest `limit` that isn't rejected.
    max_limit: u64,
}

impl LongExecution {
    fn new(mock: &MockServer, count: u32) -> Self {
        let template = make_activities(mock, 1).remove(0);
        let payload = serde_json::json!({ "activityType": "brand_new", "data": "" });
        let mut template = template;
        template["payload"] = payload;
        Self { template, size: 0, count, step: 0, cap: usize::MAX, max_limit: u64::MAX }
    }

    /// Returns the response to a request.
    fn response(&self, exchange: &Exchange, count: u32) -> MockResponse {
        let query = |name: &str| exchange.parameters.get(&(Location::Query, name.to_owned()));
        let limit = query("limit").and_then(Value::as_u64).unwrap();
        if limit > self.max_limit {
            return MockResponse::status(400);
        }
        let length = limit.min(u64::from(count)).min(self.cap as u64) as u32;
        let text = "x".repeat(self.size);
        let activity = |index: u32| {
            let mut activity = self.template.clone();
            activity["id"] = id(index).into();
            activity["payload"]["data"] = text.as_str().into();
            activity
        };
        let body: Value = match query("order").and_then(Value::as_str) {
            Some("desc") => (count - length..count).rev().map(activity).collect(),
            _ => (0..length).map(activity).collect(),
        };
        MockResponse::new().json(&body)
    }

    fn serve(self, mock: &MockServer) {
        let requests = AtomicUsize::new(0);
        mock.respond_with(GET, move |exchange| {
            let requests = requests.fetch_add(1, Ordering::Relaxed) as u32;
            self.response(exchange, self.count + requests * self.step)
        });
    }
}

/// Reads the stream of a client with this `response_limit` to its end, or to an error.
async fn streamed_with_limit(mock: &MockServer, limit: usize) -> (Vec<String>, Option<Error>) {
    let builder = Client::builder().api_key("the-key").base_url(mock.url());
    let client = builder.retry(RetryPolicy::none()).response_limit(limit).build().unwrap();
    let mut stream = client.execution(ID).activities().sleeper(limited_pauses(50).0);
    let mut ids = Vec::new();
    while let Some(activity) = stream.next().await {
        match activity {
            Ok(activity) => ids.push(activity.id.to_string()),
            Err(error) => {
                assert!(stream.next().await.is_none());
                return (ids, Some(error));
            }
        }
    }
    (ids, None)
}

/// A timer that never waits, and panics after a number of pauses: a stream that never ends fails.
fn limited_pauses(count: usize) -> (Sleeper, Arc<AtomicUsize>) {
    let pauses = Arc::<AtomicUsize>::default();
    let counter = pauses.clone();
    let sleeper = Sleeper::new(move |_| {
        assert!(counter.fetch_add(1, Ordering::Relaxed) < count, "more than {count} pauses");
        async {}
    });
    (sleeper, pauses)
}

/// Returns the queries of the requests for activities.
fn queries(mock: &MockServer) -> Vec<String> {
    let exchanges = mock.exchanges().into_iter();
    let own = exchanges.filter(|one| one.operation.as_deref() == Some(GET));
    own.map(|one| one.query.replace("limit=", "").replace("&order=", " ")).collect()
}

#[tokio::test]
async fn executions_of_any_length_are_followed() {
    let mock = mock_with_statuses(&["completed"]);
    // 2.5 MB, more than ten times the limit.
    LongExecution { size: 400, ..LongExecution::new(&mock, 4_000) }.serve(&mock);
    let (ids, error) = streamed_with_limit(&mock, 200_000).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, numbered(4_000));
    let expected = ["100 desc", "1000 asc", "10000 asc", "100 desc", "100 desc"];
    assert_eq!(queries(&mock), expected);
    assert_eq!(mock.violations(), []);
}

#[tokio::test]
async fn activities_that_were_forgotten_are_not_returned_again() {
    let mock = mock_with_statuses(&["running", "running", "completed"]);
    // More than are remembered, and with each request more than the first window.
    LongExecution { step: 300, ..LongExecution::new(&mock, 11_500) }.serve(&mock);
    let stream = activities(&mock).take(13_000);
    let ids: Vec<_> =
        stream.map_ok(|activity| activity.id.to_string()).try_collect().await.unwrap();
    assert_eq!(ids, numbered(13_000));
    // Later, the newest ones are enough.
    let queries = queries(&mock);
    assert_eq!(queries[..4], ["100 desc", "1000 asc", "10000 asc", "100000 asc"]);
    assert!(queries[4..].iter().all(|query| query.ends_with("desc")), "{queries:?}");
}

#[tokio::test]
async fn windows_of_large_activities_shrink() {
    let mock = mock_with_statuses(&["completed"]);
    LongExecution { size: 10_000, ..LongExecution::new(&mock, 300) }.serve(&mock);
    let (ids, error) = streamed_with_limit(&mock, 200_000).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, numbered(300));
}

#[tokio::test]
async fn what_a_limited_api_returns_is_returned_before_the_error() {
    for (cap, max_limit) in [(500, u64::MAX), (usize::MAX, 500), (usize::MAX, 100)] {
        let reach = (cap as u64).min(max_limit) as u32;
        // The oldest and the newest ones overlap, or there are others between them.
        for count in [reach * 2 - 20, reach * 2 + 20, 1_700] {
            let mock = mock_with_statuses(&["completed"]);
            LongExecution { cap, max_limit, ..LongExecution::new(&mock, count) }.serve(&mock);
            let (ids, error) = streamed_with_limit(&mock, 1 << 20).await;
            let mut expected = numbered(count);
            if count <= 2 * reach {
                assert!(error.is_none(), "{error:?}");
            } else {
                expected.drain(reach as usize..(count - reach) as usize);
                let error = error.unwrap();
                assert_names_execution(&error);
                assert_eq!(error.kind(), ErrorKind::TooLarge);
                assert!(error.to_string().contains("didn't return all activities"), "{error}");
            }
            assert_eq!(ids, expected, "{cap} {max_limit} {count} {:?}", queries(&mock));
        }
    }
}

#[tokio::test]
async fn an_interrupted_list_is_resumed() {
    let mock = mock_with_statuses(&["completed"]);
    let execution = LongExecution { size: 400, ..LongExecution::new(&mock, 2_000) };
    let requests = AtomicUsize::new(0);
    let interrupted = execution.clone();
    mock.respond_with(GET, move |exchange| {
        let response = interrupted.response(exchange, 2_000);
        match requests.fetch_add(1, Ordering::Relaxed) {
            // Each time a bit more is received.
            index @ 1..=6 => response.disconnect_after(50_000 * index),
            _ => response,
        }
    });
    let (ids, error) = streamed_with_limit(&mock, 100_000).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, numbered(2_000));

    // Without progress it is a failure.
    mock.take_exchanges();
    mock.respond_with(GET, move |exchange| {
        let response = execution.response(exchange, 2_000);
        match exchange.query.contains("asc") {
            true => response.disconnect_after(50_000),
            false => response,
        }
    });
    let (ids, error) = streamed_with_limit(&mock, 100_000).await;
    let error = error.unwrap();
    assert_names_execution(&error);
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(ids.len() > 50, "{}", ids.len());
    assert_eq!(ids, numbered(ids.len() as u32));
    // The first response had new activities; then there were 4 failures in a row.
    assert_eq!(queries(&mock).len(), 5);
}

#[tokio::test]
async fn an_invalid_list_is_an_error_with_its_response() {
    let mock = mock_with_statuses(&["completed"]);
    let execution = LongExecution::new(&mock, 200);
    mock.respond_with(GET, move |exchange| {
        let response = execution.response(exchange, 200);
        match exchange.query.contains("asc") {
            true => response.json(&serde_json::json!([{ "id": 7 }])),
            false => response,
        }
    });
    let error = streamed_with_limit(&mock, 1 << 20).await.1.unwrap();
    assert_names_execution(&error);
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Decode, 200));
    assert_eq!(error.raw(), Some(&br#"[{"id":7}]"#[..]));
    let execution = LongExecution::new(&mock, 200);
    mock.respond_with(GET, move |exchange| match exchange.query.contains("asc") {
        true => MockResponse::status(403),
        false => execution.response(exchange, 200),
    });
    let error = streamed_with_limit(&mock, 1 << 20).await.1.unwrap();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 403));
}

#[tokio::test]
async fn failures_of_either_operation_in_a_row_end_the_stream() {
    // The activities can be requested, the status can't.
    let mock = mock_with_statuses(&["running"]);
    let all = make_activities(&mock, 1);
    respond_with(&mock, &all, &[&[0]]);
    mock.respond_with("ExecutionGet", |_| MockResponse::status(503));
    let (sleeper, pauses) = limited_pauses(50);
    let activities = execution(&mock).activities().sleeper(sleeper);
    let error = activities.try_collect::<Vec<_>>().await.unwrap_err();
    assert_names_execution(&error);
    assert_eq!((error.status().unwrap().as_u16(), error.operation()), (503, Some("ExecutionGet")));
    let statuses = called_operations(&mock).iter().filter(|id| *id == "ExecutionGet").count();
    assert_eq!((statuses, pauses.load(Ordering::Relaxed)), (4, 3));

    // The newest activities can be requested, the list can't.
    let mock = mock_with_statuses(&["running"]);
    let long = LongExecution::new(&mock, 200);
    mock.respond_with(GET, move |exchange| match exchange.query.contains("asc") {
        true => MockResponse::status(503),
        false => long.response(exchange, 200),
    });
    let (sleeper, pauses) = limited_pauses(50);
    let activities = execution(&mock).activities().sleeper(sleeper);
    let error = activities.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.operation()), (503, Some(GET)));
    assert_eq!(pauses.load(Ordering::Relaxed), 3);

    // The status can be requested, the activities can't.
    let mock = mock_with_statuses(&["running"]);
    mock.respond_with(GET, |_| MockResponse::status(503));
    let error = execution(&mock).activities().sleeper(limited_pauses(50).0);
    let error = error.try_collect::<Vec<_>>().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.operation()), (503, Some(GET)));
    assert_eq!(called_operations(&mock), [GET; 4]);
}

#[tokio::test]
async fn the_retry_after_of_the_status_sets_the_pause() {
    let mock = mock_with_statuses(&["running", "completed"]);
    let all = make_activities(&mock, 1);
    respond_with(&mock, &all, &[&[0]]);
    mock.respond_once("ExecutionGet", MockResponse::status(429).header("retry-after", "42"));
    let (sleeper, pauses) = no_pauses();
    let activities: Vec<_> =
        execution(&mock).activities().sleeper(sleeper).try_collect().await.unwrap();
    assert_eq!(activities.len(), 1);
    assert_eq!(pauses.lock().unwrap()[0], 42_000);
}

/// Makes each response have `count` activities that no other response has.
fn respond_with_fresh_activities(mock: &MockServer, count: u32) {
    let template = make_activities(mock, 1).remove(0);
    let requests = AtomicUsize::new(0);
    mock.respond_with(GET, move |_| {
        let first = requests.fetch_add(1, Ordering::Relaxed) as u32 * count;
        let activity = |index: u32| {
            let mut activity = template.clone();
            activity["id"] = id(index).into();
            activity
        };
        let body: Value = (first..first + count).map(activity).collect();
        MockResponse::new().json(&body)
    });
}

#[tokio::test]
async fn a_server_with_new_activities_always_is_polled_with_pauses() {
    for count in [1, 40, 100, 1_000] {
        let mock = mock_with_statuses(&["running"]);
        respond_with_fresh_activities(&mock, count);
        let (sleeper, pauses) = limited_pauses(usize::MAX);
        let stream = execution(&mock).activities().sleeper(sleeper);
        let responses = if count == 1_000 { 10 } else { 60 };
        let activities: Vec<_> =
            stream.take(responses * count as usize).try_collect().await.unwrap();
        assert_eq!(activities.len(), responses * count as usize);
        let operations = called_operations(&mock);
        let statuses = operations.iter().filter(|id| *id == "ExecutionGet").count();
        let (requests, pauses) = (operations.len() - statuses, pauses.load(Ordering::Relaxed));
        println!("{count}: {requests} requests, {statuses} statuses, {pauses} pauses");
        assert!(requests <= 6 * (pauses + 2), "{count}: {requests} requests, {pauses} pauses");
        assert!(requests <= 15 * (statuses + 1), "{count}: {requests}, {statuses} statuses");
    }
}

#[tokio::test]
async fn an_execution_that_has_ended_does_not_go_on_forever() {
    let mock = mock_with_statuses(&["running", "completed"]);
    respond_with_fresh_activities(&mock, 1);
    let stream = execution(&mock).activities().sleeper(limited_pauses(50).0);
    let result: Vec<_> = stream.collect().await;
    let error = result.last().unwrap().as_ref().unwrap_err();
    assert_names_execution(error);
    assert!(error.to_string().contains("has ended"), "{error}");
    assert!(result.len() > 20, "{}", result.len());
}
