use std::sync::atomic::{AtomicUsize, Ordering};

use asteroid_agents::{Activities, Error, types::ExecutionActivity};
use futures::{StreamExt, TryStreamExt};
use openapi_mock::{MockResponse, MockServer};
use serde_json::Value;

use crate::{
    assert_names_execution, called_operations, execution, fail_next, mock_with_statuses, no_pauses,
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
    let select = |indices: &&[usize]| indices.iter().map(|index| all[*index].clone()).collect();
    let responses: Vec<Value> = responses.iter().map(select).collect();
    let count = AtomicUsize::new(0);
    mock.respond_with(GET, move |_| {
        let index = count.fetch_add(1, Ordering::Relaxed).min(responses.len() - 1);
        MockResponse::new().with_value("", responses[index].clone())
    });
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
    fail_next(&mock, GET, 3);
    fail_next(&mock, "ExecutionGet", 1);
    assert_eq!(streamed_ids(&mock).await, ids(&all));
}

#[tokio::test]
async fn an_error_ends_the_stream() {
    let mock = mock_with_statuses(&["running"]);
    let all = make_activities(&mock, 1);
    respond_with(&mock, &all, &[&[0]]);
    let mut stream = activities(&mock);
    assert!(stream.next().await.unwrap().is_ok());
    mock.respond_once(GET, MockResponse::status(403));
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
