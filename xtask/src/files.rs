//! Files of this repository: where they are, and how they are replaced.

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
    /// The one that this crate belongs to.
    pub fn of_this_crate() -> Self {
        let mut path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        path.pop();
        Self(path)
    }

    /// The one at `root`.
    pub fn at(root: PathBuf) -> Self {
        Self(root)
    }

    /// Its root.
    pub fn root(&self) -> &Path {
        &self.0
    }

    /// The vendored document.
    pub fn document(&self) -> PathBuf {
        self.spec("openapi.yaml")
    }

    /// Where the document came from.
    pub fn source(&self) -> PathBuf {
        self.spec("source.toml")
    }

    /// The Rust names of published types.
    pub fn names(&self) -> PathBuf {
        self.spec("names.toml")
    }

    /// The documentation pages of operations.
    pub fn pages(&self) -> PathBuf {
        self.spec("pages.toml")
    }

    /// The properties that `Debug` must not show.
    pub fn secrets(&self) -> PathBuf {
        self.spec("secrets.toml")
    }

    /// What the hand-written helpers need of a document.
    pub fn helpers(&self) -> PathBuf {
        self.spec("helpers.toml")
    }

    /// How build.rs generates the client of a document, with the names, pages and secrets of this
    /// working copy.
    pub(crate) fn config(&self, document: impl Into<PathBuf>) -> Result<Config> {
        let mut config = Config::new(document).client("crate::Client");
        if self.names().exists() {
            config = config.names_file(self.names())?;
        }
        if self.pages().exists() {
            config = config.pages_file(self.pages())?;
        }
        if self.secrets().exists() {
            config = config.secrets_file(self.secrets())?;
        }
        if self.helpers().exists() {
            config = config.helpers_file(self.helpers())?;
        }
        Ok(config)
    }

    fn spec(&self, name: &str) -> PathBuf {
        self.0.join("spec").join(name)
    }
}

/// What a file of `spec/` says of names: schemas, operations.
pub(crate) type Table = BTreeMap<String, String>;

/// Reads a table; a file that isn't there has nothing in it.
pub(crate) fn table(path: &Path) -> Result<Table> {
    if !path.exists() {
        return Ok(Table::new());
    }
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    basic_toml::from_str(&text).with_context(|| path.display().to_string())
}

/// Reads a document as `parse` does: with its references followed, or not.
pub(crate) fn document(
    path: &Path,
    parse: fn(&str) -> std::result::Result<Document, ParseError>,
) -> Result<Document> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    parse(&text).with_context(|| path.display().to_string())
}

/// Replaces a file as a whole: written beside it, flushed to the disk, renamed. Interrupted
/// anywhere, the file is the old one or the new one.
/// What is no file, `/dev/stdout` for example, is written to.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<()> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(path, content).with_context(|| path.display().to_string());
    }
    let beside = path.with_extension("new");
    let written = File::create(&beside).and_then(|mut file| {
        step();
        file.write_all(content)?;
        step();
        file.sync_all()
    });
    step();
    let replaced = written.and_then(|()| fs::rename(&beside, path)).and_then(|()| {
        // The rename itself is in the folder.
        match path.parent() {
            Some(folder) if cfg!(unix) => File::open(folder)?.sync_all(),
            _ => Ok(()),
        }
    });
    step();
    if replaced.is_err() {
        let _ = fs::remove_file(&beside);
    }
    replaced.with_context(|| path.display().to_string())
}

/// The variable that tests set to end the process at a step of [`replace`].
const ABORT_AT: &str = "XTASK_ABORT_AT_STEP";

/// In debug builds, a place where a test may end the process without a chance to clean up.
fn step() {
    static STEPS: AtomicU32 = AtomicU32::new(0);
    if cfg!(debug_assertions) {
        let step = STEPS.fetch_add(1, Ordering::Relaxed).to_string();
        if std::env::var(ABORT_AT).is_ok_and(|at| at == step) {
            std::process::abort();
        }
    }
}
