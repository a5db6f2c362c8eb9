//! The index of a documentation site: llms.txt, a list of links in Markdown.

use pulldown_cmark::{Event, Parser, Tag};
use reqwest::Url;

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
    let mut entries: Vec<Entry> = Vec::new();
    for (event, range) in Parser::new(text).into_offset_iter() {
        let Event::Start(Tag::Link { dest_url, .. }) = event else { continue };
        let Ok(mut url) = base.join(&dest_url) else { continue };
        if url.origin() != base.origin() {
            continue;
        }
        url.set_fragment(None);
        url.set_query(None);
        let last = url.path_segments().and_then(|mut segments| segments.next_back());
        let last = last.unwrap_or_default().to_owned();
        match last.rsplit_once('.').map(|(_, extension)| extension) {
            Some("md" | "mdx") => {}
            // Documents and images aren't pages.
            Some("json" | "yaml" | "yml" | "txt" | "png" | "svg" | "jpg" | "xml" | "pdf") => {
                continue;
            }
            _ => url.set_path(&format!("{}.md", url.path().trim_end_matches('/'))),
        }
        if url.path() == "/.md" || url.path() == ".md" {
            continue;
        }
        if !entries.iter().any(|entry| entry.url == url) {
            let line = text[..range.start].matches('\n').count() + 1;
            entries.push(Entry { url, line });
        }
    }
    entries
}

/// The URL of a page as HTML: without `.md`.
pub(super) fn html_url(url: &Url) -> String {
    let text = url.as_str();
    text.strip_suffix(".md").unwrap_or(text).to_owned()
}
