//! Whether what came is this API's OpenAPI document.

use anyhow::{Result, bail};
use openapi_document::Document;
use serde_json::Value;

use super::obtain::Incoming;
use crate::source::Source;

/// Reads the document, or says what it is instead.
pub(super) fn accept(incoming: &Incoming, source: &Source, accept_title: bool) -> Result<Document> {
    let Ok(text) = std::str::from_utf8(&incoming.bytes) else {
        bail!("it isn't text in UTF-8, and so no OpenAPI document");
    };
    let start = text.trim_start_matches('\u{feff}').trim_start();
    if start.is_empty() {
        bail!("it is empty");
    }
    let is_html = incoming.content_type.as_deref().is_some_and(|it| it.starts_with("text/html"));
    if is_html || start.starts_with('<') {
        let title = between(start, "<title>", "</title>").unwrap_or_default();
        bail!("it is a web page{}, no OpenAPI document", quoted(title));
    }
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(error) => bail!("it is no OpenAPI document that can be used: {error}"),
    };
    let paths = document.root().get("paths").and_then(Value::as_object);
    if paths.is_none_or(|paths| paths.is_empty()) {
        bail!("its `paths` are empty: a client of it could call nothing");
    }
    let title = document.root().pointer("/info/title").and_then(Value::as_str).unwrap_or_default();
    if title != source.title && !accept_title {
        bail!(
            "it is the document of another API: its title is `{title}`, not `{}` \
             (`--accept-title` takes it nevertheless)",
            source.title
        );
    }
    Ok(document)
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    Some(rest.split_once(end)?.0.trim())
}

fn quoted(title: &str) -> String {
    let short: String = title.chars().take(60).collect();
    if short.is_empty() { String::new() } else { format!(" (“{short}”)") }
}
