//! What a schema means: one form for all ways of writing it.
//!
//! A `$ref` and what it leads to, `allOf` of one, a list of types and `anyOf` with null, `nullable`
//! of OpenAPI 3.0, a `const` and an enum of one value give the same node.

use std::collections::BTreeMap;

use openapi_lower::Pointer;
use serde_json::Value;

use super::facets::Facets;

/// A schema, or one part of a schema that says several things at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) pointer: Pointer,
    pub(super) part: Part,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Part {
    #[default]
    Whole,
    /// Without `$ref` and `allOf`.
    Own,
    /// As one of its several types.
    Type(String),
    /// Without `oneOf` and `anyOf`.
    Base,
    /// Only `oneOf` and `anyOf`.
    Choice,
    /// With other schemas that hold for the same property, in parts of an `allOf`.
    With(Vec<Pointer>),
}

impl Place {
    pub(super) fn at(pointer: Pointer) -> Self {
        Self { pointer, part: Part::Whole }
    }

    /// The schema that is said in all these places; the last one is where it is looked for.
    pub(super) fn of_all(places: &[Pointer]) -> Self {
        match places.split_last() {
            Some((last, [])) => Self::at(last.clone()),
            Some((last, others)) => {
                Self { pointer: last.clone(), part: Part::With(others.to_vec()) }
            }
            None => Self::at(Pointer::root()),
        }
    }
}

/// What a schema means.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Where it stands, once references that say nothing else are followed.
    pub(super) place: Place,
    /// Where its structure stands: what its Rust type is named after.
    pub(super) home: Pointer,
    pub(super) nullable: bool,
    pub(super) kind: Kind,
    pub(super) facets: Facets,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Anything.
    Any,
    /// Nothing.
    Never,
    Null,
    Scalar {
        ty: String,
        format: Option<String>,
    },
    /// One of these values, which are all of one type or not.
    Enum(Vec<Value>),
    Array {
        items: Option<Place>,
        prefix: Vec<Place>,
    },
    Object(Object),
    Union(Union),
    /// All of these at once, which can't be made one.
    All(Vec<Place>),
    /// A reference that leads nowhere, or to itself.
    Unresolved(String),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Object {
    /// Where each is said; in parts of an `allOf`, that may be in several places.
    pub(super) properties: BTreeMap<String, Vec<Pointer>>,
    /// The names that are required, and where that is said.
    pub(super) required: BTreeMap<String, Pointer>,
    pub(super) extra: Extra,
}

/// Properties without a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Extra {
    /// Nothing is said: they may be there, and nobody cares.
    #[default]
    Unsaid,
    Forbidden(Pointer),
    /// They may be there.
    Free(Pointer),
    /// They may be there and are like this.
    Like(Pointer),
}

#[derive(Clone, Debug)]
pub(super) struct Union {
    pub(super) members: Vec<Member>,
    /// The property that tells them apart.
    pub(super) tag: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    /// The tag, the name of the component, or what else identifies it.
    pub(super) key: String,
    pub(super) place: Place,
}
