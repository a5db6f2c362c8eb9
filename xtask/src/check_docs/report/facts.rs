//! The findings of a report by fact: the same difference on several pages is one fact.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    fmt,
};

use openapi_document::Pointer;

use crate::check_docs::finding::Finding;

/// A difference with all its findings, at least one, in the order of their pages.
#[derive(Clone, Debug)]
pub(super) struct Fact<'r> {
    pub(super) findings: Vec<&'r Finding>,
}

/// The part of a document that a fact is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Scope {
    Security,
    Servers,
    /// A component that operations share, such as a schema: its kind and name.
    Component(String, String),
    /// An operation.
    Operation,
    /// A page as a whole.
    Page,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Security => f.write_str("security"),
            Self::Servers => f.write_str("servers"),
            Self::Component(kind, name) => {
                write!(f, "{} `{name}`", kind.strip_suffix('s').unwrap_or(kind))
            }
            Self::Operation => f.write_str("operations"),
            Self::Page => f.write_str("pages"),
        }
    }
}

/// The facts of a report, in the order of their first findings.
pub(super) fn facts(findings: &[Finding]) -> Vec<Fact<'_>> {
    let mut facts: Vec<Fact> = Vec::new();
    let mut positions = HashMap::new();
    for finding in findings {
        let position = *positions.entry(key(finding)).or_insert(facts.len());
        match facts.get_mut(position) {
            Some(fact) => fact.findings.push(finding),
            None => facts.push(Fact { findings: vec![finding] }),
        }
    }
    facts
}

/// The key that all findings of a fact have: what differs and in what, whatever the page.
fn key(finding: &Finding) -> (&str, Vec<String>, Option<&str>, Option<&str>, &str) {
    let pointer = Pointer::parse(&finding.pointer).unwrap_or_default();
    let segments = match pointer.segments() {
        // The same difference of several operations.
        [paths, _, _, rest @ ..] if paths == "paths" && !finding.page.is_empty() => {
            rest.iter().filter(|segment| segment.parse::<usize>().is_err()).cloned().collect()
        }
        all => all.to_vec(),
    };
    let (spec, docs) = (finding.spec.as_deref(), finding.docs.as_deref());
    match finding.kind.as_str() {
        // Their messages name pages and lines.
        "pages-contradict" => ("pages-contradict", segments, None, None, &finding.subject),
        kind if finding.subject.is_empty() => (kind, segments, spec, docs, &finding.message),
        kind => (kind, segments, spec, docs, &finding.subject),
    }
}

/// The facts of each part of the document: security and servers first, then the components, those
/// on most pages first, then operations and pages.
pub(super) fn by_scope(facts: Vec<Fact<'_>>) -> Vec<(Scope, Vec<Fact<'_>>)> {
    let mut scopes: BTreeMap<Scope, Vec<Fact>> = BTreeMap::new();
    for fact in facts {
        scopes.entry(fact.scope()).or_default().push(fact);
    }
    let mut scopes: Vec<_> = scopes.into_iter().collect();
    scopes.sort_by_key(|(scope, facts)| match scope {
        Scope::Security | Scope::Servers => (0, Reverse(None)),
        Scope::Component(..) => (1, Reverse(facts.iter().map(|fact| fact.findings.len()).max())),
        Scope::Operation | Scope::Page => (2, Reverse(None)),
    });
    scopes
}

impl<'r> Fact<'r> {
    /// A finding that stands for all.
    pub(super) fn example(&self) -> &'r Finding {
        self.findings[0]
    }

    /// The message; of several pages, without what differs between them.
    pub(super) fn message(&self) -> &'r str {
        let Finding { message, subject, pointer, .. } = self.example();
        let is_of_pages = self.findings.len() > 1 && pointer.is_empty() && !subject.is_empty();
        if is_of_pages { subject } else { message }
    }

    /// The pages with the line of the first finding on each.
    pub(super) fn pages(&self) -> Vec<(&'r str, Option<usize>)> {
        let mut pages: Vec<(&str, Option<usize>)> = Vec::new();
        for finding in &self.findings {
            if pages.last().is_none_or(|(page, _)| *page != finding.page) {
                pages.push((&finding.page, finding.line));
            }
        }
        pages
    }

    /// The part of the document that the fact is about.
    pub(super) fn scope(&self) -> Scope {
        let finding = self.example();
        if finding.pointer.is_empty() {
            return Scope::Page;
        }
        let pointer = Pointer::parse(&finding.pointer).unwrap_or_default();
        let segments: Vec<&str> = pointer.segments().iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["security", ..]
            | ["components", "securitySchemes", ..]
            | ["paths", _, _, "security", ..] => Scope::Security,
            ["servers", ..] | ["paths", _, "servers", ..] | ["paths", _, _, "servers", ..] => {
                Scope::Servers
            }
            ["components", kind, name, ..] => {
                Scope::Component((*kind).to_owned(), (*name).to_owned())
            }
            _ => Scope::Operation,
        }
    }

    /// The difference, without the element that differs.
    pub(super) fn difference(&self) -> &'r str {
        let Finding { message, subject, .. } = self.example();
        let difference = message.strip_prefix(subject.as_str()).unwrap_or(message);
        difference.strip_prefix(": ").unwrap_or(message)
    }
}
