//! Paging by configuration, where a document can't say it.

use std::collections::{BTreeMap, HashSet};

use openapi_document::{Document, Method, Pointer, Refusal, Refusals};
use serde::Deserialize;
use serde_json::Value;

use super::shapes::{Scalar, Shapes, list_items, response, scalar};
use crate::{
    collect::Collect,
    ir::{BodyContent, ClientModel, Field, MoreFlag, NextPage, Operation, PageParameter, Paging},
    json,
};

/// The paging of an operation.
///
/// Properties are named by their path from the response, with dots (`meta.next`) or as a JSON
/// pointer (`/meta/next`). `items` names the items; without it, the response is an array itself.
/// One of the other keys says how the next page is requested:
///
/// | key | value | next page |
/// | --- | --- | --- |
/// | `cursor`, `parameter` | property and parameter | `parameter` is what `cursor` has; the last page has none |
/// | `last_item`, `parameter` | property of an item and parameter | `parameter` is what the last item has |
/// | `offset` | parameter | the number of items before it |
/// | `page` | parameter | its number |
/// | `link` | property | the URL, at the origin of the request |
/// | `link_header = true` | | the URL in the header `Link` (RFC 8288) |
/// | `none = true` | | none: the operation isn't paged, though it was recognized |
///
/// A parameter is one in query, headers or cookies, or `body.` and a property of a required JSON
/// body. `more` or `done` names a boolean that says whether more pages follow; `total`, for
/// `offset`
/// and `page`, the number of items on all pages. By `last_item` and without `total`, the list ends
/// with an empty page if nothing else says so.
///
/// Reading further pages repeats the request. So an operation other than a GET must be safe to
/// repeat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PagingEntry {
    /// The property with the items.
    #[serde(default)]
    pub items: Option<String>,
    /// The property with the token of the next page.
    #[serde(default)]
    pub cursor: Option<String>,
    /// The property of an item with the token of what comes after it.
    #[serde(default)]
    pub last_item: Option<String>,
    /// The parameter with the token.
    #[serde(default)]
    pub parameter: Option<String>,
    /// The parameter with the number of items to skip.
    #[serde(default)]
    pub offset: Option<String>,
    /// The parameter with the number of the page.
    #[serde(default)]
    pub page: Option<String>,
    /// The property with the URL of the next page.
    #[serde(default)]
    pub link: Option<String>,
    /// Whether the header `Link` has the URL of the next page.
    #[serde(default)]
    pub link_header: bool,
    /// The property that is true if more pages follow.
    #[serde(default)]
    pub more: Option<String>,
    /// The property that is true on the last page.
    #[serde(default)]
    pub done: Option<String>,
    /// The property with the number of items on all pages.
    #[serde(default)]
    pub total: Option<String>,
    /// Whether the operation isn't paged.
    #[serde(default)]
    pub none: bool,
}

impl PagingEntry {
    /// The response `cursor` is the parameter of the next request.
    pub fn cursor(cursor: impl Into<String>, parameter: impl Into<String>) -> Self {
        Self { cursor: Some(cursor.into()), parameter: Some(parameter.into()), ..Self::default() }
    }

    /// A property of the last item is the parameter of the next request.
    pub fn last_item(property: impl Into<String>, parameter: impl Into<String>) -> Self {
        let (last_item, parameter) = (Some(property.into()), Some(parameter.into()));
        Self { last_item, parameter, ..Self::default() }
    }

    /// The parameter is the number of items to skip.
    pub fn offset(parameter: impl Into<String>) -> Self {
        Self { offset: Some(parameter.into()), ..Self::default() }
    }

    /// The parameter is the number of the page.
    pub fn page(parameter: impl Into<String>) -> Self {
        Self { page: Some(parameter.into()), ..Self::default() }
    }

    /// A property is the URL of the next page.
    pub fn link(property: impl Into<String>) -> Self {
        Self { link: Some(property.into()), ..Self::default() }
    }

    /// The header `Link` has the URL of the next page.
    pub fn link_header() -> Self {
        Self { link_header: true, ..Self::default() }
    }

    /// The operation isn't paged.
    pub fn none() -> Self {
        Self { none: true, ..Self::default() }
    }

    /// Sets the property with the items; without it, the response is an array itself.
    #[must_use]
    pub fn items(mut self, property: impl Into<String>) -> Self {
        self.items = Some(property.into());
        self
    }

    /// Sets the property that is true if more pages follow.
    #[must_use]
    pub fn more(mut self, property: impl Into<String>) -> Self {
        self.more = Some(property.into());
        self
    }

