//! Normalized schemas: equivalent notations give the same node.
//!
//! Equivalent are, for example:
//!
//! - a `$ref` and its target,
//! - an `allOf` of one schema and that schema,
//! - `null` in a list of types, an `anyOf` with null, and `nullable` of OpenAPI 3.0,
//! - a `const` and an enum of one value.

use std::collections::BTreeMap;

use openapi_document::Pointer;
use serde_json::Value;

use crate::{keywords::Keywords, schema_view::SchemaView};

/// A normalized schema.
#[derive(Clone, Debug)]
pub(crate) struct SchemaNode {
    /// The schema, after following references without sibling keywords.
    pub(crate) view: SchemaView,
    /// The schema object that declares the structure, and after which the Rust type is named.
    pub(crate) definition: Pointer,
    pub(crate) nullable: bool,
    pub(crate) kind: SchemaKind,
    pub(crate) keywords: Keywords,
}

impl SchemaNode {
    /// The node of a schema of this kind, without keywords.
    pub(crate) fn new(view: &SchemaView, kind: SchemaKind) -> Self {
        Self {
            view: view.clone(),
            definition: view.pointer.clone(),
            nullable: false,
            kind,
            keywords: Keywords::default(),
        }
    }

    /// The number of properties, as often as they are declared, and of enum values.
    pub(crate) fn declarations(&self) -> usize {
        match &self.kind {
            SchemaKind::Object(object) => object.properties.values().map(Vec::len).sum(),
            SchemaKind::Enum(values) => values.len(),
            _ => 0,
        }
    }
}

/// The structure of a schema.
#[derive(Clone, Debug)]
pub(crate) enum SchemaKind {
    /// Any value.
    Any,
    /// No value: the schema `false`.
    Never,
    Null,
    Scalar {
        ty: String,
        format: Option<String>,
    },
    /// One of these values, which may be of several types.
    Enum(Vec<Value>),
    Array {
        items: Option<SchemaView>,
        prefix: Vec<SchemaView>,
    },
    Object(ObjectSchema),
    /// At least one of several schemas.
    AnyOf(UnionSchema),
    /// Several schemas at once, which can't be merged into one.
    AllOf(Vec<SchemaView>),
    /// A reference without a target, or a recursion without structure; with its description.
    Unresolved(String),
}

/// The properties of an object.
#[derive(Clone, Debug, Default)]
pub(crate) struct ObjectSchema {
    /// The schemas of each property: several if several schemas of an `allOf` declare it.
    pub(crate) properties: BTreeMap<String, Vec<Pointer>>,
    /// The required names, with the keyword that lists them.
    pub(crate) required: BTreeMap<String, Pointer>,
    pub(crate) additional: AdditionalProperties,
}

/// The schema of properties that aren't declared by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum AdditionalProperties {
    /// The keyword is absent: they are allowed (JSON Schema 2020-12), but not modelled.
    #[default]
    Unspecified,
    Forbidden(Pointer),
    /// Any value is allowed.
    Any(Pointer),
    /// Values of this schema are allowed.
    Schema(Pointer),
}

/// A `oneOf` or `anyOf`, or a list of types.
#[derive(Clone, Debug)]
pub(crate) struct UnionSchema {
    pub(crate) members: Vec<UnionMember>,
    /// The property name of the discriminator.
    pub(crate) discriminator: Option<String>,
    /// The list of the members: a mapping, `oneOf`, `anyOf` or `type`.
    pub(crate) list: Pointer,
}

/// A variant of a union.
#[derive(Clone, Debug)]
pub(crate) struct UnionMember {
    /// The discriminator value, the name of the component, or else the signature of the schema.
    pub(crate) key: String,
    /// Whether an earlier member has the same key; the key is numbered then.
    pub(crate) is_duplicate: bool,
    /// The entry of the union or of its mapping.
    pub(crate) location: Pointer,
    pub(crate) view: SchemaView,
}
