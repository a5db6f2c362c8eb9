//! Facts of one part of the document with the same difference, in one line.

use std::collections::HashMap;

use openapi_document::Pointer;

use super::facts::{Fact, Scope};
use crate::check_docs::{check_report::list, finding::Finding};

/// Facts with the same difference on the same pages.
pub(super) struct Group<'r> {
    facts: Vec<Fact<'r>>,
    /// The elements and their difference.
    pub(super) message: String,
}

impl<'r> From<Fact<'r>> for Group<'r> {
    fn from(fact: Fact<'r>) -> Self {
        let message = fact.message().to_owned();
        Self { facts: vec![fact], message }
    }
}

impl<'r> Group<'r> {
    /// A finding that stands for all.
    pub(super) fn example(&self) -> &'r Finding {
        self.facts[0].example()
    }

    /// Whether it is about several elements.
    pub(super) fn is_list(&self) -> bool {
        self.facts.len() > 1
    }

    /// The pointer in the document, for several elements that of their list.
    pub(super) fn pointer(&self) -> String {
        let pointer = &self.example().pointer;
        let is_list = self.is_list() && self.example().spec.is_some();
        match Pointer::parse(pointer).filter(|_| is_list && is_presence(&self.facts[0])) {
            Some(element) => element.parent().unwrap_or_default().to_string(),
            None => pointer.clone(),
        }
    }

    /// The pointer on the page, for several elements that of their list.
    pub(super) fn docs_pointer(&self) -> Option<String> {
        let pointer = self.example().docs_pointer.clone()?;
        let is_list = self.is_list() && self.example().spec.is_none();
        match Pointer::parse(&pointer).filter(|_| is_list && is_presence(&self.facts[0])) {
            Some(element) => Some(element.parent().unwrap_or_default().to_string()),
            None => Some(pointer),
        }
    }

    /// The pages with the line of the first finding on each.
    pub(super) fn pages(&self) -> Vec<(&'r str, Option<usize>)> {
        self.facts[0].pages()
    }
}

/// Groups the facts of one part of the document.
pub(super) fn groups<'r>(facts: Vec<Fact<'r>>, scope: &Scope) -> Vec<Group<'r>> {
    let mut alike: Vec<Vec<Fact>> = Vec::new();
    let mut positions = HashMap::new();
    for fact in facts {
        let kind = fact.example().kind.as_str();
        let pages: Vec<&str> = fact.pages().into_iter().map(|(page, _)| page).collect();
        // Contradictions name pages and values.
        let difference = match kind {
            "pages-contradict" => fact.message(),
            _ if is_presence(&fact) => "",
            _ => fact.difference(),
        };
        let position = *positions.entry((kind, difference, pages)).or_insert(alike.len());
        match alike.get_mut(position) {
            Some(group) => group.push(fact),
            None => alike.push(vec![fact]),
        }
    }
    alike
        .into_iter()
        .map(|facts| {
            let message = message(&facts, scope);
            Group { facts, message }
        })
        .collect()
}

/// Whether a fact is that only one side has a property or parameter.
fn is_presence(fact: &Fact) -> bool {
    matches!(
        fact.example().kind.as_str(),
        "property-missing-in-docs"
            | "property-only-in-docs"
            | "parameter-missing-in-docs"
            | "parameter-only-in-docs"
    )
}

/// The message of facts with the same difference.
fn message(facts: &[Fact], scope: &Scope) -> String {
    let [first, _, ..] = facts else { return facts[0].message().to_owned() };
    let name = |fact: &Fact| short_name(&fact.example().subject, scope);
    let names: Vec<String> = match is_presence(first) {
        true => facts.iter().map(|fact| name(fact) + &shown_value(fact.example())).collect(),
        false => facts.iter().map(name).collect(),
    };
    let difference = match (is_presence(first), &first.example().spec) {
        (true, Some(_)) => "the document has them, the page hasn't",
        (true, None) => "the page has them, the document hasn't",
        (false, _) => first.difference(),
    };
    format!("{}: {difference}", list(&names, usize::MAX))
}

/// The type of a property on the side that has it, in parentheses.
fn shown_value(finding: &Finding) -> String {
    let is_property = finding.kind.starts_with("property-");
    let value = finding.spec.as_ref().or(finding.docs.as_ref()).filter(|_| is_property);
    value.map(|value| format!(" ({value})")).unwrap_or_default()
}

/// The name of an element within its component: `` `a.b` `` for `` property `Component.a.b` ``.
fn short_name(subject: &str, scope: &Scope) -> String {
    let Scope::Component(_, component) = scope else { return subject.to_owned() };
    let Some((_, rest)) = subject.split_once('`') else { return subject.to_owned() };
    match rest.strip_prefix(component.as_str()) {
        Some(rest) if !rest.starts_with('`') => format!("`{}", rest.trim_start_matches('.')),
        _ => format!("`{rest}"),
    }
}