    /// Sets the property that is true on the last page.
    #[must_use]
    pub fn done(mut self, property: impl Into<String>) -> Self {
        self.done = Some(property.into());
        self
    }

    /// Sets the property with the number of items on all pages.
    #[must_use]
    pub fn total(mut self, property: impl Into<String>) -> Self {
        self.total = Some(property.into());
        self
    }
}

/// Checks that the operations of all entries were generated, or at least are in the document, if
/// they were skipped.
///
/// # Errors
///
/// The operations that don't exist.
pub(crate) fn check_operations(
    entries: &BTreeMap<String, PagingEntry>,
    generated: &[String],
    document: &Document,
) -> Result<(), Refusals> {
    let unknown: Vec<&String> = entries.keys().filter(|id| !generated.contains(id)).collect_vec();
    if unknown.is_empty() {
        return Ok(());
    }
    let mut ids = HashSet::new();
    for (_, item) in json::members(document.root().get("paths")) {
        let Value::Object(item) = item else { continue };
        for (_, operation) in Method::operations(item) {
            ids.extend(operation.get("operationId").and_then(Value::as_str));
        }
    }
    let mut refusals = Vec::new();
    for id in unknown {
        if !ids.contains(id.as_str()) {
            refusals.push(refused(id, "the document has no such operation"));
        }
    }
    Refusals::check(refusals)
}

/// Sets the configured paging of operations, by `operationId`. Entries of other operations are
/// ignored.
///
/// # Errors
///
/// All entries that don't fit the document.
pub(crate) fn set(
    entries: &BTreeMap<String, PagingEntry>,
    model: &mut ClientModel,
) -> Result<(), Refusals> {
    let shapes = Shapes::from_model(model);
    let mut refusals = Vec::new();
    let mut found = Vec::new();
    for (index, operation) in model.operations.iter().enumerate() {
        let Some(entry) = entries.get(&operation.id) else { continue };
        match paging(entry, operation, &shapes) {
            Ok(paging) => found.push((index, paging)),
            Err(reason) => refusals.push(refused(&operation.id, &reason)),
        }
    }
    for (index, paging) in found {
        model.operations[index].paging = paging;
    }
    Refusals::check(refusals)
}

/// The refusal of an entry. It is at the root, so that the operation isn't skipped instead.
fn refused(id: &str, reason: &str) -> Refusal {
    Refusal::new(Pointer::root(), format!("the configured paging of `{id}`"), reason)
}

/// The paging by an entry.
fn paging(
    entry: &PagingEntry,
    operation: &Operation,
    shapes: &Shapes<'_>,
) -> Result<Option<Paging>, String> {
    if entry.none {
        return match *entry == PagingEntry::none() {
            true => Ok(None),
            false => Err("`none` excludes the other keys".to_owned()),
        };
    }
    let schema = response(operation)
        .ok_or("the operation has no single success that is JSON and can't be null")?;
    let items = match &entry.items {
        Some(path) => shapes.resolve(schema, path).map_err(in_key("items"))?,
        None => Vec::new(),
    };
    let list = items.last().map_or(schema, |field| &field.schema);
    let item = list_items(list).ok_or_else(|| match &entry.items {
        Some(path) => format!("`items`: `{path}` isn't an array"),
        None => "the response isn't an array: name its property with the key `items`".to_owned(),
    })?;
    let item = item.clone();
    let property = |key: &str, path: &Option<String>, types: &[Scalar]| match path {
        Some(path) => scalar_at(shapes, schema, path, types).map(Some).map_err(in_key(key)),
        None => Ok(None),
    };
    let integers = &[Scalar::Integer];
    let parameter = |key: &str, name: &str, types: &[Scalar]| {
        parameter(operation, shapes, name, types).map_err(in_key(key))
    };
    let needed = || entry.parameter.as_deref().ok_or("the key `parameter` is missing");
    let total = property("total", &entry.total, integers)?;
    let mut ways = Vec::new();
    let mut takes_parameter = false;
    if let Some(token) = property("cursor", &entry.cursor, &TOKEN_TYPES)? {
        let parameter = parameter("parameter", needed()?, &TOKEN_TYPES)?;
        takes_parameter = true;
        ways.push(NextPage::Token { parameter, token });
    }
    if let Some(path) = &entry.last_item {
        let token = scalar_at(shapes, &item, path, &TOKEN_TYPES).map_err(in_key("last_item"))?;
        let parameter = parameter("parameter", needed()?, &TOKEN_TYPES)?;
        takes_parameter = true;
        ways.push(NextPage::LastItem { parameter, token });
    }
    if let Some(name) = &entry.offset {
        let parameter = parameter("offset", name, integers)?;
        let first = parameter.first().unwrap_or(0);
        ways.push(NextPage::Offset { parameter, first, total: total.clone() });
    }
    if let Some(name) = &entry.page {
        let parameter = parameter("page", name, integers)?;
        let first = parameter.first().unwrap_or(1);
        let (number, size) = (None, None);
        ways.push(NextPage::Number { parameter, first, total: total.clone(), number, size });
    }
    if let Some(link) = property("link", &entry.link, &[Scalar::Text])? {
        ways.push(NextPage::Link(link));
    }
    if entry.link_header {
        ways.push(NextPage::LinkHeader);
    }
    let keys = "`cursor`, `last_item`, `offset`, `page`, `link` and `link_header`";
    let next = match ways.pop() {
        Some(way) if ways.is_empty() => way,
        Some(_) => return Err(format!("only one of {keys} is possible")),
        None => return Err(format!("one of {keys} is missing")),
    };
    if entry.parameter.is_some() && !takes_parameter {
        return Err("`parameter` belongs to `cursor` or `last_item`".to_owned());
    }
    if total.is_some() && !matches!(next, NextPage::Offset { .. } | NextPage::Number { .. }) {
        return Err("`total` belongs to `offset` or `page`".to_owned());
    }
    let is_link = matches!(next, NextPage::Link(_) | NextPage::LinkHeader);
    if is_link && operation.method != "GET" {
        return Err(format!("a link is requested by GET, not by {}", operation.method));
    }
    let flag = |path: Option<Vec<Field>>, value| path.map(|path| MoreFlag { path, value });
    let more = flag(property("more", &entry.more, &[Scalar::Boolean])?, true);
    let done = flag(property("done", &entry.done, &[Scalar::Boolean])?, false);
    if more.is_some() && done.is_some() {
        return Err("`more` and `done` exclude each other".to_owned());
    }
    Ok(Some(Paging { items, item, next, more: more.or(done) }))
}

