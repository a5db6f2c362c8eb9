//! The report as SARIF 2.1.0 (OASIS), for code scanning.

use std::{collections::BTreeSet, path::Path};

use openapi_diff::sarif;
use serde_json::{Value, json};

use super::files::file;
use crate::check_docs::{check_report::CheckReport, finding::Finding};

/// Renders a report as a SARIF log with one run.
pub(super) fn render(report: &CheckReport, folder: Option<&Path>) -> String {
    let rules: BTreeSet<&str> =
        report.findings.iter().map(|finding| finding.kind.as_str()).collect();
    let rules: Vec<Value> = rules.into_iter().map(|kind| json!({ "id": kind })).collect();
    let results: Vec<Value> =
        report.findings.iter().map(|finding| result(finding, report, folder)).collect();
    sarif::log("check-docs", env!("CARGO_PKG_VERSION"), rules, results)
}

/// The result for a finding: at its line of the saved page, and at its pointers.
fn result(finding: &Finding, report: &CheckReport, folder: Option<&Path>) -> Value {
    let mut location = json!({});
    if let Some(file) = file(finding, report, folder) {
        location["physicalLocation"] = json!({ "artifactLocation": { "uri": sarif::uri(&file) } });
        if let Some(line) = finding.line {
            location["physicalLocation"]["region"] = json!({ "startLine": line });
        }
    }
    let pointers = [Some(&finding.pointer), finding.docs_pointer.as_ref()];
    let pointers = pointers.into_iter().flatten().filter(|pointer| !pointer.is_empty());
    let logical: Vec<Value> =
        pointers.map(|pointer| json!({ "fullyQualifiedName": pointer })).collect();
    if !logical.is_empty() {
        location["logicalLocations"] = logical.into();
    }
    let page = match (folder, finding.page.as_str()) {
        (Some(_), _) | (None, "") => String::new(),
        (None, page) => format!("{page}: "),
    };
    json!({
        "ruleId": finding.kind,
        "level": "error",
        "message": { "text": format!("{page}{}", finding.message) },
        "locations": [location],
    })
}
