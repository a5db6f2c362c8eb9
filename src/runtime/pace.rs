//! How something is asked again and again: how often, how long, and how much may fail.

use std::time::{Duration, Instant};

use super::{
    error::Error,
    retry::{RETRY_AFTER_CAP, retry_after},
    sleep::Sleeper,
};

/// How many times in a row asking may fail with an error that may pass.
const FAILURES: u32 = 3;

/// What is left for the last look before a deadline.
const LAST_LOOK: Duration = Duration::from_secs(1);

/// Pauses that grow by half from the first to the longest one, within a deadline.
#[derive(Clone, Debug)]
pub(crate) struct Pace {
    first: Duration,
    longest: Duration,
    next: Duration,
    left: Option<Duration>,
    /// What is left of it for the last look: of a short one, a part.
    last_look: Duration,
    sleeper: Sleeper,
    failures: u32,
    /// How long the API asked to wait.
    asked: Option<Duration>,
}

/// Why nothing is asked any more.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The deadline passed, or would before it could be asked again.
    Expired,
    /// Asking failed.
    Failed(Error),
}

impl Default for Pace {
    fn default() -> Self {
        let first = Duration::from_secs(1);
        Self {
            first,
            longest: Duration::from_secs(10),
            next: first,
            left: None,
            last_look: LAST_LOOK,
            sleeper: Sleeper::default(),
            failures: 0,
            asked: None,
        }
    }
}

impl Pace {
    /// Sets the pauses.
    pub(crate) fn every(&mut self, first: Duration, longest: Duration) {
        (self.first, self.next, self.longest) = (first, first, longest.max(first));
    }

    /// Sets the time for all of it.
    pub(crate) fn deadline(&mut self, deadline: Duration) {
        self.left = Some(deadline);
        self.last_look = LAST_LOOK.min(deadline / 4);
    }

    /// Sets who waits.
    pub(crate) fn sleeper(&mut self, sleeper: Sleeper) {
        self.sleeper = sleeper;
    }

    /// Asks once. `None`: it failed, and asking again may help.
    pub(crate) async fn ask<T>(
        &mut self,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Result<Option<T>, Stop> {
        let started = Instant::now();
        let answer = match self.left {
            None => call.await,
            Some(left) => tokio::time::timeout(left, call).await.map_err(|_| Stop::Expired)?,
        };
        self.spend(started.elapsed());
        match answer {
            Ok(answer) => {
                self.failures = 0;
                Ok(Some(answer))
            }
            Err(error) if error.is_retryable() && self.failures < FAILURES => {
                self.asked = error.headers().and_then(retry_after);
                if self.asked.is_some_and(|asked| asked > RETRY_AFTER_CAP) {
                    return Err(Stop::Failed(error));
                }
                self.failures += 1;
                Ok(None)
            }
            Err(error) => Err(Stop::Failed(error)),
        }
    }

    /// Lets the time pass until it is asked again.
    pub(crate) async fn pause(&mut self) -> Result<(), Stop> {
        // The API knows better when it is of use to come back.
        let asked = self.asked.take().unwrap_or_default();
        let mut pause = self.next.max(asked);
        if let Some(left) = self.left {
            let latest = left.checked_sub(self.last_look).filter(|latest| !latest.is_zero());
            pause = pause.min(latest.ok_or(Stop::Expired)?);
        }
        self.next = self.next.saturating_add(self.next / 2).min(self.longest);
        self.sleeper.sleep(pause).await;
        self.spend(pause);
        Ok(())
    }

    /// Begins with the first pause again: something is going on.
    pub(crate) fn quicken(&mut self) {
        self.next = self.first;
    }

    /// Counts time against the deadline.
    pub(crate) fn spend(&mut self, time: Duration) {
        self.left = self.left.map(|left| left.saturating_sub(time));
    }
}
