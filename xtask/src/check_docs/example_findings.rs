//! The findings on the examples and samples of a page, and on the examples of the document.

use openapi_diff::OperationSummary;
use openapi_document::{LineMap, Pointer};
use serde_json::Value;

use super::{
    code_blocks::CodeBlock,
    curl,
    examples::{ExampleValidator, InvalidExample, ValidatedExamples},
    finding::Finding,
    fragment::Fragment,
    samples,
};

/// The findings on examples, and the numbers of examples.
#[derive(Default)]
pub(super) struct ExampleFindings {
    pub(super) findings: Vec<Finding>,
    pub(super) validated: usize,
    pub(super) skipped: usize,
}

impl ExampleFindings {
    fn new(examples: &ValidatedExamples, findings: Vec<Finding>) -> Self {
        Self { findings, validated: examples.validated, skipped: examples.skipped }
    }

    /// Adds those of another part.
    pub(super) fn add(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.validated += other.validated;
        self.skipped += other.skipped;
    }
}

/// The findings on the examples of an operation that a page shows.
pub(super) fn on_page(
    validator: &ExampleValidator,
    page: &str,
    operation: &OperationSummary,
    (fragment, shown): (&Fragment, &OperationSummary),
) -> ExampleFindings {
    let examples = validator.check_page(operation, (fragment.root(), shown));
    let lines = fragment.lines(examples.invalid.iter().map(|invalid| &invalid.location));
    let finding = |invalid: &InvalidExample| {
        let mut finding = finding(page, invalid, lines.line(&invalid.location));
        finding.docs_pointer = Some(invalid.location.to_string());
        finding.with_operation(&operation.id)
    };
    let findings = examples.invalid.iter().map(finding).collect();
    ExampleFindings::new(&examples, findings)
}

/// The findings on the examples of the document, whose text gives the lines.
pub(super) fn in_document(
    validator: &ExampleValidator,
    operations: &[OperationSummary],
    text: &str,
) -> ExampleFindings {
    let examples = validator.check_document(operations);
    let lines = LineMap::new(text, examples.invalid.iter().map(|invalid| &invalid.location));
    let finding = |invalid: &InvalidExample| {
        let mut finding = finding("", invalid, lines.line(&invalid.location));
        finding.pointer = invalid.location.to_string();
        (finding.spec, finding.docs) = (finding.docs, None);
        finding
    };
    let findings = examples.invalid.iter().map(finding).collect();
    ExampleFindings::new(&examples, findings)
}

/// The findings on a code block that isn't OpenAPI: a call of `curl`, or a response body.
pub(super) fn on_sample(
    validator: &ExampleValidator,
    page: &str,
    root: &Value,
    operation: &OperationSummary,
    block: &CodeBlock,
) -> ExampleFindings {
    if let Some(call) = curl::parse(block) {
        let findings = samples::compare(page, block, &call, root, operation);
        return ExampleFindings { findings, validated: 1, skipped: 0 };
    }
    let Some((status, value)) = response_body(block) else { return ExampleFindings::default() };
    let examples = validator.check_response(operation, &status, &value);
    let lines =
        LineMap::new(&block.content, examples.invalid.iter().map(|invalid| &invalid.location));
    let finding = |invalid: &InvalidExample| {
        let line = block.line + lines.line(&invalid.location);
        finding(page, invalid, line).with_operation(&operation.id)
    };
    let findings = examples.invalid.iter().map(finding).collect();
    ExampleFindings::new(&examples, findings)
}

/// The status and the JSON value of a response body: a block such as `json 200`.
fn response_body(block: &CodeBlock) -> Option<(String, Value)> {
    let status = block.info.split_whitespace().nth(1)?;
    let is_status = status.len() == 3 && status.chars().all(|c| c.is_ascii_digit());
    if block.language() != "json" || !is_status {
        return None;
    }
    Some((status.to_owned(), openapi_document::read(&block.content).ok()?))
}

/// The finding for an invalid example.
fn finding(page: &str, invalid: &InvalidExample, line: usize) -> Finding {
    let InvalidExample { schema, subject, value, reason, .. } = invalid;
    let message = format!("{subject}: {reason}");
    let mut finding = Finding::new(page, "example-invalid", Some(line), message);
    finding.pointer = Pointer::to_string(schema);
    finding.docs = Some(value.clone());
    finding.subject = subject.clone();
    finding
}
