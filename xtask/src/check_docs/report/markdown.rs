//! The report as Markdown: a task list, first of what several pages have in common, then by page.

use std::{collections::BTreeMap, fmt::Write};

use openapi_diff::{
    markdown::{code, escape},
    text::truncate_value,
};

use super::{
    facts::{Fact, facts},
    summary::{compared, kinds, summary},
};
use crate::check_docs::{check_report::CheckReport, finding::Finding};

/// Renders a report as Markdown.
pub(super) fn render(report: &CheckReport, complete: bool) -> String {
    let mut text = format!(
        "# Documentation compared with the OpenAPI document\n\n{}. {}.\n",
        summary(report),
        compared(report)
    );
    if !report.findings.is_empty() {
        text.push_str("\n| findings | kind |\n| --- | --- |\n");
        for (kind, number) in kinds(report) {
            let _ = writeln!(text, "| {number} | {kind} |");
        }
    }
    let (repeated, single): (Vec<Fact>, Vec<Fact>) =
        facts(&report.findings).into_iter().partition(|fact| fact.findings.len() > 1);
    if !repeated.is_empty() {
        text.push_str("\n## Several pages\n\n");
        for fact in &repeated {
            write_repeated(&mut text, fact, report);
        }
    }
    let mut last = None;
    for finding in single.iter().map(Fact::example) {
        let heading = heading(finding, report);
        if last.as_ref() != Some(&heading) {
            let _ = write!(text, "\n## {heading}\n\n");
            last = Some(heading);
        }
        let line = finding.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let _ = writeln!(text, "- [ ] {line}{}", task(&finding.message, &finding.kind));
        write_details(&mut text, finding);
    }
    if complete {
        write_others(&mut text, report);
    }
    text
}

/// The message and the kind of a finding.
fn task(message: &str, kind: &str) -> String {
    format!("{} ({kind})", escape(&message.replace('\n', " ")))
}

/// Writes a fact of several pages with links to them.
fn write_repeated(text: &mut String, fact: &Fact, report: &CheckReport) {
    let _ = writeln!(text, "- [ ] {}", task(fact.message(), &fact.example().kind));
    write_details(text, fact.example());
    let operations: BTreeMap<&str, &str> = fact
        .findings
        .iter()
        .filter_map(|finding| Some((finding.page.as_str(), finding.operation.as_deref()?)))
        .collect();
    let place = |(page, line): (&str, Option<usize>)| {
        let line = line.map(|line| format!(" line {line}")).unwrap_or_default();
        let operation = operations.get(page).map(|id| format!(" {}", code(id)));
        format!("{}{line}{}", link(page, report), operation.unwrap_or_default())
    };
    let places: Vec<String> = fact.pages().into_iter().map(place).collect();
    let _ = writeln!(text, "  - {}", places.join(", "));
}

/// Writes the values and pointers of a finding.
fn write_details(text: &mut String, finding: &Finding) {
    for (side, value) in [("document", &finding.spec), ("page", &finding.docs)] {
        if let Some(value) = value {
            let _ = writeln!(text, "  - {side}: {}", code(&truncate_value(value)));
        }
    }
    let pointers = [Some(&finding.pointer), finding.docs_pointer.as_ref()];
    let mut pointers: Vec<&String> = pointers.into_iter().flatten().collect();
    pointers.dedup();
    for pointer in pointers.into_iter().filter(|pointer| !pointer.is_empty()) {
        let _ = writeln!(text, "  - {}", code(pointer));
    }
}

/// The heading of a page: its link and its operation.
fn heading(finding: &Finding, report: &CheckReport) -> String {
    match (finding.page.as_str(), finding.kind.as_str()) {
        ("", "operation-missing-in-docs") => return "Operations without a page".to_owned(),
        ("", _) => return code(&report.document),
        _ => {}
    }
    let operation = finding.operation.as_ref().map(|id| format!(" {}", code(id)));
    format!("{}{}", link(&finding.page, report), operation.unwrap_or_default())
}

/// A link to a page, by its URL or else its path.
fn link(page: &str, report: &CheckReport) -> String {
    let target = report.links.get(page).map_or(page, String::as_str);
    format!("[{}](<{}>)", escape(page), target.replace(['<', '>', '\n'], ""))
}

/// Writes what isn't a finding: pages without an operation and pages of other documents.
fn write_others(text: &mut String, report: &CheckReport) {
    if !report.without_operation.is_empty() {
        text.push_str("\n## Pages without an operation\n\n");
        for page in &report.without_operation {
            let _ = writeln!(text, "- {}", link(page, report));
        }
    }
    if !report.other_documents.is_empty() {
        text.push_str("\n## Pages of other documents\n\n");
        for (document, pages) in &report.other_documents {
            let _ = writeln!(text, "- {}: {pages}", code(document));
        }
    }
}
