//! The operations of a document, with inherited parts and resolved references.

use std::collections::{BTreeSet, HashMap, HashSet};

use openapi_document::{Method, PathTemplate, Pointer};
use serde_json::{Map, Value};
use url::Url;

use crate::{
    resolver::Resolver,
    security::{self, Requirement},
};

/// An operation.
pub(crate) struct Operation<'a> {
    /// The operationId, or else method and path.
    pub(crate) id: String,
    /// Whether the document declares an operationId.
    pub(crate) has_id: bool,
    pub(crate) method: Method,
    /// The path as declared.
    pub(crate) path: String,
    /// The scheme, host and port of the server, as far as declared.
    pub(crate) origin: Option<String>,
    /// The path of the server and that of the operation.
    pub(crate) full_path: String,
    /// The path of the server, without slashes around it.
    pub(crate) base: String,
    /// The URLs at which tokens are obtained.
    pub(crate) token_sources: BTreeSet<String>,
    /// The parsed `full_path`.
    template: PathTemplate,
    pub(crate) pointer: Pointer,
    pub(crate) value: &'a Map<String, Value>,
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) body: Option<(Pointer, &'a Map<String, Value>)>,
    pub(crate) responses: Vec<Response<'a>>,
    /// The alternative security requirements.
    pub(crate) security: BTreeSet<Requirement>,
    /// The pointers of keywords that the operation inherits from the path item or the document.
    inherited: HashMap<&'static str, Pointer>,
}

/// A parameter of an operation.
pub(crate) struct Parameter<'a> {
    /// The name, in lowercase for a header.
    pub(crate) name: String,
    /// `path`, `query`, `header` or `cookie`.
    pub(crate) location: String,
    pub(crate) pointer: Pointer,
    pub(crate) value: &'a Map<String, Value>,
}

/// A response of an operation.
pub(crate) struct Response<'a> {
    /// `200`, `4XX`, `default`.
    pub(crate) status: String,
    pub(crate) pointer: Pointer,
    pub(crate) value: &'a Map<String, Value>,
}

impl Parameter<'_> {
    /// The name and the location, which identify a parameter of an operation.
    pub(crate) fn key(&self) -> (&str, &str) {
        (&self.name, &self.location)
    }
}

impl Operation<'_> {
    /// The full path without the names of its parameters.
    pub(crate) fn shape(&self) -> String {
        self.template.shape()
    }

    /// The names of path parameters, in order.
    pub(crate) fn path_names(&self) -> Vec<&str> {
        self.template.names().collect()
    }

    /// The pointer of the path parameter with a name, if it is declared.
    pub(crate) fn path_parameter(&self, name: &str) -> Option<Pointer> {
        let is_wanted = |one: &&Parameter<'_>| one.location == "path" && one.name == name;
        self.parameters.iter().find(is_wanted).map(|parameter| parameter.pointer.clone())
    }

    /// The pointer of a keyword, which may be inherited; of the operation itself if empty.
    pub(crate) fn keyword_pointer(&self, keyword: &str) -> Pointer {
        if keyword.is_empty() {
            return self.pointer.clone();
        }
        let inherited = self.inherited.get(keyword).filter(|_| !self.value.contains_key(keyword));
        // An absent keyword would be in the operation.
        inherited.cloned().unwrap_or_else(|| self.pointer.join(keyword))
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        self.value.get("deprecated") == Some(&Value::Bool(true))
    }

    /// The method and path, for display.
    pub(crate) fn method_and_path(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

/// The identity of an operation in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationSummary {
    /// The operationId, or else method and path.
    pub id: String,
    /// The method.
    pub method: Method,
    /// The path as declared.
    pub path: String,
    /// The path of the server and that of the operation, without the names of parameters.
    pub shape: String,
    /// Whether the operation is deprecated.
    pub deprecated: bool,
}

/// Lists the operations of a document, in document order.
pub fn list_operations(root: &Value) -> Vec<OperationSummary> {
    let summary = |operation: Operation| OperationSummary {
        shape: operation.shape(),
        deprecated: operation.is_deprecated(),
        id: operation.id,
        method: operation.method,
        path: operation.path,
    };
    read_operations(&Resolver::new(root)).into_iter().map(summary).collect()
}

/// Reads the operations of a document, in document order, without webhooks and callbacks, which a
/// client doesn't call.
pub(crate) fn read_operations<'a>(resolver: &Resolver<'a>) -> Vec<Operation<'a>> {
    let paths = resolver.root.get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = paths.flat_map(|(path, _)| {
        let item = read_path_item(resolver, path);
        item.into_iter().flat_map(move |(pointer, item)| {
            Method::operations(item).filter_map(move |(method, value)| {
                let value = value.as_object()?;
                Some(read_operation(resolver, (path, item, &pointer), (method, value)))
            })
        })
    });
    operations.collect()
}

/// Reads the operation with a path as declared and a method, if there is one.
pub(crate) fn read_operation_at<'a>(
    resolver: &Resolver<'a>,
    path: &str,
    method: &Method,
) -> Option<Operation<'a>> {
    let (pointer, item) = read_path_item(resolver, path)?;
    let value = method.operation(item)?.as_object()?;
    Some(read_operation(resolver, (path, item, &pointer), (method.clone(), value)))
}

