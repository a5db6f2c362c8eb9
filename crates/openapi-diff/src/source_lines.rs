//! The places of changes in the files of the new document.

use std::{collections::HashMap, path::Path};

use openapi_document::{LineMap, Pointer, SourceLocation, Sources};

use crate::report::{Change, Report};

/// The file of the new document, and the lines of its changes.
#[derive(Debug)]
pub struct SourceLines<'a> {
    /// The file.
    pub path: &'a Path,
    lines: Lines,
}

#[derive(Debug)]
enum Lines {
    /// In the text of the file.
    Text(LineMap),
    /// In the files of the document.
    Files(HashMap<Pointer, SourceLocation>),
}

impl<'a> SourceLines<'a> {
    /// Finds the lines of all changes of a report in the text of the file.
    pub fn new(path: &'a Path, text: &str, report: &Report) -> Self {
        let pointers = report.changes.iter().filter_map(place);
        Self { path, lines: Lines::Text(LineMap::new(text, pointers)) }
    }

    /// Finds the lines of all changes of a report in the files of the document at `path`.
    pub fn in_files(path: &'a Path, sources: &Sources, report: &Report) -> Self {
        let pointers: Vec<_> = report.changes.iter().filter_map(place).collect();
        let locations = sources.places(pointers.iter().copied());
        let lines = pointers.into_iter().cloned().zip(locations).collect();
        Self { path, lines: Lines::Files(lines) }
    }

    /// The file and the line of a change, from 1; `None` if it has no place in the new document.
    pub(crate) fn location(&self, change: &Change) -> Option<(&Path, usize)> {
        let pointer = place(change)?;
        match &self.lines {
            Lines::Text(lines) => Some((self.path, lines.line(pointer))),
            Lines::Files(locations) => {
                let location = locations.get(pointer)?;
                Some((&location.path, location.line?))
            }
        }
    }
}

/// The exact place of a change in the new document.
fn place(change: &Change) -> Option<&Pointer> {
    change.new_location.as_ref().or(change.new_pointer.as_ref())
}
