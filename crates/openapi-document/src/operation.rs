//! The operations as the document lists them, its own and its path's parameters together.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    document::Document, media_type::essence, method::METHODS, node::Node, pointer::Pointer,
    refusal::Refusal,
};

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl Location {
    /// As the document and messages say it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name, as it is sent.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// Whether it must be there.
    pub required: bool,
    /// How arrays and objects are written; the default of the location if the document says nothing.
    pub style: String,
    /// Whether each item or member stands alone.
    pub explode: bool,
    /// The pointer to its schema.
    pub schema: String,
    /// Whether it is sent as JSON (`content` instead of `schema`).
    pub json: bool,
}

/// One form of a body.
#[derive(Clone, Debug)]
pub struct Content {
    /// The media type or range, in small letters, without parameters.
    pub media_type: String,
    /// The pointer to the media type object.
    pub pointer: String,
    /// The pointer to its schema, if it has one.
    pub schema: Option<String>,
}

/// What an operation takes as body.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether it must be there.
    pub required: bool,
    /// Its forms, in the document's order.
    pub content: Vec<Content>,
}

/// A documented response.
#[derive(Clone, Debug)]
pub struct Response {
    /// `200`, `4XX` or `default`.
    pub status: String,
    /// Its forms, in the document's order; none if it has no body.
    pub content: Vec<Content>,
    /// Its headers: name, whether it is required, schema.
    pub headers: Vec<(String, bool, Option<String>)>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`, or the method and path where there is none.
    pub id: String,
    /// In capitals.
    pub method: String,
    /// The template, as the document has it.
    pub path: String,
    /// The pointer to it.
    pub pointer: String,
    /// Its own and its path's, by place and name.
    pub parameters: Vec<Parameter>,
    /// Its body.
    pub body: Option<Body>,
    /// Its responses, in the document's order.
    pub responses: Vec<Response>,
    /// Alternatives of schemes that must all be met. Empty: nothing is needed.
    pub security: Vec<Vec<String>>,
}

impl Operation {
    /// Every operation of a document.
    ///
    /// # Errors
    ///
    /// If a reference leads nowhere or an operation isn't an object.
    pub fn all(document: &Document) -> Result<Vec<Self>, Refusal> {
        let mut operations = Vec::new();
        let Some(paths) = document.node().get("paths") else { return Ok(operations) };
        for (path, item) in paths.members().filter(|(path, _)| path.starts_with('/')) {
            let item = follow(document, item)?;
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    operations.push(Self::read(document, path, method, &item, operation)?);
                }
            }
        }
        Ok(operations)
    }

    fn read(
        document: &Document,
        path: &str,
        method: &str,
        item: &Node<'_>,
        operation: Node<'_>,
    ) -> Result<Self, Refusal> {
        if !operation.value.is_object() {
            return Err(refusal(&operation, "an operation", "it isn't an object"));
        }
        let method = method.to_ascii_uppercase();
        let id = operation.text("operationId").map_or(format!("{method} {path}"), str::to_owned);
        // An operation's parameter replaces the path's of the same name and place.
        let mut parameters = BTreeMap::new();
        for owner in [item, &operation] {
            for parameter in owner.get("parameters").iter().flat_map(Node::items) {
                let parameter = Parameter::read(&follow(document, parameter)?)?;
                parameters.insert((parameter.location, parameter.name.clone()), parameter);
            }
        }
        let body = match operation.get("requestBody") {
            None => None,
            Some(body) => {
                let body = follow(document, body)?;
                Some(Body {
                    required: body.flag("required").unwrap_or(false),
                    content: contents(document, &body)?,
                })
            }
        };
        let mut responses = Vec::new();
        for (status, response) in operation.get("responses").iter().flat_map(Node::members) {
            if status.starts_with("x-") {
                continue;
            }
            responses.push(Response::read(document, status, &follow(document, response)?)?);
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

    /// The documented response for a status: its own, its range's, or the default one.
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
    fn read(at: &Node<'_>) -> Result<Self, Refusal> {
        let bad = |reason: &str| refusal(at, "a parameter", reason);
        let name = at.text("name").ok_or_else(|| bad("it has no name"))?;
        let location = match at.text("in") {
            Some("path") => Location::Path,
            Some("query") => Location::Query,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            _ => return Err(bad("`in` is none of path, query, header, cookie")),
        };
        let style = at.text("style").map(str::to_owned).unwrap_or_else(|| {
            let form = matches!(location, Location::Query | Location::Cookie);
            if form { "form" } else { "simple" }.to_owned()
        });
        let content = at.get("content").and_then(|content| content.members().next());
        let schema = match &content {
            Some((_, media)) => media.get("schema"),
            None => at.get("schema"),
        };
        Ok(Self {
            name: name.to_owned(),
            location,
            required: location == Location::Path || at.flag("required").unwrap_or(false),
            explode: at.flag("explode").unwrap_or(style == "form"),
            style,
            schema: schema.ok_or_else(|| bad("it has no schema"))?.pointer,
            json: content.is_some(),
        })
    }
}

impl Response {
    fn read(document: &Document, status: &str, at: &Node<'_>) -> Result<Self, Refusal> {
        let mut headers = Vec::new();
        for (name, header) in at.get("headers").iter().flat_map(Node::members) {
            let header = follow(document, header)?;
            let required = header.flag("required").unwrap_or(false);
            headers.push((name.to_owned(), required, header.get("schema").map(|at| at.pointer)));
        }
        Ok(Self { status: status.to_owned(), content: contents(document, at)?, headers })
    }

    /// The status it is sent with when nothing else is asked for.
    pub fn code(&self) -> u16 {
        let class = self.status.as_bytes().first().and_then(|digit| (*digit as char).to_digit(10));
        match (self.status.parse(), class) {
            (Ok(code), _) => code,
            (Err(_), Some(class)) => class as u16 * 100,
            (Err(_), None) => 500,
        }
    }
}

fn contents(document: &Document, at: &Node<'_>) -> Result<Vec<Content>, Refusal> {
    let mut contents = Vec::new();
    for (media_type, media) in at.get("content").iter().flat_map(Node::members) {
        let media = follow(document, media)?;
        contents.push(Content {
            media_type: essence(media_type),
            schema: media.get("schema").map(|schema| schema.pointer),
            pointer: media.pointer,
        });
    }
    Ok(contents)
}

fn requirements(security: &Node<'_>) -> Vec<Vec<String>> {
    let alternatives = security.value.as_array().map(Vec::as_slice).unwrap_or_default();
    let schemes = |alternative: &Value| {
        alternative.as_object().map(|all| all.keys().cloned().collect()).unwrap_or_default()
    };
    alternatives.iter().map(schemes).collect()
}

fn follow<'a>(document: &'a Document, node: Node<'a>) -> Result<Node<'a>, Refusal> {
    let leads_nowhere = refusal(&node, "a reference", "it leads nowhere");
    document.resolved(node).ok_or(leads_nowhere)
}

fn refusal(node: &Node<'_>, construct: &str, reason: &str) -> Refusal {
    Refusal::new(Pointer::from_plain(&node.pointer).unwrap_or_default(), construct, reason)
}
