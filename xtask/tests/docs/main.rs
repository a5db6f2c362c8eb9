//! `check-docs`, run as a maintainer runs it: on saved pages, and against a server on loopback.

mod drift;
mod forms;
#[path = "../sync/server.rs"]
mod server;
mod site;
mod whole;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// The page as the site served it.
const PAGE: &str = include_str!("list-agent-profile-pools.md");

/// A folder with pages.
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

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// What a run said.
#[derive(Debug)]
struct Said {
    code: i32,
    out: String,
    err: String,
}

impl Said {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:?}"))
    }

    fn findings(&self) -> Vec<Value> {
        self.json()["findings"].as_array().unwrap().clone()
    }

    /// The kinds of the findings.
    fn kinds(&self) -> Vec<String> {
        let kind = |finding: &Value| finding["kind"].as_str().unwrap().to_owned();
        self.findings().iter().map(kind).collect()
    }
}

/// Checks against a version of the document, with JSON as the report.
fn check(version: &str, arguments: &[&str]) -> Said {
    let spec = fixture(version);
    let mut all = vec!["--spec", spec.to_str().unwrap(), "--format", "json"];
    all.extend(arguments);
    run(&all)
}

fn run(arguments: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["check-docs", "--pause", "1"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn fixture(version: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    root.join(format!("tests/fixtures/agents-{version}.yaml"))
}

fn document(version: &str) -> Value {
    serde_yaml::from_str(&fs::read_to_string(fixture(version)).unwrap()).unwrap()
}
