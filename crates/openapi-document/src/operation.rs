//! Operations with their parameters, bodies, responses and security requirements, references
//! resolved.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    document::Document,
    media_type::{essence, is_json},
    method::Method,
    node::Node,
    pointer::Pointer,
    refusal::Refusal,
};

/// The location of a parameter, `in` (OpenAPI 3.1, section 4.8.12.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// The whole query (OpenAPI 3.2).
    Querystring,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl Location {
    /// The value of `in`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Querystring => "querystring",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The location.
    pub location: Location,
    /// Whether it is required; always for path parameters.
    pub required: bool,
    /// The serialization of arrays and objects, `style`; the default of the location if absent.
    pub style: String,
    /// Whether each item or member is a value of its own, `explode`; the default of the style if
    /// absent.
    pub explode: bool,
    /// The JSON pointer of the schema, in string form.
    pub schema: String,
    /// The representation, if it is declared with `content` instead of `schema`.
    pub content: Option<MediaTypeObject>,
    /// Whether the representation is JSON.
    pub json: bool,
}

/// A Media Type Object: one representation of a body (OpenAPI 3.1, section 4.8.14).
#[derive(Clone, Debug)]
pub struct MediaTypeObject {
    /// The media type or range, in lowercase, without parameters.
    pub media_type: String,
    /// The JSON pointer of the object, in string form.
    pub pointer: String,
    /// The JSON pointer of the schema, in string form, if there is one.
    pub schema: Option<String>,
    /// The JSON pointer of `itemSchema`, the schema of each item of a sequence, in string form, if
    /// there is one (OpenAPI 3.2).
    pub item_schema: Option<String>,
}

/// The request body of an operation.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether it is required.
    pub required: bool,
    /// The representations, in the document's order.
    pub content: Vec<MediaTypeObject>,
}

/// A declared response of an operation.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code, range or default: `200`, `4XX`, `default`.
    pub status: String,
    /// The representations, in the document's order; empty if there is no body.
    pub content: Vec<MediaTypeObject>,
    /// The headers: name, whether required, JSON pointer of the schema in string form.
    pub headers: Vec<(String, bool, Option<String>)>,
}

/// An operation of a document (OpenAPI 3.1, section 4.8.10).
#[derive(Clone, Debug)]
pub struct Operation {
    /// The `operationId`, or method and path if it is absent.
    pub id: String,
    /// The HTTP method, as it is sent.
    pub method: String,
    /// The path template, as declared.
    pub path: String,
    /// The JSON pointer of the operation, in string form.
    pub pointer: String,
    /// The parameters of the operation and its path item, sorted by location and name.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The responses, in the document's order.
    pub responses: Vec<Response>,
    /// The security requirements: one of the alternatives must be met, by all of its schemes. None
    /// are required if it is empty or has an empty alternative.
    pub security: Vec<Vec<String>>,
}

impl Operation {
    /// Reads all operations of a document.
    ///
    /// # Errors
    ///
    /// If a reference doesn't resolve, an operation isn't an object, or a parameter has no name, no
    /// valid `in` or no schema.
    pub fn all(document: &Document) -> Result<Vec<Self>, Refusal> {
        let mut operations = Vec::new();
        let Some(paths) = document.node().get("paths") else { return Ok(operations) };
        for (path, item) in paths.members().filter(|(path, _)| path.starts_with('/')) {
            let item = resolve(document, item)?;
            for (method, value) in item.value.as_object().into_iter().flat_map(Method::operations) {
                let at = Pointer::from_plain(&item.pointer).unwrap_or_default();
                let operation = Node { pointer: method.pointer(&at).to_plain(), value };
                operations.push(Self::read(document, path, &method, &item, operation)?);
            }
        }
        Ok(operations)
    }

    /// Reads one operation of a path item.
    fn read(
        document: &Document,
        path: &str,
        method: &Method,
        item: &Node<'_>,
        operation: Node<'_>,
    ) -> Result<Self, Refusal> {
        if !operation.value.is_object() {
            return Err(refusal(&operation, "an operation", "expected an object"));
        }
        let method = method.to_string();
        let id = operation.text("operationId").map_or(format!("{method} {path}"), str::to_owned);
        // A parameter of the operation overrides that of the path item with the same name and
        // location (OpenAPI 3.1, section 4.8.10.1).
        let mut parameters = BTreeMap::new();
        for owner in [item, &operation] {
            for parameter in owner.get("parameters").iter().flat_map(Node::items) {
                let parameter = Parameter::read(document, &resolve(document, parameter)?)?;
                parameters.insert((parameter.location, parameter.name.clone()), parameter);
            }
        }
        let body = match operation.get("requestBody") {
            None => None,
            Some(body) => {
                let body = resolve(document, body)?;
                Some(Body {
                    required: body.flag("required").unwrap_or(false),
                    content: media_types(document, &body)?,
                })
            }
        };
        let mut responses = Vec::new();
        for (status, response) in operation.get("responses").iter().flat_map(Node::members) {
            if status.starts_with("x-") {
                continue;
            }
            responses.push(Response::read(document, status, &resolve(document, response)?)?);
        }
        let security = operation.get("security").or_else(|| document.node().get("security"));
        Ok(Self {
            id,
            method,
            path: path.to_owned(),
            pointer: operation.pointer,
            parameters: parameters.into_values().collect(),
            body,
            responses,
            security: security.map(|security| requirements(&security)).unwrap_or_default(),
        })
    }

