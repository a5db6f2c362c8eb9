//! Reports as text for the terminal, in the style of compiler diagnostics.

use std::{
    collections::HashMap,
    fmt::{self, Write},
};

use anstyle::{AnsiColor, Style};
use openapi_document::OneLine;

use crate::{
    prose::{self, Entry},
    report::{Change, Report},
    rules::{self, Severity},
};

/// The maximum width of a value, in characters.
const VALUE_WIDTH: usize = 72;

/// The maximum length of the line for changes of documentation, in characters.
const PROSE_WIDTH: usize = 400;

/// Renders a report with ANSI colours, which `anstream` strips where they aren't supported.
pub fn render(report: &Report) -> String {
    let mut text = String::new();
    let mut sections: Vec<(String, Vec<&Change>)> = Vec::new();
    let mut positions: HashMap<(Severity, String), usize> = HashMap::new();
    // The most severe first, whatever operation they are of.
    for change in &report.changes {
        let title = section_title(report, change);
        let key = (change.severity(), title.clone());
        let position = *positions.entry(key).or_insert(sections.len());
        if position == sections.len() {
            sections.push((title, Vec::new()));
        }
        sections[position].1.push(change);
    }
    for (title, changes) in sections {
        let _ = writeln!(text, "{}", styled(Style::new().bold().underline(), title));
        let mut last: Option<&Change> = None;
        for entry in prose::fold(changes) {
            let _ = match entry {
                Entry::Prose(changes) => write_prose(&mut text, &changes),
                Entry::Change(change) => {
                    let is_continuation = last.is_some_and(|last| is_continuation(last, change));
                    last = Some(change);
                    match is_continuation {
                        true => write_continuation(&mut text, change),
                        false => write_change(&mut text, change),
                    }
                }
            };
        }
        text.push('\n');
    }
    if !report.successors.is_empty() {
        let title = "Successors of deprecated operations";
        let _ = writeln!(text, "{}", styled(Style::new().bold().underline(), title));
        for one in &report.successors {
            let score = one.score.map(|score| format!("  proposed, {score} %"));
            let (old, new) = (OneLine(&one.operation), OneLine(&one.successor));
            let _ = writeln!(text, "  {old} → {new}{}", score.unwrap_or_default());
        }
        text.push('\n');
    }
    text + &summary(report) + "\n"
}

/// The title of the section that a change belongs to.
fn section_title(report: &Report, change: &Change) -> String {
    match change.operations.as_slice() {
        _ if change.rule == rules::OPERATION_ADDED => "Added operations".to_owned(),
        _ if change.rule == rules::OPERATION_REMOVED => "Removed operations".to_owned(),
        [] => "Document".to_owned(),
        [id] => match report.operations.get(id) {
            Some(method_and_path) if method_and_path != id => {
                format!("{}  {}", OneLine(id), OneLine(method_and_path))
            }
            _ => OneLine(id).to_string(),
        },
        _ => "Multiple operations".to_owned(),
    }
}

/// Whether a change is of the same kind as the last one, and of another operation or of the same
/// parent schema.
fn is_continuation(last: &Change, change: &Change) -> bool {
    let is_operation = [rules::OPERATION_ADDED, rules::OPERATION_REMOVED].contains(&change.rule);
    let same_parent = match (&change.old_value, &change.new_value) {
        (None, Some(_)) => last.old_value.is_none() && last.old_pointer == change.old_pointer,
        (Some(_), None) => last.new_value.is_none() && last.new_pointer == change.new_pointer,
        _ => false,
    };
    last.rule == change.rule
        && (is_operation || same_parent && last.operations == change.operations)
}

/// The numbers of changes and the verdicts, in one line.
pub fn summary(report: &Report) -> String {
    let count =
        |severity| report.changes.iter().filter(|change| change.severity() == severity).count();
    let counts: Vec<String> = [Severity::Major, Severity::Minor, Severity::Patch, Severity::None]
        .into_iter()
        .filter(|severity| count(*severity) > 0)
        .map(|severity| format!("{} {severity}", count(severity)))
        .collect();
    let changes = match report.changes.len() {
        0 => "no changes".to_owned(),
        1 => format!("1 change ({})", counts.join(", ")),
        n => format!("{n} changes ({})", counts.join(", ")),
    };
    let wire = format!("{changes}; wire: {}", styled(style(report.wire()), report.wire()));
    if !cfg!(feature = "rust") {
        return wire;
    }
    match &report.rust_unavailable {
        Some(reason) => format!("{wire}, rust: unknown, since {}", OneLine(reason)),
        None => format!("{wire}, rust: {}", styled(style(report.rust()), report.rust())),
    }
}

/// The maximum number of items that are listed for a change.
const MAX_ITEMS: usize = 3;

/// Renders all rules with their severities for deployed programs and explanations.
pub fn rules() -> String {
    let mut text = String::new();
    for rule in rules::ALL {
        let _ = write!(
            text,
            "{}\n    wire {}",
            styled(Style::new().bold(), rule.name),
            styled(style(rule.wire), rule.wire)
        );
        let _ = writeln!(text, "\n    {}\n", rule.explanation);
    }
    let _ = writeln!(text, "{} rules", rules::ALL.len());
    text
}

