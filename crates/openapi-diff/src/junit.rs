//! Reports as JUnit XML, which most CI servers show as tests.

use std::fmt::Write;

use openapi_document::OneLine;

use crate::{
    report::{Change, Report},
    rules::Severity,
};

/// Renders each change as a test case, which fails if the change is breaking.
pub fn render(report: &Report) -> String {
    let is_failure = |change: &&Change| change.severity() == Severity::Major;
    let failures = report.changes.iter().filter(is_failure).count();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites>\n  <testsuite name=\"openapi-diff\" tests=\"{}\" failures=\"{failures}\">\n",
        report.changes.len()
    );
    for change in &report.changes {
        let (rule, message) = (change.rule.name, escaped(&change.message));
        let _ = write!(xml, "    <testcase classname=\"{rule}\" name=\"{message}\"");
        if !is_failure(&change) {
            xml.push_str("/>\n");
            continue;
        }
        let (wire, rust) = (change.wire, change.rust);
        let place = escaped(&change.pointer());
        let _ = writeln!(
            xml,
            ">\n      <failure type=\"{rule}\" message=\"wire {wire}, rust {rust}\">{place}</failure>\n    </testcase>"
        );
    }
    xml + "  </testsuite>\n</testsuites>\n"
}

/// A text in XML, on one line: other control characters than spaces aren't allowed in it.
fn escaped(text: &str) -> String {
    let text = OneLine(text).to_string();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
