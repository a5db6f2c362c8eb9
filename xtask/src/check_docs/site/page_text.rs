//! A page as it is obtained: its text, or an error.

use crate::check_docs::index::Entry;

/// The maximum size of a page, in bytes after decompression.
pub(super) const MAX_PAGE_BYTES: usize = 8 << 20;

/// The name of the index of a site.
pub(super) const INDEX: &str = "llms.txt";

/// A page with its text, or the error of fetching it.
pub(in crate::check_docs) struct Page {
    /// The path within the site.
    pub(in crate::check_docs) name: String,
    /// The URL as HTML, if the index links to it.
    pub(in crate::check_docs) url: Option<String>,
    /// The line of the index that links to it.
    pub(in crate::check_docs) index_line: Option<usize>,
    pub(in crate::check_docs) text: Result<String, PageError>,
}

/// An error of fetching or reading a page.
pub(in crate::check_docs) enum PageError {
    /// It doesn't exist.
    Missing(String),
    /// It couldn't be fetched, read or saved.
    Unreachable(String),
    /// It isn't UTF-8 in this line.
    NotText(usize),
}

impl Page {
    /// The page of an entry of the index.
    pub(super) fn from_entry(entry: Entry, text: Result<String, PageError>) -> Self {
        let url = Some(entry.html.to_string());
        Self { name: entry.name(), index_line: Some(entry.line), url, text }
    }
}

/// Decodes UTF-8.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, PageError> {
    String::from_utf8(bytes).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count() + 1;
        PageError::NotText(line)
    })
}
