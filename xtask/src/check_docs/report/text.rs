//! The report as text: each fact once, first those that operations share, then those of one page.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::{
    facts::{Fact, Scope, by_scope, facts},
    groups::{Group, groups},
    summary::{compared, count, kinds, summary},
};
use crate::check_docs::check_report::{CheckReport, list};

/// The number of pages that are listed for a fact that more pages share.
const LISTED_PAGES: usize = 6;

/// The number of pages without an operation that are listed.
const LISTED_OTHERS: usize = 10;

/// The width of wrapped lines.
const WIDTH: usize = 100;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Renders a report with styles for a terminal.
pub(super) fn render(report: &CheckReport, complete: bool) -> String {
    let mut text = String::new();
    let facts = facts(&report.findings);
    let number = facts.len();
    let is_shared = |fact: &Fact| !matches!(fact.scope(), Scope::Operation | Scope::Page);
    let (shared, others): (Vec<Fact>, Vec<Fact>) = facts.into_iter().partition(is_shared);
    let is_repeated = |fact: &Fact| fact.findings.len() > 1;
    let (repeated, single): (Vec<Fact>, Vec<Fact>) = others.into_iter().partition(is_repeated);
    let maximum = if complete { usize::MAX } else { LISTED_PAGES };
    write_shared(&mut text, shared, report, maximum);
    write_repeated(&mut text, repeated);
    // Operations without a page are listed by their ids.
    let is_listed = |fact: &Fact| fact.example().kind == "operation-missing-in-docs";
    let single = single.into_iter().filter(|fact| !is_listed(fact)).collect();
    write_pages(&mut text, single, &report.document);
    write_undocumented(&mut text, report, complete);
    write_remarks(&mut text, report, complete);
    if number < report.findings.len() {
        let findings = count(report.findings.len(), "finding");
        let _ = writeln!(text, "{findings} of {}", count(number, "fact"));
    }
    let kinds = kinds(report).into_iter().map(|(kind, number)| format!("{number} {kind}"));
    write_wrapped(&mut text, "", kinds);
    let _ = writeln!(text, "{}", compared(report));
    text + &summary(report) + "\n"
}

/// Writes the facts of security, servers and components, each part of the document once.
fn write_shared(text: &mut String, facts: Vec<Fact>, report: &CheckReport, maximum: usize) {
    let (pages, document) = (report.pages, &report.document);
    for (scope, facts) in by_scope(facts) {
        let _ = writeln!(text, "{BOLD}{scope}{BOLD:#}");
        for group in groups(facts, &scope) {
            write_message(text, &group.example().kind, &group.message);
            write_places(text, &group, pages, maximum);
            write_document_line(text, &group, document);
            write_pointer(text, "document:", &group.pointer());
        }
        text.push('\n');
    }
}

/// Writes the facts that several pages have in common without a shared part of the document.
fn write_repeated(text: &mut String, facts: Vec<Fact>) {
    if facts.is_empty() {
        return;
    }
    let _ = writeln!(text, "{BOLD}several pages{BOLD:#}");
    for fact in facts {
        let group = Group::from(fact);
        write_message(text, &group.example().kind, &group.message);
        // The pages are what such a fact is about.
        write_places(text, &group, 0, usize::MAX);
    }
    text.push('\n');
}

/// Writes the facts of one page each, by page.
fn write_pages(text: &mut String, facts: Vec<Fact>, document: &str) {
    for facts in facts.chunk_by(|one, other| one.example().page == other.example().page) {
        let finding = facts[0].example();
        let operation = facts.iter().find_map(|fact| fact.example().operation.as_ref());
        let _ = match (finding.page.as_str(), operation) {
            ("", _) => writeln!(text, "{BOLD}{document}{BOLD:#}"),
            (page, Some(operation)) => writeln!(text, "{BOLD}{page}{BOLD:#}  {operation}"),
            (page, None) => writeln!(text, "{BOLD}{page}{BOLD:#}"),
        };
        for group in groups(facts.to_vec(), &Scope::Page) {
            write_message(text, &group.example().kind, &group.message);
            write_places(text, &group, 0, usize::MAX);
            write_document_line(text, &group, document);
            let (pointer, docs_pointer) = (group.pointer(), group.docs_pointer());
            write_pointer(text, "document:", &pointer);
            if let Some(docs_pointer) = docs_pointer.filter(|docs| *docs != pointer) {
                write_pointer(text, "page:    ", &docs_pointer);
            }
        }
        text.push('\n');
    }
}

