use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use asteroid_agents::{ErrorKind, Execution, Interaction, Sleeper, Wait, WaitOutcome};
use openapi_mock::MockResponse;
use serde_json::json;
use tokio::sync::oneshot;

use crate::{
    assert_names_execution, called_operations, execution, mock, mock_with_statuses, no_pauses,
};

const AWAITING: &str = "awaiting_confirmation";

#[tokio::test]
async fn a_wait_ends_with_the_execution_after_growing_pauses() {
    for end in ["completed", "cancelled", "failed"] {
        let mock = mock_with_statuses(&["queued", "starting", "running", "running", end]);
        let (sleeper, pauses) = no_pauses();
        let outcome = execution(&mock).wait().sleeper(sleeper).await.unwrap();
        assert!(outcome.is_finished());
        assert_eq!(outcome.into_execution().status.as_str(), end);
        assert_eq!(*pauses.lock().unwrap(), [1_000, 1_500, 2_250, 3_375]);
        assert_eq!(called_operations(&mock), ["ExecutionGet"; 5]);
    }
}

#[tokio::test]
async fn pauses_are_capped() {
    let mock = mock_with_statuses(&["running", "running", "running", "running", "completed"]);
    let (sleeper, pauses) = no_pauses();
    let wait = execution(&mock).wait().sleeper(sleeper);
    wait.poll_every(Duration::from_secs(4), Duration::from_secs(7)).await.unwrap();
    assert_eq!(*pauses.lock().unwrap(), [4_000, 6_000, 7_000, 7_000]);
}

#[tokio::test]
async fn unrecognized_statuses_count_as_running() {
    let mock = mock_with_statuses(&["running", "queued", "brand_new", "starting", "completed"]);
    let outcome = execution(&mock).wait().sleeper(no_pauses().0).await.unwrap();
    assert!(outcome.is_finished());
    assert_eq!(called_operations(&mock).len(), 5);
}

#[tokio::test]
async fn a_wait_returns_when_action_is_required() {
    for status in ["awaiting_confirmation", "paused", "paused_by_agent"] {
        let mock = mock_with_statuses(&["running", status, "completed"]);
        match execution(&mock).wait().sleeper(no_pauses().0).await.unwrap() {
            WaitOutcome::ActionRequired(state) => assert_eq!(state.status.as_str(), status),
            other => panic!("{other:?}"),
        }
        assert_eq!(called_operations(&mock).len(), 2);
    }
}

#[tokio::test]
async fn the_callback_is_called_once_per_status_that_requires_action() {
    let mock = mock_with_statuses(&[
        "running",
        AWAITING,
        AWAITING,
        AWAITING,
        "running",
        AWAITING,
        "paused",
        "paused",
        "completed",
    ]);
    let statuses = Arc::<Mutex<Vec<String>>>::default();
    let recorded = statuses.clone();
    let wait = execution(&mock).wait().sleeper(no_pauses().0);
    let wait = wait.on_interaction(move |execution, state| {
        recorded.lock().unwrap().push(state.status.to_string());
        async move {
            execution.message("go on").await?;
            Ok(Interaction::Continue)
        }
    });
    assert!(wait.await.unwrap().is_finished());
    assert_eq!(*statuses.lock().unwrap(), [AWAITING, AWAITING, "paused"]);
    let messages =
        called_operations(&mock).iter().filter(|id| *id == "ExecutionUserMessagesAdd").count();
    assert_eq!((messages, mock.violations()), (3, vec![]));
}

#[tokio::test]
async fn the_callback_may_return_or_fail() {
    let mock = mock_with_statuses(&["paused"]);
    let wait = execution(&mock).wait().on_interaction(|_, _| async { Ok(Interaction::Return) });
    assert!(matches!(wait.await.unwrap(), WaitOutcome::ActionRequired(_)));
    mock.fail("ExecutionUserMessagesAdd", 404);
    let wait = execution(&mock).wait().on_interaction(|execution, _| async move {
        execution.message("go on").await?;
        Ok(Interaction::Continue)
    });
    assert_eq!(wait.await.unwrap_err().operation(), Some("ExecutionUserMessagesAdd"));
}

#[tokio::test]
async fn up_to_three_retryable_failures_in_a_row_are_skipped() {
    let mock = mock_with_statuses(&["running", "completed"]);
    mock.respond_once("ExecutionGet", MockResponse::disconnect());
    mock.fail("ExecutionGet", 503).times(2);
    mock.respond("ExecutionGet", json!({ "status": "running" })).times(1);
    mock.fail("ExecutionGet", 503).times(3);
    let outcome = execution(&mock).wait().sleeper(no_pauses().0).await.unwrap();
    assert!(outcome.is_finished());

    mock.fail("ExecutionGet", 503).times(4);
    let error = execution(&mock).wait().sleeper(no_pauses().0).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    assert_names_execution(&error);
}

