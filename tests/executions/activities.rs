use std::sync::atomic::{AtomicUsize, Ordering};

use asteroid_agents::{Activities, Error, types::ExecutionActivity};
use futures::{StreamExt, TryStreamExt};
use openapi_mock::{MockApi, MockResponse};
use serde_json::Value;

use crate::{assert_names_it, at_once, called, execution, failing, with_statuses};

const GET: &str = "ExecutionActivitiesGet";

fn follow(mock: &MockApi) -> Activities {
    execution(mock).activities().sleeper(at_once().0)
}

async fn ids(mock: &MockApi) -> Vec<String> {
    let activities: Vec<_> = follow(mock).try_collect().await.unwrap();
    activities.into_iter().map(|activity| activity.id.to_string()).collect()
}

fn ids_of(activities: &[Value]) -> Vec<String> {
    activities.iter().map(|activity| activity["id"].as_str().unwrap().to_owned()).collect()
}

/// Some activities, oldest first.
fn some(mock: &MockApi, count: usize) -> Vec<Value> {
    mock.growing(GET, 1, count).unwrap()
}

/// Each answer has the activities of these numbers, newest first; the last one stays.
fn answering(mock: &MockApi, all: &[Value], answers: &[&[usize]]) {
    let pick = |numbers: &&[usize]| numbers.iter().map(|number| all[*number].clone()).collect();
    let answers: Vec<Value> = answers.iter().map(pick).collect();
    let asked = AtomicUsize::new(0);
    mock.always(GET, move |_| {
        let answer = asked.fetch_add(1, Ordering::Relaxed).min(answers.len() - 1);
        MockResponse::new().with("", answers[answer].clone())
    });
}

#[tokio::test]
async fn each_comes_once_and_in_order_until_the_execution_ended() {
    let mock = with_statuses(&["running", "running", "completed"]);
    let all = mock.growing(GET, 2, 5).unwrap();
    assert_eq!(ids(&mock).await, ids_of(&all));
    assert_eq!(mock.violations(), []);
    let queries = mock.exchanges().into_iter().filter(|one| one.operation.as_deref() == Some(GET));
    for exchange in queries {
        assert_eq!(exchange.query, "limit=100&order=desc");
    }
}

#[tokio::test]
async fn more_than_are_asked_for_at_first_are_read_as_well() {
    let mock = with_statuses(&["completed"]);
    let all = mock.growing(GET, 250, 1_000).unwrap();
    // 250 are there at first, and 250 more with each question.
    assert_eq!(ids(&mock).await, ids_of(&all));
}

#[tokio::test]
async fn duplicates_and_late_ones_come_once() {
    let mock = with_statuses(&["running", "running", "completed"]);
    let all = some(&mock, 5);
    answering(&mock, &all, &[&[1, 0, 0], &[1, 1, 0], &[3, 2, 1, 0], &[3, 4, 2, 1, 0]]);
    let expected: Vec<_> = [0, 1, 2, 3, 4].map(|number| all[number].clone()).into();
    assert_eq!(ids(&mock).await, ids_of(&expected));
}

#[tokio::test]
async fn what_comes_before_the_end_is_not_missed() {
    let mock = with_statuses(&["completed"]);
    let all = some(&mock, 3);
    // Nothing is there when it is asked first; then the execution has ended, and there is.
    answering(&mock, &all, &[&[], &[1, 0], &[2, 1, 0]]);
    assert_eq!(ids(&mock).await, ids_of(&all));
    assert_eq!(called(&mock), [GET, "ExecutionGet", GET, GET, GET]);
}

#[tokio::test]
async fn one_that_needs_someone_is_followed_on() {
    let mock = with_statuses(&["awaiting_confirmation", "paused", "brand_new", "failed"]);
    let all = some(&mock, 1);
    answering(&mock, &all, &[&[], &[], &[], &[0]]);
    assert_eq!(ids(&mock).await, ids_of(&all));
}

#[tokio::test]
async fn pauses_grow_while_nothing_happens() {
    let mock = with_statuses(&["running", "running", "running", "running", "completed"]);
    let all = some(&mock, 1);
    answering(&mock, &all, &[&[], &[], &[0]]);
    let (sleeper, pauses) = at_once();
    let activities: Vec<_> =
        execution(&mock).activities().sleeper(sleeper).try_collect().await.unwrap();
    assert_eq!(activities.len(), 1);
    assert_eq!(*pauses.lock().unwrap(), [1_000, 1_500, 1_000, 1_500]);
}

#[tokio::test]
async fn failures_that_may_pass_are_passed_over() {
    let mock = with_statuses(&["running", "completed"]);
    let all = mock.growing(GET, 2, 4).unwrap();
    failing(&mock, GET, 3);
    failing(&mock, "ExecutionGet", 1);
    assert_eq!(ids(&mock).await, ids_of(&all));
}

#[tokio::test]
async fn an_error_comes_once_and_is_the_end() {
    let mock = with_statuses(&["running"]);
    let all = some(&mock, 1);
    answering(&mock, &all, &[&[0]]);
    let mut activities = follow(&mock);
    assert!(activities.next().await.unwrap().is_ok());
    mock.next(GET, MockResponse::status(403));
    let error = activities.next().await.unwrap().unwrap_err();
    assert_names_it(&error);
    assert_eq!(error.status().unwrap(), 403);
    assert!(activities.next().await.is_none());
    assert!(activities.next().await.is_none());
}

#[tokio::test]
async fn nothing_is_asked_before_it_is_polled_or_after_it_is_dropped() {
    let mock = with_statuses(&["running"]);
    some(&mock, 10);
    let mut activities = follow(&mock);
    assert_eq!(called(&mock).len(), 0);
    activities.next().await.unwrap().unwrap();
    drop(activities);
    execution(&mock).get().await.unwrap();
    assert_eq!(called(&mock), [GET, "ExecutionGet"]);
}

#[test]
fn the_stream_is_send_and_owned() {
    fn check<
        S: futures::Stream<Item = Result<ExecutionActivity, Error>> + Send + Unpin + 'static,
    >() {
    }
    check::<Activities>();
}
