//! The report of `check-docs` as text, JSON and Markdown.

use std::{collections::BTreeMap, fmt::Write};

use anstyle::{AnsiColor, Style};
use openapi_diff::{
    cli::Format,
    markdown::{code, escape},
    text::truncate_value,
};
use openapi_document::OneLine;
use serde_json::json;

use super::{check_report::CheckReport, finding::Finding};

/// Renders the report. With `complete`, undocumented operations are findings.
pub(super) fn render(report: &CheckReport, complete: bool, format: Format) -> String {
    match format {
        Format::Text => text(report),
        Format::Json => json(report),
        Format::Markdown => markdown(report, complete),
    }
}

/// The counts, in one line.
fn summary(report: &CheckReport) -> String {
    let covered = report.operations - report.undocumented.len();
    format!(
        "{} of this document, {} matching; {covered} of {} covered; {}",
        count(report.pages, "page"),
        report.matching,
        count(report.operations, "operation"),
        count(report.findings.len(), "finding"),
    )
}

/// A number with a noun, in the plural unless it is 1.
fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The number of findings of each kind.
fn kinds(report: &CheckReport) -> BTreeMap<&str, usize> {
    let mut kinds = BTreeMap::new();
    for finding in &report.findings {
        *kinds.entry(finding.kind.as_str()).or_default() += 1;
    }
    kinds
}

/// The findings grouped by page, in order.
fn by_page(report: &CheckReport) -> Vec<(&str, Vec<&Finding>)> {
    let mut pages: Vec<(&str, Vec<&Finding>)> = Vec::new();
    for finding in &report.findings {
        match pages.last_mut().filter(|(page, _)| *page == finding.page) {
            Some((_, findings)) => findings.push(finding),
            None => pages.push((&finding.page, vec![finding])),
        }
    }
    pages
}

/// Renders text with styles for a terminal.
fn text(report: &CheckReport) -> String {
    let mut text = String::new();
    let bold = Style::new().bold();
    let (red, dim) = (AnsiColor::Red.on_default(), Style::new().dimmed());
    for (page, findings) in by_page(report) {
        let operation = findings.iter().find_map(|finding| finding.operation.as_deref());
        let operation = operation.map(|id| format!("  {}", OneLine(id))).unwrap_or_default();
        let page = OneLine(page);
        if !page.0.is_empty() {
            let _ = writeln!(text, "{bold}{page}{bold:#}{operation}");
        }
        for finding in findings {
            let line = finding.line.map(|line| format!(":{line}")).unwrap_or_default();
            let _ = writeln!(text, "  {red}{}{red:#}: {}", finding.kind, OneLine(&finding.message));
            if !page.0.is_empty() {
                let _ = writeln!(text, "      {dim}--> {page}{line}{dim:#}");
            }
            if !finding.pointer.is_empty() {
                let _ = writeln!(text, "      {dim}document: {}{dim:#}", OneLine(&finding.pointer));
            }
            if let Some(pointer) = &finding.docs_pointer {
                let _ = writeln!(text, "      {dim}page:     {}{dim:#}", OneLine(pointer));
            }
        }
        text.push('\n');
    }
    if !report.undocumented.is_empty() {
        let _ = writeln!(text, "{bold}operations without a page{bold:#}");
        for (id, deprecated) in &report.undocumented {
            let _ = writeln!(
                text,
                "  {}{}",
                OneLine(id),
                if *deprecated { " (deprecated)" } else { "" }
            );
        }
        text.push('\n');
    }
    for (document, pages) in &report.other_documents {
        let _ =
            writeln!(text, "{} of another document: {}", count(*pages, "page"), OneLine(document));
    }
    for (kind, number) in kinds(report) {
        let _ = writeln!(text, "{number} {kind}");
    }
    text + &summary(report) + "\n"
}

fn json(report: &CheckReport) -> String {
    let undocumented: Vec<&str> = report.undocumented.iter().map(|(id, _)| id.as_str()).collect();
    let json = json!({
        "pages": report.pages,
        "matching": report.matching,
        "other_documents": report.other_documents,
        "undocumented": undocumented,
        "findings": report.findings,
    });
    format!("{json:#}\n")
}

fn markdown(report: &CheckReport, complete: bool) -> String {
    let mut text =
        format!("# Documentation compared with the OpenAPI document\n\n{}.\n", summary(report));
    if !report.findings.is_empty() {
        text.push_str("\n| findings | kind |\n| --- | --- |\n");
        for (kind, number) in kinds(report) {
            let _ = writeln!(text, "| {number} | {kind} |");
        }
    }
    for (page, findings) in by_page(report) {
        let _ = write!(text, "\n## {}\n\n", escape(page));
        for finding in findings {
            let line = finding.line.map(|line| format!("line {line}: ")).unwrap_or_default();
            let _ = writeln!(text, "- [ ] {line}{} ({})", escape(&finding.message), finding.kind);
            for (side, value) in [("document", &finding.spec), ("page", &finding.docs)] {
                if let Some(value) = value {
                    let _ = writeln!(text, "  - {side}: {}", code(&truncate_value(value)));
                }
            }
            if !finding.pointer.is_empty() {
                let _ = writeln!(text, "  - {}", code(&finding.pointer));
            }
        }
    }
    if !report.undocumented.is_empty() {
        text.push_str("\n## Operations without a page\n\n");
        let mark = if complete { "- [ ] " } else { "- " };
        for (id, deprecated) in &report.undocumented {
            let deprecated = if *deprecated { " (deprecated)" } else { "" };
            let _ = writeln!(text, "{mark}{}{deprecated}", code(id));
        }
    }
    if !report.other_documents.is_empty() {
        text.push_str("\n## Pages of other documents\n\n");
        for (document, pages) in &report.other_documents {
            let _ = writeln!(text, "- {}: {pages}", code(document));
        }
    }
    text
}
