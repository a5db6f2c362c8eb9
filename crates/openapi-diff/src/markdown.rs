//! A report in Markdown, for the description of a pull request.

use std::fmt::Write;

use crate::{
    report::{Change, Report},
    rules::Severity,
    text,
};

/// Services that show pull requests cut longer descriptions off.
pub const LIMIT: usize = 60_000;

/// How much of a message is shown.
const MESSAGE: usize = 240;

/// The report: a summary, a table for each verdict, details folded. Never longer than [`LIMIT`]
/// characters less `reserved` ones, for what stands beside it.
pub fn render(report: &Report, reserved: usize) -> String {
    let limit = LIMIT.saturating_sub(reserved);
    let rust = match cfg!(feature = "rust") {
        true => format!(", rust: {}", report.rust()),
        false => String::new(),
    };
    let mut markdown = format!("**wire: {}{rust}**\n", report.wire());
    if report.changes.is_empty() {
        markdown.push_str("\nNo changes.\n");
        return markdown;
    }
    // Room for the details' frame and for what says that something was left out.
    const FRAME: usize = 400;
    let mut left_out = 0;
    for (severity, meaning) in [
        (Severity::Major, "breaks something"),
        (Severity::Minor, "adds or deprecates"),
        (Severity::Patch, "documentation only"),
        (Severity::None, "of no consequence"),
    ] {
        let changes: Vec<&Change> = report
            .changes
            .iter()
            .filter(|change| change.wire.max(change.rust) == severity)
            .collect();
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
        for change in changes {
            let row = row(change);
            if length(&markdown) + length(&row) + FRAME > limit {
                left_out += 1;
            } else {
                markdown.push_str(&row);
            }
        }
        markdown.push_str(close);
    }
    if left_out > 0 {
        let _ = write!(
            markdown,
            "\n{left_out} more changes don't fit here: `--format text` shows them all.\n"
        );
        return markdown;
    }
    details(&mut markdown, report, limit, FRAME);
    markdown
}

/// Rules, values and places, as far as there is room.
fn details(markdown: &mut String, report: &Report, limit: usize, frame: usize) {
    markdown.push_str("\n<details><summary>Values and places</summary>\n\n");
    let mut left_out = 0;
    for change in &report.changes {
        let mut entry = format!(
            "- `{}`: {}",
            change.rule.name,
            escaped(&text::shortened(&change.message, MESSAGE))
        );
        if change.was.is_some() || change.is.is_some() {
            let shown = |value: &Option<String>| match value {
                Some(value) => code(&text::short(value)),
                None => "—".to_owned(),
            };
            let _ = write!(entry, ": {} → {}", shown(&change.was), shown(&change.is));
        }
        for (side, place) in [("old", &change.old), ("new", &change.new)] {
            if let Some(place) = place {
                let _ = write!(entry, "<br>{side} {}", code(&place.to_string()));
            }
        }
        entry.push('\n');
        if length(markdown) + length(&entry) + frame > limit {
            left_out += 1;
        } else {
            markdown.push_str(&entry);
        }
    }
    if left_out > 0 {
        let _ = writeln!(markdown, "- … and {left_out} more");
    }
    markdown.push_str("\n</details>\n");
}

fn row(change: &Change) -> String {
    let operations = match change.operations.as_slice() {
        [] => String::new(),
        [one] => code(one),
        _ => escaped(&text::shortened(&text::operations(change, 3), MESSAGE)),
    };
    let rust = match cfg!(feature = "rust") {
        true => format!(" {} |", change.rust),
        false => String::new(),
    };
    let message = escaped(&text::shortened(&change.message, MESSAGE));
    format!("| {} |{rust} {message} | {operations} |\n", change.wire)
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Text that Markdown and tables leave alone; code spans stay what they are.
pub fn escaped(text: &str) -> String {
    // Longer runs of backticks open spans of another kind, which aren't ours.
    let mut rest = text.replace("``", "''");
    let mut escaped = String::new();
    while let Some((before, after)) = rest.split_once('`') {
        plain(before, &mut escaped);
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
    plain(&rest, &mut escaped);
    escaped
}

fn plain(text: &str, escaped: &mut String) {
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

/// A code span, which ends nowhere but at its end; a bar would end the cell of a table.
pub fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace('|', "¦"))
}
