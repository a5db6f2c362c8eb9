//! Responses that tests have set for the valid requests of an operation.

use std::sync::Arc;

use crate::{exchange::Exchange, mock_response::MockResponse};

/// Builds the responses of an operation from its requests.
pub(crate) type Responder = Arc<dyn Fn(&Exchange) -> MockResponse + Send + Sync>;

/// The source of a response.
#[derive(Clone)]
pub(crate) enum Action {
    Response(Box<MockResponse>),
    Responder(Responder),
}

struct Entry {
    id: u64,
    action: Action,
    /// The number of requests that it is for; `None` for all.
    remaining: Option<usize>,
}

/// The responses of one operation, in the order in which they were set.
#[derive(Default)]
pub(crate) struct Stubs {
    entries: Vec<Entry>,
    next_id: u64,
}

impl Stubs {
    /// Adds a response to all requests, and returns its id.
    pub(crate) fn add(&mut self, action: Action) -> u64 {
        self.next_id += 1;
        self.entries.push(Entry { id: self.next_id, action, remaining: None });
        self.next_id
    }

    /// Removes all responses.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    /// Limits a response to a number of requests.
    pub(crate) fn limit(&mut self, id: u64, times: usize) {
        for entry in self.entries.iter_mut().filter(|entry| entry.id == id) {
            entry.remaining = Some(times);
        }
        self.entries.retain(|entry| entry.remaining != Some(0));
    }

    /// Changes a response.
    pub(crate) fn change(&mut self, id: u64, change: impl FnOnce(MockResponse) -> MockResponse) {
        let entry = self.entries.iter_mut().find(|entry| entry.id == id);
        if let Some(Entry { action: Action::Response(response), .. }) = entry {
            **response = change(std::mem::take(response));
        }
    }

    /// Takes the next response: the first of those for a number of requests, or else the last of
    /// those for all.
    pub(crate) fn next(&mut self) -> Option<Action> {
        let limited = self.entries.iter().position(|entry| entry.remaining.is_some());
        let position = limited.or(self.entries.len().checked_sub(1))?;
        let entry = self.entries.get_mut(position)?;
        let action = entry.action.clone();
        if let Some(remaining) = &mut entry.remaining {
            *remaining = remaining.saturating_sub(1);
            if *remaining == 0 {
                self.entries.remove(position);
            }
        }
        Some(action)
    }
}
