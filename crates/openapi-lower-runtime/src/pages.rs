//! Paginated lists as streams of pages and of items.
//!
//! A list may change while it is read, and a server may describe it wrongly. So each response is
//! checked for the end of the list, and repeated pages can't make a stream endless.

mod cursor;
mod link_header;
mod links;
mod tokens;

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    vec,
};

use futures_core::Stream;
use reqwest::Url;

pub use self::cursor::PageInfo;
use self::{
    cursor::{PageCursor, PageStep, Unit},
    link_header::next_link,
    tokens::TokenCursor,
};
use crate::{
    call::Call, error::Error, future::BoxFuture, operation::Operation, response::Response,
};

/// The way in which a further page of a list is requested.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuation {
    /// By its number.
    Numbers,
    /// By the offset of its first item.
    Offsets,
    /// By a token, which the page before has.
    Tokens,
    /// By a URL, which the page before has.
    Links,
    /// By the URL in the header `Link` of the page before (RFC 8288).
    LinkHeader,
}

/// The builder of an operation whose response is one page of a list.
///
/// Generated code implements it for every such operation. Call it directly only in code that is
/// generic over lists; otherwise use the methods `pages` and `stream` of the builder.
pub trait Paged: Clone + Send + 'static {
    /// The type of a page.
    type Page: Send + 'static;
    /// The type of an item.
    type Item: Clone + PartialEq + Send + 'static;

    /// The number of the first page, or its offset, by the default of the parameter.
    const FIRST_PAGE: i64 = 1;

    /// The way in which a further page is requested.
    #[doc(hidden)]
    const CONTINUATION: Continuation = Continuation::Numbers;

    /// Returns the description of the operation.
    #[doc(hidden)]
    fn operation() -> &'static Operation;

    /// Returns the number of the requested page, or the offset of its first item, if it was set;
    /// `None` if pages have neither.
    fn page_number(&self) -> Option<i64> {
        None
    }

    /// Returns the builder with another page number or offset; `None` if the type of the parameter
    /// can't hold it, or if pages have neither.
    fn with_page_number(self, number: i64) -> Option<Self> {
        let _ = number;
        None
    }

    /// Returns the builder with the token of a page; `None` if the type of the parameter can't hold
    /// it.
    #[doc(hidden)]
    fn with_token(self, token: &str) -> Option<Self> {
        let _ = token;
        None
    }

    /// Sends the request and returns one page.
    fn fetch(self) -> BoxFuture<Result<Response<Self::Page>, Error>>;

    /// Returns the call of the builder, to be sent to the link of another page.
    #[doc(hidden)]
    fn into_call(self) -> Result<Call, Error> {
        Err(Self::operation().not_sent("its pages have no links"))
    }

    /// Sends the call for another page.
    #[doc(hidden)]
    fn fetch_call(call: Call) -> BoxFuture<Result<Response<Self::Page>, Error>> {
        drop(call);
        Box::pin(async { Err(Self::operation().not_sent("its pages have no links")) })
    }

    /// Returns the items of a page.
    fn items(page: &Self::Page) -> &[Self::Item];

    /// Converts a page into its items.
    fn into_items(page: Self::Page) -> Vec<Self::Item>;

    /// Returns the page's description of itself.
    #[doc(hidden)]
    fn page_info(page: &Self::Page) -> PageInfo;
}

/// A stream of the pages of a list.
///
/// A page is requested when the stream is polled, and never before the previous page was returned.
/// Further pages are requested by number, offset, token or link, as the document describes it.
///
/// The stream ends
///
/// - by numbers and offsets: at an empty page, and after the page that reaches the `total` of the
///   latest response: it continues if the list grows while it is read, and ends sooner if it
///   shrinks,
/// - by tokens and links: after the page without a token or link, or with an empty one,
/// - after the page which says that no more follow, and
/// - after an error.
///
/// These responses are errors of kind [`ErrorKind::Decode`](crate::ErrorKind::Decode), so that no
/// server can make the stream endless:
///
/// - by numbers and offsets: a page with the same items as a page before it, unless the list grew;
///   another page than the requested one; and a list that grows to more than twice its initial
///   number of pages and 1,000 more,
/// - by tokens and links: one that repeats (after the page that has it); 1,000 empty pages in a
///   row;
///   and a page which says that more follow but has no token.
///
/// A link is followed to the origin of the operation's own URL only, with the credential and the
/// headers of the request. One to another origin is an error, and nothing is sent there.
///
/// At most three pages are held in memory.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<B: Paged> {
    builder: B,
    position: Position<B::Item>,
    /// The URL of the latest page, if a link led to it.
    url: Option<Url>,
    pending: Option<Pending<B>>,
}

