//! Files of this repository: where they are, and how they are replaced.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// A file of `spec/`, found from this crate's own place in the workspace.
pub(crate) fn vendored(name: &str) -> PathBuf {
    let mut path = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    path.pop();
    path.join("spec").join(name)
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

/// Replaces a file as a whole: written beside it, flushed to the disk, renamed. Interrupted
/// anywhere, the file is the old one or the new one.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<()> {
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    let replaced = written.and_then(|()| fs::rename(&beside, path));
    if replaced.is_err() {
        let _ = fs::remove_file(&beside);
    }
    replaced.with_context(|| path.display().to_string())
}
