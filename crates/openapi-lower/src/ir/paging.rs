//! The paging of operations.

use serde_json::Value;

use super::{parameter::Parameter, types::Field};

/// The parameter and the response fields by which a list is read page by page.
///
/// An operation is recognized by facts of the document alone: a GET whose single success is JSON
/// that can't be null, in one of these ways, of which the first that matches counts. Names are
/// compared without case and separators: `page_size` and `PageSize` are one name.
///
/// 1. **Page numbers**: an integer query parameter `page` and another for the size of a page
///    (`pageSize`, `perPage` or `limit`); a response with an array `items` and an integer `total`.
///    It
///    may repeat the page number and the size.
///
/// The other ways need **items**: the response is an array, or an object whose only array has the
/// items; of several, the only one that is named `items`, `data`, `results`, `records`, `entries`,
/// `values`, `resources` or `list`. `errors`, `warnings`, `included` and `links` don't count.
/// Without
/// an array, an object `data` is searched likewise. The facts of the page are properties of the
/// response, or of an object in it that is named `meta`, `metadata`, `page`, `pages`, `pageInfo`,
/// `paging`, `pagination`, `cursor`, `cursors`, `links` or `responseMetadata`.
///
/// 2. **Tokens**: a property of the response that is a query parameter of the same type (text,
///    UUID,
///    integer or number), by these names, where T is one of `cursor`, `pageCursor`, `pageToken`,
///    `pageIterator`, `continuationToken`, `continuation`, `iterator`, `marker` and `after`:
///    - `nextT`, `nextPage` or `nextOffset`, and the parameter without `next`, or of the same name;
///      `nextToken` and the parameter `nextToken`,
///    - T and the parameter T, if there is a flag or the description has the word "next" or
///      "subsequent": otherwise, it could be the token of the page itself,
///    - `next` without a format and the parameter T, if the description has the word "cursor" or
///      "token": otherwise, it could be a link,
///    - with a flag, `endCursor` and the parameter `after` or `cursor`, and `lastId` and the
///      parameter `after`, `afterId` or `startingAfter`.
///
///    A flag is a boolean `hasMore`, `hasNext`, `hasNextPage` or `done`.
/// 3. **Offsets**: an integer query parameter `offset` or `skip`, whose default is 0 if it has one
///    and whose description has none of "byte", "bytes", "pages", "page number" and "page index";
///    another for the size of a page as above, and none named `page`. `total`, `totalCount`,
///    `totalItems`, `totalRecords`
///    or `totalResults` is the number of items on all pages; without any, the list ends with an
///    empty
///    page or by a flag.
/// 4. **The last item**: a flag that isn't `done`, a query parameter `after`, `afterId` or
///    `startingAfter` whose description has the word "id", "ids" or "identifier", and a property
///    `id` of the items that has its type.
/// 5. **Links**: a property `next`, `nextLink`, `nextUrl`, `nextHref`, `nextPageLink` or
///    `nextPageUrl` with `format: uri`, `uri-reference` or `url`, or an object of that name with
///    such
///    a `href`.
/// 6. **The header `Link`** (RFC 8288), if the response declares it.
///
/// Where there are two tokens, or a token and an offset, or two links, nothing is recognized. An
/// entry of [`Config::paging`](crate::Config::paging) replaces what was recognized.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Paging {
    /// The path of the field with the items of the page; empty if the response is an array.
    pub items: Vec<Field>,
    /// The lowered schema of an item.
    pub item: Value,
    /// The way in which the next page is requested.
    pub next: NextPage,
    /// The field that says whether more pages follow.
    pub more: Option<MoreFlag>,
}

/// The way in which the next page of a list is requested. Fields of the response are paths.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum NextPage {
    /// By its number.
    Number {
        /// The parameter with the page number.
        parameter: PageParameter,
        /// The number of the first page: the parameter's default, or 1.
        first: i64,
        /// The field with the number of items on all pages.
        total: Option<Vec<Field>>,
        /// The field that repeats the page number.
        number: Option<Vec<Field>>,
        /// The field with the size of every page but the last one.
        size: Option<Vec<Field>>,
    },
    /// By the number of items before it.
    Offset {
        /// The parameter with the offset.
        parameter: PageParameter,
        /// The offset of the first page: the parameter's default, or 0.
        first: i64,
        /// The field with the number of items on all pages.
        total: Option<Vec<Field>>,
    },
    /// By a token of the page before.
    Token {
        /// The parameter with the token.
        parameter: PageParameter,
        /// The field with the token of the next page.
        token: Vec<Field>,
    },
    /// By a token of the last item of the page before.
    LastItem {
        /// The parameter with the token.
        parameter: PageParameter,
        /// The field of the item, as a path.
        token: Vec<Field>,
    },
    /// By the URL in a field of the page before.
    Link(Vec<Field>),
    /// By the URL in the header `Link` of the page before.
    LinkHeader,
}

/// The parameter of a request by which a page is chosen.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PageParameter {
    /// A parameter.
    Parameter(Parameter),
    /// A property of the body.
    Body {
        /// The Rust name of the body's setter.
        setter: String,
        /// The property.
        field: Field,
    },
}

impl PageParameter {
    /// The default, if it is an integer.
    pub(crate) fn first(&self) -> Option<i64> {
        let default = match self {
            Self::Parameter(parameter) => &parameter.default,
            Self::Body { field, .. } => &field.default,
        };
        default.as_ref().and_then(Value::as_i64)
    }
}

/// A field that says whether more pages follow.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MoreFlag {
    /// The path of the field.
    pub path: Vec<Field>,
    /// Its value if more pages follow.
    pub value: bool,
}
