//! Waiting for an execution, and for what its waiting is worth.

use std::{fmt, time::Duration};

use openapi_lower_runtime::{
    BoxFuture, Error, Sleeper,
    poll::{PollError, Poller},
};

use super::{handle::Execution, state::ExecutionState};
use crate::generated::types::ExecutionListItem;

/// Why the wait is over.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum WaitOutcome {
    /// It has ended: its status is `completed`, `cancelled` or `failed`.
    Finished(ExecutionListItem),
    /// It won't go on by itself: its status is `awaiting_confirmation`, `paused` or
    /// `paused_by_agent`. A message or another status helps, and then another wait, which ends at
    /// once if that had no effect yet; [`Wait::on_interaction`] goes on waiting instead.
    ActionRequired(ExecutionListItem),
}

impl WaitOutcome {
    /// The execution as it was last seen.
    pub fn execution(&self) -> &ExecutionListItem {
        match self {
            Self::Finished(execution) | Self::ActionRequired(execution) => execution,
        }
    }

    /// The execution as it was last seen.
    pub fn into_execution(self) -> ExecutionListItem {
        match self {
            Self::Finished(execution) | Self::ActionRequired(execution) => execution,
        }
    }

    /// Whether it has ended.
    pub fn is_finished(&self) -> bool {
        matches!(self, Self::Finished(_))
    }
}

/// What to do about an execution that needs someone.
///
/// ```
/// use asteroid_agents::{Interaction, Execution};
///
/// async fn answer(execution: Execution) -> Result<Interaction, asteroid_agents::Error> {
///     execution.message("Go on.").await?;
///     Ok(Interaction::Continue)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Interaction {
    /// Something was done about it: go on waiting.
    Continue,
    /// End the wait with [`WaitOutcome::ActionRequired`].
    Return,
}

/// How many looks may find the same need after it was answered: the answer had no effect, or there
/// is a new need that looks like the one before.
const MAX_REPEATED_POLLS: u32 = 5;

type Callback =
    Box<dyn FnMut(Execution, ExecutionListItem) -> BoxFuture<Result<Interaction, Error>> + Send>;

/// How it is waited.
#[derive(Default)]
pub(crate) struct Settings {
    poller: Poller,
    on_interaction: Option<Callback>,
}

/// A wait for an execution to end or to need someone; it begins when it is awaited.
///
/// The status is asked for after pauses that grow from 1 s to 10 s. Up to 3 failures in a row that
/// may pass ([`Error::is_retryable`]) are passed over, after what `Retry-After` asks for, up to 60 s. A status that this version doesn't know is
/// waited on like `running`. Dropping the future ends the wait and nothing else: the execution goes
/// on.
///
/// # Errors
///
/// Those of asking for the status, and [`ErrorKind::Timeout`](crate::ErrorKind::Timeout) at the
/// deadline. Each names the execution.
#[must_use = "nothing is waited for before it is awaited"]
pub struct Wait<S = Execution> {
    pub(crate) source: S,
    pub(crate) settings: Settings,
}

impl<S> Wait<S> {
    pub(crate) fn of(source: S) -> Self {
        Self { source, settings: Settings::default() }
    }

    /// How long it is waited at the most; by default, there is no end. The last look is taken a
    /// second before. The time that [`Self::on_interaction`] takes isn't counted.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.settings.poller.deadline(deadline);
        self
    }

    /// The first pause between two polls, and the longest one; each is half as long again as the
    /// one before. By default 1 s and 10 s.
    pub fn poll_every(mut self, first: Duration, longest: Duration) -> Self {
        self.settings.poller.backoff(first, longest);
        self
    }

    /// What waits between two looks; by default tokio's timer.
    pub fn sleeper(mut self, sleeper: Sleeper) -> Self {
        self.settings.poller.sleeper(sleeper);
        self
    }

    /// Is called when the execution gets into a status in which it needs someone, and decides; again
    /// when it is still, or again, in that status five looks later. Without it, the wait ends there
    /// with [`WaitOutcome::ActionRequired`]. An error of it ends the wait.
    ///
    /// ```no_run
    /// # async fn example(client: asteroid_agents::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use asteroid_agents::Interaction;
    ///
    /// let execution = client.execution("6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01".parse::<uuid::Uuid>()?);
    /// let outcome = execution.wait().on_interaction(|execution, state| async move {
    ///     if state.status.as_str() != "awaiting_confirmation" {
    ///         return Ok(Interaction::Return);
    ///     }
    ///     execution.message("Yes, go on.").await?;
    ///     Ok(Interaction::Continue)
    /// });
    /// println!("{}", outcome.await?.execution().status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_interaction<F>(
        mut self,
        mut callback: impl FnMut(Execution, ExecutionListItem) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Interaction, Error>> + Send + 'static,
    {
        let callback: Callback =
            Box::new(move |execution, state| Box::pin(callback(execution, state)));
        self.settings.on_interaction = Some(callback);
        self
    }
}

impl Execution {
    /// Waits until it has ended or needs someone: see [`Wait`].
    pub fn wait(&self) -> Wait {
        Wait::of(self.clone())
    }
}

impl IntoFuture for Wait {
    type Output = Result<WaitOutcome, Error>;
    type IntoFuture = BoxFuture<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.settings.wait(self.source))
    }
}

impl Settings {
    /// Counts time that has passed already.
    #[cfg(helper = "run")]
    pub(crate) fn charge(&mut self, time: Duration) {
        self.poller.charge(time);
    }

    pub(crate) async fn wait(self, execution: Execution) -> Result<WaitOutcome, Error> {
        let Self { mut poller, mut on_interaction } = self;
        // The status as it was last seen, to tell when one is entered, and how often it was seen
        // since the callback decided.
        let (mut last, mut polls) = (None, 0);
        loop {
            let seen = poller.poll(execution.get().send()).await;
            let seen = seen.map_err(|stop| execution.stopped(stop, last.as_ref()))?;
            if let Some(state) = seen {
                let state = state.into_inner();
                polls += 1;
                let entered = last.as_ref() != Some(&state.status) || polls > MAX_REPEATED_POLLS;
                last = Some(state.status.clone());
                match (ExecutionState::of(&state.status), &mut on_interaction) {
                    (ExecutionState::Terminal, _) => return Ok(WaitOutcome::Finished(state)),
                    (ExecutionState::ActionRequired, None) => {
                        return Ok(WaitOutcome::ActionRequired(state));
                    }
                    (ExecutionState::ActionRequired, Some(callback)) if entered => {
                        polls = 0;
                        let decided = callback(execution.clone(), state.clone()).await;
                        match decided.map_err(|error| execution.failed(error))? {
                            Interaction::Return => return Ok(WaitOutcome::ActionRequired(state)),
                            Interaction::Continue => poller.reset(),
                        }
                    }
                    _ => {}
                }
            }
            poller
                .wait()
                .await
                .map_err(|stop: PollError| execution.stopped(stop, last.as_ref()))?;
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for Wait<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Wait");
        shown.field("source", &self.source).field("poller", &self.settings.poller);
        shown.finish_non_exhaustive()
    }
}
