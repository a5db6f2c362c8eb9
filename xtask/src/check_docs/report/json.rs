//! The report as JSON: all findings of all pages.

use serde_json::json;

use crate::check_docs::check_report::CheckReport;

/// Renders a report as JSON.
pub(super) fn render(report: &CheckReport) -> String {
    let undocumented: Vec<&str> = report.undocumented.iter().map(|(id, _)| id.as_str()).collect();
    let json = json!({
        "pages": report.pages,
        "matching": report.matching,
        "other_documents": report.other_documents,
        "undocumented": undocumented,
        "findings": report.findings,
    });
    format!("{json:#}\n")
}
