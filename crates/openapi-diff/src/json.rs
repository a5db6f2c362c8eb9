//! A report as JSON, for other programs.

use serde::Serialize;

use crate::{report::Report, rules::Severity};

#[derive(Serialize)]
struct Json<'a> {
    wire: Severity,
    /// Null if there is no such verdict.
    rust: Option<Severity>,
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
    rust: Option<Severity>,
    message: &'a str,
    operations: &'a [String],
    was: Option<&'a str>,
    is: Option<&'a str>,
}

/// The verdict for source code, if there is one.
fn verdict(rust: Severity) -> Option<Severity> {
    cfg!(feature = "rust").then_some(rust)
}

/// The report as JSON: `{"wire": V, "rust": V, "changes": [{"pointer", "operation", "kind", "wire":
/// V, "rust": V, "message", "operations", "was", "is"}]}`, where V is `none`, `patch`, `minor` or
/// `major`, and `operation` null where several are reached, which `operations` lists. Without the
/// feature `rust`, `rust` is null.
pub fn render(report: &Report) -> String {
    let changes = report.changes.iter().map(|change| JsonChange {
        pointer: change.pointer(),
        operation: change.operation(),
        kind: change.rule.name,
        wire: change.wire,
        rust: verdict(change.rust),
        message: &change.message,
        operations: &change.operations,
        was: change.was.as_deref(),
        is: change.is.as_deref(),
    });
    let json =
        Json { wire: report.wire(), rust: verdict(report.rust()), changes: changes.collect() };
    let text = serde_json::to_string_pretty(&json);
    // Text and enums, which JSON can hold.
    text.unwrap_or_default() + "\n"
}
