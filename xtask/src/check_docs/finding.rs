//! What isn't as it should be.

use serde::Serialize;

/// One thing that a page and the document say differently, or that is wrong with a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The page within the site.
    pub page: String,
    /// The operation, where it is known.
    pub operation: Option<String>,
    /// Where it is in the document, or would be.
    pub pointer: String,
    /// What kind of finding it is.
    pub kind: String,
    /// What the document says.
    pub spec: Option<String>,
    /// What the page says.
    pub docs: Option<String>,
    /// All of it in words.
    pub message: String,
    /// Where it is in the fragment of the page.
    pub docs_pointer: Option<String>,
    /// The line of the page, from 1.
    pub line: Option<usize>,
}

impl Finding {
    /// Something about a page as a whole.
    pub(super) fn of_page(page: &str, kind: &str, line: Option<usize>, message: String) -> Self {
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
        }
    }

    /// The same, about an operation.
    pub(super) fn of(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }
}

/// The kind of a difference, from that of the change that would make the page of the document:
/// which side has it, or that they differ.
pub(super) fn kind(change: &str) -> String {
    let change = change.strip_prefix("request-").unwrap_or(change);
    let change = change.strip_prefix("response-").unwrap_or(change);
    let plain = change.replace("required-", "").replace("defaulted-", "");
    if let Some(what) = plain.strip_suffix("-added") {
        return format!("{what}-only-in-docs");
    }
    if let Some(what) = plain.strip_suffix("-removed") {
        return format!("{what}-missing-in-docs");
    }
    for (suffix, what) in [
        ("null-allowed", "null"),
        ("null-forbidden", "null"),
        ("constraint-tightened", "constraint"),
        ("constraint-loosened", "constraint"),
        ("auth-loosened", "auth"),
        ("operation-renamed", "operation-id"),
        ("path-parameter-renamed", "path-parameter-name"),
        ("parameter-moved", "parameter-place"),
    ] {
        if change == suffix {
            return format!("{what}-differs");
        }
    }
    for (suffix, what) in [
        ("-undeprecated", "deprecation"),
        ("-deprecated", "deprecation"),
        ("-required", "required"),
        ("-optional", "required"),
    ] {
        if let Some(of) = change.strip_suffix(suffix) {
            return format!("{of}-{what}-differs");
        }
    }
    format!("{}-differs", change.strip_suffix("-changed").unwrap_or(change))
}
