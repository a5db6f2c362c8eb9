//! Reports as Markdown, for the description of a pull request.

use std::fmt::Write;

use openapi_document::OneLine;

use crate::{
    prose::{self, Entry},
    report::{Change, Report},
    rules::{self, Severity},
    text,
};

/// The maximum length of a report, in characters. GitHub limits descriptions to 65,536.
pub const LIMIT: usize = 60_000;

/// The maximum length of a message, in characters.
const MESSAGE_WIDTH: usize = 240;

/// The characters reserved for closing tags and the notes on omitted changes.
const RESERVED: usize = 400;

/// Renders a report: the verdicts, a table for each severity, and folded details.
///
/// It has at most [`LIMIT`] − `reserved` characters; `reserved` is for other text of the same
/// description.
pub fn render(report: &Report, reserved: usize) -> String {
    let limit = LIMIT.saturating_sub(reserved);
    let rust = match (cfg!(feature = "rust"), &report.rust_unavailable) {
        (false, _) => String::new(),
        (true, None) => format!(", rust: {}", report.rust()),
        (true, Some(_)) => ", rust: unknown".to_owned(),
    };
    let mut markdown = format!("**wire: {}{rust}**\n", report.wire());
    if let Some(reason) = &report.rust_unavailable {
        let _ = writeln!(markdown, "\nNo verdict for source code: {}.", code(reason));
    }
    if report.changes.is_empty() {
        markdown.push_str("\nNo changes.\n");
        return markdown;
    }
    let mut omitted = 0;
    for (severity, meaning) in [
        (Severity::Major, "breaking changes"),
        (Severity::Minor, "additions and deprecations"),
        (Severity::Patch, "documentation only"),
        (Severity::None, "no effect"),
    ] {
        let changes: Vec<&Change> =
            report.changes.iter().filter(|change| change.severity() == severity).collect();
        if changes.is_empty() {
            continue;
        }
        let folded = severity <= Severity::Patch;
        let title = format!("{severity}: {meaning} ({})", changes.len());
        let (open, close) = match folded {
            true => (format!("\n<details><summary>{title}</summary>\n"), "\n</details>\n"),
            false => (format!("\n### {title}\n"), ""),
        };
        markdown.push_str(&open);
        markdown.push_str(match cfg!(feature = "rust") {
            true => "\n| wire | rust | change | operations |\n| --- | --- | --- | --- |\n",
            false => "\n| wire | change | operations |\n| --- | --- | --- |\n",
        });
        for entry in prose::fold(changes) {
            let (row, count) = match entry {
                Entry::Change(change) => (row(change, &change.message), 1),
                Entry::Prose(changes) => {
                    (row(changes[0], &prose::describe(&changes)), changes.len())
                }
            };
            if length(&markdown) + length(&row) + RESERVED > limit {
                omitted += count;
            } else {
                markdown.push_str(&row);
            }
        }
        markdown.push_str(close);
    }
    let successors = successors(report);
    if length(&markdown) + length(&successors) + RESERVED <= limit {
        markdown.push_str(&successors);
    }
    if omitted > 0 {
        let _ = write!(
            markdown,
            "\n{omitted} more changes are omitted here: `--format json` lists all.\n"
        );
        return markdown;
    }
    write_details(&mut markdown, report, limit);
    markdown
}

/// A table of the operations to call instead of newly deprecated ones; empty if none is known.
pub fn successors(report: &Report) -> String {
    if report.successors.is_empty() {
        return String::new();
    }
    let mut table = "\n| deprecated | call instead |\n| --- | --- |\n".to_owned();
    for one in &report.successors {
        let score = one.score.map(|score| format!(" (proposed, {score} %)")).unwrap_or_default();
        let _ = writeln!(table, "| {} | {}{score} |", code(&one.operation), code(&one.successor));
    }
    table
}

