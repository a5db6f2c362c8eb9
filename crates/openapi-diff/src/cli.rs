//! The command: two files in, a report out.

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, ValueEnum};
use openapi_document::Document;

use crate::{json, markdown, report::Report, rules::Severity, text};

/// Which documents are compared, and how that is printed.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The document before
    #[arg(required_unless_present = "rules")]
    old: Option<PathBuf>,
    /// The document after
    #[arg(required_unless_present = "rules")]
    new: Option<PathBuf>,
    /// How to print the report
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Exit with 1 if the worse verdict is this or more
    #[arg(long, value_enum, value_name = "SEVERITY")]
    fail_on: Option<FailOn>,
    /// List the rules, with why each means what it means
    #[arg(long, conflicts_with_all = ["old", "new"])]
    rules: bool,
}

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

/// Compares two documents and prints what was found, or prints the rules. The exit status is 1 if
/// `--fail-on` says so.
///
/// # Errors
///
/// If a document can't be read, or the report not be printed.
pub fn run(
    arguments: &Arguments,
    published: &BTreeMap<String, String>,
) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
    let (Some(old), Some(new)) = (&arguments.old, &arguments.new) else {
        print(&text::rules())?;
        return Ok(ExitCode::SUCCESS);
    };
    let report = crate::diff(&read(old)?, &read(new)?, published);
    print(&rendered(&report, arguments.format))?;
    let worst = report.wire().max(report.rust());
    let failed = arguments.fail_on.is_some_and(|fail_on| worst >= fail_on.into());
    Ok(ExitCode::from(u8::from(failed)))
}

/// References that lead nowhere are compared by what they say.
fn read(path: &Path) -> Result<Document, String> {
    let at = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| at(&error))?;
    Document::parse_lenient(&text).map_err(|error| at(&error))
}

fn rendered(report: &Report, format: Format) -> String {
    match format {
        Format::Text => text::render(report),
        Format::Json => json::render(report),
        Format::Markdown => markdown::render(report, 0),
    }
}

/// Prints a report, with colours on a terminal only.
///
/// # Errors
///
/// If standard output can't be written to. That nobody reads it any more is no error.
pub fn print(text: &str) -> io::Result<()> {
    match anstream::stdout().lock().write_all(text.as_bytes()) {
        // Who reads only the beginning has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
