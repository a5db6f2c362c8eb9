//! Comparison of the fragment on a page with the document.

use openapi_diff::{self as diff, Change, OperationSummary, rules};
use openapi_document::Pointer;
use serde_json::Value;

use super::{
    dangling::{Dangling, DanglingReferences},
    excerpt::bounded,
    finding::{Finding, finding_kind},
    fragment::Fragment,
    wording::Wording,
};

/// The differences between an operation of the document and the one that a page shows.
pub(super) fn compare(
    page: &str,
    fragment: &Fragment,
    shown: &OperationSummary,
    spec: &Value,
    operation: &OperationSummary,
    prose: bool,
) -> Vec<Finding> {
    let docs = fragment.root();
    let dangling = DanglingReferences::new(fragment.document());
    let report = diff::compare_operation((spec, operation), (docs, shown));
    let changes: Vec<&Change> = report
        .changes
        .iter()
        .filter(|change| is_relevant(change, prose))
        .filter(|change| !dangling.cause(change, docs))
        .collect();
    let root = Pointer::root();
    let locations = |change: &&Change| {
        let of_document = change.old_location.as_ref().or(change.old_pointer.as_ref());
        let of_page = change.new_location.as_ref().or(change.new_pointer.as_ref());
        (of_document.unwrap_or(&root).clone(), of_page.unwrap_or(&root).clone())
    };
    let locations: Vec<(Pointer, Pointer)> = changes.iter().map(locations).collect();
    let of_page = locations.iter().map(|(_, docs)| docs);
    let lines =
        fragment.lines(of_page.chain(dangling.targets.iter().map(|dangling| &dangling.location)));
    let finding = |(change, (spec_location, docs_location)): (&Change, &(Pointer, Pointer))| {
        let wording = Wording::new(change, (spec, docs), (spec_location, docs_location));
        let subject = wording.subject();
        let message = wording.message(&subject);
        let (spec_value, docs_value) = bounded(wording.values.0, wording.values.1);
        Finding {
            page: page.to_owned(),
            operation: Some(operation.id.clone()),
            pointer: spec_location.to_string(),
            kind: finding_kind(change.rule.name),
            spec: spec_value,
            docs: docs_value,
            message,
            docs_pointer: Some(docs_location.to_string()),
            line: Some(lines.line(docs_location)),
            subject,
            other_page: None,
        }
    };
    let mut findings: Vec<Finding> = changes.into_iter().zip(&locations).map(finding).collect();
    let referred = dangling.targets.iter().filter(|dangling| dangling.count > 0);
    findings.extend(referred.map(|dangling| {
        let line = lines.line(&dangling.location);
        dangling_finding(page, operation, dangling, spec, line)
    }));
    findings
}

/// The finding for a reference to something that the page doesn't show.
fn dangling_finding(
    page: &str,
    operation: &OperationSummary,
    dangling: &Dangling,
    spec: &Value,
    line: usize,
) -> Finding {
    let target = dangling.target.as_ref();
    let in_document = target.is_some_and(|target| target.resolve(spec).is_some());
    let subject = match target.map(Pointer::segments) {
        Some([components, kind, name]) if components == "components" => {
            format!("{} `{name}`", kind.strip_suffix('s').unwrap_or(kind))
        }
        _ => format!("reference `{}`", dangling.reference),
    };
    let uses = match dangling.count {
        1 => "a reference".to_owned(),
        count => format!("{count} references"),
    };
    let document = if in_document { "the document has it" } else { "nor is it in the document" };
    let message = format!("{subject}: not on the page, which has {uses} to it; {document}");
    let mut finding = Finding::new(page, "reference-unresolved", Some(line), message);
    // What the document lacks belongs into the nearest part that it has.
    let mut pointer = target.cloned();
    while let Some(parent) = pointer.as_ref().filter(|pointer| pointer.resolve(spec).is_none()) {
        pointer = parent.parent();
    }
    finding.pointer = pointer.unwrap_or_default().to_string();
    finding.docs = Some(dangling.reference.clone());
    finding.docs_pointer = Some(dangling.location.to_string());
    finding.subject = subject;
    finding.with_operation(&operation.id)
}

/// Whether a change is reported: prose only on request, names of schemas and tags never.
fn is_relevant(change: &Change, prose: bool) -> bool {
    let is_prose = change.rule.name.ends_with("prose-changed");
    let is_name =
        [rules::SCHEMA_RENAMED, rules::SCHEMA_MOVED, rules::TYPE_RENAMED].contains(&change.rule);
    let is_tags = is_prose && change.pointer().ends_with("/tags");
    !is_name && !is_tags && (prose || !is_prose)
}
