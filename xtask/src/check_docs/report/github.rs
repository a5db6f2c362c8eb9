//! The report as annotations of GitHub Actions.

use std::{fmt::Write, path::Path};

use openapi_diff::github::command;

use super::{facts::facts, files::file, summary::summary};
use crate::check_docs::check_report::CheckReport;

/// Renders each fact as a workflow command, at its first line in the saved pages: GitHub shows few
/// annotations.
pub(super) fn render(report: &CheckReport, folder: Option<&Path>) -> String {
    let mut text = String::new();
    for fact in facts(&report.findings) {
        let (finding, pages) = (fact.example(), fact.pages().len());
        let mut properties = vec![("title", finding.kind.clone())];
        let mut message = fact.message().to_owned();
        match file(finding, report, folder) {
            Some(path) => {
                properties.push(("file", path));
                properties.extend(finding.line.map(|line| ("line", line.to_string())));
            }
            None if finding.page.is_empty() => {}
            None => message = format!("{}: {message}", finding.page),
        }
        if pages > 1 {
            let _ = write!(message, " (on {pages} pages)");
        }
        let _ = writeln!(text, "{}", command("error", &properties, &message));
    }
    text + &summary(report) + "\n"
}
