//! The report as Markdown: a task list by page. Facts of several pages are listed once before it,
//! with numbers that the tasks of the pages refer to.

use std::{collections::BTreeMap, fmt::Write};

use openapi_diff::{
    markdown::{code, escape},
    text::truncate_value,
};

use super::{
    facts::{Fact, Scope, by_scope, facts},
    groups::{Group, groups},
    summary::{compared, count, kinds, summary},
};
use crate::check_docs::{check_report::CheckReport, finding::Finding};

/// The tasks of a page.
#[derive(Default)]
struct PageTasks<'r> {
    /// The findings that no other page has.
    findings: Vec<&'r Finding>,
    /// The numbers of facts of several pages, with the lines of the page.
    shared: Vec<(usize, Option<usize>)>,
}

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
    let mut pages: BTreeMap<&str, PageTasks> = BTreeMap::new();
    for finding in single.iter().map(Fact::example) {
        pages.entry(&finding.page).or_default().findings.push(finding);
    }
    write_repeated(&mut text, repeated, &mut pages);
    // The order of the pages is that of their findings.
    for finding in &report.findings {
        if let Some(tasks) = pages.remove(finding.page.as_str()) {
            write_page(&mut text, finding, &tasks, report);
        }
    }
    if complete {
        write_others(&mut text, report);
    }
    text
}

/// Writes the facts of several pages with their numbers, which become tasks of the pages.
fn write_repeated<'r>(
    text: &mut String,
    facts: Vec<Fact<'r>>,
    pages: &mut BTreeMap<&'r str, PageTasks<'r>>,
) {
    if !facts.is_empty() {
        text.push_str("\n## Several pages\n\n");
    }
    let mut number = 0;
    for (scope, facts) in by_scope(facts) {
        let groups = match scope {
            Scope::Component(..) => groups(facts, &scope),
            _ => facts.into_iter().map(Group::from).collect(),
        };
        for group in groups {
            number += 1;
            let places = group.pages();
            let of = match group.is_list() {
                true => format!("{scope}: "),
                false => String::new(),
            };
            let task = task(&format!("{of}{}", group.message), &group.example().kind);
            let _ = writeln!(text, "{number}. {task}, {}", count(places.len(), "page"));
            write_details(text, "   ", group.example(), group.pointer(), group.is_list());
            for (page, line) in places {
                pages.entry(page).or_default().shared.push((number, line));
            }
        }
    }
}

/// Writes the tasks of a page.
fn write_page(text: &mut String, first: &Finding, tasks: &PageTasks, report: &CheckReport) {
    let operations = tasks.findings.iter().filter_map(|finding| finding.operation.as_ref());
    let operation = operations.chain(&first.operation).next();
    let operation = operation.map(|id| format!(" {}", code(id))).unwrap_or_default();
    let (undocumented, findings): (Vec<&Finding>, Vec<&Finding>) =
        tasks.findings.iter().partition(|finding| finding.kind == "operation-missing-in-docs");
    if !findings.is_empty() || !tasks.shared.is_empty() {
        let heading = match first.page.as_str() {
            "" => code(&report.document),
            page => format!("{}{operation}", link(page, report)),
        };
        let _ = write!(text, "\n## {heading}\n\n");
    }
    for finding in findings {
        let line = finding.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        let _ = writeln!(text, "- [ ] {line}{}", task(&finding.message, &finding.kind));
        write_details(text, "  ", finding, finding.pointer.clone(), false);
    }
    if !tasks.shared.is_empty() {
        let number = |(number, line): &(usize, Option<usize>)| match line {
            Some(line) => format!("{number} (line {line})"),
            None => number.to_string(),
        };
        let numbers: Vec<String> = tasks.shared.iter().map(number).collect();
        let _ = writeln!(text, "- [ ] of several pages: {}", numbers.join(", "));
    }
    if !undocumented.is_empty() {
        text.push_str("\n## Operations without a page\n\n");
        for finding in undocumented {
            let _ = writeln!(text, "- [ ] {}", task(&finding.message, &finding.kind));
        }
    }
}

/// The message and the kind of a finding.
fn task(message: &str, kind: &str) -> String {
    format!("{} ({kind})", escape(&message.replace('\n', " ")))
}

/// Writes the values and pointers of a finding; of several elements, the pointer of their list.
fn write_details(
    text: &mut String,
    indentation: &str,
    finding: &Finding,
    pointer: String,
    is_list: bool,
) {
    for (side, value) in [("document", &finding.spec), ("page", &finding.docs)] {
        if let Some(value) = value.as_ref().filter(|_| !is_list) {
            let _ = writeln!(text, "{indentation}- {side}: {}", code(&truncate_value(value)));
        }
    }
    let docs_pointer = finding.docs_pointer.clone().filter(|_| !is_list);
    let mut pointers: Vec<String> = [Some(pointer), docs_pointer].into_iter().flatten().collect();
    pointers.dedup();
    for pointer in pointers.into_iter().filter(|pointer| !pointer.is_empty()) {
        let _ = writeln!(text, "{indentation}- {}", code(&pointer));
    }
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
