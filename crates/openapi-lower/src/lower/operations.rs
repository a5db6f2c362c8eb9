//! Operations stand alone: parameters of the path item are merged in, and each has a unique id.

use std::collections::HashSet;

use openapi_document::{METHODS, Pointer};
use serde_json::{Map, Value, json};

use super::{
    context::Context,
    names::{self, unique},
};

/// Functions that the clients (the core's and the one of the operations) have themselves.
const RESERVED: [&str; 15] = [
    "base_url",
    "builder",
    "clone",
    "download",
    "exec",
    "fmt",
    "from_env",
    "from_runtime",
    "new",
    "new_with_client",
    "post",
    "pre",
    "request",
    "runtime",
    "with_options",
];

/// Where the document's own `operationId` is kept while `operationId` is the one for Rust.
pub(super) const DOCUMENT_ID: &str = "x-document-operation-id";

pub(super) fn normalize(root: &mut Value, cx: &mut Context) {
    let mut taken: HashSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
    for_each(root, |path, method, operation, at| {
        if !path.starts_with('/') {
            let at = Pointer::of(["paths", path]);
            cx.refuse(&at, format!("path `{path}`"), "a path begins with a slash");
        }
        if ["options", "trace"].contains(&method) {
            let construct = format!("an operation of the method {}", method.to_uppercase());
            cx.refuse(at, construct, "progenitor has no way to send it");
        }
        for dropped in ["callbacks", "tags"] {
            operation.shift_remove(dropped);
        }
        let id = match operation.get("operationId").and_then(Value::as_str) {
            Some(id) if !id.is_empty() => id.to_owned(),
            _ => derived_id(method, path),
        };
        let function = names::value_name(&id);
        let name = unique(&function, &mut taken);
        let rust_id = if name == function {
            id.clone()
        } else {
            cx.warn(at, format!("the name `{function}` is taken; this is `{name}`"));
            name
        };
        operation.insert(DOCUMENT_ID.into(), json!(id));
        operation.insert("operationId".into(), json!(rust_id));
        if operation.get("servers").and_then(Value::as_array).is_some_and(|list| !list.is_empty()) {
            cx.refuse(
                &at.join("servers"),
                "an operation with servers of its own",
                "a client has one base URL, and its credential goes to no other host",
            );
        }
    });
}

/// Calls `visit` with path, method, operation and place, parameters of the path item merged in.
fn for_each(
    root: &mut Value,
    mut visit: impl FnMut(&str, &str, &mut Map<String, Value>, &Pointer),
) {
    let Some(Value::Object(paths)) = root.get_mut("paths") else { return };
    paths.retain(|path, _| !path.starts_with("x-"));
    for (path, item) in paths {
        let Value::Object(item) = item else { continue };
        let shared = item.shift_remove("parameters");
        let servers = item.shift_remove("servers");
        item.retain(|key, _| METHODS.contains(&key.as_str()));
        for (method, operation) in item {
            let Value::Object(operation) = operation else { continue };
            merge_parameters(operation, shared.as_ref());
            if let Some(servers) = &servers {
                operation.entry("servers").or_insert_with(|| servers.clone());
            }
            visit(path, method, operation, &Pointer::of(["paths", path, method]));
        }
    }
}

/// An operation's own parameter wins over one of the same name and place (OpenAPI 3.1, 4.8.9).
fn merge_parameters(operation: &mut Map<String, Value>, shared: Option<&Value>) {
    let key = |parameter: &Value| (parameter.get("name").cloned(), parameter.get("in").cloned());
    let mut own = match operation.shift_remove("parameters") {
        Some(Value::Array(own)) => own,
        _ => Vec::new(),
    };
    let keys: Vec<_> = own.iter().map(key).collect();
    let shared = shared.and_then(Value::as_array).into_iter().flatten();
    own.extend(shared.filter(|parameter| !keys.contains(&key(parameter))).cloned());
    operation.insert("parameters".into(), Value::Array(own));
}

/// `GET /agents/{agentId}/files` is `get_agents_by_agent_id_files`.
fn derived_id(method: &str, path: &str) -> String {
    let mut words = vec![method.to_owned()];
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        match segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) {
            Some(parameter) => words.push(format!("by_{parameter}")),
            None => words.push(segment.replace(['{', '}'], "_")),
        }
    }
    names::value_name(&words.join("_"))
}
