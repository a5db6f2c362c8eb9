//! The section of CHANGELOG.md that an update of the document asks for.

use std::fmt::Write;

use openapi_diff::{Change, Report, Severity, rules};
use semver::Version;

/// How many changes of one kind are named.
const NAMED: usize = 20;

/// The section, in Markdown.
pub(crate) fn section(report: &Report, next: &Version, document: &str) -> String {
    let mut text = format!("## {next} (unreleased)\n\n- The document of {document}.\n");
    let with = |severity: Severity| {
        report.changes.iter().filter(move |change| change.rust == severity).collect::<Vec<_>>()
    };
    let (breaking, rest) = (with(Severity::Major), with(Severity::Minor));
    let (added, rest): (Vec<&Change>, Vec<&Change>) =
        rest.into_iter().partition(|change| change.rule == rules::OPERATION_ADDED);
    list(&mut text, "Breaking: ", &breaking);
    if !added.is_empty() {
        let names: Vec<_> = added
            .iter()
            .flat_map(|change| &change.operations)
            .map(|id| format!("`{id}`"))
            .collect();
        let _ = writeln!(text, "- New operations: {}.", names.join(", "));
    }
    list(&mut text, "", &rest);
    // Deployed programs are warned of what doesn't show in source code.
    let wire: Vec<&Change> = report
        .changes
        .iter()
        .filter(|change| change.wire == Severity::Major && change.rust < Severity::Minor)
        .collect();
    list(&mut text, "On the wire: ", &wire);
    text
}

fn list(text: &mut String, label: &str, changes: &[&Change]) {
    for change in changes.iter().take(NAMED) {
        let operation = match change.operations.as_slice() {
            [one] => format!(" (`{one}`)"),
            [] => String::new(),
            several => format!(" ({} operations)", several.len()),
        };
        let _ = writeln!(text, "- {label}{}{operation}.", change.message);
    }
    if changes.len() > NAMED {
        let _ = writeln!(text, "- {label}{} more.", changes.len() - NAMED);
    }
}
