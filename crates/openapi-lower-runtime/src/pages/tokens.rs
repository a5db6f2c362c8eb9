//! The position in a list whose pages have the token of the next one, or a link to it.

use super::cursor::{PageStep, failed};
use crate::error::Error;

/// The number of empty pages in a row that a list may have: servers that filter while they read
/// return some.
const MAX_EMPTY_PAGES: u32 = 1_000;

/// The position in a list.
#[derive(Default)]
pub(super) struct TokenCursor {
    /// The number of pages that were read.
    pub(super) pages: u64,
    /// The token of the page to request next, or the reason why there is none.
    next: Option<Result<String, String>>,
    /// The token of the latest page whose number in reading order is a power of two, to detect a
    /// cycle.
    milestone: Option<String>,
    /// The number of empty pages in a row.
    empty: u32,
    /// Whether the stream ends.
    pub(super) ended: bool,
}

impl TokenCursor {
    /// Returns the token of the page to request; `None` for the first one.
    ///
    /// # Errors
    ///
    /// If the latest page was not the last one, but the next one can't be requested.
    pub(super) fn next(&self) -> Result<Option<&str>, Error> {
        match &self.next {
            None => Ok(None),
            Some(Ok(token)) => Ok(Some(token)),
            Some(Err(reason)) => Err(failed(reason)),
        }
    }

    /// Moves past a page that was received, and decides whether the stream yields it. What is wrong
    /// with its token becomes an error after it.
    pub(super) fn advance(
        &mut self,
        token: Option<String>,
        more: Option<bool>,
        is_empty: bool,
    ) -> PageStep {
        self.pages += 1;
        self.empty = if is_empty { self.empty + 1 } else { 0 };
        let token = token.filter(|token| !token.is_empty());
        let next = match token {
            _ if more == Some(false) => None,
            None if more == Some(true) => {
                Some(Err("more pages follow, but the page has no token of the next one".to_owned()))
            }
            None => None,
            Some(token) => Some(self.check(token)),
        };
        self.ended = next.is_none();
        self.next = next;
        // An empty first page is the whole list.
        if is_empty && self.pages > 1 { PageStep::Skip } else { PageStep::Yield }
    }

    /// Returns the token unless it repeats another one.
    fn check(&mut self, token: String) -> Result<String, String> {
        let previous = match &self.next {
            Some(Ok(previous)) => Some(previous),
            _ => None,
        };
        if previous == Some(&token) {
            return Err("the page has the token that led to it".to_owned());
        }
        if self.milestone.as_ref() == Some(&token) {
            return Err("the page has the token of an earlier page".to_owned());
        }
        if self.empty >= MAX_EMPTY_PAGES {
            return Err(format!("{MAX_EMPTY_PAGES} pages in a row are empty"));
        }
        // Brent's algorithm: a cycle of any length is detected, since a milestone lies on it at
        // last.
        if self.pages.is_power_of_two() {
            self.milestone = Some(token.clone());
        }
        Ok(token)
    }
}
