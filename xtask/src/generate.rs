//! `generate`: the Rust that build.rs writes, to look at or to compare.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Result;

use crate::files::{self, Repository};

/// Writes the Rust that build.rs would write.
pub fn run(
    repository: &Repository,
    spec: Option<PathBuf>,
    out: Option<&Path>,
    skip_refused: bool,
) -> Result<ExitCode> {
    let spec = spec.unwrap_or_else(|| repository.document());
    let config = repository.config(spec)?.skip_refused(skip_refused);
    let generated = config.generate()?;
    for warning in config.printed(&generated) {
        eprintln!("warning: {warning}");
    }
    match out {
        Some(out) => {
            files::replace(out, generated.code.as_bytes())?;
            eprintln!("{} operations written to {}", generated.operations.len(), out.display());
        }
        None => io::stdout().write_all(generated.code.as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}
