//! `diff-spec`: comparison of two documents by [`openapi_diff`].

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use openapi_diff::cli::{self, Arguments};

use crate::files::{self, Repository};

/// Compares two documents with the published names of this repository and prints the report.
pub fn run(repository: &Repository, arguments: &Arguments) -> Result<ExitCode> {
    let published = files::read_table(&repository.names())?;
    cli::run(arguments, &published).map_err(|error| anyhow!(error))
}
