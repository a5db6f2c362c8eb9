//! The pages of a documentation site: fetched, saved to a folder, or read from one.

use std::{
    fs,
    path::{Component, Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use futures_util::{StreamExt, stream};
use reqwest::{StatusCode, Url};

use super::index::{self, Entry};
use crate::{
    http::{FetchError, Fetcher, Validators},
    progress,
};

/// The maximum size of a page, in bytes after decompression.
const MAX_PAGE_BYTES: usize = 8 << 20;
/// The maximum number of concurrent requests.
const MAX_CONCURRENT_REQUESTS: usize = 8;
/// The maximum number of requests for a page.
const MAX_ATTEMPTS: u32 = 3;
/// The longest `Retry-After` that is waited for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(30);

/// The name of the index of a site.
const INDEX: &str = "llms.txt";

/// Timeouts and delays of fetching pages.
#[derive(Clone, Copy, Debug)]
pub struct FetchPolicy {
    /// The timeout of a request, its response body included.
    pub timeout: Duration,
    /// The delay before the first retry; it doubles with each further one.
    pub retry_delay: Duration,
}

impl Default for FetchPolicy {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(30), retry_delay: Duration::from_millis(500) }
    }
}

/// A page with its text, or the error of fetching it.
pub(super) struct Page {
    /// The path within the site.
    pub(super) name: String,
    /// The URL, if the index links to it.
    pub(super) url: Option<Url>,
    /// The line of the index that links to it.
    pub(super) index_line: Option<usize>,
    pub(super) text: Result<String, PageError>,
}

/// An error of fetching or reading a page.
pub(super) enum PageError {
    /// It doesn't exist.
    Missing(String),
    /// It couldn't be fetched, read or saved.
    Unreachable(String),
    /// It isn't UTF-8.
    NotText(String),
}

/// Reads the pages of a folder: those that its index links to, and all other Markdown files.
pub(super) fn read(folder: &Path, docs: &Url) -> Result<Vec<Page>> {
    if !folder.is_dir() {
        bail!("{}: no such folder", folder.display());
    }
    let mut files = Vec::new();
    collect_markdown(folder, folder, &mut files)?;
    files.sort();
    let index = folder.join(INDEX);
    let mut pages = Vec::new();
    if index.is_file() {
        let text = fs::read_to_string(&index).with_context(|| index.display().to_string())?;
        for entry in index::read(&text, docs) {
            let name = entry.name();
            let path = name.split('/').collect::<PathBuf>();
            let file = [path.clone(), path.with_extension("mdx")]
                .into_iter()
                .find(|path| files.contains(path));
            let text = match file {
                Some(file) => {
                    files.retain(|other| *other != file);
                    read_text(&folder.join(file))
                }
                None => Err(PageError::Missing("no such file".to_owned())),
            };
            let (index_line, url) = (Some(entry.line), Some(entry.url));
            pages.push(Page { name, url, index_line, text });
        }
    }
    for file in files {
        let name = file.components().map(|component| component.as_os_str().to_string_lossy());
        let name = name.collect::<Vec<_>>().join("/");
        let text = read_text(&folder.join(&file));
        pages.push(Page { name, url: None, index_line: None, text });
    }
    Ok(pages)
}

/// Collects the Markdown files below a folder, by their paths within `root`.
fn collect_markdown(folder: &Path, root: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            collect_markdown(&path, root, files)?;
        } else if path.extension().is_some_and(|extension| extension == "md" || extension == "mdx")
            && let Ok(name) = path.strip_prefix(root)
        {
            files.push(name.to_owned());
        }
    }
    Ok(())
}

fn read_text(path: &Path) -> Result<String, PageError> {
    match fs::read(path) {
        Ok(bytes) => decode(bytes),
        Err(error) => Err(PageError::Unreachable(error.to_string())),
    }
}

/// Decodes UTF-8.
fn decode(bytes: Vec<u8>) -> Result<String, PageError> {
    String::from_utf8(bytes).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count() + 1;
        PageError::NotText(format!("invalid UTF-8 in line {line}"))
    })
}

