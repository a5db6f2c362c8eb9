//! A report for the terminal, in the manner of a compiler.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};

use crate::{
    report::{Change, Report},
    rules::{self, Severity},
};

/// How much of a value is shown.
const WIDTH: usize = 72;

/// The report, with colours; `anstream` takes them away where they don't belong.
pub fn render(report: &Report) -> String {
    let mut text = String::new();
    let mut sections: Vec<(String, Vec<&Change>)> = Vec::new();
    for change in &report.changes {
        let title = title(report, change);
        match sections.iter_mut().find(|(known, _)| *known == title) {
            Some((_, changes)) => changes.push(change),
            None => sections.push((title, vec![change])),
        }
    }
    for (title, changes) in sections {
        let _ = writeln!(text, "{}", styled(Style::new().bold().underline(), title));
        let mut last: Option<&Change> = None;
        for change in changes {
            let _ = match last.is_some_and(|last| is_beside(last, change)) {
                true => write_beside(&mut text, change),
                false => write_change(&mut text, change),
            };
            last = Some(change);
        }
        text.push('\n');
    }
    text + &summary(report) + "\n"
}

/// The section that a change stands in.
fn title(report: &Report, change: &Change) -> String {
    match change.operations.as_slice() {
        _ if change.rule == rules::OPERATION_ADDED => "New operations".to_owned(),
        _ if change.rule == rules::OPERATION_REMOVED => "Operations that are gone".to_owned(),
        [] => "The document".to_owned(),
        [id] => match report.places.get(id) {
            Some(place) if place != id => format!("{id}  {place}"),
            _ => id.clone(),
        },
        _ => "Several operations".to_owned(),
    }
}

/// Whether a change says the same of another operation, or of another part of the same schema.
fn is_beside(last: &Change, change: &Change) -> bool {
    let whole = [rules::OPERATION_ADDED, rules::OPERATION_REMOVED].contains(&change.rule);
    let same_parent = match (&change.was, &change.is) {
        (None, Some(_)) => last.was.is_none() && last.old == change.old,
        (Some(_), None) => last.is.is_none() && last.new == change.new,
        _ => false,
    };
    last.rule == change.rule && (whole || same_parent && last.operations == change.operations)
}

/// Counts and verdicts in one line.
pub fn summary(report: &Report) -> String {
    let count = |severity| {
        report.changes.iter().filter(|change| change.wire.max(change.rust) == severity).count()
    };
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
    format!("{wire}, rust: {}", styled(style(report.rust()), report.rust()))
}

/// All rules with their severities and why they have them.
pub fn rules() -> String {
    let mut text = String::new();
    for rule in rules::ALL {
        let _ = write!(
            text,
            "{}\n    wire {}",
            styled(Style::new().bold(), rule.name),
            styled(style(rule.wire), rule.wire)
        );
        if cfg!(feature = "rust") {
            let _ = write!(text, ", rust {}", styled(style(rule.rust), rule.rust));
        }
        let _ = writeln!(text, "\n    {}\n", rule.why);
    }
    let _ = writeln!(text, "{} rules", rules::ALL.len());
    text
}

fn write_change(text: &mut String, change: &Change) -> fmt::Result {
    let worst = change.wire.max(change.rust);
    let label = styled(style(worst).bold(), format!("{worst}[{}]", change.rule.name));
    let mut means = format!("wire {}", change.wire);
    if cfg!(feature = "rust") {
        let _ = write!(means, ", rust {}", change.rust);
    }
    if change.operations.len() > 1 {
        let _ = write!(means, "; {}", operations(change, 3));
    }
    if [rules::OPERATION_ADDED, rules::OPERATION_REMOVED].contains(&change.rule) {
        writeln!(text, "  {label}: {means}")?;
        return write_beside(text, change);
    }
    writeln!(text, "  {label}: {}", change.message)?;
    writeln!(text, "      {means}")?;
    if change.was.is_some() || change.is.is_some() {
        writeln!(text, "      {}", values(change))?;
    }
    for (side, place) in [("old", &change.old), ("new", &change.new)] {
        if let Some(place) = place {
            writeln!(text, "      {}", styled(Style::new().dimmed(), format!("{side} {place}")))?;
        }
    }
    Ok(())
}

/// A change that has most in common with the one before.
fn write_beside(text: &mut String, change: &Change) -> fmt::Result {
    if let ([id], true) = (change.operations.as_slice(), change.rule.name.starts_with("operation-"))
    {
        let place = change.is.as_ref().or(change.was.as_ref()).filter(|place| *place != id);
        return writeln!(text, "      {id}  {}", place.map_or("", String::as_str));
    }
    writeln!(text, "      also {}: {}", change.message, values(change))
}

/// Old and new value.
fn values(change: &Change) -> String {
    let shown = |value: &Option<String>| value.as_deref().map_or("—".to_owned(), short);
    format!("{} → {}", shown(&change.was), shown(&change.is))
}

/// How many operations, and the first few.
pub(crate) fn operations(change: &Change, few: usize) -> String {
    let count = change.operations.len();
    let first = change.operations.iter().take(few).cloned().collect::<Vec<_>>().join(", ");
    let more = if count > few { ", …" } else { "" };
    format!("{count} operations: {first}{more}")
}

/// A value in one line of bounded length.
pub fn short(value: &str) -> String {
    shortened(value, WIDTH)
}

/// A text in one line of at most so many characters.
pub(crate) fn shortened(text: &str, width: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= width {
        return line;
    }
    line.chars().take(width).collect::<String>() + "…"
}

fn style(severity: Severity) -> Style {
    let color = match severity {
        Severity::Major => AnsiColor::Red,
        Severity::Minor => AnsiColor::Yellow,
        Severity::Patch => AnsiColor::Cyan,
        Severity::None => AnsiColor::Green,
    };
    color.on_default()
}

fn styled(style: Style, text: impl fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}
