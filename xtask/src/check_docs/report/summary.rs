//! The numbers of a report, in words.

use std::collections::BTreeMap;

use crate::check_docs::check_report::CheckReport;

/// The counts, in one line.
pub(super) fn summary(report: &CheckReport) -> String {
    let covered = report.operations - report.undocumented.len();
    format!(
        "{} of this document, {} matching; {covered} of {} covered; {}",
        count(report.pages, "page"),
        report.matching,
        count(report.operations, "operation"),
        count(report.findings.len(), "finding"),
    )
}

/// The numbers of pages that were compared and that weren't.
pub(super) fn compared(report: &CheckReport) -> String {
    let named = report.pages - report.compared;
    let verb = if named == 1 { "names" } else { "name" };
    let compared = count(report.compared, "page");
    let mut text = format!("{compared} compared; {named} only {verb} an operation");
    let (validated, skipped) = (report.validated_examples, report.skipped_examples);
    if validated + skipped > 0 {
        text.push_str(&format!("; {} validated", count(validated, "example")));
    }
    if skipped > 0 {
        text.push_str(&format!(", {skipped} not: their schemas can't be used"));
    }
    text
}

/// A number with a noun, in the plural unless it is 1.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The number of findings of each kind.
pub(super) fn kinds(report: &CheckReport) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for finding in &report.findings {
        *kinds.entry(finding.kind.as_str()).or_default() += 1;
    }
    kinds
}
