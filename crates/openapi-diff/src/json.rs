//! Reports as JSON, for other programs.

use serde::Serialize;

use crate::{report::Report, rules::Severity};

/// A report as it is serialized.
#[derive(Serialize)]
struct JsonReport<'a> {
    wire: Severity,
    /// Null without the feature `rust`, and if there is no verdict.
    rust: Option<Severity>,
    /// The reason why there is no verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    rust_unavailable: Option<&'a str>,
    changes: Vec<JsonChange<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    successors: Vec<JsonSuccessor<'a>>,
}

/// A successor as it is serialized.
#[derive(Serialize)]
struct JsonSuccessor<'a> {
    operation: &'a str,
    successor: &'a str,
    /// Null for a published one.
    score: Option<u32>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<&'a str>,
    /// The items of the generated client that change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<JsonItem<'a>>,
}

/// A change of an item as it is serialized.
#[derive(Serialize)]
struct JsonItem<'a> {
    severity: Severity,
    path: &'a str,
    message: &'a str,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde expects")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// The severity for source code; `None` without a verdict.
fn rust(severity: Severity, report: &Report) -> Option<Severity> {
    (cfg!(feature = "rust") && report.rust_unavailable.is_none()).then_some(severity)
}

/// Renders a report as JSON: `{"wire": V, "rust": V, "changes": [{"pointer", "operation", "kind",
/// "wire": V, "rust": V, "message", "operations", "was", "is", "items"}]}`, where V is `none`,
/// `patch`, `minor` or `major`.
///
/// `operation` is null unless exactly one operation is affected; `operations` lists all, except for
/// the `omitted_operations` of very large reports. `items` lists the items of the generated client
/// that change: `{"severity": V, "path", "message"}`; it is absent if there are none. `rust` is
/// null without the feature `rust`, and if a document can't be generated: then `rust_unavailable`
/// has the reason. `successors` lists what to call instead of newly deprecated operations:
/// `{"operation", "successor", "score"}`, where `score` is null for a published successor; it is
/// absent if there are none.
pub fn render(report: &Report) -> String {
    let changes = report.changes.iter().map(|change| JsonChange {
        pointer: change.pointer(),
        operation: change.operation(),
        kind: change.rule.name,
        wire: change.wire,
        rust: rust(change.rust, report),
        message: &change.message,
        operations: &change.operations,
        omitted_operations: change.omitted_operations,
        was: change.old_value.as_deref(),
        is: change.new_value.as_deref(),
        accepted: change.accepted.as_deref(),
        items: change
            .items
            .iter()
            .map(|item| JsonItem {
                severity: item.severity,
                path: &item.path,
                message: &item.message,
            })
            .collect(),
    });
    let json = JsonReport {
        wire: report.wire(),
        rust: rust(report.rust(), report),
        rust_unavailable: report.rust_unavailable.as_deref(),
        changes: changes.collect(),
        successors: report
            .successors
            .iter()
            .map(|one| JsonSuccessor {
                operation: &one.operation,
                successor: &one.successor,
                score: one.score,
            })
            .collect(),
    };
    // Strings and enums always serialize.
    serde_json::to_string_pretty(&json).unwrap_or_default() + "\n"
}
