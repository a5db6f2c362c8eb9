//! Parameters, and the encodings of parameters and of properties in forms.

use serde_json::Value;

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// The name in the document.
    pub name: String,
    /// The Rust name of the setter.
    pub rust_name: String,
    /// The encoding in the request.
    pub encoding: ParameterEncoding,
    /// Whether a request without it is an error.
    pub required: bool,
    /// `description`, with the constraints of the schema.
    pub description: Option<String>,
    /// `deprecated`.
    pub deprecated: bool,
    /// The lowered schema.
    pub schema: Value,
    /// The value that the server assumes where the parameter is absent.
    pub default: Option<Value>,
    /// Whether `Debug` redacts the value.
    pub secret: bool,
}

/// The encoding of a parameter in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterEncoding {
    /// In the path.
    Path(Expansion),
    /// In the query, by the core: a scalar, or a list as a pair per value.
    Query,
    /// In the query, by the runtime: other styles, which progenitor can't write, or a value for
    /// which the core has no argument, since it has a variable of that name already.
    QueryExpansion(Expansion),
    /// As the whole query, by the runtime (OpenAPI 3.2, `in: querystring`): JSON or text.
    QueryString(Expansion),
    /// In a header, by the core: a scalar.
    Header,
    /// In a header, by the runtime: a list, an object or a union, a date-time, which the core would
    /// not write in RFC 3339, or a value for which the core has no argument.
    HeaderExpansion(Expansion),
    /// In a cookie, or in several if a list or an object is exploded.
    Cookie(Expansion),
}

impl ParameterEncoding {
    /// Whether the parameter is in the path.
    pub fn is_path(self) -> bool {
        matches!(self, Self::Path(_))
    }
}

/// The expansion of a value (RFC 6570, section 3.2; OpenAPI 3.1, section 4.8.12.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Expansion {
    /// `style`.
    pub style: ParameterStyle,
    /// `explode`: whether each item of a list and each member of an object is written by itself.
    pub explode: bool,
}

impl Expansion {
    /// The default of paths and headers.
    pub(crate) const SIMPLE: Self = Self::new(ParameterStyle::Simple, false);
    /// The default of queries, cookies and forms.
    pub(crate) const FORM: Self = Self::new(ParameterStyle::Form, true);
    /// JSON.
    pub(crate) const JSON: Self = Self::new(ParameterStyle::Json, false);

    /// Creates an expansion.
    pub const fn new(style: ParameterStyle, explode: bool) -> Self {
        Self { style, explode }
    }
}

/// The style of a parameter (OpenAPI 3.1, section 4.8.12.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParameterStyle {
    /// `a,b`, in a path or a header.
    Simple,
    /// `.a,b`, in a path.
    Label,
    /// `;name=a,b`, in a path.
    Matrix,
    /// `name=a,b`, or `name=a&name=b` exploded.
    Form,
    /// `name=a%20b`.
    SpaceDelimited,
    /// `name=a%7Cb`.
    PipeDelimited,
    /// Brackets: `name[member]=a` for a member of an object, `name[]=a` for each item of a list of
    /// texts, and `name[0]`, `name[1]` for the items of any other list. A text has none: `name=a`.
    ///
    /// Values that are nested in an exploded list or object of the style `form` are written so,
    /// too.
    DeepObject,
    /// JSON (OpenAPI 3.1, section 4.8.12.2.2, `content`).
    Json,
}

impl ParameterStyle {
    /// The style with this name in documents.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "simple" => Self::Simple,
            "label" => Self::Label,
            "matrix" => Self::Matrix,
            "form" => Self::Form,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            _ => return None,
        })
    }

    /// Whether queries and forms may have the style.
    pub(crate) fn is_for_queries(self) -> bool {
        matches!(self, Self::Form | Self::SpaceDelimited | Self::PipeDelimited | Self::DeepObject)
    }

    /// Whether paths may have the style.
    pub(crate) fn is_for_paths(self) -> bool {
        matches!(self, Self::Simple | Self::Label | Self::Matrix)
    }
}
