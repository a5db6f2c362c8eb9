//! What a schema means: one form for all ways of writing it.
//!
//! A `$ref` and what it leads to, `allOf` of one, a list of types and `anyOf` with null, `nullable`
//! of OpenAPI 3.0, a `const` and an enum of one value give the same node.

use std::collections::BTreeMap;

use openapi_document::Pointer;
use serde_json::Value;

use crate::{facets::Facets, place::Place};

/// What a schema means.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Where it stands, once references that say nothing else are followed.
    pub(crate) place: Place,
    /// Where its structure stands: what its Rust type is named after.
    pub(crate) definition: Pointer,
    pub(crate) nullable: bool,
    pub(crate) kind: Kind,
    pub(crate) facets: Facets,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
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
pub(crate) struct Object {
    /// Where each is said; in parts of an `allOf`, that may be in several places.
    pub(crate) properties: BTreeMap<String, Vec<Pointer>>,
    /// The names that are required, and where that is said.
    pub(crate) required: BTreeMap<String, Pointer>,
    pub(crate) extra: AdditionalProperties,
}

/// Properties without a name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum AdditionalProperties {
    /// Nothing is said: they may be there, and nobody cares.
    #[default]
    Unspecified,
    Forbidden(Pointer),
    /// They may be there.
    Any(Pointer),
    /// They may be there and are like this.
    Schema(Pointer),
}

#[derive(Clone, Debug)]
pub(crate) struct Union {
    pub(crate) members: Vec<Member>,
    /// The property that tells them apart.
    pub(crate) tag: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// The tag, the name of the component, or what else identifies it.
    pub(crate) key: String,
    pub(crate) place: Place,
}
