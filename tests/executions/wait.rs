use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use asteroid_agents::{ErrorKind, Execution, Interaction, Sleeper, Wait, WaitOutcome};
use openapi_mock::MockResponse;
use tokio::sync::oneshot;

use crate::{assert_names_it, at_once, called, execution, failing, mock, with_statuses};

#[tokio::test]
async fn it_ends_with_the_execution_and_pauses_longer_and_longer() {
    for end in ["completed", "cancelled", "failed"] {
        let mock = with_statuses(&["queued", "starting", "running", "running", end]);
        let (sleeper, pauses) = at_once();
        let outcome = execution(&mock).wait().sleeper(sleeper).await.unwrap();
        assert!(outcome.is_finished());
        assert_eq!(outcome.into_execution().status.as_str(), end);
        assert_eq!(*pauses.lock().unwrap(), [1_000, 1_500, 2_250, 3_375]);
        assert_eq!(called(&mock), ["ExecutionGet"; 5]);
    }
}

#[tokio::test]
async fn pauses_have_a_longest() {
    let mock = with_statuses(&["running", "running", "running", "running", "completed"]);
    let (sleeper, pauses) = at_once();
    let wait = execution(&mock).wait().sleeper(sleeper);
    wait.poll_every(Duration::from_secs(4), Duration::from_secs(7)).await.unwrap();
    assert_eq!(*pauses.lock().unwrap(), [4_000, 6_000, 7_000, 7_000]);
}

#[tokio::test]
async fn statuses_may_go_backwards_and_be_unknown() {
    let mock = with_statuses(&["running", "queued", "brand_new", "starting", "completed"]);
    let outcome = execution(&mock).wait().sleeper(at_once().0).await.unwrap();
    assert!(outcome.is_finished());
    assert_eq!(called(&mock).len(), 5);
}

#[tokio::test]
async fn one_that_needs_someone_is_handed_back() {
    for status in ["awaiting_confirmation", "paused", "paused_by_agent"] {
        let mock = with_statuses(&["running", status, "completed"]);
        match execution(&mock).wait().sleeper(at_once().0).await.unwrap() {
            WaitOutcome::ActionRequired(state) => assert_eq!(state.status.as_str(), status),
            other => panic!("{other:?}"),
        }
        assert_eq!(called(&mock).len(), 2);
    }
}

#[tokio::test]
async fn a_callback_is_called_once_for_each_time_that_it_is_needed() {
    let needing = "awaiting_confirmation";
    let mock = with_statuses(&[
        "running",
        needing,
        needing,
        needing,
        "running",
        needing,
        "paused",
        "paused",
        "completed",
    ]);
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let noted = seen.clone();
    let wait = execution(&mock).wait().sleeper(at_once().0);
    let wait = wait.on_interaction(move |execution, state| {
        noted.lock().unwrap().push(state.status.to_string());
        async move {
            execution.message("go on").await?;
            Ok(Interaction::Continue)
        }
    });
    assert!(wait.await.unwrap().is_finished());
    assert_eq!(*seen.lock().unwrap(), [needing, needing, "paused"]);
    let messages = called(&mock).iter().filter(|id| *id == "ExecutionUserMessagesAdd").count();
    assert_eq!((messages, mock.violations()), (3, vec![]));
}

#[tokio::test]
async fn a_callback_may_hand_back_or_fail() {
    let mock = with_statuses(&["paused"]);
    let wait = execution(&mock).wait().on_interaction(|_, _| async { Ok(Interaction::Return) });
    assert!(matches!(wait.await.unwrap(), WaitOutcome::ActionRequired(_)));
    mock.next("ExecutionUserMessagesAdd", MockResponse::status(404));
    let wait = execution(&mock).wait().on_interaction(|execution, _| async move {
        execution.message("go on").await?;
        Ok(Interaction::Continue)
    });
    assert_eq!(wait.await.unwrap_err().operation(), Some("ExecutionUserMessagesAdd"));
}

#[tokio::test]
async fn failures_that_may_pass_are_passed_over_up_to_three_in_a_row() {
    let mock = with_statuses(&["running", "completed"]);
    failing(&mock, "ExecutionGet", 2);
    mock.next("ExecutionGet", MockResponse::broken());
    mock.next("ExecutionGet", MockResponse::new().with("/status", "running"));
    failing(&mock, "ExecutionGet", 3);
    let outcome = execution(&mock).wait().sleeper(at_once().0).await.unwrap();
    assert!(outcome.is_finished());

    failing(&mock, "ExecutionGet", 4);
    let error = execution(&mock).wait().sleeper(at_once().0).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    assert_names_it(&error);
}

