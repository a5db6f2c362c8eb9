//! Polling with several kinds of requests, each of which may fail by itself.

use openapi_lower_runtime::{
    Error,
    poll::{PollError, Poller},
};

/// The kinds of requests.
#[derive(Clone, Copy, Debug)]
pub(super) enum PollKind {
    /// The newest activities.
    Newest,
    /// The activities from the first one on.
    Oldest,
    /// The status of the execution.
    Status,
}

/// A [`Poller`] for each kind of request: a success of one kind doesn't hide the failures of
/// another.
#[derive(Clone, Debug)]
pub(super) struct Polls {
    pollers: [Poller; 3],
    /// The kind of the latest failure since the last pause.
    failed: Option<PollKind>,
}

impl Polls {
    pub(super) fn new(poller: &Poller) -> Self {
        Self { pollers: [(); 3].map(|()| poller.clone()), failed: None }
    }

    /// Sends one request as [`Poller::poll`] does.
    pub(super) async fn poll<T>(
        &mut self,
        kind: PollKind,
        request: impl Future<Output = Result<T, Error>>,
    ) -> Result<Option<T>, PollError> {
        let response = self.pollers[kind as usize].poll(request).await?;
        if response.is_none() {
            self.failed = Some(kind);
        }
        Ok(response)
    }

    /// Waits as [`Poller::wait`] does, after a failure for its `Retry-After`.
    pub(super) async fn wait(&mut self) -> Result<(), PollError> {
        let kind = self.failed.take().unwrap_or(PollKind::Newest);
        self.pollers[kind as usize].wait().await
    }

    /// Resets the next pause to the first one.
    pub(super) fn reset(&mut self) {
        self.pollers.iter_mut().for_each(Poller::reset);
    }
}