    /// The response declared for a status code: by its code, its range, or `default` (OpenAPI 3.1,
    /// section 4.8.16).
    pub fn response(&self, status: u16) -> Option<&Response> {
        let named = |name: &str| {
            self.responses.iter().find(|response| response.status.eq_ignore_ascii_case(name))
        };
        named(&status.to_string())
            .or_else(|| named(&format!("{}XX", status / 100)))
            .or_else(|| named("default"))
    }
}

impl Parameter {
    /// Reads a Parameter Object and applies the defaults of its location and style.
    fn read(document: &Document, node: &Node<'_>) -> Result<Self, Refusal> {
        let invalid = |reason: &str| refusal(node, "a parameter", reason);
        let name = node.text("name").ok_or_else(|| invalid("missing `name`"))?;
        let location = match node.text("in") {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("querystring") => Location::Querystring,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            _ => return Err(invalid("`in` must be path, query, querystring, header or cookie")),
        };
        let style = node.text("style").map(str::to_owned).unwrap_or_else(|| {
            let form = !matches!(location, Location::Path | Location::Header);
            if form { "form" } else { "simple" }.to_owned()
        });
        let content = media_types(document, node)?.into_iter().next();
        let schema = match &content {
            Some(content) => content.schema.clone(),
            None => node.get("schema").map(|schema| schema.pointer),
        };
        Ok(Self {
            name: name.to_owned(),
            location,
            required: location == Location::Path || node.flag("required").unwrap_or(false),
            explode: node.flag("explode").unwrap_or(style == "form"),
            style,
            schema: schema.ok_or_else(|| invalid("missing `schema`"))?,
            json: content.as_ref().is_some_and(|content| is_json(&content.media_type)),
            content,
        })
    }
}

impl Response {
    /// Reads a Response Object.
    fn read(document: &Document, status: &str, node: &Node<'_>) -> Result<Self, Refusal> {
        let mut headers = Vec::new();
        for (name, header) in node.get("headers").iter().flat_map(Node::members) {
            let header = resolve(document, header)?;
            let required = header.flag("required").unwrap_or(false);
            headers.push((
                name.to_owned(),
                required,
                header.get("schema").map(|schema| schema.pointer),
            ));
        }
        Ok(Self { status: status.to_owned(), content: media_types(document, node)?, headers })
    }

    /// A status code of the response: its own, the first of its range, or 500 for `default`.
    pub fn code(&self) -> u16 {
        let class = self.status.as_bytes().first().and_then(|digit| (*digit as char).to_digit(10));
        match (self.status.parse(), class) {
            (Ok(code), _) => code,
            (Err(_), Some(class)) => class as u16 * 100,
            (Err(_), None) => 500,
        }
    }
}

/// The Media Type Objects under `content`.
fn media_types(document: &Document, owner: &Node<'_>) -> Result<Vec<MediaTypeObject>, Refusal> {
    let mut media_types = Vec::new();
    for (media_type, media) in owner.get("content").iter().flat_map(Node::members) {
        let media = resolve(document, media)?;
        media_types.push(MediaTypeObject {
            media_type: essence(media_type),
            schema: media.get("schema").map(|schema| schema.pointer),
            item_schema: media.get("itemSchema").map(|schema| schema.pointer),
            pointer: media.pointer,
        });
    }
    Ok(media_types)
}

/// The alternatives of a Security Requirement array, each with the names of its schemes.
fn requirements(security: &Node<'_>) -> Vec<Vec<String>> {
    let alternatives = security.value.as_array().map(Vec::as_slice).unwrap_or_default();
    let schemes = |alternative: &Value| {
        alternative.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default()
    };
    alternatives.iter().map(schemes).collect()
}

/// The node itself, or the target of its `$ref`.
fn resolve<'a>(document: &'a Document, node: Node<'a>) -> Result<Node<'a>, Refusal> {
    let unresolved = refusal(&node, "a reference", "target not found, or a cycle");
    document.resolved(node).ok_or(unresolved)
}

/// A refusal at a node.
fn refusal(node: &Node<'_>, construct: &str, reason: &str) -> Refusal {
    Refusal::new(Pointer::from_plain(&node.pointer).unwrap_or_default(), construct, reason)
}
