//! Traversal of the objects that OpenAPI and JSON Schema define, such as schemas and parameters.
//!
//! Examples, defaults, enum values and extensions are data and aren't visited: by key names alone,
//! a property called `items` or an example with a `$ref` in it would be taken for structure.

use serde_json::Value;

use crate::{
    method::{ADDITIONAL, METHODS},
    pointer::Pointer,
};

/// The kind of a node, by its position in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The document.
    Root,
    /// `components`.
    Components,
    /// `paths`, and `components.pathItems`.
    PathItems,
    /// A path item.
    PathItem,
    /// `additionalOperations`: operations by method (OpenAPI 3.2).
    AdditionalOperations,
    /// An operation.
    Operation,
    /// An array of parameters, or `components.parameters`.
    Parameters,
    /// A parameter.
    Parameter,
    /// `headers`: Header Objects by name.
    Headers,
    /// A header.
    Header,
    /// `components.requestBodies`.
    RequestBodies,
    /// A request body.
    RequestBody,
    /// Responses by status code, or `components.responses` by name.
    Responses,
    /// A response.
    Response,
    /// `content`: Media Type Objects by media type; `components.mediaTypes`, by name (OpenAPI 3.2).
    Content,
    /// A Media Type Object.
    MediaType,
    /// `encoding`: Encoding Objects by property.
    Encodings,
    /// `prefixEncoding`: an array of Encoding Objects (OpenAPI 3.2).
    EncodingList,
    /// An Encoding Object.
    Encoding,
    /// Schemas by name: `components.schemas`, `properties`.
    Schemas,
    /// An array of schemas: `allOf`.
    SchemaList,
    /// A schema.
    Schema,
}

impl Kind {
    /// The kind of the object member `key`; `None` if it is data.
    pub(crate) fn child(self, key: &str) -> Option<Self> {
        let kind = match self {
            Self::Root => match key {
                "paths" => Self::PathItems,
                "components" => Self::Components,
                _ => return None,
            },
            Self::Components => match key {
                "schemas" => Self::Schemas,
                "parameters" => Self::Parameters,
                "headers" => Self::Headers,
                "requestBodies" => Self::RequestBodies,
                "responses" => Self::Responses,
                "pathItems" => Self::PathItems,
                "mediaTypes" => Self::Content,
                _ => return None,
            },
            Self::PathItems if key.starts_with("x-") => return None,
            Self::PathItems => Self::PathItem,
            Self::PathItem => match key {
                "parameters" => Self::Parameters,
                ADDITIONAL => Self::AdditionalOperations,
                method if METHODS.contains(&method) => Self::Operation,
                _ => return None,
            },
            Self::AdditionalOperations => Self::Operation,
            Self::Operation => match key {
                "parameters" => Self::Parameters,
                "requestBody" => Self::RequestBody,
                "responses" => Self::Responses,
                _ => return None,
            },
            Self::Parameters => Self::Parameter,
            Self::Headers => Self::Header,
            Self::RequestBodies => Self::RequestBody,
            Self::Responses if key.starts_with("x-") => return None,
            Self::Responses => Self::Response,
            Self::Parameter | Self::Header => match key {
                "schema" => Self::Schema,
                "content" => Self::Content,
                _ => return None,
            },
            Self::RequestBody | Self::Response => match key {
                "content" => Self::Content,
                "headers" => Self::Headers,
                _ => return None,
            },
            Self::Content => Self::MediaType,
            Self::MediaType => match key {
                "schema" | "itemSchema" => Self::Schema,
                "encoding" => Self::Encodings,
                "prefixEncoding" => Self::EncodingList,
                "itemEncoding" => Self::Encoding,
                _ => return None,
            },
            Self::Encodings | Self::EncodingList => Self::Encoding,
            Self::Encoding => match key {
                "headers" => Self::Headers,
                "encoding" => Self::Encodings,
                "prefixEncoding" => Self::EncodingList,
                "itemEncoding" => Self::Encoding,
                _ => return None,
            },
            Self::Schemas | Self::SchemaList => Self::Schema,
            Self::Schema => match key {
                "properties" | "patternProperties" | "dependentSchemas" | "$defs"
                | "definitions" => Self::Schemas,
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => Self::SchemaList,
                "items"
                | "additionalItems"
                | "unevaluatedItems"
                | "contains"
                | "additionalProperties"
                | "unevaluatedProperties"
                | "propertyNames"
                | "not"
                | "if"
                | "then"
                | "else"
                | "contentSchema" => Self::Schema,
                _ => return None,
            },
        };
        Some(kind)
    }

    /// The kind of array items; `None` if they are data.
    pub(crate) fn item(self) -> Option<Self> {
        match self {
            Self::Parameters | Self::SchemaList | Self::EncodingList => self.child(""),
            _ => None,
        }
    }

