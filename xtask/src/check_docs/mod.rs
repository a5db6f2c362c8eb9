//! `check-docs`: whether the documentation site says what the document says.
//!
//! Each page of an operation carries its own piece of OpenAPI, made of the document when the page
//! was built. Pages and document drift apart, and readers trust the pages. The pieces are compared
//! with the document by meaning, as [`openapi_diff`] does.

mod check;
mod finding;
mod fragment;
mod index;
mod lines;
mod page;
mod report;
mod site;

use std::{
    fmt,
    path::{Path, PathBuf},
    process::ExitCode,
    str::FromStr,
};

use anyhow::{Context, Error, Result, bail};
use openapi_diff::cli::{Format, print};
use openapi_document::Document;
use reqwest::Url;

pub use self::{check::Checked, finding::Finding, site::FetchPolicy};
use crate::{
    files::{self, Repository},
    http,
    source::Source,
};

/// Where pages come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Site {
    /// The index of a site.
    Url(Url),
    /// A folder with saved pages.
    Folder(PathBuf),
}

impl FromStr for Site {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let url = http::url_in(text)?;
        Ok(url.map_or_else(|| Self::Folder(PathBuf::from(text)), Self::Url))
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(url) => f.write_str(url.as_str()),
            Self::Folder(path) => path.display().fmt(f),
        }
    }
}

/// What is checked, and how it is told.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the pages are, if not at the URL in `source.toml`.
    pub from: Option<Site>,
    /// The document, if it isn't the vendored one.
    pub spec: Option<PathBuf>,
    /// A folder to keep fetched pages in.
    pub save: Option<PathBuf>,
    /// Whether an operation without a page is a finding.
    pub complete: bool,
    /// Whether summaries and descriptions are compared too.
    pub prose: bool,
    /// Write `spec/pages.toml` from what was found.
    pub record: bool,
    /// How to print the report.
    pub format: Format,
    /// How long is waited for pages.
    pub policy: FetchPolicy,
}

/// Checks all pages: 0 if they say what the document says, 1 if not.
pub fn run(repository: &Repository, options: &Options) -> Result<ExitCode> {
    let source = Source::read(repository)?;
    let path = options.spec.clone().unwrap_or_else(|| repository.document());
    let document = files::document(&path, Document::parse)?;
    let from = match &options.from {
        Some(from) => from.clone(),
        None => source.docs.parse().context("spec/source.toml: `docs`")?,
    };
    let pages = pages(&from, &source, options.save.as_deref(), options.policy)?;
    let mut checked = check::check(document.root(), &source, &pages, options.prose);
    if options.complete {
        for (id, deprecated) in &checked.undocumented {
            let message = match deprecated {
                true => "no page shows this deprecated operation",
                false => "no page shows this operation",
            };
            let finding =
                Finding::of_page("", "operation-missing-in-docs", None, message.to_owned());
            checked.findings.push(finding.of(id));
        }
    }
    if options.record {
        record(repository, &checked)?;
    }
    print(&report::rendered(&checked, options.complete, options.format))?;
    Ok(ExitCode::from(u8::from(!checked.findings.is_empty())))
}

/// How many pages say something else than `document` does, and how many there are.
pub(crate) fn disagreeing(
    from: &Site,
    source: &Source,
    document: &Document,
) -> Result<(usize, usize)> {
    let pages = pages(from, source, None, FetchPolicy::default())?;
    let checked = check::check(document.root(), source, &pages, false);
    Ok((checked.pages - checked.matching, checked.pages))
}

fn pages(
    from: &Site,
    source: &Source,
    save: Option<&Path>,
    policy: FetchPolicy,
) -> Result<Vec<site::Page>> {
    match from {
        Site::Url(url) => site::fetch(url, save, policy),
        Site::Folder(_) if save.is_some() => bail!("`--save` keeps what is fetched from a URL"),
        Site::Folder(folder) => {
            let docs = Url::parse(&source.docs).context("spec/source.toml: `docs`")?;
            site::read(folder, &docs)
        }
    }
}

const HEAD: &str =
    "# The page of each operation on the documentation site, by operationId. `cargo xtask check-docs
# --record` writes this file from what it finds there; build.rs links to the pages.
";

/// Notes where the pages are; what wasn't found this time isn't forgotten.
fn record(repository: &Repository, checked: &Checked) -> Result<()> {
    let path = repository.pages();
    let mut table = files::table(&path)?;
    table.extend(checked.places.clone());
    files::replace(&path, (HEAD.to_owned() + &basic_toml::to_string(&table)?).as_bytes())
}
