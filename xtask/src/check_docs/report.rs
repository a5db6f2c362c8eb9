//! What `check-docs` says.

use std::{collections::BTreeMap, fmt::Write};

use anstyle::{AnsiColor, Style};
use openapi_diff::{
    cli::Format,
    markdown::{code, escaped},
    text::short,
};
use serde_json::json;

use super::{check::Checked, finding::Finding};

pub(super) fn rendered(checked: &Checked, complete: bool, format: Format) -> String {
    match format {
        Format::Text => text(checked, complete),
        Format::Json => json(checked),
        Format::Markdown => markdown(checked, complete),
    }
}

/// The counts in a line.
fn summary(checked: &Checked) -> String {
    let covered = checked.operations - checked.undocumented.len();
    format!(
        "{} of this document, {} matching; {covered} of {} covered; {}",
        count(checked.pages, "page"),
        checked.matching,
        count(checked.operations, "operation"),
        count(checked.findings.len(), "finding"),
    )
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn kinds(checked: &Checked) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for finding in &checked.findings {
        *kinds.entry(finding.kind.as_str()).or_default() += 1;
    }
    kinds
}

fn by_page(checked: &Checked) -> Vec<(&str, Vec<&Finding>)> {
    let mut pages: Vec<(&str, Vec<&Finding>)> = Vec::new();
    for finding in &checked.findings {
        match pages.last_mut().filter(|(page, _)| *page == finding.page) {
            Some((_, findings)) => findings.push(finding),
            None => pages.push((&finding.page, vec![finding])),
        }
    }
    pages
}

fn text(checked: &Checked, complete: bool) -> String {
    let mut text = String::new();
    let bold = Style::new().bold();
    let (red, dim) = (AnsiColor::Red.on_default(), Style::new().dimmed());
    for (page, findings) in by_page(checked) {
        let operation = findings.iter().find_map(|finding| finding.operation.as_deref());
        let operation = operation.map(|id| format!("  {id}")).unwrap_or_default();
        let _ = writeln!(text, "{bold}{page}{bold:#}{operation}");
        for finding in findings {
            let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
            let _ = writeln!(text, "  {red}{}{red:#}: {}", finding.kind, finding.message);
            let _ = writeln!(text, "      {dim}{page}{line}{dim:#}");
            if !finding.pointer.is_empty() {
                let _ = writeln!(text, "      {dim}document {}{dim:#}", finding.pointer);
            }
            if let Some(place) = &finding.docs_pointer {
                let _ = writeln!(text, "      {dim}page     {place}{dim:#}");
            }
        }
        text.push('\n');
    }
    if !checked.undocumented.is_empty() {
        let label = if complete { "operations without a page" } else { "without a page" };
        let _ = writeln!(text, "{bold}{label}{bold:#}");
        for (id, deprecated) in &checked.undocumented {
            let _ = writeln!(text, "  {id}{}", if *deprecated { " (deprecated)" } else { "" });
        }
        text.push('\n');
    }
    for (document, pages) in &checked.other_documents {
        let _ = writeln!(text, "{} of another document, {document}", count(*pages, "page"));
    }
    for (kind, number) in kinds(checked) {
        let _ = writeln!(text, "{number} {kind}");
    }
    text + &summary(checked) + "\n"
}

fn json(checked: &Checked) -> String {
    let undocumented: Vec<&str> = checked.undocumented.iter().map(|(id, _)| id.as_str()).collect();
    let json = json!({
        "pages": checked.pages,
        "matching": checked.matching,
        "other_documents": checked.other_documents,
        "undocumented": undocumented,
        "findings": checked.findings,
    });
    format!("{json:#}\n")
}

fn markdown(checked: &Checked, complete: bool) -> String {
    let mut text = format!("# Documentation against the document\n\n{}.\n", summary(checked));
    if !checked.findings.is_empty() {
        text.push_str("\n| findings | of the kind |\n| --- | --- |\n");
        for (kind, number) in kinds(checked) {
            let _ = writeln!(text, "| {number} | {kind} |");
        }
    }
    for (page, findings) in by_page(checked) {
        let _ = write!(text, "\n## {page}\n\n");
        for finding in findings {
            let line = finding.line.map(|line| format!("line {line}: ")).unwrap_or_default();
            let _ = writeln!(
                text,
                "- [ ] {line}{} ({})",
                escaped(&finding.message.replace('\n', " ")),
                finding.kind
            );
            for (side, value) in [("document", &finding.spec), ("page", &finding.docs)] {
                if let Some(value) = value {
                    let _ = writeln!(text, "  - {side}: {}", code(&short(value)));
                }
            }
            if !finding.pointer.is_empty() {
                let _ = writeln!(text, "  - {}", code(&finding.pointer));
            }
        }
    }
    if !checked.undocumented.is_empty() {
        text.push_str("\n## Operations without a page\n\n");
        let mark = if complete { "- [ ] " } else { "- " };
        for (id, deprecated) in &checked.undocumented {
            let deprecated = if *deprecated { " (deprecated)" } else { "" };
            let _ = writeln!(text, "{mark}{}{deprecated}", code(id));
        }
    }
    if !checked.other_documents.is_empty() {
        text.push_str("\n## Pages of other documents\n\n");
        for (document, pages) in &checked.other_documents {
            let _ = writeln!(text, "- {}: {pages}", code(document));
        }
    }
    text
}
