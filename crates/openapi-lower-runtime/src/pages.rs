//! Lists that the API hands out page by page, as streams of pages and of items.
//!
//! A list may change while it is read, and a server may be wrong about it. So an end is looked for
//! in every answer, and no server can make a stream endless by saying the same again.

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

/// An operation that answers with one page of a list: its builder.
///
/// It is implemented for all such operations of the document; users need it for functions that
/// take any of them only.
pub trait Paged: Clone + Send + 'static {
    /// A page.
    type Page: Send + 'static;
    /// An item of the list.
    type Item: Clone + PartialEq + Send + 'static;

    /// The number of the first page.
    const FIRST_PAGE: i64;

    /// The operation.
    #[doc(hidden)]
    fn operation() -> &'static Operation;

    /// The number of the page that it asks for, if that was set.
    fn page_number(&self) -> Option<i64>;

    /// The same for another page; `None` if the parameter can't hold this number.
    fn with_page_number(self, number: i64) -> Option<Self>;

    /// Sends it.
    fn fetch(self) -> BoxFuture<Result<Response<Self::Page>, Error>>;

    /// The items of a page.
    fn items(page: &Self::Page) -> &[Self::Item];

    /// The items of a page, taken out of it.
    fn into_items(page: Self::Page) -> Vec<Self::Item>;

    /// What a page says of itself.
    #[doc(hidden)]
    fn page_info(page: &Self::Page) -> PageInfo;
}

/// The pages of a list, asked for one after the other as they are polled.
///
/// It ends after the page that covers the `total` of the latest answer (so it goes on when the list
/// grows, and ends sooner when it shrinks), at an empty page, and after an error. Nothing is asked
/// for before the first poll, and no page before the one before it was handed out.
///
/// A server that gives the same items again though its list didn't grow, or another page than the one asked for, is an error
/// ([`ErrorKind::Decode`](crate::ErrorKind::Decode)), and so is a list that grows while it is read to more than twice its
/// pages and 1,000 more: it seems to have no end. It holds no more than three pages in memory.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<B: Paged> {
    builder: B,
    cursor: PageCursor<B::Item>,
    pending: Option<BoxFuture<Result<Response<B::Page>, Error>>>,
}

impl<B: Paged> Pages<B> {
    /// From the page that the builder asks for.
    #[doc(hidden)]
    pub fn new(builder: B) -> Self {
        let cursor = PageCursor::new(B::FIRST_PAGE, builder.page_number());
        Self { builder, cursor, pending: None }
    }
}

// Nothing in it is pinned in place.
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
                        let reason = this.cursor.fail("it has more pages than can be asked for");
                        return Poll::Ready(Some(Err(
                            reason.with_operation(B::operation().id.into())
                        )));
                    };
                    none.insert(builder.fetch())
                }
            };
            let answer = ready!(pending.as_mut().poll(cx));
            this.pending = None;
            let page = answer.inspect_err(|_| this.cursor.ended = true);
            let page = page.and_then(|page| {
                match this.cursor.read(B::page_info(&page), B::items(&page)) {
                    Ok(PageStep::Page) => Ok(Some(page)),
                    Ok(PageStep::Nothing) => Ok(None),
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
        let mut shown = f.debug_struct("Pages");
        shown.field("operation", &B::operation().id).field("page", &self.cursor.number);
        shown.finish_non_exhaustive()
    }
}

/// The items of a list, on however many pages they stand. It ends as [`Pages`] does.
#[must_use = "a stream does nothing until it is polled"]
pub struct Items<B: Paged> {
    pages: Pages<B>,
    items: vec::IntoIter<B::Item>,
}

impl<B: Paged> Items<B> {
    /// From the first item of the page that the builder asks for.
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
        let mut shown = f.debug_struct("Items");
        shown.field("left", &self.items.len()).field("pages", &self.pages).finish()
    }
}

/// Makes a builder [`Paged`]: what its pages are, and the names and types of their members.
#[doc(hidden)]
#[macro_export]
macro_rules! __paged {
    (
        $builder:ident by $page:ident from $first:literal => $answer:ty [$items:ident: $item:ty]
        total [$total:ident: $total_type:ty]
        number [$($number:ident: $number_type:ty)?]
        size [$($size:ident: $size_type:ty)?]
    ) => {
        impl $crate::__codegen_v1::Paged for $builder {
            type Page = $answer;
            type Item = $item;

            const FIRST_PAGE: i64 = $first;

            fn operation() -> &'static $crate::__codegen_v1::Operation {
                Self::OPERATION
            }

            fn page_number(&self) -> Option<i64> {
                self.$page.and_then(|number| i64::try_from(number).ok())
            }

            fn with_page_number(mut self, number: i64) -> Option<Self> {
                self.$page = Some(number.try_into().ok()?);
                Some(self)
            }

            fn fetch(
                self,
            ) -> $crate::__codegen_v1::BoxFuture<Result<$crate::__codegen_v1::Response<$answer>, $crate::__codegen_v1::Error>> {
                Box::pin(self.send())
            }

            fn items(page: &$answer) -> &[$item] {
                Option::<&Vec<$item>>::from(&page.$items).map_or(&[], |items| items)
            }

            fn into_items(page: $answer) -> Vec<$item> {
                Option::<Vec<$item>>::from(page.$items).unwrap_or_default()
            }

            fn page_info(page: &$answer) -> $crate::__codegen_v1::PageInfo {
                // A member that may be left out is an `Option` already.
                let total = Option::<$total_type>::from(page.$total);
                $crate::__codegen_v1::PageInfo {
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
            pub fn pages(self) -> $crate::__codegen_v1::Pages<Self> {
                $crate::__codegen_v1::Pages::new(self)
            }

            /// Every item of every page as a stream, from the page that was set, or the first.
            /// Nothing is sent before it is polled, and one page is held at a time.
            pub fn stream(self) -> $crate::__codegen_v1::Items<Self> {
                $crate::__codegen_v1::Items::new(self)
            }
        }
    };
}
