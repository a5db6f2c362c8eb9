//! The activities of an execution as a stream.
//!
//! The API has no cursor: it returns the newest or the oldest activities, up to a limit. So each
//! poll requests the newest ones, and doubles the limit until the response reaches back to an
//! activity that was returned before.

use std::{
    fmt, mem,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use futures_util::{TryStreamExt, stream};
use openapi_lower_runtime::{
    Error, Sleeper,
    poll::{PollError, Poller, RecentKeys},
    uuid::Uuid,
};

use super::{handle::Execution, state::ExecutionState};
use crate::generated::types::ExecutionActivity;

/// The `limit` of the first request of a poll.
const FIRST_LIMIT: u32 = 100;
/// The largest `limit` of a request.
const MAX_LIMIT: u32 = 102_400;
/// The number of ids that are remembered, unless one response had more activities.
const REMEMBERED_IDS: usize = 10_000;

/// A stream of the activities of an execution: each activity once, in the order of the API, until
/// the execution has ended.
///
/// [`Execution::activities`] creates it. It starts with the first activity. Nothing is sent before
/// the first poll; dropping it ends the requests. While there are new activities, the next ones are
/// requested at once, otherwise after pauses that grow by half from 1 s to 10 s
/// ([`poll_every`](Self::poll_every)). The stream goes on while the execution requires action.
///
/// # Errors
///
/// Each error names the execution, and is the last item.
///
/// - Errors of `ExecutionActivitiesGet` and `ExecutionGet`. Up to 3 failures in a row that are
///   [retryable](crate::Error::is_retryable) are skipped. The next request then waits for
///   `Retry-After`, if the response has it; more than 60 s is an error.
///
/// # Limits
///
/// The ids of the last 10,000 activities are remembered to recognize duplicates, more only if one
/// response has more. The API can't page beyond the newest 102,400 activities, or as many as it
/// returns at once: activities before them are skipped.
///
/// ```no_run
/// use asteroid_agents::{Error, Execution};
/// use futures::TryStreamExt;
///
/// async fn print(execution: Execution) -> Result<(), Error> {
///     let mut activities = execution.activities();
///     while let Some(activity) = activities.try_next().await? {
///         println!("{} {:?}", activity.timestamp, activity.payload);
///     }
///     Ok(())
/// }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct Activities {
    state: StreamState,
}

impl Execution {
    /// Returns a stream of all activities from the first one on, until the execution has ended: see
    /// [`Activities`].
    pub fn activities(&self) -> Activities {
        Activities::new(self.clone())
    }
}

type ActivityStream = Pin<Box<dyn Stream<Item = Result<ExecutionActivity, Error>> + Send>>;

enum StreamState {
    /// Not polled yet: settings may change.
    Created(Box<ActivityPoller>),
    Started(ActivityStream),
    /// Only while `Created` becomes `Started`.
    Starting,
}

impl Activities {
    fn new(execution: Execution) -> Self {
        let poller = ActivityPoller {
            execution,
            poller: Poller::default(),
            returned: RecentKeys::new(REMEMBERED_IDS),
            limit: FIRST_LIMIT,
            has_ended: false,
            skip_pause: true,
        };
        Self { state: StreamState::Created(Box::new(poller)) }
    }

    /// Sets the first and the longest pause between two polls that find nothing new; 1 s and 10 s
    /// by default.
    ///
    /// Each pause is half as long again as the one before. Has no effect on a stream that was
    /// polled already.
    pub fn poll_every(self, first: Duration, longest: Duration) -> Self {
        self.with_poller(|poller| poller.backoff(first, longest))
    }

    /// Sets the timer for the pauses between two polls; tokio's timer by default.
    ///
    /// Has no effect on a stream that was polled already.
    pub fn sleeper(self, sleeper: Sleeper) -> Self {
        self.with_poller(|poller| poller.sleeper(sleeper))
    }

    fn with_poller(mut self, change: impl FnOnce(&mut Poller)) -> Self {
        if let StreamState::Created(activities) = &mut self.state {
            change(&mut activities.poller);
        }
        self
    }
}

impl Stream for Activities {
    type Item = Result<ExecutionActivity, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.state = match mem::replace(&mut self.state, StreamState::Starting) {
            StreamState::Created(poller) => StreamState::Started(poller.into_stream()),
            started => started,
        };
        match &mut self.state {
            StreamState::Started(stream) => stream.as_mut().poll_next(cx),
            StreamState::Created(_) | StreamState::Starting => Poll::Ready(None),
        }
    }
}

impl fmt::Debug for Activities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Activities").finish_non_exhaustive()
    }
}

/// Polls the activities of an execution, and its status when there are no new ones.
struct ActivityPoller {
    execution: Execution,
    poller: Poller,
    /// The ids of activities that were returned.
    returned: RecentKeys<Uuid>,
    /// The `limit` of the next request.
    limit: u32,
    /// Whether the execution had ended before the activities were last requested.
    has_ended: bool,
    /// Whether there may be new activities already.
    skip_pause: bool,
}

impl ActivityPoller {
    fn into_stream(self: Box<Self>) -> ActivityStream {
        let batches = stream::try_unfold(self, |mut this| async move {
            let batch = this.next_batch().await;
            let batch = batch.map_err(|error| this.execution.poll_error(error, None))?;
            Ok(batch.map(|batch| (batch, this)))
        });
        Box::pin(batches.map_ok(|batch| stream::iter(batch.into_iter().map(Ok))).try_flatten())
    }

    /// Returns the next activities, at least one; `None` at the end.
    async fn next_batch(&mut self) -> Result<Option<Vec<ExecutionActivity>>, PollError> {
        loop {
            if !mem::take(&mut self.skip_pause) {
                self.poller.wait().await?;
            }
            let Some(batch) = self.poll_activities().await? else { continue };
            if !batch.is_empty() {
                self.poller.reset();
                self.skip_pause = true;
                return Ok(Some(batch));
            }
            if self.has_ended {
                return Ok(None);
            }
            let state = self.poller.poll(self.execution.get().send()).await?;
            let state = state.map(|state| ExecutionState::from_status(&state.status));
            if state == Some(ExecutionState::Terminal) {
                // More activities may have been added between the two requests.
                self.has_ended = true;
                self.skip_pause = true;
            }
        }
    }

    /// Requests the activities and returns the new ones, oldest first; `None` if a request failed
    /// with an error that is skipped.
    async fn poll_activities(&mut self) -> Result<Option<Vec<ExecutionActivity>>, PollError> {
        loop {
            let call = self.execution.last_activities(self.limit);
            let Some(response) = self.poller.poll(call.send()).await? else { return Ok(None) };
            let mut newest = response.into_inner();
            let is_complete = newest.len() < self.limit as usize
                || newest.iter().any(|activity| self.returned.contains(&activity.id));
            if !is_complete && self.limit < MAX_LIMIT {
                self.limit *= 2;
                continue;
            }
            self.limit = FIRST_LIMIT;
            if self.returned.has_forgotten() {
                // Activities older than all remembered ones were returned and forgotten.
                let oldest = newest.iter().rposition(|one| self.returned.contains(&one.id));
                newest.truncate(oldest.map_or(newest.len(), |oldest| oldest + 1));
            }
            self.returned.reserve(newest.len());
            let new = newest.into_iter().rev().filter(|one| self.returned.insert(one.id));
            return Ok(Some(new.collect()));
        }
    }
}
