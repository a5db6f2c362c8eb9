//! OpenAPI fragments of pages and their comparison with the document.

use openapi_diff::{self as diff, Change, OperationSummary, rules};
use openapi_document::{Document, Pointer};
use serde_json::Value;

use super::{
    finding::{Finding, finding_kind},
    line_map::LineMap,
    page::PageOperation,
};

/// The OpenAPI fragment of a page: a document with one operation.
pub(super) struct Fragment<'a> {
    /// The path of the page within the site.
    page: &'a str,
    text: &'a str,
    /// The line of the page before the first line of the fragment.
    offset: usize,
    document: Document,
    /// The operation of the page.
    pub(super) operation: OperationSummary,
}

impl<'a> Fragment<'a> {
    /// Parses the fragment of a page, if it has one; an error is a line and a reason.
    pub(super) fn parse(
        page: &'a str,
        declared: &'a PageOperation,
    ) -> Option<Result<Self, (usize, String)>> {
        let (text, offset) = declared.fragment.as_ref()?;
        let document = match Document::parse_lenient(text) {
            Ok(document) => document,
            Err(error) => {
                let error = error.to_string();
                let line = offset + line_of(&error).unwrap_or(1);
                return Some(Err((line, format!("invalid OpenAPI: {error}"))));
            }
        };
        let is_declared = |candidate: &OperationSummary| {
            candidate.method == declared.method && candidate.path == declared.path
        };
        let operation = match diff::list_operations(document.root()).into_iter().find(is_declared) {
            Some(operation) => operation,
            None => {
                let reason = format!(
                    "operation {} {} not found in the block",
                    declared.method.to_uppercase(),
                    declared.path
                );
                return Some(Err((declared.line, reason)));
            }
        };
        Some(Ok(Self { page, text, offset: *offset, document, operation }))
    }

    /// The title of the document that the fragment is from.
    pub(super) fn title(&self) -> Option<&str> {
        self.document.root().pointer("/info/title").and_then(Value::as_str)
    }

    /// The differences between the document and the fragment in this operation.
    pub(super) fn compare(
        &self,
        spec: &Value,
        operation: &OperationSummary,
        prose: bool,
    ) -> Vec<Finding> {
        let report =
            diff::compare_operation((spec, operation), (self.document.root(), &self.operation));
        let relevant = report.changes.iter().filter(|change| is_relevant(change, prose));
        let changes: Vec<&Change> = relevant.collect();
        let pointers = changes.iter().filter_map(|change| change.new_pointer.as_ref());
        let lines = LineMap::new(self.text, pointers);
        changes.into_iter().map(|change| self.finding(change, spec, operation, &lines)).collect()
    }

    /// The finding for a change from the document to the fragment.
    fn finding(
        &self,
        change: &Change,
        spec: &Value,
        operation: &OperationSummary,
        lines: &LineMap,
    ) -> Finding {
        let root = Pointer::root();
        let (spec_pointer, docs_pointer) = (
            change.old_pointer.as_ref().unwrap_or(&root),
            change.new_pointer.as_ref().unwrap_or(&root),
        );
        // A construct that only the page has isn't found in the document.
        let subject = match (&change.old_value, &change.new_value) {
            (None, Some(_)) => diff::describe_pointer(self.document.root(), docs_pointer),
            _ => diff::describe_pointer(spec, spec_pointer),
        };
        let (mut spec_value, mut docs_value) = (change.old_value.clone(), change.new_value.clone());
        if spec_value.is_none() && docs_value.is_none() {
            let (yes, no) = ("deprecated".to_owned(), "not deprecated".to_owned());
            let deprecates = change.rule.name.ends_with("-deprecated");
            (spec_value, docs_value) =
                if deprecates { (Some(no), Some(yes)) } else { (Some(yes), Some(no)) };
        }
        let short = diff::text::truncate_value;
        let difference = match (&spec_value, &docs_value) {
            (Some(spec), Some(docs)) => {
                format!("the document has {}, the page has {}", short(spec), short(docs))
            }
            (Some(spec), None) => format!("missing on the page, the document has {}", short(spec)),
            (None, Some(docs)) => format!("not in the document, the page has {}", short(docs)),
            (None, None) => "differs".to_owned(),
        };
        Finding {
            page: self.page.to_owned(),
            operation: Some(operation.id.clone()),
            pointer: spec_pointer.to_string(),
            kind: finding_kind(change.rule.name),
            message: format!("{subject}: {difference}"),
            spec: spec_value,
            docs: docs_value,
            docs_pointer: Some(docs_pointer.to_string()),
            line: Some(self.offset + lines.line(docs_pointer)),
            subject,
        }
    }
}

/// Whether a change is reported: prose only on request, names of schemas and tags never.
fn is_relevant(change: &Change, prose: bool) -> bool {
    let is_prose = change.rule.name.ends_with("prose-changed");
    let is_name =
        [rules::SCHEMA_RENAMED, rules::SCHEMA_MOVED, rules::TYPE_RENAMED].contains(&change.rule);
    let is_tags = is_prose && change.pointer().ends_with("/tags");
    !is_name && !is_tags && (prose || !is_prose)
}

/// The line in an error message of the YAML or JSON parser.
fn line_of(error: &str) -> Option<usize> {
    let (_, rest) = error.rsplit_once("line ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
