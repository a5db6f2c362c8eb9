//! Waits by long polls. The mock's time is tokio's, which stands still but for the time that the
//! server holds a response back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use asteroid_agents::{
    Client, ErrorKind, Execution, Interaction, RetryPolicy, Sleeper, WaitOutcome,
};
use openapi_mock::{Exchange, MockResponse, MockServer};
use tokio::{
    sync::mpsc::{UnboundedSender, unbounded_channel},
    task, time,
};

use crate::{ID, LONG_POLL, assert_names_execution, client, mock_with_long_polls};

const GET: &str = "ExecutionGet";

/// A time to let pass, and the channel on which that is reported.
type Hold = (Duration, mpsc::Sender<()>);

/// A clock that stands still except for holds and pauses.
struct TestClock {
    milliseconds: Arc<AtomicU64>,
    holds: UnboundedSender<Hold>,
    /// Ends the task that keeps tokio from advancing the time by itself.
    _running: mpsc::Sender<()>,
}

impl TestClock {
    /// Starts the clock, on a runtime of one thread.
    fn start() -> Self {
        time::pause();
        // While the runtime has a blocking task, time stands still even if all tasks wait for I/O.
        let (running, ended) = mpsc::channel::<()>();
        drop(task::spawn_blocking(move || ended.recv()));
        let milliseconds = Arc::<AtomicU64>::default();
        let (holds, mut received) = unbounded_channel::<Hold>();
        let clock = milliseconds.clone();
        tokio::spawn(async move {
            while let Some((hold, done)) = received.recv().await {
                pass(&clock, hold).await;
                let _ = done.send(());
            }
        });
        Self { milliseconds, holds, _running: running }
    }

    /// The timer of pauses.
    fn sleeper(&self) -> Sleeper {
        let clock = self.milliseconds.clone();
        Sleeper::new(move |pause| {
            let clock = clock.clone();
            async move { pass(&clock, pause).await }
        })
    }

    fn seconds(&self) -> u64 {
        self.milliseconds.load(Ordering::SeqCst) / 1_000
    }

    /// Serves an execution that has these statuses, each until a second from now on; the last one
    /// has no end.
    fn serve(&self, mock: &MockServer, statuses: &'static [(u64, &'static str)]) {
        let clock = self.milliseconds.clone();
        let start = clock.load(Ordering::SeqCst);
        mock.respond_with(GET, move |_| {
            let status = status_at(statuses, clock.load(Ordering::SeqCst) - start);
            MockResponse::new().with_value("/status", status)
        });
        let (clock, holds) = (self.milliseconds.clone(), self.holds.clone());
        mock.respond_with(LONG_POLL, move |exchange| {
            let now = clock.load(Ordering::SeqCst) - start;
            let latest = now + timeout_seconds(exchange) * 1_000;
            // As documented: until the execution ends, or for that time.
            let end = statuses.iter().map(|(until, _)| until * 1_000).nth_back(1).unwrap_or(0);
            let until = latest.min(end.max(now));
            hold(&holds, Duration::from_millis(until - now));
            let status = status_at(statuses, until);
            let code = if is_terminal(status) { 200 } else { 202 };
            MockResponse::status(code).with_value("/status", status)
        });
    }
}

/// Lets time pass.
async fn pass(clock: &AtomicU64, time: Duration) {
    clock.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    time::advance(time).await;
}

/// Holds a response of the mock back, whose threads aren't those of the clock.
fn hold(holds: &UnboundedSender<Hold>, time: Duration) {
    let (sender, done) = mpsc::channel();
    if !time.is_zero() && holds.send((time, sender)).is_ok() {
        let _ = done.recv();
    }
}

