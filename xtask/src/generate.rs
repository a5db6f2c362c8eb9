//! `generate`: the Rust code that build.rs generates, for inspection and comparison.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Result;
use openapi_document::OneLine;

use crate::files::{self, Repository};

/// Writes the Rust code that build.rs would generate to `out`, or to stdout.
pub fn run(
    repository: &Repository,
    spec: Option<PathBuf>,
    out: Option<&Path>,
    skip_refused: bool,
) -> Result<ExitCode> {
    let spec = spec.unwrap_or_else(|| repository.document());
    let config = repository.config(spec)?.skip_refused(skip_refused);
    let generated = config.generate()?;
    for warning in config.diagnostics(&generated) {
        eprintln!("warning: {}", OneLine(&warning));
    }
    match out {
        Some(out) => {
            files::replace(out, generated.code.as_bytes())?;
            eprintln!("wrote {} operations to {}", generated.operations.len(), out.display());
        }
        None => io::stdout().write_all(generated.code.as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}
