//! Long polls: the server holds the response back until the execution ends, or for some seconds.

use std::time::Duration;

use openapi_lower_runtime::{
    CallOptions, RetryPolicy,
    poll::{PollError, Poller},
    reqwest::StatusCode,
};

use super::{handle::Execution, state::ExecutionState};
use crate::generated::{helper_operations, types::ExecutionStatus};

/// The longest time for which the server holds a response back: the maximum of `timeoutSeconds`.
pub(super) const LONGEST_HOLD: Duration = Duration::from_secs(25);

/// The hold time of the first long poll: an execution that requires action already is noticed
/// sooner, and a minute still takes three long polls.
const FIRST_HOLD: Duration = Duration::from_secs(15);

/// The shortest hold time that the operation takes.
const SHORTEST_HOLD: Duration = Duration::from_secs(1);

/// A response before this time was not held back.
const EARLY: Duration = Duration::from_millis(500);

/// The number of responses in a row that weren't held back, and of failures in all, after which no
/// more long polls are sent.
const MAX_EARLY: u32 = 3;
const MAX_FAILURES: u32 = 3;

/// The long polls of one wait.
pub(super) struct LongPoll {
    /// The hold time of the next long poll.
    hold: Duration,
    longest_hold: Duration,
    early: u32,
    failures: u32,
    /// Whether the latest long poll failed, and no other request has succeeded since.
    is_suspended: bool,
    is_off: bool,
}

/// The result of a long poll.
pub(super) enum LongPollResult {
    /// The execution goes on, with this status if the long poll succeeded. It is to be polled
    /// again, after a pause if the long poll failed or wasn't held back.
    Running { status: Option<ExecutionStatus>, needs_pause: bool },
    /// The state of the execution is to be read: it has ended, requires action, or no long poll was
    /// sent.
    ReadState,
}

impl LongPoll {
    pub(super) fn new(longest_hold: Duration) -> Self {
        let longest_hold = longest_hold.min(LONGEST_HOLD);
        Self {
            hold: FIRST_HOLD.min(longest_hold),
            longest_hold,
            early: 0,
            failures: 0,
            is_suspended: false,
            is_off: false,
        }
    }

    /// Allows long polls again after a failed one: another request has succeeded.
    pub(super) fn resume(&mut self) {
        self.is_suspended = false;
    }

    /// Sends a long poll, if there is time for it and it makes sense after `last`, the status as
    /// last polled.
    ///
    /// # Errors
    ///
    /// As [`Poller::poll`]. An error that isn't retryable is none of the wait: the operation may be
    /// missing where the others aren't, behind a gateway for example. Polling then goes on without
    /// it, and reports what is wrong with the execution itself.
    pub(super) async fn poll(
        &mut self,
        poller: &mut Poller,
        execution: &Execution,
        last: Option<&ExecutionStatus>,
    ) -> Result<LongPollResult, PollError> {
        // An execution that requires action doesn't end, so that the server would wait in vain.
        let waits = last.is_none_or(is_running);
        let hold = poller.hold_time(self.hold).filter(|hold| *hold >= SHORTEST_HOLD);
        let Some(hold) = hold.filter(|_| waits && !self.is_off && !self.is_suspended) else {
            return Ok(LongPollResult::ReadState);
        };
        // Seconds up to 25.
        let seconds = u8::try_from(hold.as_secs()).unwrap_or(u8::MAX);
        // The timeout is for the time after the hold. What is retried, and until when, is up to the
        // wait.
        let timeout = execution.client().runtime().timeout().saturating_add(hold);
        let options = CallOptions::new().timeout(timeout).retry(RetryPolicy::none());
        let client = execution.client().with_options(options);
        let call = helper_operations::execution_sync_get(&client).execution_id(execution.id());
        let response = match poller.poll(call.timeout_seconds(seconds).send()).await {
            Ok(Some(response)) => response,
            Ok(None) => {
                self.failures += 1;
                self.is_off = self.failures >= MAX_FAILURES;
                self.is_suspended = true;
                return Ok(LongPollResult::Running { status: None, needs_pause: true });
            }
            Err(PollError::Request(error)) if !error.is_retryable() => {
                self.is_off = true;
                return Ok(LongPollResult::ReadState);
            }
            Err(error) => return Err(error),
        };
        let is_early = poller.request_time() < EARLY;
        self.early = if is_early { self.early + 1 } else { 0 };
        self.is_off = self.early >= MAX_EARLY;
        self.hold = self.longest_hold;
        if response.status() == StatusCode::OK || !is_running(&response.status) {
            return Ok(LongPollResult::ReadState);
        }
        let status = Some(response.into_inner().status);
        Ok(LongPollResult::Running { status, needs_pause: is_early })
    }
}

fn is_running(status: &ExecutionStatus) -> bool {
    ExecutionState::from_status(status) == ExecutionState::Running
}
