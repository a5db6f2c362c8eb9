//! The result of comparing all pages.

use std::collections::{BTreeMap, HashMap};

use openapi_document::OneLine;

use super::finding::Finding;
use crate::files::Table;

/// The result of comparing all pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckReport {
    /// The number of pages of this document.
    pub pages: usize,
    /// The number of these pages that show an operation; the others only name one.
    pub compared: usize,
    /// The number of pages of this document without findings.
    pub matching: usize,
    /// The number of pages of other documents, by the name that the pages give the document.
    pub other_documents: BTreeMap<String, usize>,
    /// The pages without an operation, such as guides.
    pub without_operation: Vec<String>,
    /// The operations without a page, and whether they are deprecated.
    pub undocumented: Vec<(String, bool)>,
    /// The number of operations of the document.
    pub operations: usize,
    /// The number of examples and samples that were validated.
    pub validated_examples: usize,
    /// The number of examples that weren't, because their schemas can't be used.
    pub skipped_examples: usize,
    /// The findings in the order of pages and lines.
    pub findings: Vec<Finding>,
    /// The URL of the page of each operation, by operationId.
    pub(super) page_urls: Table,
    /// The path of the document.
    pub(super) document: String,
    /// The URL of each page that the index links to, by its name.
    pub(super) links: HashMap<String, String>,
}

impl CheckReport {
    /// The report with texts of pages and of the document as [one line](OneLine) each, safe for a
    /// terminal.
    pub(super) fn printable(&self) -> Self {
        let line = |text: &String| OneLine(text).to_string();
        Self {
            other_documents: self
                .other_documents
                .iter()
                .map(|(name, n)| (line(name), *n))
                .collect(),
            without_operation: self.without_operation.iter().map(line).collect(),
            undocumented: self.undocumented.iter().map(|(id, flag)| (line(id), *flag)).collect(),
            findings: self.findings.iter().map(Finding::printable).collect(),
            links: self.links.iter().map(|(page, url)| (line(page), url.clone())).collect(),
            ..self.clone()
        }
    }

    /// The reason why nothing was compared, if that is so and no finding gives one.
    pub fn nothing_compared(&self) -> Option<String> {
        if self.pages > 0 || !self.findings.is_empty() {
            return None;
        }
        if self.without_operation.is_empty() && self.other_documents.is_empty() {
            return Some("no pages".to_owned());
        }
        let mut reasons = Vec::new();
        if !self.without_operation.is_empty() {
            let names = list(&self.without_operation, 5);
            let count = self.without_operation.len();
            reasons.push(format!("{count} without a known block of OpenAPI ({names})"));
        }
        let others = self.other_documents.iter();
        reasons.extend(others.map(|(name, pages)| format!("{pages} of another document ({name})")));
        let hint = match self.other_documents.is_empty() {
            true => "",
            false => "; `--document` tells which name is this document's",
        };
        Some(format!("no page of this document: {}{hint}", reasons.join(", ")))
    }
}

/// The first names of a list, with the number of the others.
pub(super) fn list(names: &[String], maximum: usize) -> String {
    let shown = names[..names.len().min(maximum)].join(", ");
    match names.len().saturating_sub(maximum) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
