//! `corpus`: clients of other people's documents, to see what the lowering makes of them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::Instant,
};

use anyhow::{Context, Result, bail};
use openapi_document::{Document, METHODS};
use openapi_lower::{Config, RequestParts};
use serde::Serialize;

use crate::files::Repository;

/// What came of one document.
struct Row {
    name: String,
    /// How many operations it has; 0 if it can't be read.
    operations: usize,
    generated: usize,
    left_out: usize,
    reason: Option<String>,
    milliseconds: u128,
    /// Documentation isn't counted.
    lines: usize,
    requests: RequestParts,
    compiles: Option<Result<(), String>>,
}

/// Generates a client of each document in a folder and prints a table of what came of them.
pub fn run(dir: &Path, compile: bool) -> Result<ExitCode> {
    let mut paths: Vec<PathBuf> = fs::read_dir(dir)
        .with_context(|| dir.display().to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "json"))
        .collect();
    paths.sort();
    if paths.is_empty() {
        bail!("{}: no .yaml, .yml or .json here", dir.display());
    }
    let scratch = if compile { Some(Scratch::new()?) } else { None };
    println!(
        "| document | operations | generated | left out | by progenitor | beside | ms | lines | compiles | first reason |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut rows = Vec::new();
    for path in &paths {
        let row = document(path, scratch.as_ref())?;
        println!("{}", row.line());
        rows.push(row);
    }
    let sum = |of: fn(&Row) -> usize| rows.iter().map(of).sum::<usize>();
    let compiling = rows.iter().filter(|row| matches!(row.compiles, Some(Ok(())))).count();
    println!();
    println!(
        "{} documents, {} of {} operations generated; {} of {} query parameters, headers and JSON bodies by progenitor{}",
        rows.len(),
        sum(|row| row.generated),
        sum(|row| row.operations),
        sum(|row| row.requests.by_progenitor),
        sum(|row| row.requests.by_progenitor + row.requests.beside),
        if compile { format!("; {compiling} clients compile") } else { String::new() }
    );
    let failed = rows.iter().any(|row| matches!(row.compiles, Some(Err(_))));
    Ok(ExitCode::from(u8::from(failed)))
}

fn document(path: &Path, scratch: Option<&Scratch>) -> Result<Row> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let begun = Instant::now();
    let mut row = Row {
        name,
        operations: 0,
        generated: 0,
        left_out: 0,
        reason: None,
        milliseconds: 0,
        lines: 0,
        requests: RequestParts::default(),
        compiles: None,
    };
    let document = match Document::parse_lenient(&text) {
        Ok(document) => document,
        Err(error) => {
            row.reason = error.to_string().lines().next().map(str::to_owned);
            return Ok(row);
        }
    };
    row.operations = operations(&document);
    match Config::new(path).skip_refused(true).generate_from(&document) {
        Ok(generated) => {
            row.milliseconds = begun.elapsed().as_millis();
            row.generated = generated.operations.len();
            row.left_out = generated.left_out.len();
            row.reason = generated.left_out.first().map(|left| left.refusal.to_string());
            row.lines = lines(&generated.code);
            row.requests = generated.requests;
            if let Some(scratch) = scratch {
                row.compiles = Some(scratch.compile(&generated.code)?);
            }
        }
        Err(refusals) => row.reason = refusals.iter().next().map(ToString::to_string),
    }
    Ok(row)
}

fn operations(document: &Document) -> usize {
    let paths = document.root().get("paths").and_then(|paths| paths.as_object());
    let items = paths.into_iter().flatten().filter_map(|(_, item)| item.as_object());
    items.flatten().filter(|(key, _)| METHODS.contains(&key.as_str())).count()
}

/// Lines that aren't documentation.
fn lines(code: &str) -> usize {
    let mut documenting = false;
    let mut count = 0;
    for line in code.lines().map(str::trim) {
        if line.starts_with("/**") {
            documenting = true;
        }
        if !documenting && !line.starts_with("//") && !line.is_empty() {
            count += 1;
        }
        if line.ends_with("*/") {
            documenting = false;
        }
    }
    count
}

impl Row {
    fn line(&self) -> String {
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
            self.left_out,
            self.requests.by_progenitor,
            self.requests.beside,
            self.milliseconds,
            self.lines,
        )
    }
}

/// A crate that takes one client after the other, as that of anyone would: with the runtime and no
/// other dependency.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self> {
        #[derive(Serialize)]
        struct Manifest {
            package: Package,
            workspace: BTreeMap<String, String>,
            dependencies: BTreeMap<String, Dependency>,
        }
        #[derive(Serialize)]
        struct Package {
            name: String,
            version: String,
            edition: String,
        }
        #[derive(Serialize)]
        struct Dependency {
            path: PathBuf,
        }

        let repository = Repository::of_this_crate();
        let root = repository.root();
        let dir = root.join("target").join("corpus");
        fs::create_dir_all(dir.join("src"))?;
        let runtime = Dependency { path: root.join("crates").join("openapi-lower-runtime") };
        let manifest = Manifest {
            package: Package {
                name: "corpus".to_owned(),
                version: "0.0.0".to_owned(),
                edition: "2024".to_owned(),
            },
            workspace: BTreeMap::new(),
            dependencies: BTreeMap::from([("openapi-lower-runtime".to_owned(), runtime)]),
        };
        fs::write(dir.join("Cargo.toml"), basic_toml::to_string(&manifest)?)?;
        fs::copy(root.join("Cargo.lock"), dir.join("Cargo.lock"))?;
        fs::write(dir.join("src").join("lib.rs"), "pub mod generated;\n")?;
        Ok(Self(dir))
    }

    /// The first error, if there is one.
    fn compile(&self, code: &str) -> Result<Result<(), String>> {
        fs::write(self.0.join("src").join("generated.rs"), code)?;
        let output = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--message-format", "short"])
            .current_dir(&self.0)
            .output()
            .context("cargo check")?;
        if output.status.success() {
            return Ok(Ok(()));
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let error = said.lines().find(|line| line.contains("error")).unwrap_or("no error is said");
        Ok(Err(error.to_owned()))
    }
}
