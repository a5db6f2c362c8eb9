//! `diff-spec`: comparison of two documents by [`openapi_diff`].

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use openapi_diff::cli::{self, Arguments};

use crate::files::Repository;

/// Compares two documents, and the clients that this repository would have, and prints the report.
pub fn run(repository: &Repository, arguments: &Arguments) -> Result<ExitCode> {
    let mut config = repository.config(repository.document())?;
    if repository.received().exists() {
        // Of another document than the API's, which has operations of other names.
        config = config.received_file(repository.received())?;
    }
    cli::run_for_clients(arguments, &config).map_err(|error| anyhow!(error))
}
