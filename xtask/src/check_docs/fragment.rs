//! The piece of OpenAPI that a page shows, and how it differs from the document.

use openapi_diff::{self as diff, Change, Listed, rules};
use openapi_document::{Document, Pointer};
use serde_json::{Map, Value, json};

use super::{
    finding::{Finding, kind},
    lines::Lines,
    page::PageOperation,
};

/// A fragment that was read.
pub(super) struct Fragment {
    /// The page it is on.
    pub(super) page: String,
    /// The document that it is.
    pub(super) root: Value,
    /// Its operation.
    pub(super) operation: Listed,
    lines: Lines,
    /// The line of the page before its first.
    offset: usize,
}

impl Fragment {
    /// Reads the fragment of a page; `Err` is why it can't be, and the line.
    pub(super) fn read(page: &str, about: &PageOperation) -> Option<Result<Self, (usize, String)>> {
        let (text, offset) = about.fragment.as_ref()?;
        let document = match Document::parse_lenient(text) {
            Ok(document) => document,
            Err(error) => {
                let error = error.to_string();
                let line = offset + line_of(&error).unwrap_or(1);
                return Some(Err((line, format!("the block isn't OpenAPI: {error}"))));
            }
        };
        let root = document.root().clone();
        let operations = diff::listed(&root);
        let named = |one: &&Listed| one.method == about.method && one.path == about.path;
        let operation = match (operations.iter().find(named), operations.as_slice()) {
            (Some(named), _) => named.clone(),
            _ => {
                let why = format!(
                    "the block says {} {}, but shows no such operation",
                    about.method.to_uppercase(),
                    about.path
                );
                return Some(Err((about.line, why)));
            }
        };
        let (lines, offset) = (Lines::of(text), *offset);
        Some(Ok(Self { page: page.to_owned(), root, operation, lines, offset }))
    }

    /// The line of the page where a place of the fragment is.
    pub(super) fn line(&self, at: &Pointer) -> usize {
        self.offset + self.lines.line(at)
    }

    /// What the page says of the operation otherwise than the document does.
    pub(super) fn against(&self, spec: &Value, operation: &Listed, prose: bool) -> Vec<Finding> {
        let (spec, docs) = (only(spec, operation), only(&self.root, &self.operation));
        let report = diff::meaning(&spec, &docs);
        let told = report.changes.iter().filter(|change| is_told(change, prose));
        told.map(|change| self.finding(change, &spec, operation)).collect()
    }

    fn finding(&self, change: &Change, spec: &Value, operation: &Listed) -> Finding {
        let root = Pointer::root();
        let (spec_at, docs_at) =
            (change.old.as_ref().unwrap_or(&root), change.new.as_ref().unwrap_or(&root));
        // What only one side has is named as that side names it.
        let subject = match (&change.was, &change.is) {
            (None, Some(_)) => diff::subject(&self.root, docs_at),
            _ => diff::subject(spec, spec_at),
        };
        let (mut was, mut is) = (change.was.clone(), change.is.clone());
        if was.is_none() && is.is_none() {
            let (yes, no) = ("deprecated".to_owned(), "not deprecated".to_owned());
            let deprecates = change.rule.name.ends_with("-deprecated");
            (was, is) = if deprecates { (Some(no), Some(yes)) } else { (Some(yes), Some(no)) };
        }
        let said = |value: &Option<String>| match value {
            Some(value) => format!("has {}", diff::text::short(value)),
            None => "has nothing".to_owned(),
        };
        Finding {
            page: self.page.clone(),
            operation: Some(operation.id.clone()),
            pointer: spec_at.to_string(),
            kind: kind(change.rule.name),
            message: format!("{subject}: the document {}, the page {}", said(&was), said(&is)),
            spec: was,
            docs: is,
            docs_pointer: Some(docs_at.to_string()),
            line: Some(self.line(docs_at)),
        }
    }

    /// The first thing that another page says otherwise of the same operation.
    pub(super) fn contradiction(&self, other: &Self, prose: bool) -> Option<(Pointer, String)> {
        let (one, two) = (only(&other.root, &other.operation), only(&self.root, &self.operation));
        let report = diff::meaning(&one, &two);
        let change = report.changes.iter().find(|change| is_told(change, prose))?;
        let at = change.new.clone().unwrap_or_default();
        Some((at, change.message.clone()))
    }
}

/// The component schemas of a document.
pub(super) fn schemas(root: &Value) -> Option<&Map<String, Value>> {
    root.get("components")?.get("schemas")?.as_object()
}

/// Whether two documents mean something else by a component schema itself, not by those below it.
pub(super) fn schema_differs(name: &str, one: &Value, other: &Value, prose: bool) -> bool {
    let schema = |root| schemas(root).and_then(|schemas| schemas.get(name));
    if schema(one) == schema(other) {
        return false;
    }
    let (one, other) = (with_schema(name, one), with_schema(name, other));
    let report = diff::meaning(&one, &other);
    report.changes.iter().filter(|change| is_told(change, prose)).any(|change| {
        let within = |at: &Option<Pointer>| {
            at.as_ref().is_some_and(|at| {
                matches!(at.segments(), [components, schemas, of, ..]
                    if components == "components" && schemas == "schemas" && of == name)
            })
        };
        within(&change.old) && within(&change.new)
    })
}

/// A document whose only operation answers with a component schema.
fn with_schema(name: &str, root: &Value) -> Value {
    let reference = json!({ "$ref": Pointer::of(["components", "schemas", name]).to_string() });
    let content = json!({ "application/json": { "schema": reference } });
    let answers = json!({ "200": { "description": "", "content": content } });
    with_paths(root, json!({ "/": { "get": { "operationId": "schema", "responses": answers } } }))
}

/// A document with one of its operations alone.
fn only(root: &Value, operation: &Listed) -> Value {
    let item = root.get("paths").and_then(|paths| paths.get(&operation.path));
    let mut item = item.cloned().unwrap_or_default();
    if let Value::Object(item) = &mut item {
        let keep = [operation.method, "parameters", "servers", "$ref"];
        item.retain(|key, _| keep.contains(&key.as_str()));
    }
    with_paths(root, json!({ operation.path.as_str(): item }))
}

/// A document with other paths.
fn with_paths(root: &Value, paths: Value) -> Value {
    let others = root.as_object().into_iter().flatten().filter(|(key, _)| *key != "paths");
    let others = others.map(|(key, value)| (key.clone(), value.clone()));
    others.chain([("paths".to_owned(), paths)]).collect()
}

/// Whether a change is one that a page is asked for.
fn is_told(change: &Change, prose: bool) -> bool {
    let is_prose = change.rule.name.ends_with("prose-changed");
    // Fragments carry the title of the document for show.
    let is_info = change.rule == rules::INFO_CHANGED;
    let is_name =
        [rules::SCHEMA_RENAMED, rules::SCHEMA_MOVED, rules::TYPE_RENAMED].contains(&change.rule);
    let is_tags = is_prose && change.pointer().ends_with("/tags");
    !is_info && !is_name && !is_tags && (prose || !is_prose)
}

/// The line that a message of the YAML or JSON reader names.
fn line_of(error: &str) -> Option<usize> {
    let (_, rest) = error.rsplit_once("line ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
