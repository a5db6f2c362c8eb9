//! Waits for executions.

#[cfg(any(helper = "run", helper = "rerun"))]
use std::time::Instant;
use std::{fmt, time::Duration};

use openapi_lower_runtime::{BoxFuture, Error, Sleeper, poll::Poller};

#[cfg(helper = "long_poll")]
use super::long_poll::{LONGEST_HOLD, LongPoll, LongPollResult};
use super::{handle::Execution, state::ExecutionState};
use crate::generated::types::ExecutionListItem;

/// The reason why a wait returned, with the execution as last polled.
///
/// See [`Wait`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum WaitOutcome {
    /// The execution has ended: its status is `completed`, `cancelled` or `failed`.
    Finished(ExecutionListItem),
    /// The execution doesn't proceed by itself: its status is `awaiting_confirmation`, `paused` or
    /// `paused_by_agent`.
    ///
    /// Send a message ([`Execution::message`]) or change the status ([`Execution::resume`]), then
    /// wait again. The next wait returns the same if the status hasn't changed by then; use
    /// [`Wait::on_interaction`] to keep one wait going.
    ActionRequired(ExecutionListItem),
}

impl WaitOutcome {
    /// Returns the execution as last polled.
    pub fn execution(&self) -> &ExecutionListItem {
        match self {
            Self::Finished(execution) | Self::ActionRequired(execution) => execution,
        }
    }

    /// Converts into the execution as last polled.
    pub fn into_execution(self) -> ExecutionListItem {
        match self {
            Self::Finished(execution) | Self::ActionRequired(execution) => execution,
        }
    }

    /// Returns whether the execution has ended, successfully or not.
    pub fn is_finished(&self) -> bool {
        matches!(self, Self::Finished(_))
    }
}

/// The decision of a callback on an execution that requires action: see [`Wait::on_interaction`].
///
/// ```
/// use asteroid_agents::{Error, Execution, Interaction};
///
/// async fn confirm(execution: Execution) -> Result<Interaction, Error> {
///     execution.message("Go on.").await?;
///     Ok(Interaction::Continue)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Interaction {
    /// Continues the wait: the callback has done what was required.
    Continue,
    /// Ends the wait with [`WaitOutcome::ActionRequired`].
    Return,
}

/// The number of polls that may find an unchanged status after the callback continued the wait.
/// Then the callback is called again: its action had no effect, or the same status was entered a
/// second time between two polls.
const MAX_REPEATED_POLLS: u32 = 5;

type InteractionCallback =
    Box<dyn FnMut(Execution, ExecutionListItem) -> BoxFuture<Result<Interaction, Error>> + Send>;

/// The settings of a wait.
#[derive(Default)]
pub(crate) struct WaitSettings {
    poller: Poller,
    /// The longest time for which the API holds a response back, if it is set.
    #[cfg(helper = "long_poll")]
    longest_hold: Option<Duration>,
    on_interaction: Option<InteractionCallback>,
}

/// A future that waits for an execution until it ends or requires action.
///
/// [`Execution::wait`] creates it. Nothing is sent before it is awaited. Its output is a
/// [`WaitOutcome`]. Dropping it ends the wait; the execution itself goes on.
///
#[cfg_attr(
    helper = "long_poll",
    doc = "It calls `ExecutionSyncGet`, to which the API responds when the execution ends, or after \
           15 s at first and then 25 s with its status ([`poll_every`](Self::poll_every)): an \
           execution of a minute takes 4 requests. Where that operation isn't served, or the API \
           doesn't hold its responses back, `ExecutionGet` is polled instead. There, pauses \
           between two polls grow by half from 1 s to 10 s."
)]
#[cfg_attr(
    not(helper = "long_poll"),
    doc = "It polls `ExecutionGet`; pauses between two polls grow by half from 1 s to 10 s \
           ([`poll_every`](Self::poll_every)). With a later version of the OpenAPI document, which \
           has `ExecutionSyncGet`, the API holds its responses back instead."
)]
/// There is no [`deadline`](Self::deadline) by default. A status that this version doesn't list
/// counts as `running`.
///
/// # Errors
///
/// Each error names the execution.
///
/// - [`ErrorKind::Timeout`](crate::ErrorKind::Timeout): the deadline passed.
/// - Errors of the polls. Up to 3 failures in a row that are
///   [retryable](crate::Error::is_retryable) are skipped. The next poll then waits for
///   `Retry-After`, if the response has it; more than 60 s is an error.
/// - Errors that the callback of [`on_interaction`](Self::on_interaction) returns.
#[must_use = "a wait does nothing until it is awaited"]
pub struct Wait<S = Execution> {
    pub(crate) source: S,
    pub(crate) settings: WaitSettings,
}

impl<S> Wait<S> {
    pub(crate) fn new(source: S) -> Self {
        Self { source, settings: WaitSettings::default() }
    }

