//! The pages of the site: fetched, or read from a folder; saved, so that a run can be repeated.

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
    http::{Failure, Fetcher, Validators},
    progress,
};

/// The largest page, in bytes, after decompression.
const LIMIT: usize = 8 << 20;
/// How many pages are fetched at once.
const AT_ONCE: usize = 8;
/// How often a page is asked for that may be there later.
const ATTEMPTS: u32 = 3;
/// The longest wait that a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

const INDEX: &str = "llms.txt";

/// How long is waited for pages.
#[derive(Clone, Copy, Debug)]
pub struct FetchPolicy {
    /// How long one page may take.
    pub timeout: Duration,
    /// The pause before a page is asked for again.
    pub pause: Duration,
}

impl Default for FetchPolicy {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(30), pause: Duration::from_millis(500) }
    }
}

/// A page, or why it couldn't be had.
pub(super) struct Page {
    /// Its path within the site.
    pub(super) name: String,
    /// Where people read it, if it is on the site.
    pub(super) url: Option<Url>,
    /// The line of the index that links to it.
    pub(super) line: Option<usize>,
    pub(super) text: Result<String, PageError>,
}

/// Why a page couldn't be had.
pub(super) enum PageError {
    /// It isn't there.
    Missing(String),
    /// It may be there, but wasn't to be had.
    Unreachable(String),
    /// It isn't text in UTF-8.
    NotText(String),
}

/// Reads the pages of a folder: those of its index, and all others.
pub(super) fn read(folder: &Path, docs: &Url) -> Result<Vec<Page>> {
    if !folder.is_dir() {
        bail!("{}: no such folder", folder.display());
    }
    let mut files = Vec::new();
    files_of(folder, folder, &mut files)?;
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
                    text_of(&folder.join(file))
                }
                None => Err(PageError::Missing("there is no such file".to_owned())),
            };
            let (line, url) = (Some(entry.line), Some(entry.url));
            pages.push(Page { name, url, line, text });
        }
    }
    for file in files {
        let name = file.components().map(|part| part.as_os_str().to_string_lossy());
        let name = name.collect::<Vec<_>>().join("/");
        let text = text_of(&folder.join(&file));
        pages.push(Page { name, url: None, line: None, text });
    }
    Ok(pages)
}

/// The Markdown files below a folder, by their paths within `root`.
fn files_of(folder: &Path, root: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            files_of(&path, root, files)?;
        } else if path.extension().is_some_and(|extension| extension == "md" || extension == "mdx")
            && let Ok(name) = path.strip_prefix(root)
        {
            files.push(name.to_owned());
        }
    }
    Ok(())
}

fn text_of(path: &Path) -> Result<String, PageError> {
    match fs::read(path) {
        Ok(bytes) => decoded(bytes),
        Err(error) => Err(PageError::Unreachable(error.to_string())),
    }
}

fn decoded(bytes: Vec<u8>) -> Result<String, PageError> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        PageError::NotText(format!("it isn't text in UTF-8, from line {line} on"))
    })
}

/// Fetches the index and its pages; with `save`, keeps them in a folder that [`read`] reads.
pub(super) fn fetch(docs: &Url, save: Option<&Path>, policy: FetchPolicy) -> Result<Vec<Page>> {
    let FetchPolicy { timeout, pause } = policy;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let fetcher = Fetcher::new(timeout, LIMIT)?;
    runtime.block_on(async {
        let index = patiently(&fetcher, docs, pause).await.with_context(|| docs.to_string())?;
        let text = String::from_utf8(index).with_context(|| format!("{docs}: not UTF-8"))?;
        let entries = index::read(&text, docs);
        if entries.is_empty() {
            bail!("{docs}: it links to no page of its host, and so is no index");
        }
        if let Some(folder) = save {
            keep(folder, INDEX, text.as_bytes())?;
        }
        let bar = progress::bar(entries.len() as u64, "pages");
        let pages = stream::iter(entries.into_iter().enumerate())
            .map(|(number, entry)| {
                let (fetcher, bar) = (&fetcher, &bar);
                async move {
                    let fetched = patiently(fetcher, &entry.url, pause).await;
                    bar.inc(1);
                    (number, entry, fetched)
                }
            })
            .buffer_unordered(AT_ONCE);
        let mut pages: Vec<_> = pages.collect().await;
        bar.finish_and_clear();
        pages.sort_by_key(|(number, ..)| *number);
        Ok(pages.into_iter().map(|(_, entry, fetched)| page(entry, fetched, save)).collect())
    })
}

fn page(entry: Entry, fetched: Result<Vec<u8>, Failure>, save: Option<&Path>) -> Page {
    let name = entry.name();
    let text = match fetched {
        Ok(bytes) => {
            // A page that can't be kept is one that a repeated run would miss.
            match save.map(|folder| keep(folder, &name, &bytes)).transpose() {
                Ok(_) => decoded(bytes),
                Err(error) => Err(PageError::Unreachable(format!("it can't be saved: {error:#}"))),
            }
        }
        Err(failure @ Failure::Status(StatusCode::NOT_FOUND | StatusCode::GONE, _)) => {
            Err(PageError::Missing(failure.to_string()))
        }
        Err(failure) => Err(PageError::Unreachable(failure.to_string())),
    };
    Page { name, line: Some(entry.line), url: Some(entry.url), text }
}

/// Writes a page below a folder.
fn keep(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path: PathBuf = name.split('/').collect();
    // A server says how its pages are called.
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        bail!("`{name}` is no name of a page that can be saved");
    }
    let path = folder.join(path);
    let parent = path.parent().unwrap_or(folder);
    fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
    fs::write(&path, bytes).with_context(|| path.display().to_string())
}

/// Fetches; what may be there later is asked for again, after twice the pause each time or what the
/// server asks for.
async fn patiently(fetcher: &Fetcher, url: &Url, pause: Duration) -> Result<Vec<u8>, Failure> {
    let mut attempt = 1;
    loop {
        let failure = match fetcher.get(url, &Validators::default()).await {
            Ok(Some(fetched)) => return Ok(fetched.body),
            // Nothing is known, so nothing can be the same.
            Ok(None) => Failure::Status(StatusCode::NOT_MODIFIED, None),
            Err(failure) => failure,
        };
        if attempt == ATTEMPTS || !failure.is_temporary() {
            return Err(failure);
        }
        let wait = match &failure {
            Failure::Status(_, Some(asked)) => *asked,
            _ => pause * 2_u32.pow(attempt - 1),
        };
        if wait > LONGEST_WAIT {
            return Err(failure);
        }
        tokio::time::sleep(wait).await;
        attempt += 1;
    }
}
