//! Paths, reading and atomic replacement of files of the repository.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::{Context, Result};
use openapi_document::{Document, ParseError};
use openapi_lower::Config;

/// A working copy of the repository.
#[derive(Clone, Debug)]
pub struct Repository(PathBuf);

impl Repository {
    /// The working copy that contains this crate.
    pub fn from_manifest_dir() -> Self {
        let mut path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        path.pop();
        Self(path)
    }

    /// The working copy at `root`.
    pub fn new(root: PathBuf) -> Self {
        Self(root)
    }

    /// The root directory.
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// The path of the vendored document.
    pub fn document(&self) -> PathBuf {
        self.spec("openapi.yaml")
    }

    /// The path of the record of the document's origin.
    pub fn source(&self) -> PathBuf {
        self.spec("source.toml")
    }

    /// The path of the published Rust names.
    pub fn names(&self) -> PathBuf {
        self.spec("names.toml")
    }

    /// The path of the URLs of documentation pages.
    pub fn pages(&self) -> PathBuf {
        self.spec("pages.toml")
    }

    /// The path of the list of properties that `Debug` redacts.
    pub fn secrets(&self) -> PathBuf {
        self.spec("secrets.toml")
    }

    /// The path of the requirements of the hand-written helpers.
    pub fn helpers(&self) -> PathBuf {
        self.spec("helpers.toml")
    }

    /// The path of the successors of deprecated operations.
    pub fn successors(&self) -> PathBuf {
        self.spec("successors.toml")
    }

    /// The path of the notes on properties.
    pub fn notes(&self) -> PathBuf {
        self.spec("notes.toml")
    }

    /// The methods of the client in `src/`.
    pub fn methods(&self) -> PathBuf {
        self.spec("methods.toml")
    }

    /// The path of the operations that the API sends.
    pub fn received(&self) -> PathBuf {
        self.spec("received.toml")
    }

    /// The path of the Cargo features of operations.
    pub fn features(&self) -> PathBuf {
        self.spec("features.toml")
    }

    /// The path of the manifest.
    pub fn manifest(&self) -> PathBuf {
        self.0.join("Cargo.toml")
    }

    /// The generator settings of build.rs for a document, with the names, pages, secrets,
    /// methods and helpers of this working copy.
    pub(crate) fn config(&self, document: impl Into<PathBuf>) -> Result<Config> {
        let mut config = Config::new(document).client("crate::Client");
        if self.names().exists() {
            config = config.names_file(self.names())?;
        }
        if self.features().exists() {
            config = config.features_file(self.features())?;
        }
        if self.pages().exists() {
            config = config.pages_file(self.pages())?;
        }
        if self.successors().exists() {
            config = config.successors_file(self.successors())?;
        }
        if self.notes().exists() {
            config = config.notes_file(self.notes())?;
        }
        if self.secrets().exists() {
            config = config.secrets_file(self.secrets())?;
        }
        if self.methods().exists() {
            config = config.client_methods_file(self.methods())?;
        }
        if self.helpers().exists() {
            config = config.helpers_file(self.helpers())?;
        }
        Ok(config)
    }

    /// The path of a file in `spec/`.
    pub(crate) fn spec(&self, name: &str) -> PathBuf {
        self.0.join("spec").join(name)
    }
}

/// A file of `spec/` that maps names, of schemas or operations, to strings.
pub(crate) type Table = BTreeMap<String, String>;

/// Reads a table; empty if the file doesn't exist.
pub(crate) fn read_table(path: &Path) -> Result<Table> {
    if !path.exists() {
        return Ok(Table::new());
    }
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    basic_toml::from_str(&text).with_context(|| path.display().to_string())
}

/// Reads a document with the given parser, strict or lenient.
pub(crate) fn read_document(
    path: &Path,
    parse: fn(&str) -> std::result::Result<Document, ParseError>,
) -> Result<Document> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    parse(&text).with_context(|| path.display().to_string())
}

/// Replaces a file atomically: writes a temporary file beside it, flushes it to disk, renames it.
///
/// Other paths, such as `/dev/stdout`, are written to.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<()> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(path, content).with_context(|| path.display().to_string());
    }
    let temporary = path.with_extension("new");
    let written = File::create(&temporary).and_then(|mut file| {
        abort_point();
        file.write_all(content)?;
        abort_point();
        file.sync_all()
    });
    abort_point();
    let replaced = written.and_then(|()| fs::rename(&temporary, path)).and_then(|()| {
        // The rename is durable once the directory is flushed.
        match path.parent() {
            // That of a name alone is empty.
            Some(directory) if directory.as_os_str().is_empty() && cfg!(unix) => {
                File::open(".")?.sync_all()
            }
            Some(directory) if cfg!(unix) => File::open(directory)?.sync_all(),
            _ => Ok(()),
        }
    });
    abort_point();
    if replaced.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    replaced.with_context(|| path.display().to_string())
}

/// The environment variable with the number of the [`abort_point`] at which tests end the process.
const ABORT_AT: &str = "XTASK_ABORT_AT_STEP";

/// In debug builds, aborts the process if a test requests it, to simulate an interruption.
fn abort_point() {
    static STEPS: AtomicU32 = AtomicU32::new(0);
    if cfg!(debug_assertions) {
        let step = STEPS.fetch_add(1, Ordering::Relaxed).to_string();
        if std::env::var(ABORT_AT).is_ok_and(|at| at == step) {
            std::process::abort();
        }
    }
}