/// Fetches the index and its pages; with `save`, writes them to a folder that [`read`] reads.
pub(super) fn fetch(docs: &Url, save: Option<&Path>, policy: FetchPolicy) -> Result<Vec<Page>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let fetcher = Fetcher::new(policy.timeout, MAX_PAGE_BYTES)?;
    let delay = policy.retry_delay;
    runtime.block_on(async {
        let index =
            fetch_with_retries(&fetcher, docs, delay).await.with_context(|| docs.to_string())?;
        let text = String::from_utf8(index).with_context(|| format!("{docs}: not UTF-8"))?;
        let entries = index::read(&text, docs);
        if entries.is_empty() {
            bail!("{docs}: not an index: it links to no page of its host");
        }
        if let Some(folder) = save {
            save_page(folder, INDEX, text.as_bytes())?;
        }
        let bar = progress::bar(entries.len() as u64, "pages");
        let pages = stream::iter(entries.into_iter().enumerate())
            .map(|(number, entry)| {
                let (fetcher, bar) = (&fetcher, &bar);
                async move {
                    let fetched = fetch_with_retries(fetcher, &entry.url, delay).await;
                    bar.inc(1);
                    (number, entry, fetched)
                }
            })
            .buffer_unordered(MAX_CONCURRENT_REQUESTS);
        let mut pages: Vec<_> = pages.collect().await;
        bar.finish_and_clear();
        pages.sort_by_key(|(number, ..)| *number);
        Ok(pages.into_iter().map(|(_, entry, fetched)| page(entry, fetched, save)).collect())
    })
}

/// A fetched page, saved if there is a folder for it.
fn page(entry: Entry, fetched: Result<Vec<u8>, FetchError>, save: Option<&Path>) -> Page {
    let name = entry.name();
    let text = match fetched {
        Ok(bytes) => {
            // A page that can't be saved would be missing in a run on the folder.
            match save.map(|folder| save_page(folder, &name, &bytes)).transpose() {
                Ok(_) => decode(bytes),
                Err(error) => Err(PageError::Unreachable(format!("can't be saved: {error:#}"))),
            }
        }
        Err(error @ FetchError::Status(StatusCode::NOT_FOUND | StatusCode::GONE, _)) => {
            Err(PageError::Missing(error.to_string()))
        }
        Err(error) => Err(PageError::Unreachable(error.to_string())),
    };
    Page { name, index_line: Some(entry.line), url: Some(entry.url), text }
}

/// Writes a page below a folder.
fn save_page(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path: PathBuf = name.split('/').collect();
    // The name comes from the server.
    if !path.components().all(|component| matches!(component, Component::Normal(_))) {
        bail!("`{name}` isn't a valid page name");
    }
    let path = folder.join(path);
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
    fs::write(&path, bytes).with_context(|| path.display().to_string())
}

/// Fetches a URL and retries temporary errors, after `delay`, doubled each time, or `Retry-After`.
async fn fetch_with_retries(
    fetcher: &Fetcher,
    url: &Url,
    delay: Duration,
) -> Result<Vec<u8>, FetchError> {
    let mut attempt = 1;
    loop {
        let error = match fetcher.get(url, &Validators::default()).await {
            Ok(Some(fetched)) => return Ok(fetched.body),
            // A 304 to an unconditional request.
            Ok(None) => FetchError::Status(StatusCode::NOT_MODIFIED, None),
            Err(error) => error,
        };
        if attempt == MAX_ATTEMPTS || !error.is_temporary() {
            return Err(error);
        }
        let wait = match &error {
            FetchError::Status(_, Some(retry_after)) => *retry_after,
            _ => delay * 2_u32.pow(attempt - 1),
        };
        if wait > MAX_RETRY_AFTER {
            return Err(error);
        }
        tokio::time::sleep(wait).await;
        attempt += 1;
    }
}
