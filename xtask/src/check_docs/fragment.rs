//! OpenAPI fragments of pages.

use openapi_diff::{self as diff, OperationSummary};
use openapi_document::{Document, LineMap, ParseError, Pointer, walk};
use serde_json::{Map, Value};

use super::{operation_index::path_shape, page::PageBlock};

/// The OpenAPI fragment of a page: a document with the operations of the page.
pub(super) struct Fragment<'a> {
    text: &'a str,
    /// The line of the page before the first line of the fragment.
    offset: usize,
    document: Document,
    /// The operations that the page shows, at least one.
    pub(super) operations: Vec<OperationSummary>,
}

/// A block that isn't understood.
pub(super) enum FragmentError {
    /// It isn't a document with operations, which the page doesn't declare it to be.
    NoOperation,
    /// It isn't what the page declares: a line and a reason.
    Invalid(usize, String),
}

impl<'a> Fragment<'a> {
    /// Parses the text of a block.
    pub(super) fn parse(block: &PageBlock, text: &'a str) -> Result<Self, FragmentError> {
        let mut document = match Document::parse_lenient(text) {
            Ok(document) => document,
            Err(error) => return Err(parse_error(block, text, &error)),
        };
        walk::schemas_mut(document.root_mut(), &mut |schema, _| write_mapping(schema));
        let mut operations = diff::list_operations(document.root());
        if let Some(declared) = &block.declared {
            let declared_shape = path_shape(&declared.path);
            operations.retain(|operation| {
                operation.method == declared.method && path_shape(&operation.path) == declared_shape
            });
            if operations.is_empty() {
                let operation = format!("{} {}", declared.method, declared.path);
                let reason = format!("operation {operation} not found in the block");
                return Err(FragmentError::Invalid(block.line, reason));
            }
        }
        if operations.is_empty() {
            return Err(FragmentError::NoOperation);
        }
        Ok(Self { text, offset: block.line, document, operations })
    }

    /// The title of the document that the fragment is from.
    pub(super) fn title(&self) -> Option<&str> {
        self.root().pointer("/info/title").and_then(Value::as_str)
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

/// The error for a block that isn't an OpenAPI document.
fn parse_error(block: &PageBlock, text: &str, error: &ParseError) -> FragmentError {
    if is_older_mintlify(text) {
        let reason = "the block has Mintlify's older format (`paths: path: … method: …`), which \
                      isn't OpenAPI and isn't compared; rebuild the site with a current version of \
                      Mintlify to get blocks of OpenAPI";
        return FragmentError::Invalid(block.line, reason.to_owned());
    }
    match error {
        // Not every example of OpenAPI is a whole document.
        ParseError::Refused(_) if block.declared.is_none() => FragmentError::NoOperation,
        _ => {
            let (reason, line) = split_position(&error.to_string());
            FragmentError::Invalid(block.line + line, format!("invalid OpenAPI: {reason}"))
        }
    }
}

/// Whether a block has the format of Mintlify's pages before they showed OpenAPI: `paths` is an
/// operation with its path and method.
fn is_older_mintlify(text: &str) -> bool {
    let Ok(root) = openapi_document::read(text) else { return false };
    let paths = root.get("paths");
    ["path", "method"].iter().all(|key| paths.is_some_and(|paths| paths[key].is_string()))
}

/// Removes the positions from the message of a parser, which are those in the block. Returns the
/// message and the first line; by default the first line of the block.
fn split_position(message: &str) -> (String, usize) {
    let digits = |text: &str| text.chars().take_while(char::is_ascii_digit).count();
    let mut parts = message.split(" at line ");
    let mut reason = parts.next().unwrap_or_default().to_owned();
    let mut first = None;
    for part in parts {
        let (line, rest) = part.split_at(digits(part));
        first = first.or_else(|| line.parse().ok());
        let rest = rest.strip_prefix(" column ").map_or(rest, |rest| &rest[digits(rest)..]);
        reason.push_str(rest);
    }
    (reason, first.unwrap_or(1))
}

/// Replaces the entries of a discriminator mapping, which Mintlify writes as objects with a `$ref`,
/// by strings.
fn write_mapping(schema: &mut Value) {
    let discriminator = schema.get_mut("discriminator");
    let mapping = discriminator.and_then(|discriminator| discriminator.get_mut("mapping"));
    for target in mapping.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        if let Some(reference) = target.get_mut("$ref").filter(|reference| reference.is_string()) {
            *target = reference.take();
        }
    }
}
