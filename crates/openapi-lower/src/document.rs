//! An OpenAPI document as it was read, before anything is made of it.

use std::fmt;

use serde_json::Value;

use crate::{
    limits,
    lower::references,
    pointer::Pointer,
    read,
    refusal::{Refusal, Refusals},
};

/// An OpenAPI 3.1 (or 3.0) document: well-formed, of a bounded size, every `$ref` resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    root: Value,
    /// Whether every reference was found to lead somewhere.
    followed: bool,
}

impl Document {
    /// Reads YAML or JSON.
    ///
    /// # Errors
    ///
    /// [`ParseError::Syntax`] names line and column of a syntax error, a duplicate key, a YAML tag
    /// or a number that JSON can't hold; [`ParseError::Refused`] the JSON pointer of what isn't
    /// OpenAPI 3 and of each `$ref` that leads nowhere or out of the document.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        // The readers stop at the depth that `from_value` checks.
        let root = read::read(text).map_err(ParseError::Syntax)?;
        Self::checked(root).map_err(ParseError::Refused)
    }

    /// Reads YAML or JSON, and leaves it to [`lower`](crate::lower()) to refuse references that
    /// lead nowhere: for [`Config::skip_refused`](crate::Config::skip_refused).
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse), without those of references.
    pub fn parse_unfollowed(text: &str) -> Result<Self, ParseError> {
        let root = read::read(text).map_err(ParseError::Syntax)?;
        check_shape(&root).map_err(ParseError::Refused)?;
        Ok(Self { root, followed: false })
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
        let mut document = Self { root, followed: false };
        document.follow()?;
        Ok(document)
    }

    /// Finds the references that lead nowhere, once.
    fn follow(&mut self) -> Result<(), Refusals> {
        Refusals::check(self.unfollowed())?;
        self.followed = true;
        Ok(())
    }

    /// The references that lead nowhere, unless it is known that there are none.
    pub(crate) fn unfollowed(&self) -> Vec<Refusal> {
        if self.followed { Vec::new() } else { references::check(&self.root) }
    }

    /// The document, to be changed: what was known of it isn't any more.
    pub(crate) fn root_mut(&mut self) -> &mut Value {
        self.followed = false;
        &mut self.root
    }

    /// The document as JSON.
    pub fn root(&self) -> &Value {
        &self.root
    }
}

fn check_shape(root: &Value) -> Result<(), Refusals> {
    check_version(root)?;
    if root.get("paths").is_some_and(Value::is_object) {
        return Ok(());
    }
    let reason = "a client is made of operations, and this document has none";
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
