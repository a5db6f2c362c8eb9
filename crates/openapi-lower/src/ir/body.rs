//! Request bodies.

use serde_json::Value;

use super::{parameter::Expansion, stream::ItemStream};

use crate::collect::Collect;

/// A request body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Body {
    /// Whether a request without it is an error.
    pub required: bool,
    /// `description`.
    pub description: Option<String>,
    /// The representations of which a request has one: at least one, the preferred one first.
    pub representations: Vec<BodyRepresentation>,
}

/// A representation of a request body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct BodyRepresentation {
    /// The media type it is sent as.
    pub media_type: String,
    /// The Rust name of the setter; that of a form has one for each part instead.
    pub rust_name: String,
    /// The content and how it is written.
    pub content: BodyContent,
}

impl Body {
    /// The parts of the form, if a representation is one.
    pub fn parts(&self) -> &[Part] {
        let parts = self.representations.iter().find_map(|one| match &one.content {
            BodyContent::Multipart(parts) => Some(parts.as_slice()),
            _ => None,
        });
        parts.unwrap_or_default()
    }
}

/// The content of a request body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum BodyContent {
    /// JSON of this schema, written by the core: a required `application/json` body.
    Core(Value),
    /// JSON of this schema, written by the runtime: an optional body or another JSON media type.
    Json(Value),
    /// The parts of a `multipart/form-data` body.
    Multipart(Vec<Part>),
    /// The properties of an object, as `application/x-www-form-urlencoded`.
    Form(FormBody),
    /// A series of JSON values.
    Items(ItemStream),
    /// Text.
    Text,
    /// Bytes of any other media type.
    Bytes,
}

impl BodyContent {
    /// The schemas of a body.
    pub(crate) fn schemas(&self) -> Vec<&Value> {
        match self {
            Self::Core(schema) | Self::Json(schema) => vec![schema],
            Self::Form(form) => vec![&form.schema],
            Self::Multipart(parts) => {
                let schemas = parts.iter().map(|part| match &part.content {
                    PartContent::Value(schema)
                    | PartContent::Json(schema)
                    | PartContent::Delimited(_, schema)
                    | PartContent::Styled(_, schema) => Some(schema),
                    PartContent::File => None,
                });
                schemas.flatten().collect_vec()
            }
            Self::Items(items) => items.schema.iter().collect_vec(),
            Self::Text | Self::Bytes => Vec::new(),
        }
    }
}

/// An `application/x-www-form-urlencoded` body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FormBody {
    /// The schema of the object.
    pub schema: Value,
    /// The properties with another encoding than the default of their values, in the order of the
    /// document.
    pub encodings: Vec<(String, Expansion)>,
}

/// A part of a multipart body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Part {
    /// The name of the form field.
    pub name: String,
    /// The Rust name of the setter.
    pub rust_name: String,
    /// `description`.
    pub description: Option<String>,
    /// Whether a request without it is an error.
    pub required: bool,
    /// Whether the part may be sent several times.
    pub repeated: bool,
    /// The content.
    pub content: PartContent,
    /// The media types that the document declares, separated by commas; `None` for the default of
    /// the content.
    pub media_type: Option<String>,
}

/// The content of a part of a multipart body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum PartContent {
    /// Bytes: a file.
    File,
    /// A value of this schema: a scalar is text, anything else is JSON.
    Value(Value),
    /// JSON of this schema.
    Json(Value),
    /// Scalars of this schema, joined by a delimiter.
    Delimited(char, Value),
    /// A value of this schema by a style: a part for each member of an exploded object.
    Styled(Expansion, Value),
}
