//! Validation of a new document: UTF-8, OpenAPI, and the title of this API.

use anyhow::{Result, bail};
use openapi_document::Document;
use serde_json::Value;

use super::obtain::Incoming;
use crate::{documents::VendoredDocument, source::SourceRecord};

/// Parses and validates a new document.
///
/// # Errors
///
/// If it isn't a valid OpenAPI document with operations, or webhooks for another than the API's, or
/// has another title without `accept_title`.
pub(super) fn accept(
    incoming: &Incoming,
    (vendored, source): (&VendoredDocument, &SourceRecord),
    accept_title: bool,
) -> Result<Document> {
    let Ok(text) = std::str::from_utf8(&incoming.bytes) else {
        bail!("not an OpenAPI document: invalid UTF-8");
    };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.is_empty() {
        bail!("not an OpenAPI document: empty");
    }
    let is_html =
        incoming.content_type.as_deref().is_some_and(|value| value.starts_with("text/html"));
    if is_html || start.starts_with('<') {
        let title = between(start, "<title>", "</title>").unwrap_or_default();
        bail!("not an OpenAPI document: a web page{}", quoted(title));
    }
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => bail!("not a valid OpenAPI document: {error}"),
    };
    let is_empty = |key: &str| {
        let items = document.root().get(key).and_then(Value::as_object);
        items.is_none_or(|items| items.is_empty())
    };
    if is_empty("paths") && (vendored.is_api() || is_empty("webhooks")) {
        bail!("`paths` is empty: the client would have no operations");
    }
    let title = document.root().pointer("/info/title").and_then(Value::as_str).unwrap_or_default();
    if title != source.title && !accept_title {
        bail!(
            "document of another API: title `{title}`, expected `{}`; use `--accept-title` to \
             accept it",
            source.title
        );
    }
    Ok(document)
}

/// The trimmed text between two delimiters.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0.trim())
}

/// A shortened title in parentheses, or nothing.
fn quoted(title: &str) -> String {
    let short: String = title.chars().take(60).collect();
    if short.is_empty() { String::new() } else { format!(" (“{short}”)") }
}
