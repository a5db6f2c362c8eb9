//! Reports as annotations of GitHub Actions.

use std::fmt::Write;

use openapi_document::OneLine;

use crate::{report::Report, rules::Severity, source_lines::SourceLines, text::summary};

/// Renders each change as a workflow command at its line of the new document: an error if it is
/// breaking, a warning if it is minor, else a notice. Changes without a severity are omitted.
pub fn render(report: &Report, source: &SourceLines<'_>) -> String {
    let mut text = String::new();
    for change in &report.changes {
        let level = match change.severity() {
            Severity::Major => "error",
            Severity::Minor => "warning",
            Severity::Patch => "notice",
            Severity::None => continue,
        };
        let mut properties = vec![("title", change.rule.name.to_owned())];
        if let Some((path, line)) = source.location(change) {
            properties.push(("file", path.display().to_string()));
            properties.push(("line", line.to_string()));
        }
        let message = match change.operation() {
            Some(id) => format!("{}: {}", OneLine(id), OneLine(&change.message)),
            None => OneLine(&change.message).to_string(),
        };
        let _ = writeln!(text, "{}", command(level, &properties, &message));
    }
    text + &anstream::adapter::strip_str(&summary(report)).to_string() + "\n"
}

/// Renders a workflow command, with its text escaped.
pub fn command(level: &str, properties: &[(&str, String)], message: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(name, value)| format!("{name}={}", property(value))).collect();
    format!("::{level} {}::{}", properties.join(","), data(message))
}

/// Escapes the message of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
