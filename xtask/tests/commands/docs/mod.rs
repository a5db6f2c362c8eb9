//! `check-docs` on saved pages and with a server on loopback.

mod contradictions;
mod coverage;
mod documents;
mod drift;
mod generator;
mod index;
mod large_sites;
mod mappings;
mod messages;
mod page_formats;
mod reports;
mod samples;
mod saved_pages;
mod site;
mod versions;

use std::{fs, path::Path, process::Command};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{CommandOutput, WorkingCopy, fixture, path};

/// A page as served by the site.
const PAGE: &str = include_str!("list-agent-profile-pools.md");

/// A folder of pages.
struct Pages(TempDir);

impl Pages {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(name: &str, text: impl AsRef<[u8]>) -> Self {
        let pages = Self::new();
        pages.write(name, text);
        pages
    }

    fn folder(&self) -> &Path {
        self.0.path()
    }

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

impl CommandOutput {
    fn findings(&self) -> Vec<Value> {
        self.json()["findings"].as_array().unwrap().clone()
    }

    /// The kinds of the findings.
    fn kinds(&self) -> Vec<String> {
        let kind = |finding: &Value| finding["kind"].as_str().unwrap().to_owned();
        self.findings().iter().map(kind).collect()
    }
}

/// Runs `check-docs` with a version of the document and a JSON report.
fn check(version: &str, arguments: &[&str]) -> CommandOutput {
    let spec = fixture(version);
    let mut all = vec!["--spec", spec.to_str().unwrap(), "--format", "json"];
    all.extend(arguments);
    run(&all)
}

/// Runs `check-docs`.
fn run(arguments: &[&str]) -> CommandOutput {
    let mut all = vec!["check-docs", "--pause", "1"];
    all.extend(arguments);
    WorkingCopy::without_names().run(&all)
}

/// Runs `check-docs` with a limit on its processor time in seconds.
#[cfg(unix)]
fn run_with_time_limit(seconds: u32, arguments: &[&str]) -> CommandOutput {
    let copy = WorkingCopy::without_names();
    let script = format!("ulimit -t {seconds} && exec \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script, "sh", env!("CARGO_BIN_EXE_xtask"), "--root", path(copy.root())])
        .arg("check-docs")
        .args(arguments)
        .output();
    CommandOutput::new(output.unwrap())
}

fn document(version: &str) -> Value {
    serde_yaml::from_str(&fs::read_to_string(fixture(version)).unwrap()).unwrap()
}
