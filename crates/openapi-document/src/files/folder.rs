//! The files of a document, all within one folder.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::error::LoadError;
use crate::syntax;

/// The maximum number of files of a document.
const MAX_FILES: usize = 2_000;

/// The maximum size of all files of a document, in bytes.
const MAX_BYTES: u64 = 128 << 20;

/// The maximum number of values of all files, aliases expanded.
pub(super) const MAX_VALUES: usize = 4_000_000;

/// A file that was read.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// The path for messages: that of the document's folder as given, and the path in it.
    pub(super) path: PathBuf,
    pub(super) text: String,
    pub(super) value: Value,
    /// The segments of the folder of the file, within that of the document.
    folder: Vec<String>,
}

/// The folder of a document, and the files in it that were read.
#[derive(Debug)]
pub(super) struct Folder {
    /// The path as given.
    given: PathBuf,
    /// The path without symbolic links.
    canonical: PathBuf,
    pub(super) files: Vec<SourceFile>,
    /// The positions of files by their paths without symbolic links.
    positions: HashMap<PathBuf, usize>,
    /// The positions of files by their paths in the folder.
    known: HashMap<PathBuf, usize>,
    bytes: u64,
    values: usize,
}

impl Folder {
    /// Opens the folder of a document and reads the document, which becomes the first file.
    pub(super) fn open(document: &Path) -> Result<Self, LoadError> {
        let unreadable = |error| LoadError::Read { path: document.to_owned(), error };
        // Empty for the current folder, so that other files are shown without `./`.
        let given = document.parent().map(Path::to_owned).unwrap_or_default();
        let canonical = match given.as_os_str().is_empty() {
            true => fs::canonicalize("."),
            false => fs::canonicalize(&given),
        };
        let canonical = canonical.map_err(unreadable)?;
        let mut folder = Self {
            given,
            canonical,
            files: Vec::new(),
            positions: HashMap::new(),
            known: HashMap::new(),
            bytes: 0,
            values: 0,
        };
        // It may be a pipe, unlike the files that it refers to.
        let text = folder.read_text(document).map_err(unreadable)?;
        let path = document.to_owned();
        let value = syntax::read(&text)
            .map_err(|message| LoadError::Syntax { path: path.clone(), message })?;
        folder.positions.extend(fs::canonicalize(document).ok().map(|canonical| (canonical, 0)));
        folder.files.push(SourceFile { path, text, value, folder: Vec::new() });
        Ok(folder)
    }

    /// Reads the file at a relative reference from another file, unless it has been read before.
    ///
    /// # Errors
    ///
    /// The reason why it isn't read.
    pub(super) fn file(&mut self, from: usize, reference: &str) -> Result<usize, String> {
        let segments = self.segments(from, reference)?;
        let relative: PathBuf = segments.iter().collect();
        if let Some(position) = self.known.get(&relative) {
            return Ok(*position);
        }
        let canonical = fs::canonicalize(self.canonical.join(&relative))
            .map_err(|error| format!("the file can't be read: {error}"))?;
        if !canonical.starts_with(&self.canonical) {
            return Err("a symbolic link leads out of the folder of the document".to_owned());
        }
        if let Some(position) = self.positions.get(&canonical) {
            self.known.insert(relative, *position);
            return Ok(*position);
        }
        if self.files.len() >= MAX_FILES {
            return Err(format!("a document may have at most {MAX_FILES} files"));
        }
        // Before it is opened: a pipe would block.
        if !canonical.is_file() {
            return Err("not a regular file".to_owned());
        }
        let text = self
            .read_text(&canonical)
            .map_err(|error| format!("the file can't be read: {error}"))?;
        let value = syntax::read(&text).map_err(|message| format!("in the file: {message}"))?;
        self.values = self.values.saturating_add(count(&value));
        if self.values > MAX_VALUES {
            return Err(format!("the files have more than {MAX_VALUES} values"));
        }
        let position = self.files.len();
        let path = self.given.join(&relative);
        self.known.insert(relative, position);
        let folder = segments[..segments.len().saturating_sub(1)].to_vec();
        self.files.push(SourceFile { path, text, value, folder });
        self.positions.insert(canonical, position);
        Ok(position)
    }

    /// The segments of the path of a relative reference, within the folder of the document.
    fn segments(&self, from: usize, reference: &str) -> Result<Vec<String>, String> {
        let path = percent_decode_str(reference)
            .decode_utf8()
            .map_err(|_| "the path isn't UTF-8".to_owned())?;
        let scheme = path.split_once(':').map(|(scheme, _)| scheme);
        if scheme.is_some_and(|scheme| !scheme.contains('/')) {
            return Err("URLs aren't read; save the document as a file in the same folder".into());
        }
        if path.starts_with('/') || path.contains(['\\', '\0']) {
            return Err("only relative paths with `/` are read".to_owned());
        }
        let mut segments = self.files[from].folder.clone();
        for segment in path.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    let outside = "the file is outside of the folder of the document";
                    segments.pop().ok_or_else(|| outside.to_owned())?;
                }
                segment => segments.push(segment.to_owned()),
            }
        }
        Ok(segments)
    }

    /// Reads a file, as far as the limit of all files allows.
    fn read_text(&mut self, path: &Path) -> io::Result<String> {
        let rest = MAX_BYTES.saturating_sub(self.bytes);
        let mut text = String::new();
        File::open(path)?.take(rest + 1).read_to_string(&mut text)?;
        if text.len() as u64 > rest {
            let message = format!("the files have more than {MAX_BYTES} bytes");
            return Err(io::Error::other(message));
        }
        self.bytes += text.len() as u64;
        Ok(text)
    }
}

/// The number of values in a value, itself included.
pub(super) fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        Value::Object(map) => 1 + map.values().map(count).sum::<usize>(),
        _ => 1,
    }
}
