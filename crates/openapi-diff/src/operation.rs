//! An operation of a document, with all that it takes from elsewhere put in.

use std::collections::{BTreeSet, HashMap};

use openapi_document::{METHODS, PathTemplate, Pointer};
use serde_json::{Map, Value};
use url::Url;

use crate::{auth, source::Source};

pub(crate) struct Operation<'a> {
    /// The operationId, or method and path.
    pub(crate) id: String,
    /// Whether the document says the id.
    pub(crate) has_id: bool,
    pub(crate) method: &'static str,
    /// The path as it is in the document.
    pub(crate) path: String,
    /// Scheme, host and port, where the document says them.
    pub(crate) origin: Option<String>,
    /// The path of the server and that of the operation.
    pub(crate) full_path: String,
    /// The same, read.
    template: PathTemplate,
    pub(crate) at: Pointer,
    pub(crate) value: &'a Map<String, Value>,
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) body: Option<(Pointer, &'a Map<String, Value>)>,
    pub(crate) responses: Vec<Response<'a>>,
    pub(crate) auth: BTreeSet<String>,
    /// Where the path or the document says what the operation doesn't.
    inherited: HashMap<&'static str, Pointer>,
}

pub(crate) struct Parameter<'a> {
    pub(crate) name: String,
    /// `path`, `query`, `header`, `cookie`.
    pub(crate) place: String,
    pub(crate) at: Pointer,
    pub(crate) value: &'a Map<String, Value>,
}

pub(crate) struct Response<'a> {
    /// `200`, `4XX`, `default`.
    pub(crate) status: String,
    pub(crate) at: Pointer,
    pub(crate) value: &'a Map<String, Value>,
}

impl Operation<'_> {
    /// The path without the names of its parameters.
    pub(crate) fn shape(&self) -> String {
        self.template.shape()
    }

    /// The names in braces, in order.
    pub(crate) fn path_names(&self) -> Vec<&str> {
        self.template.names().collect()
    }

    /// Where something is said of it: in the operation, in the path, or in the document.
    pub(crate) fn said(&self, what: &str) -> Pointer {
        if what.is_empty() || self.value.contains_key(what) {
            return if what.is_empty() { self.at.clone() } else { self.at.join(what) };
        }
        match self.inherited.get(what) {
            Some(place) => place.clone(),
            // It isn't said: this is where it would be.
            None => self.at.join(what),
        }
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        self.value.get("deprecated") == Some(&Value::Bool(true))
    }

    /// Method and path, for the eye.
    pub(crate) fn place(&self) -> String {
        format!("{} {}", self.method.to_uppercase(), self.path)
    }
}

/// An operation as other tasks look for it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listed {
    /// The operationId, or method and path.
    pub id: String,
    /// In small letters.
    pub method: &'static str,
    /// The path as it is in the document.
    pub path: String,
    /// The path of the server and that of the operation, without the names of parameters.
    pub shape: String,
    /// `deprecated`.
    pub deprecated: bool,
}

/// The operations of a document, in its order.
pub fn listed(root: &Value) -> Vec<Listed> {
    let list = |operation: Operation| Listed {
        shape: operation.shape(),
        deprecated: operation.is_deprecated(),
        id: operation.id,
        method: operation.method,
        path: operation.path,
    };
    read(&Source::new(root)).into_iter().map(list).collect()
}

/// The operations of a document, in its order. Webhooks and callbacks aren't calls of a client.
pub(crate) fn read<'a>(source: &Source<'a>) -> Vec<Operation<'a>> {
    let root = source.root;
    let mut operations = Vec::new();
    for (path, item) in root.get("paths").and_then(Value::as_object).into_iter().flatten() {
        let at = source.resolve(&Pointer::of(["paths", path]));
        let Some(item) = source.value(&at).and_then(Value::as_object).or(item.as_object()) else {
            continue;
        };
        for method in METHODS {
            if let Some(value) = item.get(method).and_then(Value::as_object) {
                let at = at.join(method);
                operations.push(operation(source, (path, item), (method, value), at));
            }
        }
    }
    operations
}