/// Writes the kind and the message of a fact.
fn write_message(text: &mut String, kind: &str, message: &str) {
    let red = AnsiColor::Red.on_default();
    let _ = writeln!(text, "  {red}{kind}{red:#}: {message}");
}

/// Writes the pages of a fact with their lines: all, or so many of all that were compared.
fn write_places(text: &mut String, group: &Group, all: usize, maximum: usize) {
    let pages = group.pages();
    let place = |(page, line): &(&str, Option<usize>)| match line {
        Some(line) => format!("{page}:{line}"),
        None => (*page).to_owned(),
    };
    let shown = pages.iter().filter(|(page, _)| !page.is_empty()).take(maximum).map(place);
    let more = match pages.len().saturating_sub(maximum) {
        0 => None,
        _ if pages.len() == all => Some(format!("all {all} pages")),
        more => Some(format!("{more} more")),
    };
    let mut places = String::new();
    write_wrapped(&mut places, "          ", shown.chain(more));
    if let Some(rest) = places.strip_prefix("          ") {
        let _ = writeln!(text, "      {DIM}--> {}{DIM:#}", rest.trim_end());
    }
}

/// Writes the line of a finding in the document.
fn write_document_line(text: &mut String, group: &Group, document: &str) {
    if let (true, Some(line)) = (group.example().page.is_empty(), group.example().line) {
        let _ = writeln!(text, "      {DIM}--> {document}:{line}{DIM:#}");
    }
}

/// Writes a pointer, if there is one.
fn write_pointer(text: &mut String, side: &str, pointer: &str) {
    if !pointer.is_empty() {
        let _ = writeln!(text, "      {DIM}{side} {pointer}{DIM:#}");
    }
}

/// Writes the operations without a page, or how many there are.
fn write_undocumented(text: &mut String, report: &CheckReport, complete: bool) {
    if report.undocumented.is_empty() {
        return;
    }
    if !complete {
        let operations = count(report.undocumented.len(), "operation");
        let _ = writeln!(text, "{operations} without a page; `--complete` lists them");
        return;
    }
    let _ = writeln!(text, "{BOLD}operations without a page{BOLD:#}");
    for (id, deprecated) in &report.undocumented {
        let _ = writeln!(text, "  {id}{}", if *deprecated { " (deprecated)" } else { "" });
    }
    text.push('\n');
}

/// Writes what isn't a finding: pages without an operation and pages of other documents.
fn write_remarks(text: &mut String, report: &CheckReport, complete: bool) {
    let others = &report.without_operation;
    if !others.is_empty() {
        let maximum = if complete { usize::MAX } else { LISTED_OTHERS };
        let pages = count(others.len(), "page");
        let _ = writeln!(text, "{pages} without an operation: {}", list(others, maximum));
    }
    for (document, pages) in &report.other_documents {
        let _ = writeln!(text, "{} of another document: {document}", count(*pages, "page"));
    }
}

/// Writes items separated by commas, in lines that begin with an indentation.
fn write_wrapped(text: &mut String, indentation: &str, items: impl Iterator<Item = String>) {
    let mut line = String::new();
    for item in items {
        let is_full = indentation.len() + line.chars().count() + item.chars().count() + 2 > WIDTH;
        if !line.is_empty() && is_full {
            let _ = writeln!(text, "{indentation}{line},");
            line.clear();
        }
        if !line.is_empty() {
            line.push_str(", ");
        }
        line.push_str(&item);
    }
    if !line.is_empty() {
        let _ = writeln!(text, "{indentation}{line}");
    }
}
