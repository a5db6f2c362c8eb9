//! What an execution does, as it does it.
//!
//! The API has no cursor: it hands out the newest or the oldest activities, up to a limit. So the
//! newest are asked for, as many more until one of them is known.

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

/// How many activities are asked for at first.
const WINDOW: u32 = 100;
/// How many are asked for at the most.
const MOST: u32 = 102_400;
/// How many are known by their ids, if no answer was longer.
const KNOWN: usize = 10_000;

/// The activities of an execution as a stream: each once, in the order of the API, until the
/// execution has ended and all were handed out.
///
/// It begins with the first activity; one that turns up late comes when it is seen. An execution
/// that needs someone is waited on like one that runs. Nothing is sent before the first poll. New
/// activities are asked for at once as long as there are some, and else after pauses that grow from
/// 1 s to 10 s. Up to 3 failures in a row that may pass ([`Error::is_retryable`]) are passed over;
/// an error is handed out once and is the end.
///
/// The ids of the last 10,000 activities are kept to know them again, more only if one answer had
/// more. The API has no way to read on behind the newest 102,400, or as many as it hands out in one
/// answer: what lies before them is left out.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use futures::TryStreamExt;
///
/// let execution = client.execution("6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01".parse::<uuid::Uuid>()?);
/// let mut activities = execution.activities();
/// while let Some(activity) = activities.try_next().await? {
///     println!("{} {:?}", activity.timestamp, activity.payload);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct Activities {
    state: State,
}

impl Execution {
    /// Its activities from the first one on, and the new ones as they come, until it has ended.
    pub fn activities(&self) -> Activities {
        Activities::of(self.clone())
    }
}

type Running = Pin<Box<dyn Stream<Item = Result<ExecutionActivity, Error>> + Send>>;

enum State {
    Ready(Box<Follower>),
    Running(Running),
    Begins,
}

impl Activities {
    pub(super) fn of(execution: Execution) -> Self {
        let follower = Follower {
            execution,
            poller: Poller::default(),
            known: RecentKeys::new(KNOWN),
            window: WINDOW,
            ended: false,
            is_new: true,
        };
        Self { state: State::Ready(Box::new(follower)) }
    }

    /// The first pause between two looks that find nothing new, and the longest one; each is half
    /// as long again as the one before. By default 1 s and 10 s. Of no use once it is polled.
    pub fn poll_every(self, first: Duration, longest: Duration) -> Self {
        self.with(|poller| poller.backoff(first, longest))
    }

    /// What waits between two looks; by default tokio's timer. Of no use once it is polled.
    pub fn sleeper(self, sleeper: Sleeper) -> Self {
        self.with(|poller| poller.sleeper(sleeper))
    }

    fn with(mut self, change: impl FnOnce(&mut Poller)) -> Self {
        if let State::Ready(follower) = &mut self.state {
            change(&mut follower.poller);
        }
        self
    }
}

impl Stream for Activities {
    type Item = Result<ExecutionActivity, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.state = match mem::replace(&mut self.state, State::Begins) {
            State::Ready(follower) => State::Running(follower.run()),
            running => running,
        };
        match &mut self.state {
            State::Running(running) => running.as_mut().poll_next(cx),
            State::Ready(_) | State::Begins => Poll::Ready(None),
        }
    }
}

impl fmt::Debug for Activities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Activities").finish_non_exhaustive()
    }
}

/// What is known of an execution while it is followed.
struct Follower {
    execution: Execution,
    poller: Poller,
    known: RecentKeys<Uuid>,
    /// How many activities are asked for.
    window: u32,
    /// Whether it had ended before the activities were asked for.
    ended: bool,
    /// Whether there may be new ones right now.
    is_new: bool,
}

impl Follower {
    fn run(self: Box<Self>) -> Running {
        let batches = stream::try_unfold(self, |mut this| async move {
            let batch = this.next().await;
            let batch = batch.map_err(|stop| this.execution.stopped(stop, None))?;
            Ok(batch.map(|batch| (batch, this)))
        });
        Box::pin(batches.map_ok(|batch| stream::iter(batch.into_iter().map(Ok))).try_flatten())
    }

    /// The next activities, at least one; `None` at the end.
    async fn next(&mut self) -> Result<Option<Vec<ExecutionActivity>>, PollError> {
        loop {
            if !mem::take(&mut self.is_new) {
                self.poller.wait().await?;
            }
            let Some(batch) = self.look().await? else { continue };
            if !batch.is_empty() {
                self.poller.reset();
                self.is_new = true;
                return Ok(Some(batch));
            }
            if self.ended {
                return Ok(None);
            }
            let seen = self.poller.poll(self.execution.get().send()).await?;
            if seen
                .is_some_and(|state| ExecutionState::of(&state.status) == ExecutionState::Terminal)
            {
                // What came between the two questions.
                self.ended = true;
                self.is_new = true;
            }
        }
    }

    /// The activities that aren't known, oldest first. `None`: it failed for now.
    async fn look(&mut self) -> Result<Option<Vec<ExecutionActivity>>, PollError> {
        loop {
            let call = self.execution.last_activities(self.window);
            let Some(newest) = self.poller.poll(call.send()).await? else { return Ok(None) };
            let newest = newest.into_inner();
            let reaches = newest.len() < self.window as usize
                || newest.iter().any(|activity| self.known.contains(&activity.id));
            if !reaches && self.window < MOST {
                self.window *= 2;
                continue;
            }
            self.window = WINDOW;
            let mut newest = newest;
            if self.known.has_forgotten() {
                // What is older than all that is known was handed out and forgotten.
                let oldest = newest.iter().rposition(|one| self.known.contains(&one.id));
                newest.truncate(oldest.map_or(newest.len(), |oldest| oldest + 1));
            }
            self.known.reserve(newest.len());
            let new = newest.into_iter().rev().filter(|activity| self.known.insert(activity.id));
            return Ok(Some(new.collect()));
        }
    }
}