/// A request for a page that was sent.
type Pending<B> = BoxFuture<Result<Response<<B as Paged>::Page>, Error>>;

/// The position in a list.
enum Position<I> {
    /// By number or offset.
    Counted(PageCursor<I>),
    /// By token or link.
    Linked(TokenCursor),
}

impl<B: Paged> Pages<B> {
    /// Creates a stream that starts at the page of the builder, or else at the first.
    #[doc(hidden)]
    pub fn new(builder: B) -> Self {
        let counted =
            |unit| Position::Counted(PageCursor::new(unit, B::FIRST_PAGE, builder.page_number()));
        let position = match B::CONTINUATION {
            Continuation::Numbers => counted(Unit::Page),
            Continuation::Offsets => counted(Unit::Item),
            Continuation::Tokens | Continuation::Links | Continuation::LinkHeader => {
                Position::Linked(TokenCursor::default())
            }
        };
        Self { builder, position, url: None, pending: None }
    }

    fn is_ended(&self) -> bool {
        match &self.position {
            Position::Counted(cursor) => cursor.ended,
            Position::Linked(cursor) => cursor.ended,
        }
    }

    fn end(&mut self) {
        match &mut self.position {
            Position::Counted(cursor) => cursor.ended = true,
            Position::Linked(cursor) => cursor.ended = true,
        }
    }

    /// Sends the request for the next page.
    fn request(&mut self) -> Result<Pending<B>, Error> {
        let builder = self.builder.clone();
        let out_of_range = |what| cursor::failed(&format!("{what} for the parameter"));
        let builder = match &self.position {
            Position::Counted(cursor) => match cursor.number {
                Some(number) if cursor.pages > 0 => builder
                    .with_page_number(number)
                    .ok_or_else(|| out_of_range("the next page number is too large"))?,
                _ => builder,
            },
            Position::Linked(cursor) => match cursor.next()? {
                None => builder,
                Some(token) if B::CONTINUATION == Continuation::Tokens => builder
                    .with_token(token)
                    .ok_or_else(|| out_of_range("the next token has the wrong type"))?,
                Some(link) => {
                    let call = links::follow(builder.into_call()?, self.url.as_ref(), link)?;
                    self.url = Some(call.request.url().clone());
                    return Ok(B::fetch_call(call));
                }
            },
        };
        Ok(builder.fetch())
    }

    /// Moves past a page, and decides whether the stream yields it.
    fn advance(&mut self, page: &Response<B::Page>) -> Result<PageStep, Error> {
        let (info, items) = (B::page_info(page), B::items(page));
        match &mut self.position {
            Position::Counted(cursor) => cursor.advance(&info, items),
            Position::Linked(cursor) => {
                let next = match B::CONTINUATION {
                    Continuation::LinkHeader => next_link(page.headers()),
                    _ => info.next,
                };
                Ok(cursor.advance(next, info.more, items.is_empty()))
            }
        }
    }
}

// No field is pinned in place.
impl<B: Paged> Unpin for Pages<B> {}

impl<B: Paged> Stream for Pages<B> {
    type Item = Result<Response<B::Page>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if this.is_ended() {
                return Poll::Ready(None);
            }
            let mut pending = match this.pending.take() {
                Some(pending) => pending,
                None => match this.request() {
                    Ok(pending) => pending,
                    Err(error) => {
                        this.end();
                        let error = error.with_operation(B::operation().id.into());
                        return Poll::Ready(Some(Err(error)));
                    }
                },
            };
            let Poll::Ready(response) = pending.as_mut().poll(cx) else {
                this.pending = Some(pending);
                return Poll::Pending;
            };
            let page = match response {
                Ok(page) => page,
                Err(error) => {
                    this.end();
                    return Poll::Ready(Some(Err(error)));
                }
            };
            match this.advance(&page) {
                Ok(PageStep::Yield) => return Poll::Ready(Some(Ok(page))),
                Ok(PageStep::Skip) => {}
                Err(error) => {
                    let error = error.with_operation(B::operation().id.into()).with_attempts(1);
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl<B: Paged> fmt::Debug for Pages<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Pages");
        debug.field("operation", &B::operation().id);
        match &self.position {
            Position::Counted(cursor) => debug.field("page", &cursor.number),
            // Tokens and links may be secrets.
            Position::Linked(cursor) => debug.field("pages", &cursor.pages),
        };
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