/// The types of tokens.
const TOKEN_TYPES: [Scalar; 4] = [Scalar::Text, Scalar::Uuid, Scalar::Integer, Scalar::Number];

/// Adds the key to a reason.
fn in_key(key: &str) -> impl Fn(String) -> String {
    move |reason| format!("`{key}`: {reason}")
}

/// The path of a property of one of these types.
fn scalar_at(
    shapes: &Shapes<'_>,
    schema: &Value,
    path: &str,
    types: &[Scalar],
) -> Result<Vec<Field>, String> {
    let fields = shapes.resolve(schema, path)?;
    let is_scalar = fields.last().is_some_and(|field| fits(&field.schema, types));
    if is_scalar { Ok(fields) } else { Err(wrong_type(path, types)) }
}

/// The parameter with a name, or the property of the body that is named `body.` and its name.
fn parameter(
    operation: &Operation,
    shapes: &Shapes<'_>,
    name: &str,
    types: &[Scalar],
) -> Result<PageParameter, String> {
    let mut parameters = operation.parameters.iter().filter(|one| !one.encoding.is_path());
    if let Some(parameter) = parameters.find(|parameter| parameter.name == name) {
        return match fits(&parameter.schema, types) {
            true => Ok(PageParameter::Parameter(parameter.clone())),
            false => Err(wrong_type(name, types)),
        };
    }
    let Some(property) = name.strip_prefix("body.") else {
        return Err(format!("there is no parameter `{name}`"));
    };
    let body = operation.body.as_ref().filter(|body| body.required);
    let json = body.and_then(|body| match body.representations.as_slice() {
        [one] => match &one.content {
            BodyContent::Core(schema) | BodyContent::Json(schema) => Some((one, schema)),
            _ => None,
        },
        _ => None,
    });
    let (representation, schema) =
        json.ok_or("the operation has no required body that is JSON only")?;
    match scalar_at(shapes, schema, property, types)?.as_slice() {
        [field] => Ok(PageParameter::Body {
            setter: representation.rust_name.clone(),
            field: field.clone(),
        }),
        _ => Err(format!("`{name}` must be a property of the body itself")),
    }
}

fn fits(schema: &Value, types: &[Scalar]) -> bool {
    scalar(schema).is_some_and(|one| types.contains(&one))
}

fn wrong_type(name: &str, types: &[Scalar]) -> String {
    let names = types
        .iter()
        .map(|one| match one {
            Scalar::Text => "a string",
            Scalar::Uuid => "a UUID",
            Scalar::Integer => "an integer",
            Scalar::Number => "a number",
            Scalar::Boolean => "a boolean",
        })
        .collect_vec();
    format!("`{name}` isn't {}", names.join(" or "))
}
