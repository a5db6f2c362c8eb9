//! Getting the document: from upstream, from elsewhere, from a file, from standard input.

use std::{
    fmt, fs,
    io::{self, Read},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use anyhow::{Context, Error, Result, bail};
use reqwest::Url;

use crate::{
    http::{self, Fetcher, Validators},
    progress,
    source::Source,
};

/// The largest document that is taken, in bytes, after decompression.
const LIMIT: usize = 32 << 20;

/// Where a document comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpecSource {
    /// A server.
    Url(Url),
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl SpecSource {
    /// Reads a URL, `-`, or the path of a file.
    ///
    /// # Errors
    ///
    /// If it is a URL that may not be fetched: neither https nor http on this machine.
    pub fn parse(text: &str) -> Result<Self> {
        if text == "-" {
            return Ok(Self::Stdin);
        }
        let url = http::url_in(text)?;
        Ok(url.map_or_else(|| Self::File(PathBuf::from(text)), Self::Url))
    }
}

impl FromStr for SpecSource {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl fmt::Display for SpecSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => f.write_str(url.as_str()),
            Self::File(path) => path.display().fmt(f),
            Self::Stdin => f.write_str("standard input"),
        }
    }
}

/// A document as it came, and what is known of it.
pub(super) struct Incoming {
    pub(super) bytes: Vec<u8>,
    pub(super) origin: Origin,
    pub(super) content_type: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    /// The version in the name of a file, which upstream's own `info.version` doesn't say.
    pub(super) version: Option<String>,
}

pub(super) enum Origin {
    Server { is_upstream: bool },
    File(String),
    Stdin,
}

/// Gets the document; `None`: upstream says that it is the one that is known.
pub(super) fn obtain(
    from: &SpecSource,
    source: &Source,
    known: Validators,
    timeout: Duration,
) -> Result<Option<Incoming>> {
    match from {
        SpecSource::Url(url) => {
            let is_upstream = Url::parse(&source.url).is_ok_and(|upstream| upstream == *url);
            // What another server calls its versions says nothing of ours.
            let known = if is_upstream { known } else { Validators::default() };
            let fetched = fetch(url, &known, timeout).with_context(|| url.to_string())?;
            Ok(fetched.map(|fetched| Incoming {
                bytes: fetched.body,
                origin: Origin::Server { is_upstream },
                content_type: fetched.content_type,
                etag: fetched.etag,
                last_modified: fetched.last_modified,
                version: None,
            }))
        }
        SpecSource::File(path) => {
            let size = fs::metadata(path).with_context(|| path.display().to_string())?.len();
            if size > LIMIT as u64 {
                bail!("{}: it is larger than {} MiB", path.display(), LIMIT >> 20);
            }
            let bytes = fs::read(path).with_context(|| path.display().to_string())?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let version = version_in(&name);
            Ok(Some(Incoming::local(bytes, Origin::File(name), version)))
        }
        SpecSource::Stdin => {
            let mut bytes = Vec::new();
            io::stdin().take(LIMIT as u64 + 1).read_to_end(&mut bytes)?;
            if bytes.len() > LIMIT {
                bail!("standard input: it is larger than {} MiB", LIMIT >> 20);
            }
            Ok(Some(Incoming::local(bytes, Origin::Stdin, None)))
        }
    }
}

impl Incoming {
    /// Whether the URL of `source.toml` served it.
    pub(super) fn is_upstream(&self) -> bool {
        matches!(self.origin, Origin::Server { is_upstream: true })
    }

    fn local(bytes: Vec<u8>, origin: Origin, version: Option<String>) -> Self {
        Self { bytes, origin, content_type: None, etag: None, last_modified: None, version }
    }
}

fn fetch(url: &Url, known: &Validators, timeout: Duration) -> Result<Option<http::Fetched>> {
    let spinner = progress::spinner(format!("fetching {url}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let fetched = runtime.block_on(async {
        let fetcher = Fetcher::new(timeout, LIMIT)?;
        fetcher.get(url, known).await
    });
    spinner.finish_and_clear();
    Ok(fetched?)
}

/// Three numbers with dots in the name of a file.
fn version_in(name: &str) -> Option<String> {
    name.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|part| part.trim_matches('.'))
        .find(|part| part.split('.').count() == 3)
        .map(str::to_owned)
}
