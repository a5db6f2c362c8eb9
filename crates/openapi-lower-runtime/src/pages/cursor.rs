//! The position in a list whose pages are numbered or begin at an offset, and the detection of its
//! end.

use crate::error::{Error, ErrorKind};

/// The description of a page in its response.
#[derive(Clone, Debug, Default)]
pub struct PageInfo {
    /// The number of items on all pages.
    pub total: Option<i64>,
    /// The number of the page.
    pub number: Option<i64>,
    /// The number of items on each page but the last.
    pub size: Option<i64>,
    /// Whether further pages follow.
    pub more: Option<bool>,
    /// The token of the next page, or the link to it.
    pub next: Option<String>,
}

/// The unit in which the position of a page is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// In pages: by the number of the page.
    Page,
    /// In items: by the offset of its first one.
    Item,
}

impl Unit {
    /// The name of a position, for messages.
    fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Item => "offset",
        }
    }
}

/// The number of times that a list may multiply its pages while it is read.
const MAX_GROWTH: u64 = 2;
/// The number of pages by which a list may grow beyond [`MAX_GROWTH`].
const EXTRA_PAGES: u64 = 1_000;

/// The decision on a page.
pub(super) enum PageStep {
    /// The stream yields the page.
    Yield,
    /// The stream skips the page, and ends if [`PageCursor::ended`] is set.
    Skip,
}

/// The position in a list.
pub(super) struct PageCursor<I> {
    unit: Unit,
    /// The number or offset of the first page, by the document.
    first: i64,
    /// The number or offset of the page to request next, if it is known.
    pub(super) number: Option<i64>,
    /// The number of pages that were read.
    pub(super) pages: u64,
    /// The maximum number of pages to read.
    max_pages: u64,
    /// The number of items on the pages before the next one, those included that weren't read.
    items_before: i64,
    /// The number of items on a page, if the first page that was read has as many as it describes.
    size: Option<i64>,
    /// The number of items on all pages, by the latest response.
    total: i64,
    /// The items of the previous page, to detect a repeated page.
    previous: Vec<I>,
    /// The items of the latest page whose number in reading order is a power of two, to detect a
    /// cycle.
    milestone: Vec<I>,
    /// Whether the stream ends.
    pub(super) ended: bool,
}

impl<I: Clone + PartialEq> PageCursor<I> {
    pub(super) fn new(unit: Unit, first: i64, number: Option<i64>) -> Self {
        Self {
            unit,
            first,
            number,
            pages: 0,
            max_pages: u64::MAX,
            items_before: 0,
            size: None,
            total: i64::MAX,
            previous: Vec::new(),
            milestone: Vec::new(),
            ended: false,
        }
    }

    /// Moves past a page that was received, and decides whether the stream yields it.
    ///
    /// # Errors
    ///
    /// If the page repeats another one, isn't the requested one, or the list has too many pages.
    pub(super) fn advance(&mut self, info: &PageInfo, items: &[I]) -> Result<PageStep, Error> {
        let is_first = self.pages == 0;
        let number = self.number.or(info.number).unwrap_or(self.first);
        if is_first {
            self.set_limits(number, info, items);
        }
        let total = info.total.unwrap_or(i64::MAX);
        if items.is_empty() {
            self.ended = true;
            // An empty first page is the whole list; a later one only marks the end.
            return Ok(if is_first { PageStep::Yield } else { PageStep::Skip });
        }
        if let Some(other) = info.number.filter(|other| *other != number) {
            // The list has shrunk, and the server returned its last page in place of a removed one.
            if !is_first && self.items_before >= total {
                self.ended = true;
                return Ok(PageStep::Skip);
            }
            let reason = format!("page {number} was requested, but page {other} was returned");
            return Err(self.fail(&reason));
        }
        let grew = total > self.total;
        self.total = total;
        let repeats_previous = self.previous == items;
        let is_repeated = repeats_previous || self.milestone == items;
        if is_repeated && !grew {
            let which = if repeats_previous { "the previous page" } else { "an earlier page" };
            let unit = self.unit.name();
            let reason = format!("{unit} {number} has the same items as {which}");
            return Err(self.fail(&reason));
        }
        if self.pages >= self.max_pages {
            let reason =
                format!("the list is still growing after {} pages and seems endless", self.pages);
            return Err(self.fail(&reason));
        }
        self.pages += 1;
        let size = self.size.unwrap_or_else(|| count(items));
        self.items_before = self.items_before.saturating_add(size);
        self.previous = items.to_vec();
        // Brent's algorithm: a cycle of any length is detected, since a milestone lies on it at
        // last.
        if self.pages.is_power_of_two() {
            self.milestone = items.to_vec();
        }
        let step = match self.unit {
            Unit::Page => 1,
            Unit::Item => count(items),
        };
        let has_more = info.more.unwrap_or(self.items_before < total);
        match number.checked_add(step) {
            Some(next) if has_more => self.number = Some(next),
            _ => self.ended = true,
        }
        // Items that were inserted in front have moved a whole page, which was yielded already.
        Ok(if is_repeated { PageStep::Skip } else { PageStep::Yield })
    }

    /// Sets the page size and the maximum number of pages by the first page that was read.
    fn set_limits(&mut self, number: i64, info: &PageInfo, items: &[I]) {
        // Some servers count from 0, whatever the document declares.
        let skipped = number.saturating_sub(self.first.min(number)).max(0);
        let per_page = |size: i64| match self.unit {
            Unit::Page => skipped.saturating_mul(size),
            Unit::Item => skipped,
        };
        let size = info.size.filter(|size| {
            let items_before = per_page(*size);
            let rest = info.total.map_or(*size, |total| total.saturating_sub(items_before));
            *size > 0 && count(items) == rest.min(*size)
        });
        self.items_before = per_page(size.unwrap_or_else(|| count(items)));
        self.size = size;
        if let (Some(total), false) = (info.total, items.is_empty()) {
            let pages = u64::try_from(total).unwrap_or(0).div_ceil(items.len() as u64);
            self.max_pages = pages.saturating_mul(MAX_GROWTH).saturating_add(EXTRA_PAGES);
        }
    }

    /// Ends the list with an error.
    pub(super) fn fail(&mut self, reason: &str) -> Error {
        self.ended = true;
        failed(reason)
    }
}

/// Returns an error of pages that are inconsistent.
pub(super) fn failed(reason: &str) -> Error {
    Error::new(ErrorKind::Decode, format!("pagination failed: {reason}"))
}

fn count<I>(items: &[I]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}
