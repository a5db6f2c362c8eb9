//! An OpenAPI document and the errors of parsing one.

use std::{fmt, path::Path};

use serde_json::{Map, Value};

use crate::{
    anchors, base_uri, files, limits,
    node::Node,
    path_items,
    pointer::Pointer,
    reference,
    refusal::{Refusal, Refusals},
    syntax,
};

/// The limit on a chain of references; a longer one is taken for a cycle.
const MAX_REFERENCE_CHAIN: usize = 32;

/// An OpenAPI 3.0, 3.1 or 3.2 document, well-formed and of bounded size and depth.
///
/// Guaranteed are an `openapi` version of 3.0, 3.1 or 3.2 and an object `paths`, which is empty for
/// a document of webhooks or components alone. Whether the rest follows the specification is not
/// checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    root: Value,
    /// Whether all references are known to resolve.
    refs_checked: bool,
}

impl Document {
    /// Parses a document from YAML or JSON text and checks its references.
    ///
    /// References to anchors (`#name`) become JSON pointers to the schemas with that `$anchor`, and
    /// those to the URI of the document (`$self`, OpenAPI 3.2) fragments. `$dynamicRef` and
    /// `$recursiveRef` become `$ref` where only one schema has the anchor that they name.
    /// Integers beyond 64 bits become floating point numbers, as in serde_json.
    ///
    /// # Errors
    ///
    /// [`ParseError::Syntax`] for invalid YAML or JSON, a duplicate key, a YAML tag, `.inf` or
    /// `.nan`, with line and column where the parser reports them. [`ParseError::Refused`] for a
    /// document that isn't OpenAPI 3.0, 3.1 or 3.2, for each `$ref` and discriminator mapping that
    /// doesn't resolve within the document, and for a path item whose methods or query can't be
    /// read, with its JSON pointer.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        // The parsers have the depth limit that `from_value` checks.
        Self::new_checked(read(text)?).map_err(ParseError::Refused)
    }

    /// Parses a document without checking its references and path items.
    ///
    /// [`unresolved`](Self::unresolved) returns what [`parse`](Self::parse) refuses in them.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse), except for references and path items.
    pub fn parse_lenient(text: &str) -> Result<Self, ParseError> {
        Self::new_unchecked(read(text)?).map_err(ParseError::Refused)
    }

    /// Reads a document from a file, with the files that it refers to by relative paths, and
    /// checks its references.
    ///
    /// The result is one document, as if it had been written so: what a reference to another file
    /// leads to becomes a component. It is named by the last segment of the reference
    /// (`common.yaml#/components/schemas/Pet`: `Pet`) or by the file (`schemas/Pet.yaml`: `Pet`).
    /// If that name is taken, the file's name is put in front. A path item takes the place of the
    /// reference to it. [`Sources`](crate::Sources) has the files and lines of its parts.
    ///
    /// Only files in the folder of the document and below are read: no URLs, no absolute paths, and
    /// none that `..` or a symbolic link leads to elsewhere.
    ///
    /// # Errors
    ///
    /// Those of [`parse`](Self::parse), files that can't be read, more than 2,000 of them, or files
    /// that together have more than 128 MiB or 4,000,000 values. Each refusal has its file and
    /// pointer, and with the feature `lines` its line.
    pub fn load(path: impl AsRef<Path>) -> Result<(Self, files::Sources), files::LoadError> {
        Self::load_file(path.as_ref(), Self::new_checked, false)
    }

    /// Reads a document as [`load`](Self::load) does, without checking references and path items.
    ///
    /// References that can't be followed stay as they are; [`unresolved`](Self::unresolved) returns
    /// them.
    ///
    /// # Errors
    ///
    /// Those of [`load`](Self::load), except for references and path items.
    pub fn load_lenient(
        path: impl AsRef<Path>,
    ) -> Result<(Self, files::Sources), files::LoadError> {
        Self::load_file(path.as_ref(), Self::new_unchecked, true)
    }

    /// Reads a document from a file and the files that it refers to.
    fn load_file(
        path: &Path,
        new: fn(Value) -> Result<Self, Refusals>,
        keeps_unresolved: bool,
    ) -> Result<(Self, files::Sources), files::LoadError> {
        files::load(path, keeps_unresolved, |mut root, sources| {
            limits::check_depth(&root)?;
            normalize(&mut root, sources.any_text(anchors::may_have));
            new(root)
        })
    }

    /// Creates a document from a parsed JSON value and checks its depth and its references.
    ///
    /// # Errors
    ///
    /// The refusals of [`parse`](Self::parse), and a value nested deeper than
    /// [`MAX_DEPTH`](crate::MAX_DEPTH).
    pub fn from_value(mut root: Value) -> Result<Self, Refusals> {
        limits::check_depth(&root)?;
        normalize(&mut root, true);
        Self::new_checked(root)
    }

    /// Creates a document whose version and `paths` are checked.
    fn new_unchecked(mut root: Value) -> Result<Self, Refusals> {
        check_shape(&mut root)?;
        Ok(Self { root, refs_checked: false })
    }

    /// Creates a document whose version, `paths` and references are checked.
    fn new_checked(root: Value) -> Result<Self, Refusals> {
        let mut document = Self::new_unchecked(root)?;
        Refusals::check(document.unresolved())?;
        document.refs_checked = true;
        Ok(document)
    }

    /// The references that don't resolve within the document; and, of OpenAPI 3.2, methods in
    /// `additionalOperations` that may not be there and `querystring` parameters beside others.
    pub fn unresolved(&self) -> Vec<Refusal> {
        if self.refs_checked {
            return Vec::new();
        }
        let mut refusals = reference::check(&self.root);
        refusals.extend(path_items::check(&self.root));
        refusals
    }

    /// The document as mutable JSON. Its references count as unchecked from then on.
    pub fn root_mut(&mut self) -> &mut Value {
        self.refs_checked = false;
        &mut self.root
    }

    /// The document as JSON.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// The root node.
    pub fn node(&self) -> Node<'_> {
        Node::root(&self.root)
    }

    /// The node at a JSON pointer in string form (RFC 6901, section 5: without `#`), if it exists.
    pub fn node_at(&self, pointer: &str) -> Option<Node<'_>> {
        let value = self.root.pointer(pointer)?;
        Some(Node { pointer: pointer.to_owned(), value })
    }

    /// The node that a reference points to; `None` if it doesn't exist or is in another document.
    pub fn target(&self, reference: &str) -> Option<Node<'_>> {
        let pointer = Pointer::parse(reference)?;
        self.node_at(&pointer.to_plain())
    }

    /// The node itself, or the final target of its `$ref`; `None` if a reference doesn't resolve or
    /// the chain is a cycle.
    ///
    /// Not for schemas: their `$ref` may have siblings (OpenAPI 3.1, section 4.8.24), while
    /// siblings in a Reference Object are ignored (section 4.8.23).
    pub fn resolved<'a>(&'a self, mut node: Node<'a>) -> Option<Node<'a>> {
        for _ in 0..MAX_REFERENCE_CHAIN {
            match node.text("$ref") {
                None => return Some(node),
                Some(reference) => node = self.target(reference)?,
            }
        }
        None
    }
}

