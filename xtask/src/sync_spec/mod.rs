//! `sync-spec`: update of the vendored documents, their records and the published names.
//!
//! Three files can't be replaced atomically. The document is written first: until `source.toml` is
//! written, its hash reveals an interruption; missing names are found by `names --check`. The next
//! run completes the update.

mod accept;
mod helpers;
mod obtain;
mod report;
mod several;

use std::{fs, path::Path, process::ExitCode, time::Duration};

use anyhow::{Context, Result};
use openapi_diff::{
    cli::{Format, print},
    policy::Policy,
};
use openapi_document::{Document, Lines};
use openapi_lower::{Config, Note};

pub use self::obtain::SpecSource;
use self::{
    obtain::{Incoming, Origin},
    several::Synced,
};
use crate::{
    check_docs::{self, Site},
    documents::VendoredDocument,
    features,
    files::{self, Repository},
    http::Validators,
    names,
    source::{SourceRecord, sha256},
    verify,
    version::Release,
};

/// The options of `sync-spec`.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the document; that of the API with `from`, else all.
    pub document: Option<String>,
    /// The source of the document; `url` in `source.toml` by default.
    pub from: Option<SpecSource>,
    /// Whether to write nothing and report differences by the exit status.
    pub check: bool,
    /// Whether to compile the crate with the document before any file is replaced.
    pub verify: bool,
    /// Whether to accept a document with another title.
    pub accept_title: bool,
    /// The documentation pages to compare with the document.
    pub docs: Option<Site>,
    /// The format of the report.
    pub format: Format,
    /// The timeout of fetching the document.
    pub timeout: Duration,
}

/// Updates the vendored documents and prints the report; exits with 1 if `check` finds differences,
/// and with 2 if one of several documents fails.
pub fn run(repository: &Repository, options: &Options) -> Result<ExitCode> {
    let documents = match (&options.document, &options.from) {
        (Some(name), _) => {
            let document = VendoredDocument::find(repository, name)?;
            vec![document.with_context(|| format!("spec/source.toml: no document `{name}`"))?]
        }
        (None, Some(_)) => vec![VendoredDocument::api(repository)],
        (None, None) => VendoredDocument::all(repository)?,
    };
    if let [document] = documents.as_slice() {
        let synced = sync(document, options)?;
        print(&synced.report)?;
        return Ok(ExitCode::from(u8::from(synced.differs)));
    }
    // A failure of one doesn't hide the others.
    let outcomes = documents.iter().map(|document| (document.name(), sync(document, options)));
    let outcomes: Vec<(&str, Result<Synced>)> = outcomes.collect();
    for (name, outcome) in &outcomes {
        if let Err(error) = outcome {
            eprintln!("error: {name}: {}", Lines(&format!("{error:#}")));
        }
    }
    print(&several::render(&outcomes, options.format))?;
    let status = outcomes.iter().map(|(_, outcome)| match outcome {
        Ok(synced) => u8::from(synced.differs),
        Err(_) => 2,
    });
    Ok(ExitCode::from(status.max().unwrap_or_default()))
}

/// Updates one document.
fn sync(vendored: &VendoredDocument, options: &Options) -> Result<Synced> {
    let repository = vendored.repository();
    let source = SourceRecord::read(vendored)?;
    // Read before anything is written, so that an error leaves all files unchanged.
    let current_version = Release::current(repository)?;
    let path = vendored.path();
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
    // The validators belong to the recorded document.
    let validators = Validators {
        etag: source.etag.clone().filter(|_| is_recorded),
        last_modified: source.last_modified.clone().filter(|_| is_recorded),
    };
    let incoming = obtain::obtain(&from, &source, validators, options.timeout)?;
    let Some(incoming) = incoming else {
        // Unmodified by the validators.
        return complete_update(vendored, options, &source, current, is_recorded, current_version);
    };
    let document = accept::accept(&incoming, (vendored, &source), options.accept_title)
        .with_context(|| format!("{from}: no files were changed"))?;
    if incoming.bytes == current {
        let recorded = recorded(&source, &incoming, &document);
        let is_recorded = is_recorded && source.title == recorded.title;
        if is_recorded
            && incoming.is_upstream()
            && !options.check
            && source.metadata_changed(&recorded)
        {
            // With the validators the next run needs no download.
            recorded.write(vendored)?;
        }
        let source = if is_recorded { &source } else { &recorded };
        return complete_update(vendored, options, source, current, is_recorded, current_version);
    }
    let published = files::read_table(&vendored.names())?;
    // An invalid document can't be compared and is just replaced.
    let before = String::from_utf8(current).ok();
    let before = before.and_then(|text| Document::parse_lenient(&text).ok());
    // Renamed schemas retain their Rust names, and the changes are reported with these.
    let config = vendored.config(&path)?;
    let renamed = before.as_ref().map_or_else(
        || published.clone(),
        |before| {
            let changes = openapi_diff::diff_clients(before, &document, &config);
            names::with_renamed_schemas(&published, &changes)
        },
    );
    let names = names::with_new_types(&document, &config, &renamed)
        .with_context(|| format!("{from}: no files were changed"))?;
    if options.verify {
        verify::verify(vendored, &incoming.bytes, &names)
            .with_context(|| format!("{from}: no files were changed"))?;
    }
    let old_and_new: names::Names =
        renamed.iter().chain(&published).map(|(key, rust)| (key.clone(), rust.clone())).collect();
    let config = config.names(old_and_new);
    let helpers = helpers::describe(&config, before.as_ref(), &document);
    let notes = new_notes(&config, before.as_ref(), &document);
    let changes =
        before.as_ref().map(|before| openapi_diff::diff_clients(before, &document, &config));
    let changes = changes.map(|changes| with_policy(changes, &path)).transpose()?;
    let recorded = recorded(&source, &incoming, &document);
    let docs = docs_of(vendored, options)
        .map(|docs| check_docs::count_differing_pages(docs, &recorded, &document));
    let docs = docs.transpose().context("--docs: no files were changed")?;
    if !options.check {
        files::replace(&path, &incoming.bytes)?;
        recorded.write(vendored)?;
        names::write(vendored, &names)?;
        if vendored.is_api() {
            features::update(repository, before.as_ref(), &document, false)?;
        }
    }
    let outcome = match options.check {
        true => report::SyncOutcome::Differs,
        false => report::SyncOutcome::Written,
    };
    let report = report::SyncReport {
        document: vendored,
        outcome,
        changes: changes.as_ref(),
        before: &source,
        after: &recorded,
        helpers,
        notes,
        names: names.len() - renamed.len(),
        current: current_version,
        docs,
    };
    Ok(Synced { report: report.render(options.format), differs: options.check })
}

