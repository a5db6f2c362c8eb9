//! The index of a documentation site: llms.txt, a list of links in Markdown.

use std::{collections::HashSet, ops::Range};

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use reqwest::Url;

use super::lines::Lines;

/// A link of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The URL of the page as Markdown.
    pub(super) url: Url,
    /// The line of the index, from 1.
    pub(super) line: usize,
}

impl Entry {
    /// The path of the page within the site, without a leading slash.
    pub(super) fn name(&self) -> String {
        self.url.path().trim_start_matches('/').to_owned()
    }
}

/// The pages that an index links to on its own host, without duplicates.
pub(super) fn read(text: &str, base: &Url) -> Vec<Entry> {
    let lines = Lines::new(text);
    let mut known = HashSet::new();
    let mut entries = Vec::new();
    for (position, destination) in destinations(text) {
        let Some(url) = base.join(&destination).ok().and_then(|url| page_url(url, base)) else {
            continue;
        };
        if known.insert(url.clone()) {
            entries.push(Entry { url, line: lines.line(position) });
        }
    }
    entries
}

/// The URL as Markdown of a page of the site at `base`; `None` if the link isn't one to a page.
fn page_url(mut url: Url, base: &Url) -> Option<Url> {
    if url.origin() != base.origin() {
        return None;
    }
    url.set_fragment(None);
    url.set_query(None);
    let last = url.path_segments().and_then(|mut segments| segments.next_back());
    let last = last.unwrap_or_default().to_owned();
    match last.rsplit_once('.').map(|(_, extension)| extension) {
        Some("md" | "mdx") => {}
        // Documents and images aren't pages.
        Some("json" | "yaml" | "yml" | "txt" | "png" | "svg" | "jpg" | "xml" | "pdf") => {
            return None;
        }
        _ => url.set_path(&format!("{}.md", url.path().trim_end_matches('/'))),
    }
    let is_root = url.path() == "/.md" || url.path() == ".md";
    (!is_root).then_some(url)
}

/// The destinations of all links and the bare URLs, with their positions, in order.
fn destinations(text: &str) -> Vec<(usize, String)> {
    let mut destinations = Vec::new();
    // Links, whose text may be a URL, and code.
    let mut opaque: Vec<Range<usize>> = Vec::new();
    let mut code_block = false;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                destinations.push((range.start, dest_url.into_string()));
                opaque.push(range);
            }
            Event::Start(Tag::CodeBlock(_)) => code_block = true,
            Event::End(TagEnd::CodeBlock) => code_block = false,
            Event::Start(Tag::Image { .. }) | Event::Code(_) | Event::Html(_) => opaque.push(range),
            Event::Text(_) if code_block => opaque.push(range),
            _ => {}
        }
    }
    let mut opaque = opaque.into_iter().peekable();
    for (position, url) in bare_urls(text) {
        while opaque.next_if(|range| range.end <= position).is_some() {}
        if !opaque.peek().is_some_and(|range| range.contains(&position)) {
            destinations.push((position, url.to_owned()));
        }
    }
    destinations.sort_by_key(|(position, _)| *position);
    destinations
}

/// The URLs of a text with their positions.
fn bare_urls(text: &str) -> Vec<(usize, &str)> {
    let mut urls = Vec::new();
    let mut end = 0;
    for (separator, _) in text.match_indices("://") {
        let before = &text[end.min(separator)..separator];
        let Some(scheme) = ["https", "http"].into_iter().find(|scheme| {
            let before = before.strip_suffix(scheme);
            before.is_some_and(|before| !before.ends_with(|c: char| c.is_alphanumeric()))
        }) else {
            continue;
        };
        let start = separator - scheme.len();
        let is_end = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|');
        end = start + text[start..].find(is_end).unwrap_or(text.len() - start);
        urls.push((start, trim_punctuation(&text[start..end])));
    }
    urls
}

/// A URL without the punctuation after it, as in GitHub Flavored Markdown.
fn trim_punctuation(url: &str) -> &str {
    let count = |character| url.matches(character).count();
    let mut unopened = count(')').saturating_sub(count('('));
    url.trim_end_matches(|c: char| match c {
        ')' if unopened > 0 => {
            unopened -= 1;
            true
        }
        _ => matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_'),
    })
}

/// The URL of a page as HTML: without `.md`.
pub(super) fn html_url(url: &Url) -> String {
    let text = url.as_str();
    text.strip_suffix(".md").unwrap_or(text).to_owned()
}
