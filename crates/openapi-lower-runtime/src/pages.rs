//! Paginated lists as streams of pages and of items.
//!
//! A list may change while it is read, and a server may describe it wrongly. So each response is
//! checked for the end of the list, and repeated pages can't make a stream endless.

mod cursor;

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::Stream;

pub use self::cursor::PageInfo;
use self::cursor::{PageCursor, PageStep};
use crate::{error::Error, future::BoxFuture, operation::Operation, response::Response};

/// The builder of an operation whose response is one page of a list.
///
/// Generated code implements it for every such operation. Call it directly only in code that is
/// generic over lists; otherwise use the methods `pages` and `stream` of the builder.
pub trait Paged: Clone + Send + 'static {
    /// The type of a page.
    type Page: Send + 'static;
    /// The type of an item.
    type Item: Clone + PartialEq + Send + 'static;

    /// The number of the first page, by the default of the parameter.
    const FIRST_PAGE: i64;

    /// Returns the description of the operation.
    #[doc(hidden)]
    fn operation() -> &'static Operation;

    /// Returns the number of the requested page, if it was set.
    fn page_number(&self) -> Option<i64>;

    /// Returns the builder with another page number; `None` if the type of the parameter can't hold
    /// it.
    fn with_page_number(self, number: i64) -> Option<Self>;

    /// Sends the request and returns one page.
    fn fetch(self) -> BoxFuture<Result<Response<Self::Page>, Error>>;

    /// Returns the items of a page.
    fn items(page: &Self::Page) -> &[Self::Item];

    /// Converts a page into its items.
    fn into_items(page: Self::Page) -> Vec<Self::Item>;

    /// Returns the page's number, size and total.
    #[doc(hidden)]
    fn page_info(page: &Self::Page) -> PageInfo;
}

/// A stream of the pages of a list.
///
/// A page is requested when the stream is polled, and never before the previous page was returned.
/// The stream ends
///
/// - after the page that reaches the `total` of the latest response: it continues if the list grows
///   while it is read, and ends sooner if it shrinks,
/// - at an empty page, and
/// - after an error.
///
/// These responses are errors of kind [`ErrorKind::Decode`](crate::ErrorKind::Decode), so that no
/// server can make the stream endless: a page with the same items as a page before it, unless the
/// list grew; another page than the requested one; and a list that grows to more than twice its
/// initial number of pages and 1,000 more.
///
/// At most three pages are held in memory.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<B: Paged> {
    builder: B,
    cursor: PageCursor<B::Item>,
    pending: Option<BoxFuture<Result<Response<B::Page>, Error>>>,
}

impl<B: Paged> Pages<B> {
    /// Creates a stream that starts at the page of the builder, or else at the first.
    #[doc(hidden)]
    pub fn new(builder: B) -> Self {
        let cursor = PageCursor::new(B::FIRST_PAGE, builder.page_number());
        Self { builder, cursor, pending: None }
    }
}

// No field is pinned in place.
impl<B: Paged> Unpin for Pages<B> {}

impl<B: Paged> Stream for Pages<B> {
    type Item = Result<Response<B::Page>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if this.cursor.ended {
                return Poll::Ready(None);
            }
            let pending = match &mut this.pending {
                Some(pending) => pending,
                none => {
                    let builder = this.builder.clone();
                    let builder = match this.cursor.number {
                        Some(number) if this.cursor.pages > 0 => builder.with_page_number(number),
                        _ => Some(builder),
                    };
                    let Some(builder) = builder else {
                        let error =
                            this.cursor.fail("the next page number is too large for the parameter");
                        return Poll::Ready(Some(Err(
                            error.with_operation(B::operation().id.into())
                        )));
                    };
                    none.insert(builder.fetch())
                }
            };
            let response = ready!(pending.as_mut().poll(cx));
            this.pending = None;
            let page = response.inspect_err(|_| this.cursor.ended = true);
            let page = page.and_then(|page| {
                match this.cursor.advance(B::page_info(&page), B::items(&page)) {
                    Ok(PageStep::Yield) => Ok(Some(page)),
                    Ok(PageStep::Skip) => Ok(None),
                    Err(error) => {
                        Err(error.with_operation(B::operation().id.into()).with_attempts(1))
                    }
                }
            });
            if let Some(page) = page.transpose() {
                return Poll::Ready(Some(page));
            }
        }
    }
}

impl<B: Paged> fmt::Debug for Pages<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Pages");
        debug.field("operation", &B::operation().id).field("page", &self.cursor.number);
        debug.finish_non_exhaustive()
    }
}

/// A stream of the items of a list, over all of its pages.
///
/// It requests pages and ends as [`Pages`] does.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<B: Paged> {
    pages: Pages<B>,
    items: vec::IntoIter<B::Item>,
}

impl<B: Paged> Items<B> {
    /// Creates a stream that starts at the page of the builder, or else at the first.
    #[doc(hidden)]
    pub fn new(builder: B) -> Self {
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
        let mut debug = f.debug_struct("Items");
        debug.field("buffered", &self.items.len()).field("pages", &self.pages).finish()
    }
}
