//! The section of CHANGELOG.md for an update of the document.

use std::fmt::Write;

use openapi_diff::{
    Change, Report, Severity,
    markdown::{code, escape, successors},
    rules,
};
use openapi_lower::Note;
use semver::Version;

/// The maximum number of listed changes of one kind.
const MAX_LISTED: usize = 20;

/// Renders the section in Markdown.
pub(crate) fn section(report: &Report, next: &Version, document: &str, notes: &[Note]) -> String {
    let mut text =
        format!("## {next} (unreleased)\n\n- OpenAPI document updated to {}.\n", escape(document));
    let with_severity = |severity: Severity| {
        report.changes.iter().filter(move |change| change.rust == severity).collect::<Vec<_>>()
    };
    let (breaking, rest) = (with_severity(Severity::Major), with_severity(Severity::Minor));
    let (added, rest): (Vec<&Change>, Vec<&Change>) =
        rest.into_iter().partition(|change| change.rule == rules::OPERATION_ADDED);
    list(&mut text, "Breaking: ", &breaking);
    if !added.is_empty() {
        let names: Vec<_> =
            added.iter().flat_map(|change| &change.operations).map(|id| code(id)).collect();
        let _ = writeln!(text, "- Operations added: {}.", names.join(", "));
    }
    list(&mut text, "", &rest);
    // Changes that break deployed programs without a change to the Rust API.
    let wire_only: Vec<&Change> = report
        .changes
        .iter()
        .filter(|change| change.wire == Severity::Major && change.rust < Severity::Minor)
        .collect();
    list(&mut text, "On the wire: ", &wire_only);
    for note in notes {
        let (property, meaning) = (code(&note.property), escape(&note.text));
        let _ = writeln!(text, "- Another meaning of {property}: {meaning}");
    }
    text + &successors(report)
}

/// Appends a list of changes.
fn list(text: &mut String, label: &str, changes: &[&Change]) {
    for change in changes.iter().take(MAX_LISTED) {
        let operation = match change.operations.as_slice() {
            [id] => format!(" ({})", code(id)),
            [] => String::new(),
            // Users look for their own.
            ids if change.rule == rules::OPERATION_DEPRECATED => {
                let ids: Vec<String> = ids.iter().map(|id| code(id)).collect();
                format!(" ({})", ids.join(", "))
            }
            ids => format!(" ({} operations)", ids.len()),
        };
        let _ = writeln!(text, "- {label}{}{operation}.", escape(&change.message));
    }
    if changes.len() > MAX_LISTED {
        let _ = writeln!(text, "- {label}{} more changes.", changes.len() - MAX_LISTED);
    }
}
