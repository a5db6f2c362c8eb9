//! `diff-spec`: what lies between two documents; [`openapi_diff`] does the work.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use openapi_diff::cli::{self, Arguments};

use crate::files::{self, Repository};

/// Compares two documents, with the names that are published here, and prints what was found.
pub fn run(repository: &Repository, arguments: &Arguments) -> Result<ExitCode> {
    let published = files::table(&repository.names())?;
    cli::run(arguments, &published).map_err(|error| anyhow!(error))
}
