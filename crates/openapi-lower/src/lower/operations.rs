//! Normalizes operations: merges the parameters of the path item and makes ids unique.

use std::collections::HashSet;

use openapi_document::{METHODS, PathTemplate, Pointer};
use serde_json::{Map, Value, json};

use super::{
    diagnostics::Diagnostics,
    names::{self, TakenNames, unique},
};

/// Methods that the clients have: the core's and the one with the operations.
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

/// The maximum number of parameters in a path: progenitor looks each up in the whole path.
const MAX_PATH_PARAMETERS: usize = 1_000;

/// The extension with the document's `operationId`, while `operationId` is unique in Rust.
pub(super) const DOCUMENT_ID: &str = "x-document-operation-id";

/// Normalizes all operations. Refuses methods and servers that a client can't support.
pub(super) fn normalize(root: &mut Value, diagnostics: &mut Diagnostics) {
    let mut taken = TakenNames::from_iter(RESERVED);
    for_each(root, |path, method, operation, at| {
        if !path.starts_with('/') {
            let at = Pointer::from_segments(["paths", path]);
            diagnostics.refuse(&at, format!("path `{path}`"), "a path must begin with `/`");
        }
        if PathTemplate::parse(path).names().count() > MAX_PATH_PARAMETERS {
            let reason = format!("a path may have at most {MAX_PATH_PARAMETERS} parameters");
            diagnostics.refuse(&Pointer::from_segments(["paths", path]), "a long path", reason);
        }
        if ["options", "trace"].contains(&method) {
            let construct = format!("method {}", method.to_uppercase());
            diagnostics.refuse(at, construct, "progenitor does not support this method");
        }
        operation.shift_remove("callbacks");
        let id = match operation.get("operationId").and_then(Value::as_str) {
            Some(id) if !id.is_empty() => id.to_owned(),
            _ => derived_id(method, path),
        };
        let function = names::value_name(&id);
        let name = unique(&function, &mut taken);
        let rust_id = if name == function {
            id.clone()
        } else {
            diagnostics.warn(
                at,
                format!("the method name `{function}` is taken: this operation is named `{name}`"),
            );
            name
        };
        operation.insert(DOCUMENT_ID.into(), json!(id));
        operation.insert("operationId".into(), json!(rust_id));
        if operation.get("servers").and_then(Value::as_array).is_some_and(|list| !list.is_empty()) {
            diagnostics.refuse(
                &at.join("servers"),
                "`servers` of one operation",
                "a client has one base URL and sends its credential to no other host",
            );
        }
    });
}

/// Calls `visit` with the path, method and pointer of each operation, after it has merged the
/// parameters and servers of the path item.
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
            visit(path, method, operation, &Pointer::from_segments(["paths", path, method]));
        }
    }
}

/// Adds the parameters of the path item. An operation's parameter overrides one with the same name
/// and location (OpenAPI 3.1, section 4.8.9).
fn merge_parameters(operation: &mut Map<String, Value>, shared: Option<&Value>) {
    let key = |parameter: &Value| (parameter.get("name").cloned(), parameter.get("in").cloned());
    let mut own = match operation.shift_remove("parameters") {
        Some(Value::Array(own)) => own,
        _ => Vec::new(),
    };
    let keys: HashSet<_> = own.iter().map(key).collect();
    let shared = shared.and_then(Value::as_array).into_iter().flatten();
    own.extend(shared.filter(|parameter| !keys.contains(&key(parameter))).cloned());
    operation.insert("parameters".into(), Value::Array(own));
}

/// Derives an id: `GET /agents/{agentId}/files` is `get_agents_by_agent_id_files`.
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
