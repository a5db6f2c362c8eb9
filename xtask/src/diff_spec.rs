//! `diff-spec`: what lies between two documents, and what it means for callers.

use std::{
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use anyhow::Result;
use clap::ValueEnum;
use openapi_lower::Document;

use crate::{
    diff::{self, Report, Severity},
    files::{self, Repository},
};

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For the terminal
    #[default]
    Text,
    /// For other programs
    Json,
    /// For the description of a pull request
    Markdown,
}

/// The verdict from which on the exit status is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Documentation changed, or more
    Patch,
    /// Something came or is deprecated, or more
    Minor,
    /// Something broke
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

/// Compares two documents and prints what it found.
pub fn run(
    repository: &Repository,
    (old, new): (&Path, &Path),
    format: Format,
    fail_on: Option<FailOn>,
) -> Result<ExitCode> {
    let published = files::table(&repository.names())?;
    // References that lead nowhere are compared by what they say.
    let read = |path| files::document(path, Document::parse_unfollowed);
    let report = diff::diff(&read(old)?, &read(new)?, &published);
    print(&rendered(&report, format))?;
    let worst = report.wire().max(report.rust());
    let failed = fail_on.is_some_and(|fail_on| worst >= fail_on.into());
    Ok(ExitCode::from(u8::from(failed)))
}

/// Prints the rules.
pub fn rules() -> Result<ExitCode> {
    print(&diff::text::rules())?;
    Ok(ExitCode::SUCCESS)
}

fn rendered(report: &Report, format: Format) -> String {
    match format {
        Format::Text => diff::text::render(report),
        Format::Json => diff::json::render(report),
        Format::Markdown => diff::markdown::render(report, 0),
    }
}

/// Prints a report, with colours on a terminal only.
pub(crate) fn print(text: &str) -> Result<()> {
    match anstream::stdout().lock().write_all(text.as_bytes()) {
        // Who reads only the beginning has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
