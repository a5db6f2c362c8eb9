//! `sync-spec`, run as a maintainer runs it, on a copy of `spec/` and against a server on loopback.

mod files;
mod server;
mod sources;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use tempfile::TempDir;

/// A working copy with the document of version 1.8.7.
struct Copy(TempDir);

impl Copy {
    fn new() -> Self {
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
        copy.write_source("https://upstream.example/openapi.yaml", "");
        // The rest as sync-spec itself writes it.
        let output = copy.run(&["sync-spec", "--from", path(&copy.spec("openapi.yaml"))]);
        assert_eq!(output.code, 0, "{output:?}");
        copy.write_source("https://upstream.example/openapi.yaml", "");
        copy
    }

    /// `more` are further lines.
    fn write_source(&self, url: &str, more: &str) {
        let sha256 = sha256(&self.spec("openapi.yaml"));
        let text = format!(
            "url = \"{url}\"\ndocs = \"https://docs.example/llms.txt\"\ntitle = \"Agent Service\"\n\
             version = \"1.8.7\"\nsha256 = \"{sha256}\"\ndate = \"2026-01-01\"\nobtained = \"served\"\n{more}"
        );
        fs::write(self.spec("source.toml"), text).unwrap();
    }

    fn spec(&self, name: &str) -> PathBuf {
        self.0.path().join("spec").join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.spec(name)).unwrap()
    }

    /// All files of `spec/`, to see that nothing was changed.
    fn files(&self) -> Vec<(String, Vec<u8>)> {
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

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command.arg("--root").arg(self.0.path()).args(arguments).stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Said {
        Said::of(self.command(arguments).output().unwrap())
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
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn fixture(version: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    root.join(format!("tests/fixtures/agents-{version}.yaml"))
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn sha256(path: &Path) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(fs::read(path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl server::Server {
    /// Always the same answer.
    fn with(status: &str, headers: &str, body: impl Into<Vec<u8>>) -> Self {
        let (head, body) = (format!("HTTP/1.1 {status}\r\n{headers}"), body.into());
        Self::start(move |_, stream| {
            write!(stream, "{head}content-length: {}\r\nconnection: close\r\n\r\n", body.len())?;
            stream.write_all(&body)
        })
    }
}
