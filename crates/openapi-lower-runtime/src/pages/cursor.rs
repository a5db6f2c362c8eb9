//! How far a list was read: what each answer is good for, and where the end is.

use crate::error::{Error, ErrorKind};

/// What a page says of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct PageInfo {
    /// How many items there are on all pages.
    pub total: Option<i64>,
    /// The page's number.
    pub number: Option<i64>,
    /// How many items a page has, the last one aside.
    pub size: Option<i64>,
}

/// A list may grow while it is read: to this many times the pages that it had …
const GROWTH: u64 = 2;
/// … and this many more.
const MORE: u64 = 1_000;

/// What an answer is good for.
pub(super) enum PageStep {
    /// It is handed out.
    Page,
    /// It isn't; whether it is the end, `ended` says.
    Nothing,
}

/// How far a list was read, and whether it goes on.
pub(super) struct PageCursor<I> {
    /// The document's number of the first page.
    first: i64,
    /// The number of the page that is asked for next, as far as it is known.
    pub(super) number: Option<i64>,
    /// How many pages were read.
    pub(super) pages: u64,
    /// How many pages may be read at the most.
    most: u64,
    /// How many items the pages before the next one have, those included that weren't read.
    before: i64,
    /// How many items a page has, if the first one that was read has as many as it says.
    size: Option<i64>,
    /// How many items there were on all pages, by the latest answer.
    total: i64,
    /// The items of the page before, to know them again.
    previous: Vec<I>,
    /// The items of the latest page whose number in the order of reading is a power of two.
    milestone: Vec<I>,
    pub(super) ended: bool,
}

impl<I: Clone + PartialEq> PageCursor<I> {
    pub(super) fn new(first: i64, number: Option<i64>) -> Self {
        Self {
            first,
            number,
            pages: 0,
            most: u64::MAX,
            before: 0,
            size: None,
            total: i64::MAX,
            previous: Vec::new(),
            milestone: Vec::new(),
            ended: false,
        }
    }

    /// Looks at a page: whether it is handed out. `ended` says whether it is the last one.
    pub(super) fn read(&mut self, said: PageInfo, items: &[I]) -> Result<PageStep, Error> {
        let is_first = self.pages == 0;
        let number = self.number.or(said.number).unwrap_or(self.first);
        if is_first {
            self.start(number, said, items);
        }
        let total = said.total.unwrap_or(i64::MAX);
        if items.is_empty() {
            self.ended = true;
            // One empty page says that the list is empty; after others it says nothing.
            return Ok(if is_first { PageStep::Page } else { PageStep::Nothing });
        }
        if let Some(other) = said.number.filter(|other| *other != number) {
            // The list has shrunk, and its last page stands for those that are gone.
            if !is_first && self.before >= total {
                self.ended = true;
                return Ok(PageStep::Nothing);
            }
            let reason = format!("page {number} was asked for and page {other} came");
            return Err(self.fail(&reason));
        }
        let grew = total > self.total;
        self.total = total;
        let is_same = self.previous == items;
        let is_known = is_same || self.milestone == items;
        if is_known && !grew {
            let which = if is_same { "the page before" } else { "one before" };
            let reason = format!("page {number} has the same items as {which}");
            return Err(self.fail(&reason));
        }
        if self.pages >= self.most {
            let reason =
                format!("it was still growing after {} pages and seems to have no end", self.pages);
            return Err(self.fail(&reason));
        }
        self.pages += 1;
        self.before = self.before.saturating_add(self.size.unwrap_or_else(|| count(items)));
        self.previous = items.to_vec();
        // Whatever the length of a circle that a server leads round, a milestone lies on it at last
        // (Brent's way to find cycles).
        if self.pages.is_power_of_two() {
            self.milestone = items.to_vec();
        }
        match number.checked_add(1) {
            Some(next) if self.before < total => self.number = Some(next),
            _ => self.ended = true,
        }
        // What came in front moved a whole page on: it was handed out already.
        Ok(if is_known { PageStep::Nothing } else { PageStep::Page })
    }

    /// Takes from the first page that is read what holds for all of them.
    fn start(&mut self, number: i64, said: PageInfo, items: &[I]) {
        // Some count from 0, whatever the document says.
        let skipped = number.saturating_sub(self.first.min(number)).max(0);
        let believed = said.size.filter(|size| {
            let before = skipped.saturating_mul(*size);
            let left = said.total.map_or(*size, |total| total.saturating_sub(before));
            *size > 0 && count(items) == left.min(*size)
        });
        self.size = believed;
        self.before = skipped.saturating_mul(believed.unwrap_or_else(|| count(items)));
        if let (Some(total), false) = (said.total, items.is_empty()) {
            let pages = u64::try_from(total).unwrap_or(0).div_ceil(items.len() as u64);
            self.most = pages.saturating_mul(GROWTH).saturating_add(MORE);
        }
    }

    pub(super) fn fail(&mut self, reason: &str) -> Error {
        self.ended = true;
        Error::new(ErrorKind::Decode, format!("the list can't be read on: {reason}"))
    }
}

fn count<I>(items: &[I]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}