    /// Sets how long the wait may take; unlimited by default.
    ///
    /// A poll that is still unanswered at the deadline is cancelled. The last pause is shortened to
    /// leave 1 s for the last poll (a quarter of a deadline below 4 s). Time spent in the callback
    /// of [`on_interaction`](Self::on_interaction) doesn't count.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.poller.deadline(deadline);
        self
    }

    /// Sets the first and the longest pause between two polls; 1 s and 10 s by default.
    ///
    /// Each pause is half as long again as the one before. After a callback continued the wait,
    /// pauses start from the first one again.
    ///
    /// Where the API holds its responses back, `longest` is also the longest time for that, of up
    /// to 25 s, which is the default: so long it takes to notice that an execution requires action.
    /// With less than 1 s, the execution is polled.
    pub fn poll_every(mut self, first: Duration, longest: Duration) -> Self {
        self.settings.poller.backoff(first, longest);
        #[cfg(helper = "long_poll")]
        {
            self.settings.longest_hold = Some(longest.max(first));
        }
        self
    }

    /// Sets the timer for the pauses between two polls; tokio's timer by default.
    pub fn sleeper(mut self, sleeper: Sleeper) -> Self {
        self.settings.poller.sleeper(sleeper);
        self
    }

    /// Sets a callback for executions that require action; without it, the wait returns
    /// [`WaitOutcome::ActionRequired`] there.
    ///
    /// The callback is called with the execution and its state as polled, whenever the execution
    /// enters `awaiting_confirmation`, `paused` or `paused_by_agent`. If the next 5 polls find the
    /// status unchanged, it is called again at the sixth. An error that it returns ends the wait.
    ///
    /// ```no_run
    /// use asteroid_agents::{Error, Execution, Interaction, WaitOutcome};
    ///
    /// async fn confirm(execution: Execution) -> Result<WaitOutcome, Error> {
    ///     let wait = execution.wait().on_interaction(|execution, state| async move {
    ///         if state.status.as_str() != "awaiting_confirmation" {
    ///             return Ok(Interaction::Return);
    ///         }
    ///         execution.message("Yes, go on.").await?;
    ///         Ok(Interaction::Continue)
    ///     });
    ///     wait.await
    /// }
    /// ```
    pub fn on_interaction<F>(
        mut self,
        mut callback: impl FnMut(Execution, ExecutionListItem) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Interaction, Error>> + Send + 'static,
    {
        let callback: InteractionCallback =
            Box::new(move |execution, state| Box::pin(callback(execution, state)));
        self.settings.on_interaction = Some(callback);
        self
    }
}

impl Execution {
    /// Returns a future that waits for this execution until it ends or requires action: see
    /// [`Wait`].
    pub fn wait(&self) -> Wait {
        Wait::new(self.clone())
    }
}

impl IntoFuture for Wait {
    type Output = Result<WaitOutcome, Error>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.settings.wait(self.source))
    }
}

impl WaitSettings {
    /// Starts an execution and waits for it. The time that the start takes counts against the
    /// deadline.
    #[cfg(any(helper = "run", helper = "rerun"))]
    pub(crate) async fn start_and_wait(
        mut self,
        start: impl Future<Output = Result<Execution, Error>>,
    ) -> Result<WaitOutcome, Error> {
        let started = Instant::now();
        let execution = start.await?;
        self.poller.charge(started.elapsed());
        self.wait(execution).await
    }

    /// Polls `execution` until the wait returns.
    pub(crate) async fn wait(self, execution: Execution) -> Result<WaitOutcome, Error> {
        #[cfg(helper = "long_poll")]
        let mut long_poll = LongPoll::new(self.longest_hold.unwrap_or(LONGEST_HOLD));
        let Self { mut poller, mut on_interaction, .. } = self;
        // The last polled status, and the number of polls since the callback was called.
        let (mut last, mut polls) = (None, 0);
        loop {
            #[cfg(helper = "long_poll")]
            {
                let result = long_poll.poll(&mut poller, &execution, last.as_ref()).await;
                let result = result.map_err(|error| execution.poll_error(error, last.as_ref()))?;
                if let LongPollResult::Running { status, needs_pause } = result {
                    last = status.or(last);
                    match needs_pause {
                        false => poller.reset(),
                        true => {
                            let waited = poller.wait().await;
                            waited.map_err(|error| execution.poll_error(error, last.as_ref()))?;
                        }
                    }
                    continue;
                }
            }
            let response = poller.poll(execution.get().send()).await;
            let response = response.map_err(|error| execution.poll_error(error, last.as_ref()))?;
            if let Some(state) = response {
                #[cfg(helper = "long_poll")]
                long_poll.resume();
                let state = state.into_inner();
                polls += 1;
                let entered = last.as_ref() != Some(&state.status) || polls > MAX_REPEATED_POLLS;
                last = Some(state.status.clone());
                match (ExecutionState::from_status(&state.status), &mut on_interaction) {
                    (ExecutionState::Terminal, _) => return Ok(WaitOutcome::Finished(state)),
                    (ExecutionState::ActionRequired, None) => {
                        return Ok(WaitOutcome::ActionRequired(state));
                    }
                    (ExecutionState::ActionRequired, Some(callback)) if entered => {
                        polls = 0;
                        let interaction = callback(execution.clone(), state.clone()).await;
                        match interaction.map_err(|error| execution.with_context(error))? {
                            Interaction::Return => return Ok(WaitOutcome::ActionRequired(state)),
                            Interaction::Continue => poller.reset(),
                        }
                    }
                    _ => {}
                }
            }
            let waited = poller.wait().await;
            waited.map_err(|error| execution.poll_error(error, last.as_ref()))?;
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for Wait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("source", &self.source)
            .field("poller", &self.settings.poller)
            .finish_non_exhaustive()
    }
}
