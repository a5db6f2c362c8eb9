//! The items of a surface.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use openapi_document::Pointer;

use crate::helpers::AvailableHelper;

/// The public surface of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Surface {
    /// The types by their paths: `types::Thing`, `operations::ThingList`, and `Client` unless it is
    /// the user's.
    pub types: BTreeMap<String, TypeItem>,
    /// The methods of the client that return the builders, by name.
    pub methods: BTreeMap<String, Function>,
    /// The helpers whose requirements the client meets, by name.
    pub helpers: BTreeMap<String, AvailableHelper>,
    /// The names of types and variants by their published keys
    /// ([`ClientModel::published_names`](crate::ir::ClientModel::published_names)).
    pub names: BTreeMap<String, String>,
}

/// A public type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypeItem {
    /// The place in the document.
    pub origin: Origin,
    /// `struct` or `enum`, with its type parameters.
    pub kind: String,
    /// Whether it has the attribute `non_exhaustive`.
    pub non_exhaustive: bool,
    /// Whether it is marked as deprecated.
    pub deprecated: bool,
    /// The public fields of a struct, or the variants of an enum, by name.
    pub members: BTreeMap<String, Member>,
    /// The public functions by name: constructors, setters, `send` …
    pub functions: BTreeMap<String, Function>,
    /// The implemented traits, derived ones included, with their arguments and associated types:
    /// `Clone`, `From<types::Cat>`, `Paged<Item=types::Pet>`.
    pub traits: BTreeSet<String>,
}

/// A field or a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The place in the document.
    pub origin: Origin,
    /// The type of a field, or those of a variant in parentheses; empty for a variant without any.
    pub ty: String,
    /// Whether it is marked as deprecated.
    pub deprecated: bool,
}

/// A public function.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Function {
    /// The place in the document.
    pub origin: Origin,
    /// The receiver: `self`, `&self`, or empty.
    pub receiver: String,
    /// The arguments: name and type.
    pub arguments: Vec<(String, String)>,
    /// The returned type; that of the future if the function is asynchronous. Empty for `()`.
    pub returns: String,
    /// Whether the function is asynchronous.
    pub is_async: bool,
    /// Whether it is marked as deprecated.
    pub deprecated: bool,
}

impl fmt::Display for Function {
    /// Writes the signature without the name: `(self, value: impl Into<String>) -> Self`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let receiver = Some(self.receiver.clone()).filter(|receiver| !receiver.is_empty());
        let arguments = self.arguments.iter().map(|(name, ty)| format!("{name}: {ty}"));
        let inputs: Vec<String> = receiver.into_iter().chain(arguments).collect();
        write!(f, "({})", inputs.join(", "))?;
        match self.returns.as_str() {
            "" => Ok(()),
            returns => write!(f, " -> {returns}"),
        }
    }
}

/// The place in the document that an item stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// The pointer to the schema of a type, or to the operation of a builder.
    pub pointer: Pointer,
    /// The name of the property, parameter or part, or the value of the variant.
    pub name: Option<String>,
}