fn status_at(statuses: &[(u64, &'static str)], milliseconds: u64) -> &'static str {
    let current = statuses.iter().find(|(until, _)| milliseconds < until * 1_000);
    current.or(statuses.last()).unwrap().1
}

fn is_terminal(status: &str) -> bool {
    ["completed", "cancelled", "failed"].contains(&status)
}

/// The query parameter of a long poll.
fn timeout_seconds(exchange: &Exchange) -> u64 {
    exchange.query.strip_prefix("timeoutSeconds=").unwrap().parse().unwrap()
}

/// The requests: the hold times of long polls, and "get".
fn requests(mock: &MockServer) -> Vec<String> {
    let exchanges = mock.exchanges().into_iter().filter_map(|one| match one.operation.as_deref() {
        Some(LONG_POLL) => Some(timeout_seconds(&one).to_string()),
        Some(GET) => Some("get".to_owned()),
        _ => None,
    });
    exchanges.collect()
}

fn execution(mock: &MockServer) -> Execution {
    client(mock).execution(ID)
}

const MINUTE: &[(u64, &str)] = &[(5, "queued"), (60, "running"), (0, "completed")];

#[tokio::test]
async fn an_execution_of_a_minute_takes_four_requests() {
    let (mock, clock) = (mock_with_long_polls(), TestClock::start());
    clock.serve(&mock, MINUTE);
    match execution(&mock).wait().sleeper(clock.sleeper()).await.unwrap() {
        WaitOutcome::Finished(state) => assert_eq!(state.status.as_str(), "completed"),
        other => panic!("{other:?}"),
    }
    assert_eq!(requests(&mock), ["15", "25", "25", "get"]);
    assert_eq!(clock.seconds(), 60, "no pauses");
    assert_eq!(mock.violations(), []);
}

#[tokio::test]
async fn the_timeout_of_an_attempt_is_longer_than_the_hold() {
    let (mock, clock) = (mock_with_long_polls(), TestClock::start());
    clock.serve(&mock, MINUTE);
    let client = Client::builder().api_key("the-key").base_url(mock.url());
    let retry = RetryPolicy::new().deadline(Duration::from_secs(4));
    let client = client.timeout(Duration::from_secs(3)).retry(retry).build().unwrap();
    let wait = client.execution(ID).wait().sleeper(clock.sleeper());
    assert!(wait.await.unwrap().is_finished());
    assert_eq!(requests(&mock), ["15", "25", "25", "get"]);
}

#[tokio::test]
async fn an_execution_that_requires_action_is_noticed_by_the_status_of_the_response() {
    let clock = TestClock::start();
    for status in ["awaiting_confirmation", "paused", "paused_by_agent"] {
        let mock = mock_with_long_polls();
        let statuses: &'static [_] = match status {
            "paused" => &[(20, "running"), (600, "paused"), (0, "completed")],
            "paused_by_agent" => &[(20, "running"), (600, "paused_by_agent"), (0, "completed")],
            _ => &[(20, "running"), (600, "awaiting_confirmation"), (0, "completed")],
        };
        clock.serve(&mock, statuses);
        match execution(&mock).wait().sleeper(clock.sleeper()).await.unwrap() {
            WaitOutcome::ActionRequired(state) => assert_eq!(state.status.as_str(), status),
            other => panic!("{other:?}"),
        }
        assert_eq!(requests(&mock), ["15", "25", "get"]);
    }
}

#[tokio::test]
async fn a_callback_is_polled_for_until_the_execution_goes_on() {
    let (mock, clock) = (mock_with_long_polls(), TestClock::start());
    clock.serve(&mock, &[(10, "running"), (17, "paused"), (30, "running"), (0, "completed")]);
    let calls = Arc::<AtomicUsize>::default();
    let counter = calls.clone();
    let wait = execution(&mock).wait().sleeper(clock.sleeper()).on_interaction(move |_, _| {
        counter.fetch_add(1, Ordering::SeqCst);
        async { Ok(Interaction::Continue) }
    });
    assert!(wait.await.unwrap().is_finished());
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    // The status is polled after pauses while the server would hold in vain.
    assert_eq!(requests(&mock), ["15", "get", "get", "get", "25", "get"]);
}

#[tokio::test]
async fn an_operation_that_is_not_served_is_requested_once() {
    let clock = TestClock::start();
    for status in [400, 401, 404, 405, 501] {
        let mock = mock_with_long_polls();
        clock.serve(&mock, MINUTE);
        mock.respond_with(LONG_POLL, move |_| MockResponse::status(status));
        let wait = execution(&mock).wait().sleeper(clock.sleeper());
        assert!(wait.await.unwrap().is_finished(), "{status}");
        let requests = requests(&mock);
        assert_eq!((requests[0].as_str(), requests.len()), ("15", 12), "{status}");
        assert!(requests[1..].iter().all(|one| one == "get"), "{requests:?}");
    }
}

#[tokio::test]
async fn responses_that_are_not_held_back_end_the_long_polls() {
    let (mock, clock) = (mock_with_long_polls(), TestClock::start());
    clock.serve(&mock, MINUTE);
    mock.respond_with(LONG_POLL, |_| MockResponse::status(202).with_value("/status", "running"));
    assert!(execution(&mock).wait().sleeper(clock.sleeper()).await.unwrap().is_finished());
    let requests = requests(&mock);
    // With the pauses of polling between them: as many requests as without long polls.
    assert_eq!(requests[..4], ["15", "25", "25", "get"]);
    assert_eq!(requests.len(), 11, "{requests:?}");
    assert!(requests[3..].iter().all(|one| one == "get"), "{requests:?}");
}

#[tokio::test]
async fn a_success_that_the_state_contradicts_is_no_busy_loop() {
    let (mock, clock) = (mock_with_long_polls(), TestClock::start());
    clock.serve(&mock, MINUTE);
    mock.respond_with(LONG_POLL, |_| MockResponse::status(200).with_value("/status", "completed"));
    assert!(execution(&mock).wait().sleeper(clock.sleeper()).await.unwrap().is_finished());
    let requests = requests(&mock);
    assert_eq!(requests[..6], ["15", "get", "25", "get", "25", "get"]);
    assert_eq!(requests.len(), 14, "{requests:?}");
}

#[tokio::test]
async fn failures_are_counted_and_polled_over() {
    let (mock, clock) = (mock_with_long_polls(), TestClock::start());
    clock.serve(&mock, MINUTE);
    mock.fail(LONG_POLL, 503).times(1);
    assert!(execution(&mock).wait().sleeper(clock.sleeper()).await.unwrap().is_finished());
    assert_eq!(requests(&mock)[..3], ["15", "get", "15"]);

    // Four failures in a row are an error, whichever operation they are of.
    let (mock, clock) = (mock_with_long_polls(), clock);
    clock.serve(&mock, MINUTE);
    mock.respond_with(LONG_POLL, |_| MockResponse::status(503));
    mock.respond_with(GET, |_| MockResponse::status(503));
    let error = execution(&mock).wait().sleeper(clock.sleeper()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 503);
    assert_names_execution(&error);
    assert_eq!(requests(&mock), ["15", "get", "get", "get"]);
}

#[tokio::test]
async fn long_polls_that_always_fail_end() {
    let (mock, clock) = (mock_with_long_polls(), TestClock::start());
    clock.serve(&mock, MINUTE);
    mock.respond_with(LONG_POLL, |_| MockResponse::status(504));
    assert!(execution(&mock).wait().sleeper(clock.sleeper()).await.unwrap().is_finished());
    let long_polls = requests(&mock).into_iter().filter(|one| one != "get").count();
    assert_eq!(long_polls, 3);
}

#[tokio::test]
async fn the_deadline_limits_the_hold() {
    let (mock, clock) = (mock_with_long_polls(), TestClock::start());
    clock.serve(&mock, MINUTE);
    let wait = execution(&mock).wait().sleeper(clock.sleeper()).deadline(Duration::from_secs(40));
    let error = wait.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_names_execution(&error);
    assert!(error.to_string().ends_with("the deadline passed; the last status was `running`"));
    // The last second is for the last poll.
    assert_eq!(requests(&mock), ["15", "24", "get"]);
    assert_eq!(clock.seconds(), 39);
}

#[tokio::test]
async fn poll_every_limits_the_hold() {
    let (mock, clock) = (mock_with_long_polls(), TestClock::start());
    clock.serve(&mock, &[(14, "running"), (0, "completed")]);
    let wait = execution(&mock).wait().sleeper(clock.sleeper());
    wait.poll_every(Duration::from_secs(1), Duration::from_secs(6)).await.unwrap();
    assert_eq!(requests(&mock), ["6", "6", "6", "get"]);

    let (mock, clock) = (mock_with_long_polls(), clock);
    mock.sequence(GET, "/status", ["running", "completed"]);
    let pause = Duration::from_millis(200);
    let wait = execution(&mock).wait().sleeper(clock.sleeper());
    wait.poll_every(pause, pause).await.unwrap();
    assert_eq!(requests(&mock), ["get", "get"]);
}
