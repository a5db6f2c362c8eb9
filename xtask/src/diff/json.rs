//! A report as JSON, for other programs.

use serde::Serialize;

use super::{Report, Severity};

#[derive(Serialize)]
struct Json<'a> {
    wire: Severity,
    rust: Severity,
    changes: Vec<JsonChange<'a>>,
}

#[derive(Serialize)]
struct JsonChange<'a> {
    /// Where it is in the new document, or in the old one for what is gone.
    pointer: String,
    /// The operation, if it reaches just one; all of them are in `operations`.
    operation: Option<&'a str>,
    kind: &'static str,
    wire: Severity,
    rust: Severity,
    message: &'a str,
    operations: &'a [String],
    was: Option<&'a str>,
    is: Option<&'a str>,
}

/// The report in the form that the documentation of `cargo xtask diff-spec` states.
pub fn render(report: &Report) -> String {
    let changes = report.changes.iter().map(|change| JsonChange {
        pointer: change.pointer(),
        operation: change.operation(),
        kind: change.rule.name,
        wire: change.wire,
        rust: change.rust,
        message: &change.message,
        operations: &change.operations,
        was: change.was.as_deref(),
        is: change.is.as_deref(),
    });
    let json = Json { wire: report.wire(), rust: report.rust(), changes: changes.collect() };
    let text = serde_json::to_string_pretty(&json);
    // Text and enums, which JSON can hold.
    text.unwrap_or_default() + "\n"
}
