//! The index of a documentation site: llms.txt, a list of links in Markdown.

use std::{collections::HashSet, ops::Range};

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use reqwest::Url;

use super::lines::Lines;

/// The extensions of files that aren't pages: documents, data, images, media, archives, programs.
const OTHER_FILES: &[&str] = &[
    "7z", "apk", "avi", "avif", "bin", "bmp", "bz2", "css", "csv", "dmg", "doc", "docx", "eot",
    "epub", "exe", "gif", "gz", "ico", "ics", "ipynb", "jar", "jpeg", "jpg", "js", "json", "jsonl",
    "log", "mjs", "mov", "mp3", "mp4", "msi", "ogg", "otf", "pdf", "pem", "pkg", "png", "ppt",
    "pptx", "proto", "rar", "rss", "svg", "tar", "tgz", "tif", "tiff", "toml", "ts", "ttf", "txt",
    "wasm", "wav", "webm", "webp", "whl", "woff", "woff2", "xls", "xlsx", "xml", "xz", "yaml",
    "yml", "zip", "zst",
];

/// A link of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The URL of the page as Markdown.
    pub(super) url: Url,
    /// The URL of the page as HTML.
    pub(super) html: Url,
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
        let Some((url, html)) = base.join(&destination).ok().and_then(|url| page(url, base)) else {
            continue;
        };
        if known.insert(url.clone()) {
            entries.push(Entry { url, html, line: lines.line(position) });
        }
    }
    entries
}

/// The URLs of a page of the site at `base`, as Markdown and as HTML; `None` if the link isn't one
/// to a page.
fn page(mut html: Url, base: &Url) -> Option<(Url, Url)> {
    if html.origin() != base.origin() {
        return None;
    }
    html.set_fragment(None);
    html.set_query(None);
    let path = html.path().trim_end_matches('/').to_owned();
    let (folder, name) = path.rsplit_once('/')?;
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let mut url = html.clone();
    match extension.to_ascii_lowercase().as_str() {
        "md" | "mdx" => html.set_path(&format!("{folder}/{stem}")),
        "html" | "htm" => url.set_path(&format!("{folder}/{stem}.md")),
        extension if OTHER_FILES.contains(&extension) => return None,
        _ => url.set_path(&format!("{path}.md")),
    }
    (!name.is_empty() && !stem.is_empty()).then_some((url, html))
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
