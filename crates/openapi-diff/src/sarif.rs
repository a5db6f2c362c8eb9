//! Reports as SARIF 2.1.0 (OASIS), for code scanning.

use std::collections::BTreeMap;

use openapi_document::{Lines, OneLine};
use serde_json::{Value, json};

use crate::{report::Report, rules::Severity, source_lines::SourceLines};

/// Renders a report as a SARIF log with one run. The level of a change is that of the higher
/// severity: `error`, `warning`, `note` or `none`.
pub fn render(report: &Report, source: &SourceLines<'_>) -> String {
    let rules: BTreeMap<&str, Value> = report
        .changes
        .iter()
        .map(|change| {
            let explanation = json!({ "text": change.rule.explanation });
            (change.rule.name, json!({ "id": change.rule.name, "fullDescription": explanation }))
        })
        .collect();
    let results = report.changes.iter().map(|change| {
        let pointer = OneLine(&change.pointer()).to_string();
        let mut location = json!({ "logicalLocations": [{ "fullyQualifiedName": pointer }] });
        if let Some((path, line)) = source.location(change) {
            let uri = uri(&path.display().to_string());
            location["physicalLocation"] = json!({
                "artifactLocation": { "uri": uri }, "region": { "startLine": line },
            });
        }
        let level = match change.severity() {
            Severity::Major => "error",
            Severity::Minor => "warning",
            Severity::Patch => "note",
            Severity::None => "none",
        };
        let mut result = json!({
            "ruleId": change.rule.name,
            "level": level,
            "message": { "text": Lines(&change.message).to_string() },
            "locations": [location],
        });
        if let Some(reason) = &change.accepted {
            let reason = Lines(reason).to_string();
            result["suppressions"] = json!([{ "kind": "external", "justification": reason }]);
        }
        result
    });
    log("openapi-diff", env!("CARGO_PKG_VERSION"), rules.into_values().collect(), results.collect())
}

/// Renders a log with one run of a tool.
pub fn log(tool: &str, version: &str, rules: Vec<Value>, results: Vec<Value>) -> String {
    let driver = json!({ "name": tool, "version": version, "rules": rules });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{ "tool": { "driver": driver }, "results": results }],
    });
    format!("{log:#}\n")
}

/// A path as an absolute URI, or as a relative reference (RFC 3986).
pub fn uri(path: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const ESCAPED: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b':')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'[')
        .add(b'\\')
        .add(b']')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    // On Windows an absolute path begins with a drive: `C:/a`.
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let drive = path.get(..3).filter(|start| cfg!(windows) && start.ends_with(":/"));
    let rest = &path[drive.map_or(0, |drive| drive.len() - 1)..];
    let escaped = utf8_percent_encode(rest, ESCAPED);
    match drive {
        Some(drive) => format!("file:///{}{escaped}", &drive[..2]),
        None if path.starts_with('/') => format!("file://{escaped}"),
        None => escaped.to_string(),
    }
}