/// Reads a value, with references as JSON pointers.
fn read(text: &str) -> Result<Value, ParseError> {
    let mut root = syntax::read(text).map_err(ParseError::Syntax)?;
    normalize(&mut root, anchors::may_have(text));
    Ok(root)
}

/// Writes references as JSON pointers: those to the URI of the document, and if there may be any,
/// those to anchors and dynamic ones.
fn normalize(root: &mut Value, may_have_anchors: bool) {
    base_uri::resolve(root);
    if may_have_anchors {
        anchors::resolve(root);
    }
}

/// The versions that are read, as the beginning of `openapi`.
const VERSIONS: [&str; 3] = ["3.0.", "3.1.", "3.2."];

/// Refuses a document of another version or without `paths`, which OpenAPI 3.1 requires only of
/// documents without webhooks and components (section 4.8.1).
fn check_shape(root: &mut Value) -> Result<(), Refusals> {
    check_version(root)?;
    let is_3_0 = root["openapi"].as_str().is_some_and(|version| version.starts_with(VERSIONS[0]));
    let has_others = ["webhooks", "components"].iter().any(|key| root.get(*key).is_some());
    match root.get("paths") {
        Some(paths) if paths.is_object() => return Ok(()),
        None if !is_3_0 && has_others => {
            root["paths"] = Value::Object(Map::new());
            return Ok(());
        }
        _ => {}
    }
    let reason = "a document without operations describes no API";
    Err(Refusal::new(Pointer::root(), "missing `paths`", reason).into())
}

fn check_version(root: &Value) -> Result<(), Refusals> {
    let refuse = |what: &str| {
        Err(Refusal::new(Pointer::root(), what, "supported versions are 3.0, 3.1 and 3.2").into())
    };
    match root.get("openapi").and_then(Value::as_str) {
        Some(version) if VERSIONS.iter().any(|known| version.starts_with(known)) => Ok(()),
        Some(version) => refuse(&format!("openapi: {version}")),
        None if root.get("swagger").is_some() => refuse("a Swagger 2.0 document"),
        None => refuse("missing `openapi` version"),
    }
}

/// An error of parsing a [`Document`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseError {
    /// Invalid YAML or JSON; the message is one line and names line and column where the parser
    /// reports them.
    Syntax(String),
    /// Constructs that aren't OpenAPI 3.0, 3.1 or 3.2 or don't resolve, each with its JSON pointer.
    Refused(Refusals),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(message) => f.write_str(message),
            Self::Refused(refusals) => refusals.fmt(f),
        }
    }
}

impl std::error::Error for ParseError {}
