//! The pages of a documentation site: fetched, or read from a folder, one after the other.

mod fetch;
mod folder;
mod page_file;
mod page_text;

use std::path::Path;

use anyhow::Result;
use reqwest::Url;

pub use self::fetch::FetchPolicy;
pub(super) use self::page_text::{Page, PageError};

/// The location of the pages.
pub(super) enum Source<'a> {
    /// The URL of an index, and a folder to save the pages to.
    Url(&'a Url, Option<&'a Path>, FetchPolicy),
    /// A folder with an index that may have links to the pages of the site at a URL.
    Folder(&'a Path, &'a Url),
}

/// Passes each page to `visit`, in the order of the index. Few pages are in memory at once.
pub(super) fn visit(source: &Source, visit: &mut dyn FnMut(Page)) -> Result<()> {
    match source {
        Source::Url(docs, save, policy) => fetch::visit(docs, *save, *policy, visit),
        Source::Folder(folder, docs) => folder::visit(folder, docs, visit),
    }
}
