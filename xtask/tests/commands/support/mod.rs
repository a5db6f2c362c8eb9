//! Support for tests of commands: a working copy, runs of the binary, a server.

#![allow(dead_code, reason = "not every module uses every item")]

pub mod server;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// The URL of the document at upstream.
pub const UPSTREAM: &str = "https://odyssey.asteroid.ai/agents/v2/openapi.yaml";

/// A temporary working copy with the document of version 1.8.7.
pub struct WorkingCopy(TempDir);

impl WorkingCopy {
    /// A working copy as `sync-spec` leaves it.
    pub fn new() -> Self {
        let copy = Self::without_names();
        let output = copy.run(&["sync-spec", "--from", path(&copy.spec("openapi.yaml"))]);
        assert_eq!(output.code, 0, "{output:?}");
        copy.write_source(UPSTREAM, "");
        copy
    }

    /// A working copy with openapi.yaml and source.toml only.
    pub fn without_names() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let spec = folder.path().join("spec");
        fs::create_dir(&spec).unwrap();
        let document = fs::read(fixture("1.8.7")).unwrap();
        fs::write(spec.join("openapi.yaml"), &document).unwrap();
        fs::write(
            folder.path().join("Cargo.toml"),
            "[package]\nname = \"client\"\nversion = \"0.3.1\"\n",
        )
        .unwrap();
        let copy = Self(folder);
        copy.write_source(UPSTREAM, "");
        copy
    }

    /// Writes source.toml, with further lines at its end.
    pub fn write_source(&self, url: &str, more: &str) {
        let sha256 = sha256(&self.spec("openapi.yaml"));
        let text = format!(
            "url = \"{url}\"\ndocs = \"https://docs.asteroid.ai/llms.txt\"\ntitle = \"Agent Service\"\n\
             version = \"1.8.7\"\nsha256 = \"{sha256}\"\ndate = \"2026-01-01\"\nobtained = \"served\"\n{more}"
        );
        fs::write(self.spec("source.toml"), text).unwrap();
    }

    pub fn spec(&self, name: &str) -> PathBuf {
        self.0.path().join("spec").join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.spec(name)).unwrap()
    }

    /// The names and contents of all files in `spec/`.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let entries = fs::read_dir(self.0.path().join("spec")).unwrap();
        let mut files: Vec<_> = entries
            .map(|entry| {
                let path = entry.unwrap().path();
                (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap())
            })
            .collect();
        files.sort();
        files
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("--root").arg(self.0.path()).args(arguments).stdin(Stdio::null());
        command
    }

    pub fn root(&self) -> &Path {
        self.0.path()
    }

    pub fn run(&self, arguments: &[&str]) -> CommandOutput {
        CommandOutput::new(self.command(arguments).output().unwrap())
    }
}

/// The exit code and output of a run.
#[derive(Debug)]
pub struct CommandOutput {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl CommandOutput {
    /// The standard output, parsed as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:?}"))
    }

    pub fn new(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

pub fn fixture(version: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    root.join(format!("tests/fixtures/agents-{version}.yaml"))
}

pub fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub fn sha256(path: &Path) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(fs::read(path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect()
}
