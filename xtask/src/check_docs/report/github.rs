//! The report as annotations of GitHub Actions.

use std::{fmt::Write, path::Path};

use super::{facts::facts, files::file, summary::summary};
use crate::check_docs::check_report::CheckReport;

/// Renders each fact as a workflow command, at its first line in the saved pages: GitHub shows few
/// annotations.
pub(super) fn render(report: &CheckReport, folder: Option<&Path>) -> String {
    let mut text = String::new();
    for fact in facts(&report.findings) {
        let (finding, pages) = (fact.example(), fact.pages().len());
        let mut properties = vec![format!("title={}", property(&finding.kind))];
        let mut message = fact.message().to_owned();
        match file(finding, report, folder) {
            Some(path) => {
                properties.push(format!("file={}", property(&path)));
                properties.extend(finding.line.map(|line| format!("line={line}")));
            }
            None if finding.page.is_empty() => {}
            None => message = format!("{}: {message}", finding.page),
        }
        if pages > 1 {
            let _ = write!(message, " (on {pages} pages)");
        }
        let _ = writeln!(text, "::error {}::{}", properties.join(","), data(&message));
    }
    text + &summary(report) + "\n"
}

/// Escapes the message of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
