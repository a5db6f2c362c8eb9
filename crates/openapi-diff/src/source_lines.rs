//! The places of changes in the text of the new document.

use std::path::Path;

use openapi_document::{LineMap, Pointer};

use crate::report::{Change, Report};

/// The file of the new document, and the lines of its changes.
#[derive(Debug)]
pub struct SourceLines<'a> {
    /// The file.
    pub path: &'a Path,
    lines: LineMap,
}

impl<'a> SourceLines<'a> {
    /// Finds the lines of all changes of a report in the text of the file.
    pub fn new(path: &'a Path, text: &str, report: &Report) -> Self {
        Self { path, lines: LineMap::new(text, report.changes.iter().filter_map(place)) }
    }

    /// The line of a change, from 1; `None` if it has no place in the new document.
    pub(crate) fn line(&self, change: &Change) -> Option<usize> {
        place(change).map(|pointer| self.lines.line(pointer))
    }
}

/// The exact place of a change in the new document.
fn place(change: &Change) -> Option<&Pointer> {
    change.new_location.as_ref().or(change.new_pointer.as_ref())
}