#[tokio::test]
async fn other_failures_end_the_wait_at_once() {
    let mock = mock();
    mock.fail("ExecutionGet", 404);
    let error = execution(&mock).wait().sleeper(no_pauses().0).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 404));
    assert_names_execution(&error);
    assert_eq!(called_operations(&mock).len(), 1);
}

#[tokio::test]
async fn the_deadline_error_names_the_execution_and_its_last_status() {
    let mock = mock_with_statuses(&["running"]);
    let (sleeper, pauses) = no_pauses();
    let wait = execution(&mock).wait().sleeper(sleeper).deadline(Duration::from_secs(20));
    let error = wait.await.unwrap_err();
    assert!(error.is_timeout());
    assert_names_execution(&error);
    assert!(error.to_string().ends_with("the deadline passed; the last status was `running`"));
    // The last pause is shortened, so that there is time for the last poll.
    let slept: u128 = pauses.lock().unwrap().iter().sum();
    assert!((14_000..=19_000).contains(&slept), "{slept}");
}

#[tokio::test]
async fn the_deadline_cancels_a_slow_poll() {
    let mock = mock();
    mock.respond("ExecutionGet", json!({})).delay(Duration::from_secs(3_600));
    let started = Instant::now();
    let wait = execution(&mock).wait().deadline(Duration::from_millis(50));
    let error = wait.await.unwrap_err();
    assert!(error.is_timeout());
    assert_names_execution(&error);
    assert!(started.elapsed() < Duration::from_secs(4), "the client's own timeout is longer");
}

#[tokio::test]
async fn a_dropped_wait_stops_polling() {
    let mock = mock_with_statuses(&["running"]);
    let (sender, paused) = oneshot::channel();
    let sender = Mutex::new(Some(sender));
    let sleeper = Sleeper::new(move |_| {
        sender.lock().unwrap().take().unwrap().send(()).unwrap();
        std::future::pending()
    });
    tokio::select! {
        outcome = execution(&mock).wait().sleeper(sleeper).into_future() => panic!("{outcome:?}"),
        _ = paused => {}
    }
    execution(&mock).get().await.unwrap();
    assert_eq!(called_operations(&mock).len(), 2);
}

#[test]
fn waits_are_send_and_static() {
    fn check<T: Send + 'static>() {}
    check::<Wait>();
    check::<<Wait as IntoFuture>::IntoFuture>();
    check::<Execution>();
}

#[tokio::test]
async fn the_callback_is_called_again_if_the_status_does_not_change() {
    let statuses: Vec<&str> = [AWAITING].repeat(12).into_iter().chain(["completed"]).collect();
    let mock = mock_with_statuses(&statuses);
    let calls = Arc::<Mutex<u32>>::default();
    let counter = calls.clone();
    let wait = execution(&mock).wait().sleeper(no_pauses().0).on_interaction(move |_, _| {
        *counter.lock().unwrap() += 1;
        async { Ok(Interaction::Continue) }
    });
    assert!(wait.await.unwrap().is_finished());
    // At the first poll, and at every sixth after it.
    assert_eq!(*calls.lock().unwrap(), 2);
}

#[tokio::test]
async fn retry_after_sets_the_pause() {
    let mock = mock_with_statuses(&["completed"]);
    mock.fail("ExecutionGet", 429).times(1).header("retry-after", "42");
    let (sleeper, pauses) = no_pauses();
    assert!(execution(&mock).wait().sleeper(sleeper).await.unwrap().is_finished());
    assert_eq!(*pauses.lock().unwrap(), [42_000]);
    // More than 60 s is an error.
    mock.fail("ExecutionGet", 429).times(1).header("retry-after", "3600");
    let (sleeper, pauses) = no_pauses();
    let error = execution(&mock).wait().sleeper(sleeper).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), pauses.lock().unwrap().len()), (429, 0));
    assert_names_execution(&error);
}

#[tokio::test]
async fn an_execution_of_a_minute_is_polled_eleven_times() {
    let mock = mock();
    // The time of the pauses, since requests take next to none.
    let slept = Arc::<AtomicU64>::default();
    let clock = slept.clone();
    mock.respond_with("ExecutionGet", move |_| {
        let status = if clock.load(Ordering::SeqCst) < 60_000 { "running" } else { "completed" };
        MockResponse::new().with_value("/status", status)
    });
    let sleeper = Sleeper::new(move |pause: Duration| {
        slept.fetch_add(pause.as_millis() as u64, Ordering::SeqCst);
        async {}
    });
    assert!(execution(&mock).wait().sleeper(sleeper).await.unwrap().is_finished());
    assert_eq!(called_operations(&mock), ["ExecutionGet"; 11]);
}
