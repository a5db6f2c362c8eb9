//! The files of findings: saved pages, and the document.

use std::path::Path;

use crate::check_docs::{check_report::CheckReport, finding::Finding};

/// The path of the file of a finding: the saved page, or the document.
pub(super) fn file(
    finding: &Finding,
    report: &CheckReport,
    folder: Option<&Path>,
) -> Option<String> {
    if finding.page.is_empty() {
        return finding.line.map(|_| report.document.replace('\\', "/"));
    }
    let file = folder?.join(&finding.page);
    // A page that the index names `x.md` may be a file `x.mdx`.
    let mdx = file.with_extension("mdx");
    let file = if !file.exists() && mdx.exists() { mdx } else { file };
    Some(file.to_string_lossy().replace('\\', "/"))
}
