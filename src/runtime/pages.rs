//! Lists that the API hands out page by page, as streams of pages and of items.
//!
//! A list may change while it is read, and a server may be wrong about it. So an end is looked for
//! in every answer, and no server can make a stream endless by saying the same again.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::Stream;

use super::{
    BoxFuture,
    error::{Error, ErrorKind},
    operation::Operation,
    response::Response,
};

/// A list may grow while it is read: to this many times the pages that it had …
const GROWTH: u64 = 2;
/// … and this many more.
const MORE: u64 = 1_000;

/// An operation that answers with one page of a list: its builder.
///
/// It is implemented for all such operations of the document; users need it for functions that
/// take any of them only.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use asteroid_agents::{Error, Paged, Pages};
/// use futures::TryStreamExt;
///
/// async fn count<B: Paged>(pages: Pages<B>) -> Result<usize, Error> {
///     pages.try_fold(0, |count, page| async move { Ok(count + B::items(&page).len()) }).await
/// }
/// println!("{}", count(client.agent_list().pages()).await?);
/// # Ok(())
/// # }
/// ```
pub trait Paged: Clone + Send + 'static {
    /// A page.
    type Page: Send + 'static;
    /// An item of the list.
    type Item: Clone + PartialEq + Send + 'static;

    /// The number of the first page.
    const FIRST: i64;

    /// The operation.
    #[doc(hidden)]
    fn operation() -> &'static Operation;

    /// The number of the page that it asks for, if that was set.
    fn number(&self) -> Option<i64>;

    /// The same for another page; `None` if the parameter can't hold this number.
    fn at(self, number: i64) -> Option<Self>;

    /// Sends it.
    fn fetch(self) -> BoxFuture<Result<Response<Self::Page>, Error>>;

    /// The items of a page.
    fn items(page: &Self::Page) -> &[Self::Item];

    /// The items of a page, taken out of it.
    fn into_items(page: Self::Page) -> Vec<Self::Item>;

    /// What a page says of itself.
    #[doc(hidden)]
    fn said(page: &Self::Page) -> Said;
}

/// What a page says of itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said {
    /// How many items there are on all pages.
    pub total: Option<i64>,
    /// The page's number.
    pub number: Option<i64>,
    /// How many items a page has, the last one aside.
    pub size: Option<i64>,
}

/// The pages of a list, asked for one after the other as they are polled.
///
/// It ends after the page that covers the `total` of the latest answer (so it goes on when the list
/// grows, and ends sooner when it shrinks), at an empty page, and after an error. Nothing is asked
/// for before the first poll, and no page before the one before it was handed out.
///
/// A server that gives the same items again though its list didn't grow, or another page than the one asked for, is an error
/// ([`ErrorKind::Decode`]), and so is a list that grows while it is read to more than twice its
/// pages and 1,000 more: it seems to have no end. It holds no more than three pages in memory.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use futures::TryStreamExt;
///
/// let mut pages = client.executions_list().page_size(100).pages();
/// while let Some(page) = pages.try_next().await? {
///     println!("page {}: {} of {}", page.page, page.items.len(), page.total);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<B: Paged> {
    builder: B,
    reading: Reading<B::Item>,
    pending: Option<BoxFuture<Result<Response<B::Page>, Error>>>,
}

impl<B: Paged> Pages<B> {
    /// From the page that the builder asks for.
    pub(crate) fn new(builder: B) -> Self {
        let reading = Reading::new(B::FIRST, builder.number());
        Self { builder, reading, pending: None }
    }
}

// Nothing in it is pinned in place.
impl<B: Paged> Unpin for Pages<B> {}

impl<B: Paged> Stream for Pages<B> {
    type Item = Result<Response<B::Page>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if this.reading.ended {
                return Poll::Ready(None);
            }
            let pending = match &mut this.pending {
                Some(pending) => pending,
                none => {
                    let builder = this.builder.clone();
                    let builder = match this.reading.number {
                        Some(number) if this.reading.pages > 0 => builder.at(number),
                        _ => Some(builder),
                    };
                    let Some(builder) = builder else {
                        let reason = this.reading.fail("it has more pages than can be asked for");
                        return Poll::Ready(Some(Err(reason.of(B::operation().id.into()))));
                    };
                    none.insert(builder.fetch())
                }
            };
            let answer = ready!(pending.as_mut().poll(cx));
            this.pending = None;
            let page = answer.inspect_err(|_| this.reading.ended = true);
            let page =
                page.and_then(|page| match this.reading.read(B::said(&page), B::items(&page)) {
                    Ok(Seen::Page) => Ok(Some(page)),
                    Ok(Seen::Nothing) => Ok(None),
                    Err(error) => Err(error.of(B::operation().id.into()).after(1)),
                });
            if let Some(page) = page.transpose() {
                return Poll::Ready(Some(page));
            }
        }
    }
}

/// What an answer is good for.
enum Seen {
    /// It is handed out.
    Page,
    /// It isn't; whether it is the end, `ended` says.
    Nothing,
}

impl<B: Paged> fmt::Debug for Pages<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Pages");
        shown.field("operation", &B::operation().id).field("page", &self.reading.number);
        shown.finish_non_exhaustive()
    }
}

