//! Contradictions: pages that differ from the document in the same place, and from each other.

use std::collections::{BTreeMap, HashMap};

use openapi_diff::text::truncate_value;
use openapi_document::Pointer;
use serde_json::Value;

use super::{canonical::canonical, excerpt::around_difference, finding::Finding};

/// The length of all elements that are retained for comparison with those of other pages, in
/// bytes. Longer ones are compared, but not shown.
const MAX_RETAINED_BYTES: usize = 16 << 20;

/// Adds the contradictions in what the document has. Pages that agree with it have no part in one.
pub(super) fn add(findings: &mut Vec<Finding>) {
    let mut places: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.spec.is_some()) {
        places.entry(&finding.pointer).or_default().push(finding);
    }
    let mut contradictions = Vec::new();
    for differing in places.into_values() {
        for (index, finding) in differing.iter().enumerate() {
            // Pages are compared with the first one that differs in the same respect.
            let is_comparable = |first: &&&Finding| {
                first.page != finding.page
                    && (first.kind == finding.kind
                        || first.docs.is_none()
                        || finding.docs.is_none())
            };
            let first = differing[..index].iter().find(is_comparable);
            if let Some(first) = first.filter(|first| first.docs != finding.docs) {
                contradictions.push(contradiction(finding, first));
            }
        }
    }
    let mut positions: HashMap<String, usize> = HashMap::new();
    for finding in findings.iter() {
        let next = positions.len();
        positions.entry(finding.page.clone()).or_insert(next);
    }
    findings.append(&mut contradictions);
    findings.sort_by_key(|finding| (positions.get(&finding.page), finding.line));
}

/// The finding for a page that differs from the document otherwise than another page.
fn contradiction(finding: &Finding, other: &Finding) -> Finding {
    let document = truncate_value(finding.spec.as_deref().unwrap_or_default());
    let (own, others) = match (&finding.docs, &other.docs) {
        (Some(own), Some(others)) => {
            let (own, others) = around_difference(own, others).unwrap_or_default();
            (format!("has {own}"), format!("has {others}"))
        }
        (own, others) => {
            let value = |value: &Option<String>| match value {
                Some(value) => format!("has {}", truncate_value(value)),
                None => "hasn't".to_owned(),
            };
            (value(own), value(others))
        }
    };
    let message = format!(
        "{}: {} {own}, {} {others}, the document has {document}",
        finding.subject, finding.page, other.page
    );
    let mut contradiction = with_kind(finding, message);
    contradiction.other_page = Some(other.page.clone());
    contradiction
}

/// A contradiction in the place of a finding.
fn with_kind(finding: &Finding, message: String) -> Finding {
    Finding { kind: "pages-contradict".to_owned(), message, ..finding.clone() }
}

/// The elements that pages show and the document lacks, each from the first page that shows it.
pub(super) struct ShownElements {
    prose: bool,
    elements: HashMap<ElementKey, ShownElement>,
    retained_bytes: usize,
}

/// The document on the page, the pointer in the document, the kind and the name of an element.
type ElementKey = (Option<String>, String, String, String);

/// An element as a page shows it.
struct ShownElement {
    page: String,
    hash: [u8; 32],
    /// The JSON text, unless too much is retained already.
    text: Option<String>,
}

impl ShownElements {
    pub(super) fn new(prose: bool) -> Self {
        Self { prose, elements: HashMap::new(), retained_bytes: 0 }
    }

    /// The contradictions between the findings of a page and those of earlier pages.
    pub(super) fn contradictions(
        &mut self,
        document: &Option<String>,
        findings: &[Finding],
        (spec, docs): (&Value, &Value),
    ) -> Vec<Finding> {
        let mut contradictions = Vec::new();
        // A reference isn't an element itself.
        let is_element =
            |finding: &&Finding| finding.spec.is_none() && finding.kind != "reference-unresolved";
        for finding in findings.iter().filter(is_element) {
            let pointer = finding.docs_pointer.as_deref().and_then(Pointer::parse);
            let Some(pointer) = pointer else { continue };
            let Some(value) = pointer.resolve(docs) else { continue };
            let text = canonical(value, (spec, docs), self.prose).to_string();
            let name = match pointer.segments().last() {
                Some(last) if last.parse::<usize>().is_err() => last.clone(),
                _ => finding.docs.clone().unwrap_or_default(),
            };
            let key = (document.clone(), finding.pointer.clone(), finding.kind.clone(), name);
            contradictions.extend(self.contradiction(key, finding, text));
        }
        contradictions
    }

    /// The contradiction between an element and that of an earlier page.
    fn contradiction(
        &mut self,
        key: ElementKey,
        finding: &Finding,
        text: String,
    ) -> Option<Finding> {
        let hash = sha256(&text);
        let Some(earlier) = self.elements.get(&key) else {
            let is_retained = self.retained_bytes + text.len() <= MAX_RETAINED_BYTES;
            self.retained_bytes += if is_retained { text.len() } else { 0 };
            let text = is_retained.then_some(text);
            let page = finding.page.clone();
            self.elements.insert(key, ShownElement { page, hash, text });
            return None;
        };
        if earlier.hash == hash || earlier.page == finding.page {
            return None;
        }
        let excerpts = earlier.text.as_ref().and_then(|other| around_difference(&text, other));
        let difference = match excerpts {
            Some((own, others)) => {
                format!("{} has {own}, {} has {others}", finding.page, earlier.page)
            }
            None => format!("{} and {} show it differently", finding.page, earlier.page),
        };
        let message = format!("{}: {difference}, the document has neither", finding.subject);
        let mut contradiction = with_kind(finding, message);
        contradiction.other_page = Some(earlier.page.clone());
        Some(contradiction)
    }
}

/// A hash of a text.
fn sha256(text: &str) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).into()
}
