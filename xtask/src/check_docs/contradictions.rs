//! Contradictions: pages that differ from the document in the same place, and from each other.

use std::collections::BTreeMap;

use openapi_diff::text::truncate_value;

use super::finding::Finding;

/// Finds the contradictions between pages. Pages that agree with the document have no part in one.
pub(super) fn find(findings: &[Finding]) -> Vec<Finding> {
    let mut places: BTreeMap<(&str, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.docs.is_some()) {
        places.entry((&finding.pointer, &finding.kind)).or_default().push(finding);
    }
    let mut contradictions = Vec::new();
    for differing in places.into_values() {
        let first = differing[0];
        let contradicts =
            |finding: &&&Finding| finding.page != first.page && finding.docs != first.docs;
        for finding in differing.iter().filter(contradicts) {
            contradictions.push(contradiction(finding, first));
        }
    }
    contradictions
}

/// The finding for a page that differs from the document otherwise than another page.
fn contradiction(finding: &Finding, other: &Finding) -> Finding {
    let value = |value: &Option<String>| truncate_value(value.as_deref().unwrap_or_default());
    let document = match &finding.spec {
        Some(_) => format!("the document has {}", value(&finding.spec)),
        None => "the document has none".to_owned(),
    };
    let message = format!(
        "{}: {} has {}, {} has {}, {document}",
        finding.subject,
        finding.page,
        value(&finding.docs),
        other.page,
        value(&other.docs),
    );
    Finding { kind: "pages-contradict".to_owned(), message, ..finding.clone() }
}
