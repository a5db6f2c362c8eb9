//! Sources of a document: a URL, a file, standard input.

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
    source::SourceRecord,
};

/// The maximum size of a document, in bytes after decompression.
const MAX_DOCUMENT_BYTES: usize = 32 << 20;

/// The source of a document.
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
    /// Parses a URL, `-` for standard input, or the path of a file.
    ///
    /// # Errors
    ///
    /// If it is a URL other than https, or http on loopback.
    pub fn parse(text: &str) -> Result<Self> {
        if text == "-" {
            return Ok(Self::Stdin);
        }
        let url = http::parse_url(text)?;
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

/// A new document as received, with its origin and response header fields.
pub(super) struct Incoming {
    pub(super) bytes: Vec<u8>,
    pub(super) origin: Origin,
    pub(super) content_type: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    /// The version in the name of a file; upstream's `info.version` isn't that of its package.
    pub(super) version: Option<String>,
}

/// The origin of a new document.
pub(super) enum Origin {
    Server { is_upstream: bool },
    File(String),
    Stdin,
}

/// Reads or fetches the document; `None` if upstream reports it as unmodified (304).
pub(super) fn obtain(
    from: &SpecSource,
    source: &SourceRecord,
    validators: Validators,
    timeout: Duration,
) -> Result<Option<Incoming>> {
    match from {
        SpecSource::Url(url) => {
            let is_upstream = Url::parse(&source.url).is_ok_and(|upstream| upstream == *url);
            // Validators apply to upstream's representation only (RFC 9110, section 8.8).
            let validators = if is_upstream { validators } else { Validators::default() };
            let fetched = fetch(url, &validators, timeout).with_context(|| url.to_string())?;
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
            if size > MAX_DOCUMENT_BYTES as u64 {
                bail!("{}: larger than {} MiB", path.display(), MAX_DOCUMENT_BYTES >> 20);
            }
            let bytes = fs::read(path).with_context(|| path.display().to_string())?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let version = version_in(&name);
            Ok(Some(Incoming::local(bytes, Origin::File(name), version)))
        }
        SpecSource::Stdin => {
            let mut bytes = Vec::new();
            io::stdin().take(MAX_DOCUMENT_BYTES as u64 + 1).read_to_end(&mut bytes)?;
            if bytes.len() > MAX_DOCUMENT_BYTES {
                bail!("standard input: larger than {} MiB", MAX_DOCUMENT_BYTES >> 20);
            }
            Ok(Some(Incoming::local(bytes, Origin::Stdin, None)))
        }
    }
}

impl Incoming {
    /// Whether it is from the URL in `source.toml`.
    pub(super) fn is_upstream(&self) -> bool {
        matches!(self.origin, Origin::Server { is_upstream: true })
    }

    /// A document that wasn't fetched.
    fn local(bytes: Vec<u8>, origin: Origin, version: Option<String>) -> Self {
        Self { bytes, origin, content_type: None, etag: None, last_modified: None, version }
    }
}

/// Fetches a URL; `None` if it is unmodified.
fn fetch(url: &Url, validators: &Validators, timeout: Duration) -> Result<Option<http::Fetched>> {
    let spinner = progress::spinner(&format!("fetching {url}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let fetched = runtime.block_on(async {
        let fetcher = Fetcher::new(timeout, MAX_DOCUMENT_BYTES)?;
        fetcher.get(url, validators).await
    });
    spinner.finish_and_clear();
    Ok(fetched?)
}

/// The version in the name of a file: three numbers with dots.
fn version_in(name: &str) -> Option<String> {
    name.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|digits| digits.trim_matches('.'))
        .find(|digits| digits.split('.').count() == 3)
        .map(str::to_owned)
}
