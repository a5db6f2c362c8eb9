//! Reports as JSON, for other programs.

use serde::Serialize;

use crate::{report::Report, rules::Severity};

/// A report as it is serialized.
#[derive(Serialize)]
struct JsonReport<'a> {
    wire: Severity,
    /// Null without the feature `rust`.
    rust: Option<Severity>,
    changes: Vec<JsonChange<'a>>,
}

/// A change as it is serialized.
#[derive(Serialize)]
struct JsonChange<'a> {
    /// In the new document, or in the old one for a removal of an operation.
    pointer: String,
    /// The affected operation, if there is exactly one; `operations` lists all.
    operation: Option<&'a str>,
    kind: &'static str,
    wire: Severity,
    rust: Option<Severity>,
    message: &'a str,
    operations: &'a [String],
    #[serde(skip_serializing_if = "is_zero")]
    omitted_operations: usize,
    was: Option<&'a str>,
    is: Option<&'a str>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde expects")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// The severity for source code; `None` without the feature `rust`.
fn rust(severity: Severity) -> Option<Severity> {
    cfg!(feature = "rust").then_some(severity)
}

/// Renders a report as JSON: `{"wire": V, "rust": V, "changes": [{"pointer", "operation", "kind",
/// "wire": V, "rust": V, "message", "operations", "was", "is"}]}`, where V is `none`, `patch`,
/// `minor` or `major`.
///
/// `operation` is null unless exactly one operation is affected; `operations` lists all, except for
/// the `omitted_operations` of very large reports. `rust` is null without the feature `rust`.
pub fn render(report: &Report) -> String {
    let changes = report.changes.iter().map(|change| JsonChange {
        pointer: change.pointer(),
        operation: change.operation(),
        kind: change.rule.name,
        wire: change.wire,
        rust: rust(change.rust),
        message: &change.message,
        operations: &change.operations,
        omitted_operations: change.omitted_operations,
        was: change.old_value.as_deref(),
        is: change.new_value.as_deref(),
    });
    let json =
        JsonReport { wire: report.wire(), rust: rust(report.rust()), changes: changes.collect() };
    // Strings and enums always serialize.
    serde_json::to_string_pretty(&json).unwrap_or_default() + "\n"
}