    /// Whether a node of this kind may have a `$ref` in place of its content.
    pub fn is_referable(self) -> bool {
        matches!(
            self,
            Self::PathItem
                | Self::Parameter
                | Self::Header
                | Self::RequestBody
                | Self::Response
                | Self::MediaType
                | Self::Schema
        )
    }
}

/// The position of a node during a traversal. It borrows its parent; a [`Pointer`] is allocated
/// only when requested.
#[derive(Clone, Copy, Debug)]
pub struct Position<'a> {
    parent: Option<&'a Position<'a>>,
    segment: Segment<'a>,
}

/// The last segment of a position.
#[derive(Clone, Copy, Debug)]
enum Segment<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> Position<'a> {
    /// The root of the document.
    pub const ROOT: Position<'static> = Position { parent: None, segment: Segment::Key("") };

    /// The position of the object member `key`.
    pub fn key(&'a self, key: &'a str) -> Position<'a> {
        Position { parent: Some(self), segment: Segment::Key(key) }
    }

    /// The position of the array item `index`.
    pub fn index(&'a self, index: usize) -> Position<'a> {
        Position { parent: Some(self), segment: Segment::Index(index) }
    }

    /// The JSON pointer from the root.
    pub fn pointer(&self) -> Pointer {
        self.pointer_from(&Pointer::root())
    }

    /// The JSON pointer with `origin` in place of the root.
    pub fn pointer_from(&self, origin: &Pointer) -> Pointer {
        match (self.parent, self.segment) {
            (None, _) => origin.clone(),
            (Some(parent), Segment::Key(key)) => parent.pointer_from(origin).join(key),
            (Some(parent), Segment::Index(index)) => parent.pointer_from(origin).join(index),
        }
    }

    /// The number of segments from the root.
    pub fn depth(&self) -> usize {
        self.parent.map_or(0, |parent| parent.depth() + 1)
    }
}

/// Visits every node of a document that has a [`Kind`], parents first.
pub fn nodes<'v>(root: &'v Value, visit: &mut dyn FnMut(Kind, &'v Value, &Position<'_>)) {
    nodes_in(Kind::Root, root, &Position::ROOT, visit);
}

/// Visits `value`, of this kind and at this position, and the nodes inside it, parents first.
pub fn nodes_in<'v>(
    kind: Kind,
    value: &'v Value,
    position: &Position<'_>,
    visit: &mut dyn FnMut(Kind, &'v Value, &Position<'_>),
) {
    visit(kind, value, position);
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                if let Some(kind) = kind.child(key) {
                    nodes_in(kind, child, &position.key(key), visit);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if let Some(kind) = kind.item() {
                    nodes_in(kind, item, &position.index(index), visit);
                }
            }
        }
        _ => {}
    }
}

/// Visits every node of a document that has a [`Kind`], mutably, children first.
pub fn nodes_mut(root: &mut Value, visit: &mut dyn FnMut(Kind, &mut Value, &Position<'_>)) {
    nodes_in_mut(Kind::Root, root, &Position::ROOT, visit);
}

/// Visits `value`, of this kind and at this position, and the nodes inside it, mutably, children
/// first.
pub fn nodes_in_mut(
    kind: Kind,
    value: &mut Value,
    position: &Position<'_>,
    visit: &mut dyn FnMut(Kind, &mut Value, &Position<'_>),
) {
    match value {
        Value::Object(map) => {
            for (key, child) in map.iter_mut() {
                if let Some(kind) = kind.child(key) {
                    nodes_in_mut(kind, child, &position.key(key), visit);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                if let Some(kind) = kind.item() {
                    nodes_in_mut(kind, item, &position.index(index), visit);
                }
            }
        }
        _ => {}
    }
    visit(kind, value, position);
}

/// Visits every schema of a document, mutably, children first.
pub fn schemas_mut(root: &mut Value, visit: &mut dyn FnMut(&mut Value, &Position<'_>)) {
    nodes_mut(root, &mut |kind, value, position| {
        if kind == Kind::Schema {
            visit(value, position);
        }
    });
}

/// Visits `schema` and its subschemas, mutably, children first.
pub fn subschemas_mut(schema: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    nodes_in_mut(Kind::Schema, schema, &Position::ROOT, &mut |kind, value, _| {
        if kind == Kind::Schema {
            visit(value);
        }
    });
}

/// Visits `schema` and its subschemas, parents first.
pub fn subschemas<'v>(schema: &'v Value, visit: &mut dyn FnMut(&'v Value)) {
    nodes_in(Kind::Schema, schema, &Position::ROOT, &mut |kind, value, _| {
        if kind == Kind::Schema {
            visit(value);
        }
    });
}
