//! The pages of a site, fetched concurrently.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use reqwest::{StatusCode, Url};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
};

use super::{
    page_file,
    page_text::{INDEX, MAX_PAGE_BYTES, Page, PageError, decode},
};
use crate::{
    check_docs::index::{self, Entry},
    http::{FetchError, Fetcher, Validators},
    progress,
};

/// The maximum number of pages that are fetched or in memory at once.
const MAX_CONCURRENT_PAGES: usize = 8;
/// The maximum number of requests for a page.
const MAX_ATTEMPTS: u32 = 3;
/// The longest `Retry-After` that is waited for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(30);

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

/// A fetched page.
struct Fetched {
    /// The position in the index.
    number: usize,
    entry: Entry,
    body: Result<Vec<u8>, FetchError>,
    /// Released once the page has been visited.
    permit: OwnedSemaphorePermit,
}

/// Fetches the index and passes each of its pages to `visit`, in its order. With `save`, writes
/// them to a folder.
pub(super) fn visit(
    docs: &Url,
    save: Option<&Path>,
    policy: FetchPolicy,
    visit: &mut dyn FnMut(Page),
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let fetcher = Fetcher::new(policy.timeout, MAX_PAGE_BYTES)?;
    let index = runtime
        .block_on(fetch_with_retries(&fetcher, docs, policy.retry_delay))
        .with_context(|| docs.to_string())?;
    let text = String::from_utf8(index).with_context(|| format!("{docs}: not UTF-8"))?;
    let entries = index::read(&text, docs);
    if entries.is_empty() {
        bail!("{docs}: not an index: it links to no page of its host");
    }
    if let Some(folder) = save {
        page_file::write(folder, INDEX, text.as_bytes())?;
    }
    let bar = progress::bar(entries.len() as u64, "pages");
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        // Pages are visited on another thread than fetched: a visit doesn't delay a timeout.
        scope.spawn(|| runtime.block_on(fetch_all(entries, fetcher, policy.retry_delay, sender)));
        let (mut next, mut later) = (0, BTreeMap::new());
        for fetched in receiver {
            later.insert(fetched.number, fetched);
            while let Some(Fetched { entry, body, permit, .. }) = later.remove(&next) {
                visit(page(entry, body, save));
                bar.inc(1);
                drop(permit);
                next += 1;
            }
        }
    });
    bar.finish_and_clear();
    Ok(())
}

/// Fetches all pages. They get their permits in order, so that the next page to visit is always
/// among those that have one.
async fn fetch_all(
    entries: Vec<Entry>,
    fetcher: Fetcher,
    delay: Duration,
    sender: mpsc::Sender<Fetched>,
) {
    let permits = Arc::new(Semaphore::new(MAX_CONCURRENT_PAGES));
    let mut requests = JoinSet::new();
    for (number, entry) in entries.into_iter().enumerate() {
        let Ok(permit) = permits.clone().acquire_owned().await else { break };
        let (fetcher, sender) = (fetcher.clone(), sender.clone());
        requests.spawn(async move {
            let body = fetch_with_retries(&fetcher, &entry.url, delay).await;
            // The receiver lives as long as this thread.
            let _ = sender.send(Fetched { number, entry, body, permit });
        });
        while requests.try_join_next().is_some() {}
    }
    requests.join_all().await;
}

/// A fetched page, saved if there is a folder for it.
fn page(entry: Entry, body: Result<Vec<u8>, FetchError>, save: Option<&Path>) -> Page {
    let name = entry.name();
    let text = match body {
        Ok(bytes) => {
            // A page that can't be saved would be missing in a run on the folder.
            match save.map(|folder| page_file::write(folder, &name, &bytes)).transpose() {
                Ok(_) => decode(bytes),
                Err(error) => Err(PageError::Unreachable(format!("can't be saved: {error:#}"))),
            }
        }
        Err(error @ FetchError::Status(StatusCode::NOT_FOUND | StatusCode::GONE, _)) => {
            Err(PageError::Missing(error.to_string()))
        }
        Err(error) => Err(PageError::Unreachable(error.to_string())),
    };
    Page::from_entry(entry, text)
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
