//! OpenAPI fragments of pages.

use openapi_diff::{self as diff, OperationSummary};
use openapi_document::{Document, Pointer, walk};
use serde_json::{Map, Value};

use super::{line_map::LineMap, page::PageOperation};

/// The OpenAPI fragment of a page: a document with one operation.
pub(super) struct Fragment<'a> {
    /// The path of the page within the site.
    pub(super) page: &'a str,
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
            Ok(mut document) => {
                walk::schemas_mut(document.root_mut(), &mut |schema, _| write_mapping(schema));
                document
            }
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

    /// The fragment as a document.
    pub(super) fn document(&self) -> &Document {
        &self.document
    }

    /// The fragment as JSON.
    pub(super) fn root(&self) -> &Value {
        self.document.root()
    }

    /// The lines of the page for JSON pointers into the fragment.
    pub(super) fn lines<'p>(&self, pointers: impl IntoIterator<Item = &'p Pointer>) -> PageLines {
        PageLines { lines: LineMap::new(self.text, pointers), offset: self.offset }
    }
}

/// The lines of a page for JSON pointers into its fragment.
pub(super) struct PageLines {
    lines: LineMap,
    /// The line of the page before the first line of the fragment.
    offset: usize,
}

impl PageLines {
    /// The line of the page for a pointer, or for its nearest ancestor.
    pub(super) fn line(&self, pointer: &Pointer) -> usize {
        self.offset + self.lines.line(pointer)
    }
}

/// Replaces the entries of a discriminator mapping that Mintlify writes as `{ $ref: … }` by strings.
fn write_mapping(schema: &mut Value) {
    let discriminator = schema.get_mut("discriminator");
    let mapping = discriminator.and_then(|discriminator| discriminator.get_mut("mapping"));
    for target in mapping.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        if let Some(reference) = target.get_mut("$ref").filter(|reference| reference.is_string()) {
            *target = reference.take();
        }
    }
}

/// The line in an error message of the YAML or JSON parser.
fn line_of(error: &str) -> Option<usize> {
    let (_, rest) = error.rsplit_once("line ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
