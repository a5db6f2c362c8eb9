//! `check-docs`, run as a maintainer runs it: on saved pages, and against a server on loopback.

mod drift;
mod forms;
mod site;
mod whole;

use std::fs;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{Copy, Said, fixture};

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

impl Said {
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
    let mut all = vec!["check-docs", "--pause", "1"];
    all.extend(arguments);
    Copy::without_names().run(&all)
}

fn document(version: &str) -> Value {
    serde_yaml::from_str(&fs::read_to_string(fixture(version)).unwrap()).unwrap()
}
