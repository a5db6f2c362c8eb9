//! Where schemas and references stand in an OpenAPI document.
//!
//! Examples, defaults, enum values and extensions are data: a walk by key names alone would take a
//! property called `items` or an example with a `$ref` in it for structure.

use serde_json::Value;

use crate::pointer::Pointer;

/// What a node of the document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Root,
    Components,
    PathItems,
    PathItem,
    Operation,
    Parameters,
    Parameter,
    Headers,
    Header,
    RequestBodies,
    RequestBody,
    Responses,
    Response,
    Content,
    MediaType,
    Encodings,
    Encoding,
    Schemas,
    SchemaList,
    Schema,
}

/// The methods that a path item may have (OpenAPI 3.1, section 4.8.9).
pub(crate) const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

impl Kind {
    /// What stands under `key` (an index, in a list), if it is structure.
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

    /// Whether a node of this kind may be a Reference Object.
    pub(crate) fn is_referable(self) -> bool {
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

/// Visits each node of the document that is structure, parents first.
pub(crate) fn nodes<'a>(root: &'a Value, visit: &mut dyn FnMut(Kind, &'a Value, &Pointer)) {
    below(Kind::Root, root, &mut Pointer::root(), visit);
}

/// [`nodes`] of a part of the document.
pub(crate) fn below<'a>(
    kind: Kind,
    value: &'a Value,
    at: &mut Pointer,
    visit: &mut dyn FnMut(Kind, &'a Value, &Pointer),
) {
    visit(kind, value, at);
    let mut step = |key: &str, child: &'a Value| {
        if let Some(kind) = kind.child(key) {
            at.push(key);
            below(kind, child, at, visit);
            at.pop();
        }
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, child)| step(key, child)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| step(&index.to_string(), item));
        }
        _ => {}
    }
}

/// Visits each node of the document that is structure and may change it, children first.
pub(crate) fn nodes_mut(root: &mut Value, visit: &mut dyn FnMut(Kind, &mut Value, &Pointer)) {
    below_mut(Kind::Root, root, &mut Pointer::root(), visit);
}

fn below_mut(
    kind: Kind,
    value: &mut Value,
    at: &mut Pointer,
    visit: &mut dyn FnMut(Kind, &mut Value, &Pointer),
) {
    let mut step = |key: &str, child: &mut Value| {
        if let Some(kind) = kind.child(key) {
            at.push(key);
            below_mut(kind, child, at, visit);
            at.pop();
        }
    };
    match value {
        Value::Object(map) => map.iter_mut().for_each(|(key, child)| step(key, child)),
        Value::Array(items) => {
            items.iter_mut().enumerate().for_each(|(index, item)| step(&index.to_string(), item));
        }
        _ => {}
    }
    visit(kind, value, at);
}

/// Visits each schema of the document, children first.
pub(crate) fn schemas_mut(root: &mut Value, visit: &mut dyn FnMut(&mut Value, &Pointer)) {
    nodes_mut(root, &mut |kind, value, at| {
        if kind == Kind::Schema {
            visit(value, at);
        }
    });
}

/// Visits `schema` and each schema inside it, children first.
pub(crate) fn subschemas_mut(schema: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    below_mut(Kind::Schema, schema, &mut Pointer::root(), &mut |kind, value, _| {
        if kind == Kind::Schema {
            visit(value);
        }
    });
}

/// Visits `schema` and each schema inside it, parents first.
pub(crate) fn subschemas<'a>(schema: &'a Value, visit: &mut dyn FnMut(&'a Value)) {
    below(Kind::Schema, schema, &mut Pointer::root(), &mut |kind, value, _| {
        if kind == Kind::Schema {
            visit(value);
        }
    });
}
