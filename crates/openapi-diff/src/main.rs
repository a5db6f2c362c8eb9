//! `openapi-diff OLD NEW`: what lies between two documents, and what it means for callers.

use std::{collections::BTreeMap, fs, path::PathBuf, process::ExitCode};

use clap::Parser;
use openapi_diff::cli::{self, Arguments};

/// Compare two documents and say what the changes mean for callers
///
/// `wire` is what a change means for programs that are deployed already, `rust` for source code
/// that uses a client which openapi-lower generates; each is none, patch, minor or major.
///
/// Exit status: 0 all is well, 1 `--fail-on` says so, 2 it could not be done.
#[derive(Parser)]
#[command(name = "openapi-diff", version, max_term_width = 100)]
struct Command {
    #[command(flatten)]
    arguments: Arguments,
    /// Rust names that types have already: a TOML file of `"Schema" = "RustName"`
    #[arg(long, value_name = "FILE")]
    names: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Command { arguments, names } = Command::parse();
    let outcome = published(names).and_then(|published| cli::run(&arguments, &published));
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::from(2)
    })
}

type Error = Box<dyn std::error::Error + Send + Sync>;

fn published(path: Option<PathBuf>) -> Result<BTreeMap<String, String>, Error> {
    let Some(path) = path else { return Ok(BTreeMap::new()) };
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(basic_toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?)
}
