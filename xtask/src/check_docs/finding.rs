//! Findings: differences between a page and the document, and errors of a page.

use openapi_document::OneLine;
use serde::Serialize;

/// A difference between a page and the document, or an error of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The path of the page within the site; empty if the finding is about the document itself.
    pub page: String,
    /// The operationId, if known.
    pub operation: Option<String>,
    /// The JSON pointer in the document; of the parent if only the page has it.
    pub pointer: String,
    /// The kind of the finding, such as `property-only-in-docs`.
    pub kind: String,
    /// The value in the document.
    pub spec: Option<String>,
    /// The value on the page.
    pub docs: Option<String>,
    /// A description of the finding.
    pub message: String,
    /// The JSON pointer in the fragment on the page.
    pub docs_pointer: Option<String>,
    /// The line of the page, or else of the document, from 1.
    pub line: Option<usize>,
    /// The element that differs, as messages name it.
    #[serde(skip)]
    pub(super) subject: String,
    /// The other page of a contradiction.
    #[serde(skip)]
    pub(super) other_page: Option<String>,
}

impl Finding {
    /// Creates a finding about a page as a whole.
    pub(super) fn new(page: &str, kind: &str, line: Option<usize>, message: String) -> Self {
        Self {
            page: page.to_owned(),
            operation: None,
            pointer: String::new(),
            kind: kind.to_owned(),
            spec: None,
            docs: None,
            message,
            docs_pointer: None,
            line,
            subject: String::new(),
            other_page: None,
        }
    }

    /// The finding with each text as [one line](OneLine); see
    /// [`CheckReport::printable`](super::CheckReport::printable).
    pub(super) fn printable(&self) -> Self {
        let line = |text: &String| OneLine(text).to_string();
        // Values are truncated before they are escaped.
        Self {
            page: line(&self.page),
            operation: self.operation.as_ref().map(line),
            pointer: line(&self.pointer),
            message: line(&self.message),
            docs_pointer: self.docs_pointer.as_ref().map(line),
            subject: line(&self.subject),
            other_page: self.other_page.as_ref().map(line),
            ..self.clone()
        }
    }

    /// Sets the operation.
    pub(super) fn with_operation(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }
}

/// The kind of a finding, derived from the diff rule of the change from the document to the page:
/// an addition is only in the docs, a removal is missing there, anything else differs.
pub(super) fn finding_kind(rule: &str) -> String {
    let rule = rule.strip_prefix("request-").unwrap_or(rule);
    let rule = rule.strip_prefix("response-").unwrap_or(rule);
    let plain = rule.replace("required-", "").replace("defaulted-", "");
    if let Some(construct) = plain.strip_suffix("-added") {
        return format!("{construct}-only-in-docs");
    }
    if let Some(construct) = plain.strip_suffix("-removed") {
        return format!("{construct}-missing-in-docs");
    }
    for (name, aspect) in [
        ("null-allowed", "null"),
        ("null-forbidden", "null"),
        ("constraint-tightened", "constraint"),
        ("constraint-loosened", "constraint"),
        ("pattern-changed", "constraint"),
        ("operation-renamed", "operation-id"),
        ("path-parameter-renamed", "path-parameter-name"),
        ("parameter-moved", "parameter-place"),
    ] {
        if rule == name {
            return format!("{aspect}-differs");
        }
    }
    for (suffix, aspect) in [
        ("-undeprecated", "deprecation"),
        ("-deprecated", "deprecation"),
        ("-required", "required"),
        ("-optional", "required"),
    ] {
        if let Some(construct) = rule.strip_suffix(suffix) {
            return format!("{construct}-{aspect}-differs");
        }
    }
    format!("{}-differs", rule.strip_suffix("-changed").unwrap_or(rule))
}
