//! OpenAPI fragments of pages and their comparison with the document.

use openapi_diff::{self as diff, Change, OperationSummary, rules};
use openapi_document::{Document, Pointer};
use serde_json::{Map, Value, json};

use super::{
    finding::{Finding, finding_kind},
    line_map::LineMap,
    page::PageOperation,
};

/// The OpenAPI fragment of a page: a document with one operation.
pub(super) struct Fragment {
    /// The path of the page within the site.
    pub(super) page: String,
    /// The fragment as JSON.
    pub(super) root: Value,
    /// The operation of the page.
    pub(super) operation: OperationSummary,
    lines: LineMap,
    /// The line of the page before the first line of the fragment.
    offset: usize,
}

impl Fragment {
    /// Parses the fragment of a page, if it has one; an error is a line and a reason.
    pub(super) fn parse(
        page: &str,
        declared: &PageOperation,
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
        let root = document.root().clone();
        let operations = diff::list_operations(&root);
        let is_declared = |candidate: &&OperationSummary| {
            candidate.method == declared.method && candidate.path == declared.path
        };
        let operation = match operations.iter().find(is_declared) {
            Some(operation) => operation.clone(),
            None => {
                let reason = format!(
                    "operation {} {} not found in the block",
                    declared.method.to_uppercase(),
                    declared.path
                );
                return Some(Err((declared.line, reason)));
            }
        };
        let (lines, offset) = (LineMap::new(text), *offset);
        Some(Ok(Self { page: page.to_owned(), root, operation, lines, offset }))
    }

    /// The line of the page for a JSON pointer into the fragment.
    pub(super) fn line(&self, pointer: &Pointer) -> usize {
        self.offset + self.lines.line(pointer)
    }

    /// The differences between the document and the fragment in this operation.
    pub(super) fn compare(
        &self,
        spec: &Value,
        operation: &OperationSummary,
        prose: bool,
    ) -> Vec<Finding> {
        let (spec, docs) = (
            with_single_operation(spec, operation),
            with_single_operation(&self.root, &self.operation),
        );
        let report = diff::diff_without_type_names(&spec, &docs);
        let relevant = report.changes.iter().filter(|change| is_relevant(change, prose));
        relevant.map(|change| self.finding(change, &spec, operation)).collect()
    }

    /// The finding for a change from the document to the fragment.
    fn finding(&self, change: &Change, spec: &Value, operation: &OperationSummary) -> Finding {
        let root = Pointer::root();
        let (spec_pointer, docs_pointer) = (
            change.old_pointer.as_ref().unwrap_or(&root),
            change.new_pointer.as_ref().unwrap_or(&root),
        );
        // A construct that only the page has isn't found in the document.
        let subject = match (&change.old_value, &change.new_value) {
            (None, Some(_)) => diff::describe_pointer(&self.root, docs_pointer),
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
            page: self.page.clone(),
            operation: Some(operation.id.clone()),
            pointer: spec_pointer.to_string(),
            kind: finding_kind(change.rule.name),
            message: format!("{subject}: {difference}"),
            spec: spec_value,
            docs: docs_value,
            docs_pointer: Some(docs_pointer.to_string()),
            line: Some(self.line(docs_pointer)),
        }
    }

    /// The first difference from another page of the same operation: JSON pointer and description.
    pub(super) fn first_difference(&self, other: &Self, prose: bool) -> Option<(Pointer, String)> {
        let (old, new) = (
            with_single_operation(&other.root, &other.operation),
            with_single_operation(&self.root, &self.operation),
        );
        let report = diff::diff_without_type_names(&old, &new);
        let change = report.changes.iter().find(|change| is_relevant(change, prose))?;
        Some((change.new_pointer.clone().unwrap_or_default(), change.message.clone()))
    }
}

/// The component schemas of a document.
pub(super) fn component_schemas(root: &Value) -> Option<&Map<String, Value>> {
    root.get("components")?.get("schemas")?.as_object()
}

/// Whether a component schema differs between two documents, apart from the schemas it refers to.
pub(super) fn schema_differs(name: &str, one: &Value, other: &Value, prose: bool) -> bool {
    let schema = |root| component_schemas(root).and_then(|schemas| schemas.get(name));
    if schema(one) == schema(other) {
        return false;
    }
    let (one, other) = (with_schema_response(name, one), with_schema_response(name, other));
    let report = diff::diff_without_type_names(&one, &other);
    report.changes.iter().filter(|change| is_relevant(change, prose)).any(|change| {
        let is_within = |pointer: &Option<Pointer>| {
            pointer.as_ref().is_some_and(|pointer| {
                matches!(pointer.segments(), [components, schemas, schema, ..]
                    if components == "components" && schemas == "schemas" && schema == name)
            })
        };
        is_within(&change.old_pointer) && is_within(&change.new_pointer)
    })
}

/// The document with a single operation, whose response has a component schema.
fn with_schema_response(name: &str, root: &Value) -> Value {
    let reference =
        json!({ "$ref": Pointer::from_segments(["components", "schemas", name]).to_string() });
    let content = json!({ "application/json": { "schema": reference } });
    let responses = json!({ "200": { "description": "", "content": content } });
    with_paths(root, json!({ "/": { "get": { "operationId": "schema", "responses": responses } } }))
}

/// The document with a single one of its operations.
fn with_single_operation(root: &Value, operation: &OperationSummary) -> Value {
    let item = root.get("paths").and_then(|paths| paths.get(&operation.path));
    let mut item = item.cloned().unwrap_or_default();
    if let Value::Object(item) = &mut item {
        let retained = [operation.method, "parameters", "servers", "$ref"];
        item.retain(|key, _| retained.contains(&key.as_str()));
    }
    with_paths(root, json!({ operation.path.as_str(): item }))
}

/// The document with other `paths`.
fn with_paths(root: &Value, paths: Value) -> Value {
    let others = root.as_object().into_iter().flatten().filter(|(key, _)| *key != "paths");
    let others = others.map(|(key, value)| (key.clone(), value.clone()));
    others.chain([("paths".to_owned(), paths)]).collect()
}

/// Whether a change is reported: prose only on request, names of schemas and tags never.
fn is_relevant(change: &Change, prose: bool) -> bool {
    let is_prose = change.rule.name.ends_with("prose-changed");
    // Fragments repeat the `info` of the document for display only.
    let is_info = change.rule == rules::INFO_CHANGED;
    let is_name =
        [rules::SCHEMA_RENAMED, rules::SCHEMA_MOVED, rules::TYPE_RENAMED].contains(&change.rule);
    let is_tags = is_prose && change.pointer().ends_with("/tags");
    !is_info && !is_name && !is_tags && (prose || !is_prose)
}

/// The line in an error message of the YAML or JSON parser.
fn line_of(error: &str) -> Option<usize> {
    let (_, rest) = error.rsplit_once("line ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