/// The documentation pages to compare with a document: they are those of the API.
fn docs_of<'a>(vendored: &VendoredDocument, options: &'a Options) -> Option<&'a Site> {
    options.docs.as_ref().filter(|_| vendored.is_api())
}

/// The notes on properties that apply to a new document and not to the one before.
fn new_notes(config: &Config, before: Option<&Document>, after: &Document) -> Vec<Note> {
    let before = before.map(|document| config.notes(document)).unwrap_or_default();
    let mut notes = config.notes(after);
    notes.retain(|note| !before.contains(note));
    notes.into_iter().cloned().collect()
}

/// Applies the policy beside the vendored document, if there is one.
fn with_policy(mut changes: openapi_diff::Report, document: &Path) -> Result<openapi_diff::Report> {
    if let Some(policy) = Policy::beside(document)? {
        let today = chrono::Utc::now().date_naive();
        policy.apply(&mut changes, today).context("no files were changed")?;
    }
    Ok(changes)
}

/// Reports that the document is unchanged, and writes the files that an interrupted run didn't.
fn complete_update(
    vendored: &VendoredDocument,
    options: &Options,
    source: &SourceRecord,
    current: Vec<u8>,
    is_recorded: bool,
    current_version: Release,
) -> Result<Synced> {
    let text = String::from_utf8(current).with_context(|| format!("{vendored}: not UTF-8"))?;
    let document = Document::parse(&text).with_context(|| vendored.to_string())?;
    let published = files::read_table(&vendored.names())?;
    let config = vendored.config(vendored.path())?;
    let names = names::with_new_types(&document, &config, &published)?;
    let missing = names.len() - published.len();
    let complete = is_recorded && missing == 0;
    if !complete && !options.check {
        if !is_recorded {
            source.write(vendored)?;
        }
        names::write(vendored, &names)?;
    }
    let outcome = match (complete, options.check) {
        (true, _) => report::SyncOutcome::InSync,
        (false, true) => report::SyncOutcome::Unfinished,
        (false, false) => report::SyncOutcome::Finished,
    };
    let docs = docs_of(vendored, options)
        .map(|docs| check_docs::count_differing_pages(docs, source, &document));
    let report = report::SyncReport {
        document: vendored,
        outcome,
        docs: docs.transpose().context("--docs")?,
        changes: None,
        before: source,
        after: source,
        helpers: Vec::new(),
        notes: Vec::new(),
        names: missing,
        current: current_version,
    };
    Ok(Synced { report: report.render(options.format), differs: !complete && options.check })
}

/// The contents of `source.toml` for a new document.
fn recorded(source: &SourceRecord, incoming: &Incoming, document: &Document) -> SourceRecord {
    let info = |key: &str| {
        let text = document.root().pointer(&format!("/info/{key}"))?.as_str()?;
        Some(text.to_owned())
    };
    let is_served = incoming.is_upstream();
    let version =
        printable(&incoming.version.clone().or_else(|| info("version")).unwrap_or_default());
    let is_local = matches!(incoming.origin, Origin::File(_) | Origin::Stdin);
    let is_correction = is_local && source.is_reconstruction_of(&version);
    SourceRecord {
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

/// A version as one short line without special characters: `info.version` may be any text.
fn printable(version: &str) -> String {
    let is_printable =
        |c: &char| c.is_alphanumeric() || matches!(c, '.' | '-' | '+' | '_' | ' ' | ':' | '/');
    version.chars().filter(is_printable).take(40).collect()
}