/// Writes the rule, values and pointers of each change, up to the limit.
fn write_details(markdown: &mut String, report: &Report, limit: usize) {
    markdown.push_str("\n<details><summary>Values and pointers</summary>\n\n");
    let mut omitted = 0;
    for change in &report.changes {
        let mut entry = format!(
            "- `{}`: {}",
            change.rule.name,
            escape(&text::truncate(&change.message, MESSAGE_WIDTH))
        );
        if change.old_value.is_some() || change.new_value.is_some() {
            let display = |value: &Option<String>| match value {
                Some(value) => code(&text::truncate_value(value)),
                None => "—".to_owned(),
            };
            let (old, new) = (display(&change.old_value), display(&change.new_value));
            let _ = write!(entry, ": {old} → {new}");
        }
        for (side, pointer) in [("old", &change.old_pointer), ("new", &change.new_pointer)] {
            if let Some(pointer) = pointer {
                let _ = write!(entry, "<br>{side} {}", code(&pointer.to_string()));
            }
        }
        entry.push('\n');
        if length(markdown) + length(&entry) + RESERVED > limit {
            omitted += 1;
        } else {
            markdown.push_str(&entry);
        }
    }
    if omitted > 0 {
        let _ = writeln!(markdown, "- … and {omitted} more");
    }
    markdown.push_str("\n</details>\n");
}

/// The table row with the severities and operations of a change, and a message.
fn row(change: &Change, message: &str) -> String {
    let operations = match change.operations.as_slice() {
        [] => String::new(),
        [id] => code(id),
        // Users look for their own.
        ids if change.rule == rules::OPERATION_DEPRECATED && change.omitted_operations == 0 => {
            let ids: Vec<_> = ids.iter().map(|id| code(id)).collect();
            ids.join(", ")
        }
        _ => escape(&text::truncate(&text::list_operations(change, 3), MESSAGE_WIDTH)),
    };
    let rust = match cfg!(feature = "rust") {
        true => format!(" {} |", change.rust),
        false => String::new(),
    };
    let mut message = escape(&text::truncate(message, MESSAGE_WIDTH));
    if let Some(reason) = &change.accepted {
        let _ = write!(message, " (accepted: {})", escape(&text::truncate(reason, MESSAGE_WIDTH)));
    }
    format!("| {} |{rust} {message} | {operations} |\n", change.wire)
}

/// The length in characters.
fn length(text: &str) -> usize {
    text.chars().count()
}

/// Escapes the characters that are special in Markdown and its tables; code spans stay code spans.
/// The result is [one line](OneLine).
pub fn escape(text: &str) -> String {
    // Several backticks in a row would delimit a code span of another kind.
    let mut rest = OneLine(text).to_string().replace("``", "''");
    let mut escaped = String::new();
    while let Some((before, after)) = rest.split_once('`') {
        escape_plain(before, &mut escaped);
        match after.split_once('`') {
            Some((span, after)) => {
                escaped.push_str(&code(span));
                rest = after.to_owned();
            }
            None => {
                escaped.push('\'');
                rest = after.to_owned();
            }
        }
    }
    escape_plain(&rest, &mut escaped);
    escaped
}

/// Escapes text without code spans.
fn escape_plain(text: &str, escaped: &mut String) {
    for character in text.chars() {
        match character {
            '|' | '<' | '>' | '@' | '&' => {
                let _ = write!(escaped, "&#{};", u32::from(character));
                continue;
            }
            '*' | '_' | '[' | ']' | '#' | '\\' | '~' => escaped.push('\\'),
            _ => {}
        }
        escaped.push(character);
    }
}

/// A code span on [one line](OneLine). Replaces backticks, which would end it, and bars, which
/// would end a table cell.
pub fn code(text: &str) -> String {
    let text = OneLine(text).to_string().replace('`', "'").replace('|', "¦");
    // Two backticks without text between them would delimit a longer code span.
    format!("`{}`", if text.is_empty() { " " } else { &text })
}

/// A fenced code block with an info string. The fence is longer than any of the text (CommonMark
/// 0.31, section 4.5).
pub fn fenced(info: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{info}\n{text}{end}{fence}\n")
}
