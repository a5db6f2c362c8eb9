//! `generate`: what build.rs writes, to look at or to compare.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context, Result, anyhow};
use openapi_lower::{Document, Options};

use crate::files::{self, Repository};

/// The module that the generated code calls; build.rs says the same.
const RUNTIME: &str = "crate::runtime";

/// Writes the Rust that build.rs would write.
pub fn run(
    repository: &Repository,
    spec: Option<&Path>,
    out: Option<&Path>,
    skip_refused: bool,
) -> Result<ExitCode> {
    let spec = spec.map_or_else(|| repository.document(), Path::to_owned);
    let parse = if skip_refused { Document::parse_unfollowed } else { Document::parse };
    let document = files::document(&spec, parse)?;
    let mut options = Options::new(RUNTIME);
    options.skip_refused = skip_refused;
    options.names = files::table(&repository.names())?;
    options.pages = files::table(&repository.pages())?;
    options.secrets = files::table(&repository.secrets())?.into_keys().collect();
    let generated = openapi_lower::generate(&document, &options)
        .map_err(|refusals| anyhow!("{} can't be generated:\n{refusals}", spec.display()))?;
    for warning in &generated.warnings {
        eprintln!("warning: {warning}");
    }
    for operation in &generated.left_out {
        eprintln!("warning: {operation}");
    }
    match out {
        Some(out) => {
            fs::write(out, &generated.code).with_context(|| out.display().to_string())?;
            eprintln!("{} operations written to {}", generated.operations.len(), out.display());
        }
        None => io::stdout().write_all(generated.code.as_bytes())?,
    }
    Ok(ExitCode::SUCCESS)
}
