//! The limits that a client sets for itself: of concurrent attempts, and of attempts in a period.

use std::{collections::VecDeque, future::pending, time::Duration};

use tokio::{
    sync::{Mutex, Semaphore, SemaphorePermit},
    time::{Instant, sleep_until},
};

use crate::error::{Error, ErrorKind};

/// The settings of a [`Throttle`].
#[derive(Clone, Debug, Default)]
pub(crate) struct ThrottleSettings {
    pub(crate) max_concurrent: Option<usize>,
    /// The number of attempts, and the period.
    pub(crate) rate: Option<(usize, Duration)>,
}

/// The limits of a client's attempts, which all of its clones share.
///
/// Attempts start in the order in which they began to wait. One that is cancelled while it waits
/// takes nothing.
#[derive(Debug)]
pub(crate) struct Throttle {
    permits: Option<Semaphore>,
    rate: Option<Rate>,
}

/// A limit of attempts in any period of this length.
#[derive(Debug)]
struct Rate {
    attempts: usize,
    per: Duration,
    /// The times at which the latest attempts started, the oldest first.
    ///
    /// The lock is held by the attempt that starts next, while it waits; the others queue for it.
    recent: Mutex<VecDeque<Instant>>,
}

impl Throttle {
    /// # Errors
    ///
    /// [`ErrorKind::Config`], if a limit would let nothing pass.
    pub(crate) fn new(settings: &ThrottleSettings) -> Result<Self, Error> {
        let refused = |setting: &str, reason: &str| {
            Error::new(ErrorKind::Config, format!("`{setting}`: {reason}"))
        };
        if settings.max_concurrent == Some(0) {
            return Err(refused("max_concurrent", "it is 0, so that nothing could be sent"));
        }
        match settings.rate {
            Some((0, _)) => {
                return Err(refused("rate", "it is 0, so that nothing could be sent"));
            }
            Some((_, Duration::ZERO)) => return Err(refused("rate", "the period is 0")),
            _ => {}
        }
        let permits = settings.max_concurrent;
        Ok(Self {
            permits: permits.map(|permits| Semaphore::new(permits.min(Semaphore::MAX_PERMITS))),
            rate: settings.rate.map(|(attempts, per)| Rate {
                attempts,
                per,
                recent: Mutex::default(),
            }),
        })
    }

    /// Waits until an attempt may start. It ends when the permit is dropped.
    pub(crate) async fn acquire(&self) -> Option<SemaphorePermit<'_>> {
        // The permit comes first, since the period begins when the attempt does.
        let permit = match &self.permits {
            Some(permits) => permits.acquire().await.ok(),
            None => None,
        };
        if let Some(rate) = &self.rate {
            rate.acquire().await;
        }
        permit
    }
}

impl Rate {
    async fn acquire(&self) {
        let mut recent = self.recent.lock().await;
        let end = |start: &Instant| start.checked_add(self.per);
        let now = Instant::now();
        while recent.front().and_then(end).is_some_and(|end| end <= now) {
            recent.pop_front();
        }
        if recent.len() >= self.attempts {
            match recent.front().and_then(end) {
                Some(end) => sleep_until(end).await,
                // The period has no end that a clock can show.
                None => pending().await,
            }
            recent.pop_front();
        }
        recent.push_back(Instant::now());
    }
}
