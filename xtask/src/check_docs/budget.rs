//! Bounds on the findings that are retained: a page that differs throughout is no list of tasks.

use super::finding::Finding;

/// The maximum number of findings on an operation of a page.
const MAX_FINDINGS: usize = 2_000;
/// The maximum size of the findings on an operation of a page, in bytes.
const MAX_BYTES: usize = 4 << 20;
/// The maximum size of all findings, in bytes.
const MAX_TOTAL_BYTES: usize = 256 << 20;

/// The size of the findings so far.
#[derive(Default)]
pub(super) struct FindingBudget {
    total_bytes: usize,
}

impl FindingBudget {
    /// Replaces the findings on an operation beyond the bounds by one.
    pub(super) fn limit(&mut self, page: &str, findings: &mut Vec<Finding>) {
        let (mut bytes, mut retained) = (0, 0);
        for finding in findings.iter() {
            let next = bytes + size(finding);
            if retained == MAX_FINDINGS
                || next > MAX_BYTES
                || self.total_bytes + next > MAX_TOTAL_BYTES
            {
                break;
            }
            (bytes, retained) = (next, retained + 1);
        }
        self.total_bytes += bytes;
        let omitted = findings.len() - retained;
        if omitted > 0 {
            let line = findings[retained].line;
            findings.truncate(retained);
            let message = format!("{omitted} further findings on this page are omitted");
            findings.push(Finding::new(page, "findings-omitted", line, message));
        }
    }
}

/// The length of all texts of a finding.
fn size(finding: &Finding) -> usize {
    let Finding { page, operation, pointer, spec, docs, message, docs_pointer, subject, .. } =
        finding;
    let optional = [operation, spec, docs, docs_pointer];
    let optional = optional.into_iter().flatten().map(String::len).sum::<usize>();
    size_of::<Finding>() + page.len() + pointer.len() + message.len() + subject.len() + optional
}
