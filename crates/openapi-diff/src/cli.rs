//! The command-line interface: reads two documents and prints the report.

use std::{
    collections::BTreeMap,
    error::Error,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    thread,
};

use clap::{Args, ValueEnum};
use openapi_document::{Document, Sources};

use crate::{
    github, json, junit, markdown, policy::Policy, report::Report, rules::Severity, sarif,
    source_lines::SourceLines, text,
};

/// The documents to compare and the format of the report.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The old document
    #[arg(required_unless_present = "rules")]
    old: Option<PathBuf>,
    /// The new document
    #[arg(required_unless_present = "rules")]
    new: Option<PathBuf>,
    /// The format of the report
    #[arg(long, value_enum, default_value_t)]
    format: ReportFormat,
    /// Exit with status 1 if the higher verdict is at least this severity
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// The policy: severities, accepted changes and exclusions, by default `openapi-diff.toml`
    /// beside the new document
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The id of an operation that the API sends to programs: it is compared like a webhook
    #[cfg(feature = "rust")]
    #[arg(long, value_name = "OPERATION")]
    received: Vec<String>,
    /// Print a page in Markdown for those who move a program to the client of the new document
    #[cfg(feature = "rust")]
    #[arg(long, conflicts_with_all = ["fail_on", "config"])]
    guide: bool,
    /// List the rules with their severities and the reasons for them
    #[arg(long, conflicts_with_all = ["old", "new"])]
    rules: bool,
}

/// The format of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text for the terminal
    #[default]
    Text,
    /// JSON for other programs
    Json,
    /// Markdown for the description of a pull request
    Markdown,
}

/// The format of a report of two documents alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Text for the terminal
    #[default]
    Text,
    /// JSON for other programs
    Json,
    /// Markdown for the description of a pull request
    Markdown,
    /// SARIF 2.1.0 for code scanning
    Sarif,
    /// Annotations of GitHub Actions, at the lines of the new document
    Github,
    /// JUnit XML for CI servers: a breaking change is a failed test
    Junit,
}

/// The lowest verdict that makes the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Changes to documentation, or more
    Patch,
    /// Additions and deprecations, or more
    Minor,
    /// Breaking changes
    Major,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Patch => Self::Patch,
            FailOn::Minor => Self::Minor,
            FailOn::Major => Self::Major,
        }
    }
}

/// Compares two documents and prints the report, or prints the rules.
///
/// The exit status is 1 if a verdict reaches the severity of `--fail-on`.
///
/// # Errors
///
/// If a document can't be read, or the report can't be printed.
pub fn run(
    arguments: &Arguments,
    published: &BTreeMap<String, String>,
) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
    #[cfg(feature = "rust")]
    let outcome = {
        let names = published.iter().map(|(key, name)| (key.clone(), name.clone()));
        run_for_clients(arguments, &openapi_lower::Config::new("openapi.yaml").names(names))
    };
    #[cfg(not(feature = "rust"))]
    let outcome = run_with(arguments, |old, new| crate::diff(old, new, published));
    outcome
}

/// Compares two documents as [`run`] does, and the clients that openapi-lower would generate from
/// them with these settings.
///
/// # Errors
///
/// Those of [`run`].
#[cfg(feature = "rust")]
pub fn run_for_clients(
    arguments: &Arguments,
    config: &openapi_lower::Config,
) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
    let config = config.clone().received(&arguments.received);
    if arguments.guide {
        return run_guide(arguments, &config);
    }
    run_with(arguments, |old, new| crate::diff_clients(old, new, &config))
}

/// Prints the page for those who move a program to the new client.
#[cfg(feature = "rust")]
fn run_guide(
    arguments: &Arguments,
    config: &openapi_lower::Config,
) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
    if !matches!(arguments.format, ReportFormat::Text | ReportFormat::Markdown) {
        return Err("`--guide` prints Markdown: leave `--format` out".into());
    }
    let (Some(old), Some(new)) = (&arguments.old, &arguments.new) else {
        return Err("`--guide` needs two documents".into());
    };
    let ((old_document, _), (new_document, _)) = (read(old)?, read(new)?);
    let names = names((&old_document, old), (&new_document, new));
    let old = (&old_document, names.0.as_str());
    print(&crate::guide::render(old, (&new_document, names.1.as_str()), config)?)?;
    Ok(ExitCode::SUCCESS)
}

/// The names of two documents: their versions, or those of their files if these don't tell them
/// apart.
#[cfg(feature = "rust")]
fn names(old: (&Document, &Path), new: (&Document, &Path)) -> (String, String) {
    let version = |document: &Document| {
        let version = document.root().pointer("/info/version").and_then(|one| one.as_str());
        version.unwrap_or_default().to_owned()
    };
    let versions = (version(old.0), version(new.0));
    let is_clear = versions.0 != versions.1 && !versions.0.is_empty() && !versions.1.is_empty();
    if is_clear {
        return versions;
    }
    let stem = |path: &Path| path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let (old, new) = (stem(old.1), stem(new.1));
    // `api-1.0.yaml` and `api-2.0.yaml` are versions of the API.
    match (old.rsplit_once('-'), new.rsplit_once('-')) {
        (Some((name, old)), Some((other, new))) if name == other => (old.into(), new.into()),
        _ => (old, new),
    }
}

fn run_with(
    arguments: &Arguments,
    diff: impl FnOnce(&Document, &Document) -> Report,
) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
    let (Some(old), Some(new_path)) = (&arguments.old, &arguments.new) else {
        print(&text::rules())?;
        return Ok(ExitCode::SUCCESS);
    };
    // Large documents take as long to read as to compare.
    let (old, new) = thread::scope(|scope| {
        let old = scope.spawn(|| read(old));
        let new = read(new_path);
        (old.join().unwrap_or_else(|_| Err("the old document can't be read".to_owned())), new)
    });
    let policy = match &arguments.config {
        Some(path) => Some(Policy::read(path)?),
        None => Policy::beside(new_path)?,
    };
    let ((old, _), (new, sources)) = (old?, new?);
    let mut report = diff(&old, &new);
    if let Some(policy) = policy {
        policy.apply(&mut report, chrono::Utc::now().date_naive())?;
    }
    print(&render(&report, arguments.format, (new_path, &sources)))?;
    let highest = report.wire().max(report.rust());
    let failed = arguments.fail_on.is_some_and(|fail_on| highest >= fail_on.into());
    Ok(ExitCode::from(u8::from(failed)))
}

/// Reads a document, with the files that it refers to; references that don't resolve are compared
/// as strings.
fn read(path: &Path) -> Result<(Document, Sources), String> {
    Document::load_lenient(path).map_err(|error| error.to_string())
}

/// Renders a report in one of the formats, with the path of the new document and its files.
fn render(report: &Report, format: ReportFormat, (path, sources): (&Path, &Sources)) -> String {
    let source = || SourceLines::in_files(path, sources, report);
    match format {
        ReportFormat::Text => text::render(report),
        ReportFormat::Json => json::render(report),
        ReportFormat::Markdown => markdown::render(report, 0),
        ReportFormat::Sarif => sarif::render(report, &source()),
        ReportFormat::Github => github::render(report, &source()),
        ReportFormat::Junit => junit::render(report),
    }
}

/// Prints a report to standard output, with colours on a terminal only.
///
/// # Errors
///
/// If standard output can't be written to. A closed pipe isn't an error.
pub fn print(text: &str) -> io::Result<()> {
    match anstream::stdout().lock().write_all(text.as_bytes()) {
        // The reader, such as `head`, has read all that it wants.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