/// Writes a change with its severities, values and pointers.
fn write_change(text: &mut String, change: &Change) -> fmt::Result {
    let severity = change.severity();
    let label = styled(style(severity).bold(), format!("{severity}[{}]", change.rule.name));
    let mut verdicts = format!("wire {}", change.wire);
    if cfg!(feature = "rust") {
        let _ = write!(verdicts, ", rust {}", change.rust);
    }
    if let Some(reason) = &change.accepted {
        let _ = write!(verdicts, "; accepted: {}", OneLine(reason));
    }
    if change.operations.len() > 1 {
        let _ = write!(verdicts, "; {}", list_operations(change, 3));
    }
    if [rules::OPERATION_ADDED, rules::OPERATION_REMOVED].contains(&change.rule) {
        writeln!(text, "  {label}: {verdicts}")?;
        return write_continuation(text, change);
    }
    writeln!(text, "  {label}: {}", OneLine(&change.message))?;
    writeln!(text, "      {verdicts}")?;
    if change.old_value.is_some() || change.new_value.is_some() {
        writeln!(text, "      {}", values(change))?;
    }
    for (side, pointer) in [("old", &change.old_pointer), ("new", &change.new_pointer)] {
        if let Some(pointer) = pointer {
            writeln!(text, "      {}", styled(Style::new().dimmed(), format!("{side} {pointer}")))?;
        }
    }
    // Its own message is that of its item.
    match change.rule == rules::GENERATED_CODE_CHANGED {
        true => Ok(()),
        false => write_items(text, change),
    }
}

/// Writes changes of documentation in one line.
fn write_prose(text: &mut String, changes: &[&Change]) -> fmt::Result {
    let severity = changes[0].severity();
    let label = styled(style(severity).bold(), format!("{severity}[prose-changed]"));
    let users = match changes[0].operations.len() {
        0 | 1 => String::new(),
        _ => format!(" ({})", list_operations(changes[0], 3)),
    };
    writeln!(text, "  {label}: {}{users}", truncate(&prose::describe(changes), PROSE_WIDTH))
}

/// Writes the items of the generated client that source code can't use any more.
fn write_items(text: &mut String, change: &Change) -> fmt::Result {
    let broken = || change.items.iter().filter(|item| item.severity == Severity::Major);
    for item in broken().take(MAX_ITEMS) {
        writeln!(text, "      {}: {}", OneLine(&item.path), OneLine(&item.message))?;
    }
    match broken().count().saturating_sub(MAX_ITEMS) {
        0 => Ok(()),
        more => writeln!(text, "      and {more} more items of the client"),
    }
}

/// Writes a change in one line, without what it has in common with the last one.
fn write_continuation(text: &mut String, change: &Change) -> fmt::Result {
    if let ([id], true) = (change.operations.as_slice(), change.rule.name.starts_with("operation-"))
    {
        let method_and_path = change.new_value.as_ref().or(change.old_value.as_ref());
        let method_and_path = method_and_path.filter(|value| *value != id);
        let method_and_path = OneLine(method_and_path.map_or("", String::as_str));
        return writeln!(text, "      {}  {method_and_path}", OneLine(id));
    }
    writeln!(text, "      also {}: {}", OneLine(&change.message), values(change))
}

/// The old and the new value of a change.
fn values(change: &Change) -> String {
    let display = |value: &Option<String>| value.as_deref().map_or("—".to_owned(), truncate_value);
    format!("{} → {}", display(&change.old_value), display(&change.new_value))
}

/// The number of affected operations and the first `limit` ids.
pub(crate) fn list_operations(change: &Change, limit: usize) -> String {
    let count = change.operations.len() + change.omitted_operations;
    let first = change.operations.iter().take(limit).map(|id| OneLine(id).to_string());
    let first = first.collect::<Vec<_>>().join(", ");
    let more = if count > limit { ", …" } else { "" };
    format!("{count} operations: {first}{more}")
}

/// Truncates a value to one line of at most 72 characters, before characters that aren't safe for
/// a terminal are [escaped](OneLine).
pub fn truncate_value(value: &str) -> String {
    truncate(value, VALUE_WIDTH)
}

/// Truncates a text to one line of at most `width` characters, before escaping.
pub(crate) fn truncate(text: &str, width: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        for character in (length > 0).then_some(' ').into_iter().chain(word.chars()) {
            if length == width {
                return OneLine(&line).to_string() + "…";
            }
            line.push(character);
            length += 1;
        }
    }
    OneLine(&line).to_string()
}

/// The colour of a severity.
fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Major => AnsiColor::Red,
        Severity::Minor => AnsiColor::Yellow,
        Severity::Patch => AnsiColor::Cyan,
        Severity::None => AnsiColor::Green,
    };
    color.on_default()
}

/// A text with the escape codes of a style.
fn styled(style: Style, text: impl fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}
