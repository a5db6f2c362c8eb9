//! Where schemas and references stand in an OpenAPI document.
//!
//! Examples, defaults, enum values and extensions are data: a walk by key names alone would take a
//! property called `items` or an example with a `$ref` in it for structure.

use serde_json::Value;

use crate::{method::METHODS, pointer::Pointer};

/// What a node of the document is.
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
    /// An operation.
    Operation,
    /// A list of parameters, or `components.parameters`.
    Parameters,
    /// A parameter.
    Parameter,
    /// Headers by name.
    Headers,
    /// A header.
    Header,
    /// `components.requestBodies`.
    RequestBodies,
    /// A request body.
    RequestBody,
    /// Responses by status or name.
    Responses,
    /// A response.
    Response,
    /// `content`: media types by name.
    Content,
    /// A media type.
    MediaType,
    /// `encoding`: encodings by property.
    Encodings,
    /// An encoding.
    Encoding,
    /// Schemas by name: components, properties.
    Schemas,
    /// Schemas in a list: `allOf`.
    SchemaList,
    /// A schema.
    Schema,
}

impl Kind {
    /// What stands under `key`, if it is structure.
    fn child(self, key: &str) -> Option<Self> {
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
                _ => return None,
            },
            Self::PathItems if key.starts_with("x-") => return None,
            Self::PathItems => Self::PathItem,
            Self::PathItem => match key {
                "parameters" => Self::Parameters,
                method if METHODS.contains(&method) => Self::Operation,
                _ => return None,
            },
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
                "schema" => Self::Schema,
                "encoding" => Self::Encodings,
                _ => return None,
            },
            Self::Encodings => Self::Encoding,
            Self::Encoding => match key {
                "headers" => Self::Headers,
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

    /// What the items of a list are, if they are structure.
    fn item(self) -> Option<Self> {
        match self {
            Self::Parameters | Self::SchemaList => self.child(""),
            _ => None,
        }
    }

    /// Whether a node of this kind may be a Reference Object.
    pub fn is_referable(self) -> bool {
        matches!(
            self,
            Self::PathItem
                | Self::Parameter
                | Self::Header
                | Self::RequestBody
                | Self::Response
                | Self::Schema
        )
    }
}

/// A place on the way down: it costs nothing until someone asks for the pointer.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    parent: Option<&'a At<'a>>,
    segment: Segment<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Segment<'a> {
    Key(&'a str),
    Index(usize),
}

impl<'a> At<'a> {
    /// The document itself.
    pub const ROOT: At<'static> = At { parent: None, segment: Segment::Key("") };

    /// The member of this name.
    pub fn key(&'a self, key: &'a str) -> At<'a> {
        At { parent: Some(self), segment: Segment::Key(key) }
    }

    /// The item at this index.
    pub fn index(&'a self, index: usize) -> At<'a> {
        At { parent: Some(self), segment: Segment::Index(index) }
    }

    /// The JSON pointer.
    pub fn pointer(&self) -> Pointer {
        self.below(&Pointer::root())
    }

    /// This place, counted from `origin` instead of from the document.
    pub fn below(&self, origin: &Pointer) -> Pointer {
        match (self.parent, self.segment) {
            (None, _) => origin.clone(),
            (Some(parent), Segment::Key(key)) => parent.below(origin).join(key),
            (Some(parent), Segment::Index(index)) => parent.below(origin).join(index),
        }
    }

    /// How many steps it is below the document.
    pub fn depth(&self) -> usize {
        self.parent.map_or(0, |parent| parent.depth() + 1)
    }
}

/// Visits each node of the document that is structure, parents first.
pub fn nodes<'v>(root: &'v Value, visit: &mut dyn FnMut(Kind, &'v Value, &At<'_>)) {
    below(Kind::Root, root, &At::ROOT, visit);
}

/// [`nodes`] of a part of the document.
pub fn below<'v>(
    kind: Kind,
    value: &'v Value,
    at: &At<'_>,
    visit: &mut dyn FnMut(Kind, &'v Value, &At<'_>),
) {
    visit(kind, value, at);
    match value {
        Value::Object(map) => {
            for (key, child) in map {
                if let Some(kind) = kind.child(key) {
                    below(kind, child, &at.key(key), visit);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                if let Some(kind) = kind.item() {
                    below(kind, item, &at.index(index), visit);
                }
            }
        }
        _ => {}
    }
}

/// Visits each node of the document that is structure and may change it, children first.
pub fn nodes_mut(root: &mut Value, visit: &mut dyn FnMut(Kind, &mut Value, &At<'_>)) {
    below_mut(Kind::Root, root, &At::ROOT, visit);
}

fn below_mut(
    kind: Kind,
    value: &mut Value,
    at: &At<'_>,
    visit: &mut dyn FnMut(Kind, &mut Value, &At<'_>),
) {
    match value {
        Value::Object(map) => {
            for (key, child) in map.iter_mut() {
                if let Some(kind) = kind.child(key) {
                    below_mut(kind, child, &at.key(key), visit);
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                if let Some(kind) = kind.item() {
                    below_mut(kind, item, &at.index(index), visit);
                }
            }
        }
        _ => {}
    }
    visit(kind, value, at);
}

/// Visits each schema of the document, children first.
pub fn schemas_mut(root: &mut Value, visit: &mut dyn FnMut(&mut Value, &At<'_>)) {
    nodes_mut(root, &mut |kind, value, at| {
        if kind == Kind::Schema {
            visit(value, at);
        }
    });
}

/// Visits `schema` and each schema inside it, children first.
pub fn subschemas_mut(schema: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    below_mut(Kind::Schema, schema, &At::ROOT, &mut |kind, value, _| {
        if kind == Kind::Schema {
            visit(value);
        }
    });
}

/// Visits `schema` and each schema inside it, parents first.
pub fn subschemas<'v>(schema: &'v Value, visit: &mut dyn FnMut(&'v Value)) {
    below(Kind::Schema, schema, &At::ROOT, &mut |kind, value, _| {
        if kind == Kind::Schema {
            visit(value);
        }
    });
}
