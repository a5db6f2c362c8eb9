//! `sync-spec`: takes upstream's document, says what it means, and keeps what is to be kept of it.
//!
//! Three files can't be replaced at once. The document is written first: `source.toml` has the hash
//! of the old one until it is written too, so that an interruption is seen, and names that are
//! missing are seen by `names --check`. The next run finishes the job.

mod accept;
mod obtain;
mod report;

use std::{fs, process::ExitCode, time::Duration};

use anyhow::{Context, Result};
use openapi_diff::cli::{Format, print};
use openapi_document::Document;

pub use self::obtain::SpecSource;
use self::obtain::{Incoming, Origin};
use crate::{
    check_docs::{self, Site},
    files::{self, Repository},
    http::Validators,
    names,
    source::{Source, sha256},
    verify,
    version::Release,
};

/// How a document is taken in.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where from, if not from the URL in `source.toml`.
    pub from: Option<SpecSource>,
    /// Write nothing; tell by the exit status whether there is something to write.
    pub check: bool,
    /// Compile the client of the document before anything is replaced.
    pub verify: bool,
    /// Take a document with another title.
    pub accept_title: bool,
    /// Where pages are whose number of disagreements is told.
    pub docs: Option<Site>,
    /// How to print the report.
    pub format: Format,
    /// How long fetching may take.
    pub timeout: Duration,
}

/// Takes a document in: 0 if it is in sync or was written, 1 if `check` found differences.
pub fn run(repository: &Repository, options: &Options) -> Result<ExitCode> {
    let source = Source::read(repository)?;
    // Read before anything is written: a run that fails leaves everything as it was.
    let current_version = Release::current(repository)?;
    let path = repository.document();
    let current = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error).with_context(|| path.display().to_string()),
    };
    let is_recorded = sha256(&current) == source.sha256;
    let from = match &options.from {
        Some(from) => from.clone(),
        None => SpecSource::parse(&source.url).context("spec/source.toml: `url`")?,
    };
    // What isn't as recorded can't be known to be what the server means.
    let known = Validators {
        etag: source.etag.clone().filter(|_| is_recorded),
        last_modified: source.last_modified.clone().filter(|_| is_recorded),
    };
    let incoming = obtain::obtain(&from, &source, known, options.timeout)?;
    let Some(incoming) = incoming else {
        // The server says that it is the same, by what it told us of it.
        return finish(repository, options, &source, current, is_recorded, current_version);
    };
    let document = accept::accept(&incoming, &source, options.accept_title)
        .with_context(|| format!("{from}: nothing was changed"))?;
    if incoming.bytes == current {
        let recorded = recorded(&source, &incoming, &document);
        let is_recorded = is_recorded && source.title == recorded.title;
        if is_recorded
            && incoming.is_upstream()
            && !options.check
            && source.metadata_changed(&recorded)
        {
            // What the server calls it spares the next run the download.
            recorded.write(repository)?;
        }
        let source = if is_recorded { &source } else { &recorded };
        return finish(repository, options, source, current, is_recorded, current_version);
    }
    let published = files::table(&repository.names())?;
    // A document that can't be read has no changes to tell: the new one takes its place.
    let before = String::from_utf8(current).ok();
    let before = before.and_then(|text| Document::parse_lenient(&text).ok());
    // Schemas that are renamed keep their Rust names; what changed is told with those.
    let followed = before.as_ref().map_or_else(
        || published.clone(),
        |before| names::followed(&published, &openapi_diff::diff(before, &document, &published)),
    );
    let names = names::extended(&document, &followed)
        .with_context(|| format!("{from}: nothing was changed"))?;
    if options.verify {
        verify::verify(repository, &incoming.bytes, &names)
            .with_context(|| format!("{from}: nothing was changed"))?;
    }
    let both: names::Names =
        followed.iter().chain(&published).map(|(key, rust)| (key.clone(), rust.clone())).collect();
    let changes = before.map(|before| openapi_diff::diff(&before, &document, &both));
    let recorded = recorded(&source, &incoming, &document);
    let docs =
        options.docs.as_ref().map(|docs| check_docs::disagreeing(docs, &recorded, &document));
    let docs = docs.transpose().context("--docs: nothing was changed")?;
    if !options.check {
        files::replace(&path, &incoming.bytes)?;
        recorded.write(repository)?;
        names::write_to(repository, &names)?;
    }
    let outcome = if options.check { report::Outcome::Differs } else { report::Outcome::Written };
    let report = report::Report {
        outcome,
        changes: changes.as_ref(),
        before: &source,
        after: &recorded,
        names: names.len() - followed.len(),
        current: current_version,
        docs,
    };
    print(&report.rendered(options.format))?;
    Ok(ExitCode::from(u8::from(options.check)))
}