/// The items of a list, on however many pages they stand. It ends as [`Pages`] does.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use futures::{StreamExt, TryStreamExt};
///
/// // The first thousand, on as many pages as it takes.
/// let executions: Vec<_> = client.executions_list().stream().take(1_000).try_collect().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<B: Paged> {
    pages: Pages<B>,
    items: vec::IntoIter<B::Item>,
}

impl<B: Paged> Items<B> {
    /// From the first item of the page that the builder asks for.
    pub(crate) fn new(builder: B) -> Self {
        Self { pages: Pages::new(builder), items: Vec::new().into_iter() }
    }
}

impl<B: Paged> Unpin for Items<B> {}

impl<B: Paged> Stream for Items<B> {
    type Item = Result<B::Item, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut self.pages).poll_next(cx)) {
                Some(Ok(page)) => self.items = B::into_items(page.into_inner()).into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl<B: Paged> fmt::Debug for Items<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Items");
        shown.field("left", &self.items.len()).field("pages", &self.pages).finish()
    }
}

/// How far a list was read, and whether it goes on.
struct Reading<I> {
    /// The document's number of the first page.
    first: i64,
    /// The number of the page that is asked for next, as far as it is known.
    number: Option<i64>,
    /// How many pages were read.
    pages: u64,
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
    ended: bool,
}

impl<I: Clone + PartialEq> Reading<I> {
    fn new(first: i64, number: Option<i64>) -> Self {
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
    fn read(&mut self, said: Said, items: &[I]) -> Result<Seen, Error> {
        let is_first = self.pages == 0;
        let number = self.number.or(said.number).unwrap_or(self.first);
        if is_first {
            self.start(number, said, items);
        }
        let total = said.total.unwrap_or(i64::MAX);
        if items.is_empty() {
            self.ended = true;
            // One empty page says that the list is empty; after others it says nothing.
            return Ok(if is_first { Seen::Page } else { Seen::Nothing });
        }
        if let Some(other) = said.number.filter(|other| *other != number) {
            // The list has shrunk, and its last page stands for those that are gone.
            if !is_first && self.before >= total {
                self.ended = true;
                return Ok(Seen::Nothing);
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
        Ok(if is_known { Seen::Nothing } else { Seen::Page })
    }

    /// Takes from the first page that is read what holds for all of them.
    fn start(&mut self, number: i64, said: Said, items: &[I]) {
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

    fn fail(&mut self, reason: &str) -> Error {
        self.ended = true;
        Error::new(ErrorKind::Decode, format!("the list can't be read on: {reason}"))
    }
}

fn count<I>(items: &[I]) -> i64 {
    i64::try_from(items.len()).unwrap_or(i64::MAX)
}

/// Makes a builder [`Paged`]: what its pages are, and the names and types of their members.
macro_rules! paged {
    (
        $builder:ident by $page:ident from $first:literal => $answer:ty [$items:ident: $item:ty]
        total [$total:ident: $total_type:ty]
        number [$($number:ident: $number_type:ty)?]
        size [$($size:ident: $size_type:ty)?]
    ) => {
        impl runtime::Paged for $builder {
            type Page = $answer;
            type Item = $item;

            const FIRST: i64 = $first;

            fn operation() -> &'static runtime::Operation {
                Self::OPERATION
            }

            fn number(&self) -> Option<i64> {
                self.$page.and_then(|number| i64::try_from(number).ok())
            }

            fn at(mut self, number: i64) -> Option<Self> {
                self.$page = Some(number.try_into().ok()?);
                Some(self)
            }

            fn fetch(
                self,
            ) -> runtime::BoxFuture<Result<runtime::Response<$answer>, runtime::Error>> {
                Box::pin(self.send())
            }

            fn items(page: &$answer) -> &[$item] {
                Option::<&Vec<$item>>::from(&page.$items).map_or(&[], |items| items)
            }

            fn into_items(page: $answer) -> Vec<$item> {
                Option::<Vec<$item>>::from(page.$items).unwrap_or_default()
            }

            fn said(page: &$answer) -> runtime::Said {
                // A member that may be left out is an `Option` already.
                let total = Option::<$total_type>::from(page.$total);
                runtime::Said {
                    total: total.and_then(|total| i64::try_from(total).ok()),
                    $(number: Option::<$number_type>::from(page.$number)
                        .and_then(|number| i64::try_from(number).ok()),)?
                    $(size: Option::<$size_type>::from(page.$size)
                        .and_then(|size| i64::try_from(size).ok()),)?
                    ..Default::default()
                }
            }
        }

        impl $builder {
            /// Every page as a stream, from the one that was set, or the first. Nothing is sent
            /// before it is polled; its items are what `send` gives.
            pub fn pages(self) -> runtime::Pages<Self> {
                runtime::Pages::new(self)
            }

            /// Every item of every page as a stream, from the page that was set, or the first.
            /// Nothing is sent before it is polled, and one page is held at a time.
            pub fn stream(self) -> runtime::Items<Self> {
                runtime::Items::new(self)
            }
        }
    };
}

pub(crate) use paged;
