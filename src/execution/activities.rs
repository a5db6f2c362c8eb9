//! The activities of an execution as a stream.
//!
//! Some functions are `#[inline]` to be compiled where they are needed: see `activity_reader`.

use std::{
    fmt, mem,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use futures_util::{TryStreamExt, stream};
use openapi_lower_runtime::{
    Error, ErrorKind, Sleeper,
    poll::{PollError, Poller},
};

use super::{
    activity_reader::ActivityReader,
    handle::Execution,
    polls::{PollKind, Polls},
    state::ExecutionState,
};
use crate::generated::types::ExecutionActivity;

/// The number of reads without a pause before each, in a row.
const UNPAUSED_READS: u32 = 1;
/// The number of reads with new activities, in a row, after which the status is requested.
const STATUS_INTERVAL: u32 = 5;
/// The number of reads that may find new activities after the execution has ended.
const READS_AFTER_END: u32 = 20;

/// A stream of the activities of an execution: each activity once, in the order of the API, until
/// the execution has ended.
///
/// [`Execution::activities`] creates it. It starts with the first activity. Nothing is sent before
/// the first poll; dropping it ends the requests. The stream goes on while the execution requires
/// action.
///
/// Activities that exist already are requested at once. Then new ones are requested after pauses
/// that grow by half from 1 s to 10 s ([`poll_every`](Self::poll_every)), and start from 1 s again
/// when there are new ones. Every second pause is omitted while there are new ones. The status is
/// requested when there are none, and at every fifth request for new ones.
///
/// # Errors
///
/// Each error names the execution, and is the last item.
///
/// - Errors of `ExecutionActivitiesGet` and `ExecutionGet`. Up to 3 failures in a row of either
///   operation that are [retryable](crate::Error::is_retryable) are skipped. The next request then
///   waits for `Retry-After`, if the response has it; more than 60 s is an error.
/// - [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge) at the end, after all activities that the
///   API returned, if there were others: see below.
/// - [`ErrorKind::Decode`](crate::ErrorKind::Decode) if there are always new activities although
///   the execution has ended: at 20 requests in a row.
///
/// # Limits
///
/// Executions may have any number of activities: long responses are decoded while they are
/// received, without regard to [`response_limit`](crate::ClientBuilder::response_limit); a single
/// activity may have 64 MiB. The ids of the last 10,000 activities are remembered to recognize
/// duplicates.
///
/// If the API limits the number of activities in a response, and an execution has more than that
/// when the stream starts, the first ones and the newest ones are returned, as many as the API
/// returns at once; the stream ends with an error if there are others between them. A limit below
/// 100 isn't recognized.
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
    Created(Box<(Execution, Poller)>),
    Started(ActivityStream),
    /// Only while `Created` becomes `Started`.
    Starting,
}

impl Activities {
    fn new(execution: Execution) -> Self {
        Self { state: StreamState::Created(Box::new((execution, Poller::default()))) }
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
        if let StreamState::Created(settings) = &mut self.state {
            change(&mut settings.1);
        }
        self
    }
}

impl Stream for Activities {
    type Item = Result<ExecutionActivity, Error>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.state = match mem::replace(&mut self.state, StreamState::Starting) {
            StreamState::Created(settings) => {
                let (execution, poller) = *settings;
                StreamState::Started(ActivityPoller::new(execution, &poller).into_stream())
            }
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

/// Polls the activities of an execution, and its status.
struct ActivityPoller {
    execution: Execution,
    polls: Polls,
    reader: ActivityReader,
    /// Whether the next read may be without a pause before it.
    skips_pause: bool,
    /// The number of reads that may still be without a pause before the next pause.
    unpaused_reads: u32,
    /// Whether a read has begun, which may have several batches.
    is_reading: bool,
    /// Whether the read found new activities.
    has_found: bool,
    /// The number of reads since the status was requested.
    reads: u32,
    /// Whether the status is requested before the next read.
    wants_status: bool,
    /// The number of reads since the execution ended; `None` before.
    reads_after_end: Option<u32>,
}

impl ActivityPoller {
    fn new(execution: Execution, poller: &Poller) -> Self {
        Self {
            reader: ActivityReader::new(execution.clone()),
            execution,
            polls: Polls::new(poller),
            skips_pause: true,
            // The first read is without a pause in any case.
            unpaused_reads: 1 + UNPAUSED_READS,
            is_reading: false,
            has_found: false,
            reads: 0,
            wants_status: false,
            reads_after_end: None,
        }
    }

    #[inline]
    fn into_stream(self) -> ActivityStream {
        let batches = stream::try_unfold(Box::new(self), |mut this| async move {
            let batch = this.next_batch().await;
            let batch = batch.map_err(|error| this.execution.poll_error(error, None))?;
            Ok(batch.map(|batch| (batch, this)))
        });
        Box::pin(batches.map_ok(|batch| stream::iter(batch.into_iter().map(Ok))).try_flatten())
    }

    /// Returns the next activities, at least one; `None` at the end.
    #[inline]
    async fn next_batch(&mut self) -> Result<Option<Vec<ExecutionActivity>>, PollError> {
        loop {
            if !self.is_reading {
                self.prepare_read().await?;
                self.is_reading = true;
            }
            let Some(batch) = self.reader.read(&mut self.polls).await? else {
                self.is_reading = false;
                continue;
            };
            self.has_found |= !batch.activities.is_empty();
            self.is_reading = !batch.is_last;
            if batch.is_last && self.end_read()? {
                return Ok(None);
            }
            if !batch.activities.is_empty() {
                return Ok(Some(batch.activities));
            }
        }
    }

    /// Requests the status if that is due, and waits until the next read is due.
    async fn prepare_read(&mut self) -> Result<(), PollError> {
        let mut skips_pause = mem::take(&mut self.skips_pause) && self.unpaused_reads > 0;
        if mem::take(&mut self.wants_status) {
            self.reads = 0;
            let call = self.execution.get().send();
            match self.polls.poll(PollKind::Status, call).await? {
                None => skips_pause = false,
                Some(state)
                    if ExecutionState::from_status(&state.status) == ExecutionState::Terminal =>
                {
                    // More activities may have been added between the two requests.
                    self.reads_after_end = Some(0);
                    return Ok(());
                }
                Some(_) => {}
            }
        }
        if skips_pause {
            self.unpaused_reads -= 1;
            return Ok(());
        }
        self.unpaused_reads = UNPAUSED_READS;
        self.polls.wait().await
    }

    /// Prepares for the next read, and returns whether there is none.
    fn end_read(&mut self) -> Result<bool, PollError> {
        let has_found = mem::take(&mut self.has_found);
        self.skips_pause = has_found;
        if has_found {
            self.polls.reset();
        }
        self.reads += 1;
        match &mut self.reads_after_end {
            None => self.wants_status = !has_found || self.reads >= STATUS_INTERVAL,
            Some(_) if !has_found && self.reader.has_gap() => {
                let message = "the API didn't return all activities: the execution has more than \
                               it returns at once";
                return Err(PollError::Request(Error::new(ErrorKind::TooLarge, message)));
            }
            Some(_) if !has_found => return Ok(true),
            Some(READS_AFTER_END) => {
                let message = "the execution has ended, but there are always new activities";
                return Err(PollError::Request(Error::new(ErrorKind::Decode, message)));
            }
            Some(reads) => *reads += 1,
        }
        Ok(false)
    }
}