#[tokio::test]
async fn other_failures_end_it_at_once() {
    let mock = mock();
    mock.next("ExecutionGet", MockResponse::status(404));
    let error = execution(&mock).wait().sleeper(at_once().0).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 404));
    assert_names_it(&error);
    assert_eq!(called(&mock).len(), 1);
}

#[tokio::test]
async fn at_the_deadline_it_is_a_timeout_that_names_execution_and_status() {
    let mock = with_statuses(&["running"]);
    let (sleeper, pauses) = at_once();
    let wait = execution(&mock).wait().sleeper(sleeper).deadline(Duration::from_secs(20));
    let error = wait.await.unwrap_err();
    assert!(error.is_timeout());
    assert_names_it(&error);
    assert!(error.to_string().ends_with("the deadline passed; it was `running` when last seen"));
    // The last pause is cut, so that the last look is in time.
    let slept: u128 = pauses.lock().unwrap().iter().sum();
    assert!((14_000..=19_000).contains(&slept), "{slept}");
}

#[tokio::test]
async fn the_deadline_cuts_a_look_that_takes_too_long() {
    let mock = mock();
    mock.next("ExecutionGet", MockResponse::new().delay(Duration::from_secs(3_600)));
    let started = Instant::now();
    let wait = execution(&mock).wait().deadline(Duration::from_millis(50));
    let error = wait.await.unwrap_err();
    assert!(error.is_timeout());
    assert_names_it(&error);
    assert!(started.elapsed() < Duration::from_secs(4), "the client's own timeout is longer");
}

#[tokio::test]
async fn a_wait_that_is_dropped_asks_no_more() {
    let mock = with_statuses(&["running"]);
    let (begun, paused) = oneshot::channel();
    let begun = Mutex::new(Some(begun));
    let sleeper = Sleeper::new(move |_| {
        begun.lock().unwrap().take().unwrap().send(()).unwrap();
        std::future::pending()
    });
    tokio::select! {
        outcome = execution(&mock).wait().sleeper(sleeper).into_future() => panic!("{outcome:?}"),
        _ = paused => {}
    }
    execution(&mock).get().await.unwrap();
    assert_eq!(called(&mock).len(), 2);
}

#[test]
fn waits_are_send_and_owned() {
    fn check<T: Send + 'static>() {}
    check::<Wait>();
    check::<<Wait as IntoFuture>::IntoFuture>();
    check::<Execution>();
}

/// An answer without effect, or a need that looks like the one before: it isn't waited on for ever.
#[tokio::test]
async fn a_callback_is_called_again_while_it_is_needed() {
    let needing = "awaiting_confirmation";
    let statuses: Vec<&str> = [needing].repeat(12).into_iter().chain(["completed"]).collect();
    let mock = with_statuses(&statuses);
    let calls = Arc::<Mutex<u32>>::default();
    let counted = calls.clone();
    let wait = execution(&mock).wait().sleeper(at_once().0).on_interaction(move |_, _| {
        *counted.lock().unwrap() += 1;
        async { Ok(Interaction::Continue) }
    });
    assert!(wait.await.unwrap().is_finished());
    // At the first look, and at each sixth after it.
    assert_eq!(*calls.lock().unwrap(), 2);
}

#[tokio::test]
async fn the_api_says_when_it_is_of_use_to_ask_again() {
    let mock = with_statuses(&["completed"]);
    let busy = |seconds: &str| MockResponse::status(429).header("retry-after", seconds);
    mock.next("ExecutionGet", busy("42"));
    let (sleeper, pauses) = at_once();
    assert!(execution(&mock).wait().sleeper(sleeper).await.unwrap().is_finished());
    assert_eq!(*pauses.lock().unwrap(), [42_000]);
    // Nobody is kept waiting for an hour without a word.
    mock.next("ExecutionGet", busy("3600"));
    let (sleeper, pauses) = at_once();
    let error = execution(&mock).wait().sleeper(sleeper).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), pauses.lock().unwrap().len()), (429, 0));
    assert_names_it(&error);
}