/// The path item of a path as declared, and its pointer.
fn read_path_item<'a>(
    resolver: &Resolver<'a>,
    path: &str,
) -> Option<(Pointer, &'a Map<String, Value>)> {
    let declared = resolver.root.get("paths")?.get(path)?.as_object()?;
    let pointer = resolver.resolve(&Pointer::from_segments(["paths", path]));
    let item = resolver.value(&pointer).and_then(Value::as_object).unwrap_or(declared);
    Some((pointer, item))
}

/// Reads an operation of a path item.
pub(crate) fn read_operation<'a>(
    resolver: &Resolver<'a>,
    (path, item, item_pointer): (&str, &'a Map<String, Value>, &Pointer),
    (method, value): (Method, &'a Map<String, Value>),
) -> Operation<'a> {
    let pointer = method.pointer(item_pointer);
    let id = value.get("operationId").and_then(Value::as_str);
    let (origin, base) =
        server([value.get("servers"), item.get("servers"), resolver.root.get("servers")]);
    // A server URL that is relative to the document's own URL may have no leading slash.
    let full_path = match base.trim_matches('/') {
        "" => path.to_owned(),
        base => format!("/{base}{path}"),
    };
    let own = read_parameters(resolver, value, &pointer);
    let shared = read_parameters(resolver, item, item_pointer);
    let mut inherited = HashMap::new();
    for (keyword, may_be_in_item) in [("parameters", true), ("servers", true), ("security", false)]
    {
        if may_be_in_item && item.contains_key(keyword) {
            inherited.insert(keyword, item_pointer.join(keyword));
        } else if resolver.root.get(keyword).is_some() {
            inherited.insert(keyword, Pointer::from_segments([keyword]));
        }
    }
    let keys: HashSet<_> = own.iter().map(Parameter::key).collect();
    let shared: Vec<_> =
        shared.into_iter().filter(|parameter| !keys.contains(&parameter.key())).collect();
    let body =
        value.contains_key("requestBody").then(|| resolver.resolve(&pointer.join("requestBody")));
    let responses_pointer = pointer.join("responses");
    let responses = value.get("responses").and_then(Value::as_object);
    Operation {
        id: id.map_or_else(|| format!("{method} {path}"), str::to_owned),
        has_id: id.is_some(),
        method,
        path: path.to_owned(),
        origin,
        template: PathTemplate::parse(&full_path),
        full_path,
        parameters: own.into_iter().chain(shared).collect(),
        body: body
            .and_then(|pointer| Some((pointer.clone(), resolver.value(&pointer)?.as_object()?))),
        responses: responses
            .into_iter()
            .flat_map(Map::keys)
            .filter_map(|status| {
                let pointer = resolver.resolve(&responses_pointer.join(status));
                let value = resolver.value(&pointer)?.as_object()?;
                let status = status.to_uppercase().replace("DEFAULT", "default");
                Some(Response { status, pointer, value })
            })
            .collect(),
        security: security::requirements(resolver.root, value),
        token_sources: security::token_sources(resolver.root, value),
        base: base.trim_matches('/').to_owned(),
        inherited,
        value,
        pointer,
    }
}

/// The origin and path of the first server, which the client calls by default.
fn server(candidates: [Option<&Value>; 3]) -> (Option<String>, String) {
    let servers = candidates.into_iter().flatten().find_map(|servers| servers.as_array()?.first());
    let Some(server) = servers else { return (None, String::new()) };
    let url = openapi_document::server::url(server).unwrap_or_default();
    match Url::parse(&url) {
        Ok(url) => (Some(url.origin().ascii_serialization()), url.path().to_owned()),
        // A relative URL has the host of the document's URL, unless it starts with `//host`.
        Err(_) => {
            match url.strip_prefix("//").map(|rest| rest.split_once('/').unwrap_or((rest, ""))) {
                Some((host, path)) => (Some(format!("//{host}")), format!("/{path}")),
                None => (None, url),
            }
        }
    }
}

/// Reads the parameters of an operation or path item.
fn read_parameters<'a>(
    resolver: &Resolver<'a>,
    map: &'a Map<String, Value>,
    pointer: &Pointer,
) -> Vec<Parameter<'a>> {
    let count = map.get("parameters").and_then(Value::as_array).map_or(0, Vec::len);
    (0..count)
        .filter_map(|index| {
            let pointer = resolver.resolve(&pointer.join("parameters").join(index));
            let value = resolver.value(&pointer)?.as_object()?;
            let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
            let (mut name, location) = (text("name")?, text("in")?);
            if location == "header" {
                name = name.to_lowercase();
                // OpenAPI 3.1, section 4.8.12.2.1: media types and security declare these.
                if ["accept", "content-type", "authorization"].contains(&name.as_str()) {
                    return None;
                }
            }
            Some(Parameter { name, location, pointer, value })
        })
        .collect()
}
