//! An OpenAPI document as it was read, before anything is made of it.

use std::fmt;

use serde_json::Value;

use crate::{
    limits,
    node::Node,
    pointer::Pointer,
    reference,
    refusal::{Refusal, Refusals},
    syntax,
};

/// References that follow one another; a longer chain is a circle.
const CHAIN: usize = 32;

/// An OpenAPI 3.1 (or 3.0) document: well-formed and of a bounded size.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    root: Value,
    /// Whether every reference was found to lead somewhere.
    refs_checked: bool,
}

impl Document {
    /// Reads YAML or JSON.
    ///
    /// # Errors
    ///
    /// [`ParseError::Syntax`] names a syntax error, a duplicate key, a YAML tag, `.inf` or `.nan`,
    /// with line and column as far as the reader knows them (integers beyond 64 bits become floating
    /// point, as serde_json reads them); [`ParseError::Refused`] the JSON pointer of what isn't
    /// OpenAPI 3 and of each `$ref` that leads nowhere or out of the document.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        // The readers stop at the depth that `from_value` checks.
        let root = syntax::read(text).map_err(ParseError::Syntax)?;
        Self::checked(root).map_err(ParseError::Refused)
    }

    /// Reads YAML or JSON, references that lead nowhere included: [`unresolved`](Self::unresolved)
    /// names them.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse), without those of references.
    pub fn parse_lenient(text: &str) -> Result<Self, ParseError> {
        let root = syntax::read(text).map_err(ParseError::Syntax)?;
        check_shape(&root).map_err(ParseError::Refused)?;
        Ok(Self { root, refs_checked: false })
    }

    /// Takes a document that was read already.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse), without those of syntax.
    pub fn from_value(root: Value) -> Result<Self, Refusals> {
        limits::check_depth(&root)?;
        Self::checked(root)
    }

    fn checked(root: Value) -> Result<Self, Refusals> {
        check_shape(&root)?;
        let mut document = Self { root, refs_checked: false };
        Refusals::check(document.unresolved())?;
        document.refs_checked = true;
        Ok(document)
    }

    /// The references that lead nowhere or out of the document.
    pub fn unresolved(&self) -> Vec<Refusal> {
        if self.refs_checked { Vec::new() } else { reference::check(&self.root) }
    }

    /// The document, to be changed: its references are checked again where that matters.
    pub fn root_mut(&mut self) -> &mut Value {
        self.refs_checked = false;
        &mut self.root
    }

    /// The document as JSON.
    pub fn root(&self) -> &Value {
        &self.root
    }

    /// A cursor at the root.
    pub fn node(&self) -> Node<'_> {
        Node::root(&self.root)
    }

    /// What a JSON pointer without `#` leads to.
    pub fn at(&self, pointer: &str) -> Option<Node<'_>> {
        let value = self.root.pointer(pointer)?;
        Some(Node { pointer: pointer.to_owned(), value })
    }

    /// The place that a reference names. References to other documents lead nowhere.
    pub fn target(&self, reference: &str) -> Option<Node<'_>> {
        let pointer = Pointer::parse(reference)?;
        self.at(&pointer.to_plain())
    }

    /// `node`, or where its `$ref` leads in the end; `None` if that is nowhere. For anything but
    /// schemas: there a `$ref` stands alone (OpenAPI 3.1, section 4.8.23).
    pub fn resolved<'a>(&'a self, mut node: Node<'a>) -> Option<Node<'a>> {
        for _ in 0..CHAIN {
            match node.text("$ref") {
                None => return Some(node),
                Some(reference) => node = self.target(reference)?,
            }
        }
        None
    }
}

fn check_shape(root: &Value) -> Result<(), Refusals> {
    check_version(root)?;
    if root.get("paths").is_some_and(Value::is_object) {
        return Ok(());
    }
    let reason = "a document without operations describes no API";
    Err(Refusal::new(Pointer::root(), "no `paths`", reason).into())
}

fn check_version(root: &Value) -> Result<(), Refusals> {
    let refuse = |what: &str| {
        Err(Refusal::new(Pointer::root(), what, "this crate reads OpenAPI 3.0 and 3.1").into())
    };
    match root.get("openapi").and_then(Value::as_str) {
        Some(version) if version.starts_with("3.0.") || version.starts_with("3.1.") => Ok(()),
        Some(version) => refuse(&format!("openapi: {version}")),
        None if root.get("swagger").is_some() => refuse("a Swagger 2.0 document"),
        None => refuse("no `openapi` version"),
    }
}

/// Why a text is not a [`Document`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseError {
    /// Not YAML or JSON that a document can be made of; the message has line and column.
    Syntax(String),
    /// Not an OpenAPI document this crate can read; each with its JSON pointer.
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