fn operation<'a>(
    source: &Source<'a>,
    (path, item): (&str, &'a Map<String, Value>),
    (method, value): (&'static str, &'a Map<String, Value>),
    at: Pointer,
) -> Operation<'a> {
    let id = value.get("operationId").and_then(Value::as_str);
    let (origin, base) =
        server([value.get("servers"), item.get("servers"), source.root.get("servers")]);
    // A server URL that is relative to the document's own has no slash in front.
    let full_path = match base.trim_matches('/') {
        "" => path.to_owned(),
        base => format!("/{base}{path}"),
    };
    let own = parameters(source, value, &at);
    let item_at = Pointer::of(at.segments()[..at.segments().len() - 1].iter().cloned());
    let shared = parameters(source, item, &item_at);
    let mut inherited = HashMap::new();
    for (what, in_item) in [("parameters", true), ("servers", true), ("security", false)] {
        if in_item && item.contains_key(what) {
            inherited.insert(what, item_at.join(what));
        } else if source.root.get(what).is_some() {
            inherited.insert(what, Pointer::of([what]));
        }
    }
    let hidden = |one: &Parameter| {
        own.iter().any(|other| other.name == one.name && other.place == one.place)
    };
    let shared: Vec<_> = shared.into_iter().filter(|one| !hidden(one)).collect();
    let body = value.contains_key("requestBody").then(|| source.resolve(&at.join("requestBody")));
    let responses_at = at.join("responses");
    let responses = value.get("responses").and_then(Value::as_object);
    Operation {
        id: id.map_or_else(|| format!("{} {path}", method.to_uppercase()), str::to_owned),
        has_id: id.is_some(),
        method,
        path: path.to_owned(),
        origin,
        template: PathTemplate::parse(&full_path),
        full_path,
        parameters: own.into_iter().chain(shared).collect(),
        body: body.and_then(|at| Some((at.clone(), source.value(&at)?.as_object()?))),
        responses: responses
            .into_iter()
            .flat_map(Map::keys)
            .filter_map(|status| {
                let at = source.resolve(&responses_at.join(status));
                let value = source.value(&at)?.as_object()?;
                Some(Response {
                    status: status.to_uppercase().replace("DEFAULT", "default"),
                    at,
                    value,
                })
            })
            .collect(),
        auth: auth::ways(source.root, value),
        inherited,
        value,
        at,
    }
}

/// Origin and path of the first server: it is the one that a client calls.
fn server(candidates: [Option<&Value>; 3]) -> (Option<String>, String) {
    let servers = candidates.into_iter().flatten().find_map(|servers| servers.as_array()?.first());
    let Some(server) = servers else { return (None, String::new()) };
    let url = openapi_document::server::url(server).unwrap_or_default();
    match Url::parse(&url) {
        Ok(url) => (Some(url.origin().ascii_serialization()), url.path().to_owned()),
        // A relative URL is on the host that served the document, or, after two slashes, on another.
        Err(_) => {
            match url.strip_prefix("//").map(|rest| rest.split_once('/').unwrap_or((rest, ""))) {
                Some((host, path)) => (Some(format!("//{host}")), format!("/{path}")),
                None => (None, url),
            }
        }
    }
}

fn parameters<'a>(
    source: &Source<'a>,
    map: &'a Map<String, Value>,
    at: &Pointer,
) -> Vec<Parameter<'a>> {
    let count = map.get("parameters").and_then(Value::as_array).map_or(0, Vec::len);
    (0..count)
        .filter_map(|index| {
            let at = source.resolve(&at.join("parameters").join(index));
            let value = source.value(&at)?.as_object()?;
            let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
            let (mut name, place) = (text("name")?, text("in")?);
            if place == "header" {
                name = name.to_lowercase();
                // OpenAPI 3.1, section 4.8.12.2.1: these are said elsewhere.
                if ["accept", "content-type", "authorization"].contains(&name.as_str()) {
                    return None;
                }
            }
            Some(Parameter { name, place, at, value })
        })
        .collect()
}