/// The document is the one that is here. What an interrupted run didn't write is written.
fn finish(
    repository: &Repository,
    options: &Options,
    source: &Source,
    current: Vec<u8>,
    is_recorded: bool,
    current_version: Release,
) -> Result<ExitCode> {
    let text = String::from_utf8(current).context("spec/openapi.yaml isn't text")?;
    let document = Document::parse(&text).context("spec/openapi.yaml")?;
    let published = files::table(&repository.names())?;
    let names = names::extended(&document, &published)?;
    let missing = names.len() - published.len();
    let complete = is_recorded && missing == 0;
    if !complete && !options.check {
        if !is_recorded {
            source.write(repository)?;
        }
        names::write_to(repository, &names)?;
    }
    let outcome = match (complete, options.check) {
        (true, _) => report::Outcome::InSync,
        (false, true) => report::Outcome::Unfinished,
        (false, false) => report::Outcome::Finished,
    };
    let docs = options.docs.as_ref().map(|docs| check_docs::disagreeing(docs, source, &document));
    let report = report::Report {
        outcome,
        docs: docs.transpose().context("--docs")?,
        changes: None,
        before: source,
        after: source,
        names: missing,
        current: current_version,
    };
    print(&report.rendered(options.format))?;
    Ok(ExitCode::from(u8::from(!complete && options.check)))
}

/// What `source.toml` says of a document once it is taken in.
fn recorded(source: &Source, incoming: &Incoming, document: &Document) -> Source {
    let info = |key: &str| {
        let text = document.root().pointer(&format!("/info/{key}"))?.as_str()?;
        Some(text.to_owned())
    };
    let is_served = incoming.is_upstream();
    let version =
        in_a_line(&incoming.version.clone().or_else(|| info("version")).unwrap_or_default());
    let is_local = matches!(incoming.origin, Origin::File(_) | Origin::Stdin);
    let is_correction = is_local && source.is_reconstruction_of(&version);
    Source {
        url: source.url.clone(),
        docs: source.docs.clone(),
        title: info("title").unwrap_or_default(),
        version,
        sha256: sha256(&incoming.bytes),
        date: chrono::Utc::now().format("%Y-%m-%d").to_string(),
        obtained: match &incoming.origin {
            _ if is_correction => source.obtained.clone(),
            Origin::Server { is_upstream: true } => "served".to_owned(),
            Origin::Server { .. } => "served elsewhere".to_owned(),
            Origin::File(name) => format!("file {name}"),
            Origin::Stdin => "standard input".to_owned(),
        },
        etag: incoming.etag.clone().filter(|_| is_served),
        last_modified: incoming.last_modified.clone().filter(|_| is_served),
        note: source.note.clone().filter(|_| is_correction),
    }
}

/// What a document calls its version, as far as it can be shown: it may be any text.
fn in_a_line(version: &str) -> String {
    let plain =
        |c: &char| c.is_alphanumeric() || matches!(c, '.' | '-' | '+' | '_' | ' ' | ':' | '/');
    version.chars().filter(plain).take(40).collect()
}
