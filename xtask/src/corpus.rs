//! `corpus`: generation of clients for a folder of documents, with a table of the results.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context, Result, bail};
use openapi_document::{Document, Method};
use openapi_lower::{Config, RequestCoverage};

use crate::scratch_crate::ScratchCrate;

/// The result for one document.
struct Row {
    name: String,
    /// The number of operations; 0 if the document can't be parsed.
    operations: usize,
    generated: usize,
    skipped: usize,
    /// The first error, or the refusal of the first skipped operation.
    reason: Option<String>,
    milliseconds: u128,
    /// Lines of generated code without documentation.
    lines: usize,
    requests: RequestCoverage,
    compiles: Option<Result<(), String>>,
}

/// Generates a client for each document in a folder and prints a table of the results; exits with 1
/// if one doesn't compile.
pub fn run(dir: &Path, compile: bool) -> Result<ExitCode> {
    let mut paths: Vec<PathBuf> = fs::read_dir(dir)
        .with_context(|| dir.display().to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "json"))
        .collect();
    paths.sort();
    if paths.is_empty() {
        bail!("{}: no .yaml, .yml or .json files", dir.display());
    }
    let scratch = if compile { Some(ScratchCrate::new("corpus", &[])?) } else { None };
    println!(
        "| document | operations | generated | skipped | by progenitor | by runtime | ms | lines | compiles | first reason |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut rows = Vec::new();
    for path in &paths {
        let row = generate(path, scratch.as_ref())?;
        println!("{}", row.to_markdown());
        rows.push(row);
    }
    let sum = |count: fn(&Row) -> usize| rows.iter().map(count).sum::<usize>();
    let compiling = rows.iter().filter(|row| matches!(row.compiles, Some(Ok(())))).count();
    println!();
    println!(
        "{} documents, {} of {} operations generated; {} of {} query parameters, headers and JSON bodies by progenitor{}",
        rows.len(),
        sum(|row| row.generated),
        sum(|row| row.operations),
        sum(|row| row.requests.by_progenitor),
        sum(|row| row.requests.by_progenitor + row.requests.by_runtime),
        if compile { format!("; {compiling} clients compile") } else { String::new() }
    );
    let failed = rows.iter().any(|row| matches!(row.compiles, Some(Err(_))));
    Ok(ExitCode::from(u8::from(failed)))
}

/// Generates the client of a document, and compiles it in the scratch crate if there is one.
fn generate(path: &Path, scratch: Option<&ScratchCrate>) -> Result<Row> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let started = Instant::now();
    let mut row = Row {
        name,
        operations: 0,
        generated: 0,
        skipped: 0,
        reason: None,
        milliseconds: 0,
        lines: 0,
        requests: RequestCoverage::default(),
        compiles: None,
    };
    let document = match Document::parse_lenient(&text) {
        Ok(document) => document,
        Err(error) => {
            row.reason = error.to_string().lines().next().map(str::to_owned);
            return Ok(row);
        }
    };
    row.operations = count_operations(&document);
    match Config::new(path).skip_refused(true).generate_from(&document) {
        Ok(generated) => {
            row.milliseconds = started.elapsed().as_millis();
            row.generated = generated.operations.len();
            row.skipped = generated.skipped.len();
            row.reason = generated.skipped.first().map(|skipped| skipped.refusal.to_string());
            row.lines = count_lines(&generated.code);
            row.requests = generated.requests;
            if let Some(scratch) = scratch {
                row.compiles = Some(compile_client(scratch, &generated.code)?);
            }
        }
        Err(refusals) => row.reason = refusals.iter().next().map(ToString::to_string),
    }
    Ok(row)
}

/// Compiles a client; the inner error is the first message of the compiler.
fn compile_client(scratch: &ScratchCrate, code: &str) -> Result<Result<(), String>> {
    scratch.write("lib.rs", "pub mod generated;\n")?;
    scratch.write("generated.rs", code)?;
    let output = scratch
        .cargo(&["check", "--quiet", "--message-format", "short"])
        .output()
        .context("cargo check")?;
    if output.status.success() {
        return Ok(Ok(()));
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let error = stderr.lines().find(|line| line.contains("error")).unwrap_or("no error message");
    Ok(Err(error.to_owned()))
}

/// Counts the operations of a document.
fn count_operations(document: &Document) -> usize {
    let paths = document.root().get("paths").and_then(|paths| paths.as_object());
    let items = paths.into_iter().flatten().filter_map(|(_, item)| item.as_object());
    items.flat_map(Method::operations).count()
}

/// Counts lines that are neither empty nor documentation.
fn count_lines(code: &str) -> usize {
    let mut in_comment = false;
    let mut count = 0;
    for line in code.lines().map(str::trim) {
        if line.starts_with("/**") {
            in_comment = true;
        }
        if !in_comment && !line.starts_with("//") && !line.is_empty() {
            count += 1;
        }
        if line.ends_with("*/") {
            in_comment = false;
        }
    }
    count
}

impl Row {
    /// The row of the Markdown table.
    fn to_markdown(&self) -> String {
        let compiles = match &self.compiles {
            None => String::new(),
            Some(Ok(())) => "yes".to_owned(),
            Some(Err(error)) => format!("no: {error}"),
        };
        let reason = self.reason.as_deref().unwrap_or_default().replace('|', "\\|");
        let reason: String = reason.chars().take(160).collect();
        format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {compiles} | {reason} |",
            self.name,
            self.operations,
            self.generated,
            self.skipped,
            self.requests.by_progenitor,
            self.requests.by_runtime,
            self.milliseconds,
            self.lines,
        )
    }
}
