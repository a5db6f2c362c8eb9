//! The files that the parts of a document are from.

use std::{
    fmt,
    path::{Path, PathBuf},
};

#[cfg(feature = "lines")]
use crate::line_map::LineMap;
use crate::{one_line::OneLine, pointer::Pointer};

/// The place of a value in a file; displayed as `schemas/Pet.yaml:12: #/properties/name`, with the
/// line if the feature `lines` is enabled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceLocation {
    /// The file: the path of the document's folder as it was given, and the path in that folder.
    pub path: PathBuf,
    /// The line from 1, of the value or its nearest ancestor that exists; `None` without the
    /// feature `lines`.
    pub line: Option<usize>,
    /// The JSON pointer in the file.
    pub pointer: Pointer,
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        OneLine(&self.path.to_string_lossy()).fmt(f)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", OneLine(&self.pointer.to_string()))
    }
}

/// A part of a document that is from one file.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The pointer in the document.
    pub(super) document: Pointer,
    pub(super) file: usize,
    /// The pointer in the file.
    pub(super) pointer: Pointer,
}

/// The files of a document, and which of its parts is from which of them.
#[derive(Clone, Debug)]
pub struct Sources {
    /// Paths and texts, that of the document first.
    files: Vec<(PathBuf, String)>,
    parts: Vec<Part>,
}

impl Sources {
    pub(super) fn new(files: Vec<(PathBuf, String)>, parts: Vec<Part>) -> Self {
        Self { files, parts }
    }

    /// The paths of the files, that of the document first: what a build must watch.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().map(|(path, _)| path.as_path())
    }

    /// Whether the text of any file meets a condition.
    pub(crate) fn any_text(&self, condition: impl Fn(&str) -> bool) -> bool {
        self.files.iter().any(|(_, text)| condition(text))
    }

    /// The text of the document itself.
    pub fn text(&self) -> &str {
        self.files.first().map_or("", |(_, text)| text)
    }

    /// The place of a value of the document.
    pub fn place(&self, pointer: &Pointer) -> SourceLocation {
        self.places([pointer]).swap_remove(0)
    }

    /// The places of values of the document, in their order. Each file is parsed at most once.
    pub fn places<'a>(
        &self,
        pointers: impl IntoIterator<Item = &'a Pointer>,
    ) -> Vec<SourceLocation> {
        let places = pointers.into_iter().map(|pointer| self.in_file(pointer)).collect();
        with_lines(&self.files, places)
    }

    /// The file of a value, and its pointer there: by the innermost part that it is in.
    fn in_file(&self, pointer: &Pointer) -> (usize, Pointer) {
        let segments = pointer.segments();
        let parts = self.parts.iter().filter(|part| segments.starts_with(part.document.segments()));
        match parts.max_by_key(|part| part.document.segments().len()) {
            None => (0, pointer.clone()),
            Some(part) => {
                let rest = &segments[part.document.segments().len()..];
                let all = part.pointer.segments().iter().chain(rest);
                (part.file, Pointer::from_segments(all.cloned()))
            }
        }
    }
}

/// The places of pointers in files, with lines if they are enabled.
pub(super) fn with_lines(
    files: &[(PathBuf, String)],
    pointers: Vec<(usize, Pointer)>,
) -> Vec<SourceLocation> {
    #[cfg(feature = "lines")]
    let maps: Vec<_> = files
        .iter()
        .enumerate()
        .map(|(file, (_, text))| {
            let own = pointers.iter().filter(|(of, _)| *of == file).map(|(_, pointer)| pointer);
            let own: Vec<_> = own.collect();
            (!own.is_empty()).then(|| LineMap::new(text, own))
        })
        .collect();
    #[cfg(feature = "lines")]
    let line = |file: usize, pointer: &Pointer| Some(maps[file].as_ref()?.line(pointer));
    #[cfg(not(feature = "lines"))]
    let line = |_: usize, _: &Pointer| None;
    let place = |(file, pointer): (usize, Pointer)| SourceLocation {
        path: files[file].0.clone(),
        line: line(file, &pointer),
        pointer,
    };
    pointers.into_iter().map(place).collect()
}
