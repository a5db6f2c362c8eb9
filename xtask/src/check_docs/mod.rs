//! `check-docs`: comparison of the documentation site with the OpenAPI document.
//!
//! Each page of an operation shows a fragment of OpenAPI, generated from the document when the page
//! was built. Outdated pages mislead their readers. The fragments are compared with the document by
//! [`openapi_diff`].

mod budget;
mod canonical;
mod check;
mod check_report;
mod code_blocks;
mod comparison;
mod contradictions;
mod curl;
mod dangling;
mod example_findings;
mod examples;
mod excerpt;
mod finding;
mod fragment;
mod front_matter;
mod identity;
mod index;
mod lines;
mod operation_index;
mod page;
mod report;
mod samples;
mod site;
mod wording;

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    process::ExitCode,
    str::FromStr,
};

use anyhow::{Context, Error, Result, bail};
use openapi_diff::cli::print;
use openapi_document::Document;
use reqwest::Url;

use self::{
    check::Checker, example_findings::ExampleFindings, examples::ExampleValidator,
    identity::Identity, report::Presentation,
};
pub use self::{
    check_report::CheckReport, finding::Finding, report::ReportFormat, site::FetchPolicy,
};
use crate::{
    documents::VendoredDocument,
    files::{self, Repository},
    http,
    source::SourceRecord,
};

/// The location of the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Site {
    /// The index of a site.
    Url(Url),
    /// A folder of saved pages.
    Folder(PathBuf),
}

impl FromStr for Site {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let url = http::parse_url(text)?;
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

/// The options of `check-docs`.
#[derive(Clone, Debug)]
pub struct Options {
    /// The location of the pages; `docs` in `source.toml` by default.
    pub from: Option<Site>,
    /// The document; the vendored one by default.
    pub spec: Option<PathBuf>,
    /// The name of a vendored document, or the name that pages give the document, if they name
    /// several.
    pub document: Option<String>,
    /// A folder to save fetched pages to.
    pub save: Option<PathBuf>,
    /// Whether an operation without a page is a finding.
    pub complete: bool,
    /// Whether summaries and descriptions are compared too.
    pub prose: bool,
    /// Whether examples are validated and samples compared.
    pub examples: bool,
    /// Whether to write `spec/pages.toml`.
    pub record: bool,
    /// The format of the report.
    pub format: ReportFormat,
    /// Timeouts and delays of fetching.
    pub policy: FetchPolicy,
}

/// Compares all pages with the document and prints the report; exits with 1 if there are findings.
pub fn run(repository: &Repository, options: &Options) -> Result<ExitCode> {
    let named = options.document.as_deref().filter(|_| options.spec.is_none());
    let named = named.map(|name| VendoredDocument::find(repository, name)).transpose()?.flatten();
    // Of no vendored document, it is the name on the pages.
    let name = options.document.clone().filter(|_| named.is_none());
    let vendored = named.unwrap_or_else(|| VendoredDocument::api(repository));
    let source = SourceRecord::read(&vendored)?;
    let path = options.spec.clone().unwrap_or_else(|| vendored.path());
    let document = files::read_document(&path, Document::parse)?;
    let from = match &options.from {
        Some(from) => from.clone(),
        None => source.docs.parse().context("spec/source.toml: `docs`")?,
    };
    // The URL of the vendored document isn't that of another one.
    let url = match &options.spec {
        Some(_) => None,
        None => Url::parse(&source.url).ok(),
    };
    let operations = openapi_diff::list_operations(document.root());
    let identity = Identity::new(url, options.spec.as_deref(), name, &operations);
    // The examples of the document itself are validated once.
    let mut examples = ExampleFindings::default();
    let validator = options.examples.then(|| ExampleValidator::new(&document)).transpose()?;
    if let Some(validator) = &validator {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        examples.add(example_findings::in_document(validator, &operations, &text));
    }
    let checker = Checker::new(&document, operations, identity, options.prose, validator);
    let save = options.save.as_deref();
    let mut report = check(checker, &from, &source, save, options.policy)?;
    report.document = path.display().to_string();
    report.findings.append(&mut examples.findings);
    report.validated_examples += examples.validated;
    report.skipped_examples += examples.skipped;
    if options.complete {
        for (id, deprecated) in &report.undocumented {
            let deprecated = if *deprecated { "deprecated " } else { "" };
            let message = format!("missing page for {deprecated}operation `{id}`");
            let finding = Finding::new("", "operation-missing-in-docs", None, message);
            report.findings.push(finding.with_operation(id));
        }
    }
    if options.record {
        record_pages(repository, &report)?;
    }
    let folder = match from {
        Site::Folder(folder) => Some(folder),
        Site::Url(_) => None,
    };
    let (format, complete) = (options.format, options.complete);
    print(&report::render(&report, &Presentation { format, complete, folder }))?;
    Ok(ExitCode::from(u8::from(!report.findings.is_empty())))
}

/// Counts the pages that differ from `document`, and all pages.
pub(crate) fn count_differing_pages(
    from: &Site,
    source: &SourceRecord,
    document: &Document,
) -> Result<(usize, usize)> {
    let operations = openapi_diff::list_operations(document.root());
    let identity = Identity::new(Url::parse(&source.url).ok(), None, None, &operations);
    let checker = Checker::new(document, operations, identity, false, None);
    let report = check(checker, from, source, None, FetchPolicy::default())?;
    Ok((report.pages - report.matching, report.pages))
}

/// Fetches or reads the pages and compares each with the document.
fn check(
    mut checker: Checker,
    from: &Site,
    source: &SourceRecord,
    save: Option<&Path>,
    policy: FetchPolicy,
) -> Result<CheckReport> {
    let docs;
    let pages = match from {
        Site::Url(url) => site::Source::Url(url, save, policy),
        Site::Folder(_) if save.is_some() => bail!("`--save` needs pages from a URL"),
        Site::Folder(folder) => {
            docs = Url::parse(&source.docs).context("spec/source.toml: `docs`")?;
            site::Source::Folder(folder, &docs)
        }
    };
    site::visit(&pages, &mut |page| checker.check(&page))?;
    let report = checker.finish().with_context(|| from.to_string())?;
    match report.nothing_compared() {
        Some(reason) => bail!("{from}: {reason}"),
        None => Ok(report),
    }
}

/// The comment at the head of `spec/pages.toml`.
const HEADER: &str =
    "# The documentation page of each operation, by operationId. Written by `cargo xtask check-docs
# --record`; build.rs links the docs of operations to the pages.
";

/// Adds the URLs of the pages to `spec/pages.toml`; entries that weren't found are retained.
fn record_pages(repository: &Repository, report: &CheckReport) -> Result<()> {
    let path = repository.pages();
    let mut table = files::read_table(&path)?;
    table.extend(report.page_urls.clone());
    files::replace(&path, (HEADER.to_owned() + &basic_toml::to_string(&table)?).as_bytes())
}
