//! Normalizes operations: merges the parameters of the path item and makes ids unique.

use openapi_document::{METHODS, PathTemplate, Pointer};
use serde_json::{Map, Value, json};

use super::{
    diagnostics::Diagnostics,
    hints::DOCUMENT_ID,
    methods,
    names::{self, TakenNames, unique},
    path_key::PathKey,
    received::{self, ReceivedNames},
    reserved::CLIENT_METHODS,
};
use crate::{collect::Collect, json};

/// The maximum number of parameters in a path: progenitor looks each up in the whole path.
const MAX_PATH_PARAMETERS: usize = 1_000;

/// The extension with the pointer to a parameter in the document: parameters of the path item are
/// merged into its operations.
const DOCUMENT_POINTER: &str = "x-document-pointer";

/// The pointer to a parameter of a normalized operation in the document.
pub(super) fn parameter_pointer(parameter: &Value) -> Pointer {
    let pointer = parameter.get(DOCUMENT_POINTER).and_then(Value::as_str);
    pointer.and_then(Pointer::from_plain).unwrap_or_default()
}

/// Normalizes all operations.
pub(super) fn normalize(root: &mut Value, diagnostics: &mut Diagnostics) {
    let mut taken = TakenNames::from_iter(CLIENT_METHODS);
    let mut received_names = ReceivedNames::default();
    received::move_to_end(root);
    for_each(root, |path, method, operation, at| {
        if received::is_received(path) {
            received_names.normalize(path, method, operation, at, diagnostics);
            return;
        }
        if !path.starts_with('/') {
            let at = Pointer::from_segments(["paths", path]);
            diagnostics.refuse(&at, format!("path `{path}`"), "a path must begin with `/`");
        }
        PathKey::parse(path).check(at, diagnostics);
        if PathTemplate::parse(path).names().count() > MAX_PATH_PARAMETERS {
            let reason = format!("a path may have at most {MAX_PATH_PARAMETERS} parameters");
            diagnostics.refuse(&Pointer::from_segments(["paths", path]), "a long path", reason);
        }
        operation.shift_remove("callbacks");
        remove_impossible_content(method, operation, at, diagnostics);
        let id = match operation.get("operationId").and_then(Value::as_str) {
            Some(id) if !id.is_empty() => id.to_owned(),
            _ => derived_id(&methods::sent(method, operation), methods::path(path, operation)),
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
        let (own_path, own_method) =
            (methods::path(path, operation), methods::sent(method, operation));
        received_names.add_operation(own_path, &own_method, &id);
        operation.insert(DOCUMENT_ID.into(), json!(id));
        operation.insert("operationId".into(), json!(rust_id));
    });
}

/// Removes content that a response can't have: that of the statuses 204, 205 and 304, and the
/// schemas of responses to HEAD, whose content describes the response to GET (RFC 9110, sections
/// 9.3.2, 15.3.5, 15.3.6 and 15.4.5).
fn remove_impossible_content(
    method: &str,
    operation: &mut Map<String, Value>,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) {
    for (status, response) in json::members_mut(operation.get_mut("responses")) {
        let Value::Object(response) = response else { continue };
        let Some(Value::Object(content)) = response.get_mut("content") else { continue };
        if ["204", "205", "304"].contains(&status.as_str()) {
            if !content.is_empty() {
                let message = "`content` is ignored: a response of this status has none";
                diagnostics.warn(&at.join("responses").join(status), message);
            }
            response.shift_remove("content");
        } else if method == "head" {
            content.values_mut().for_each(|media_type| *media_type = json!({}));
        }
    }
}

/// The operations of a document and their paths. Path items are normalized: they have nothing else.
pub(super) fn all(root: &Value) -> Vec<(&str, &Value)> {
    let mut operations = Vec::new();
    for (path, item) in json::members(root.get("paths")) {
        for (_, operation) in json::members(Some(item)) {
            operations.push((path.as_str(), operation));
        }
    }
    operations
}

/// Calls `visit` with the path, method and pointer of each operation, after it has merged the
/// parameters and servers of the path item.
fn for_each(
    root: &mut Value,
    mut visit: impl FnMut(&str, &str, &mut Map<String, Value>, &Pointer),
) {
    let Some(Value::Object(paths)) = root.get_mut("paths") else { return };
    json::retain(paths, &mut |path, _| !path.starts_with("x-"));
    for (path, item) in paths {
        let Value::Object(item) = item else { continue };
        let at = Pointer::from_segments(["paths", path]);
        let shared = located(item.shift_remove("parameters"), &at);
        let servers = item.shift_remove("servers");
        json::retain(item, &mut |key, _| METHODS.contains(&key));
        for (method, operation) in item {
            let Value::Object(operation) = operation else { continue };
            let at = at.join(method.as_str());
            merge_parameters(operation, &shared, &at);
            if let Some(servers) = &servers {
                operation.entry("servers").or_insert_with(|| servers.clone());
            }
            visit(path, method, operation, &at);
        }
    }
}

/// Adds the parameters of the path item. An operation's parameter overrides one with the same name
/// and location (OpenAPI 3.1, section 4.8.9).
fn merge_parameters(operation: &mut Map<String, Value>, shared: &[Value], at: &Pointer) {
    let key = |parameter: &Value| {
        let text = |key| parameter.get(key).map(Value::to_string).unwrap_or_default();
        format!("{} {}", text("in"), text("name"))
    };
    let mut own = located(operation.shift_remove("parameters"), at);
    let overridden = own.iter().map(key).collect_set();
    for parameter in shared {
        if !overridden.contains(&key(parameter)) {
            own.push(parameter.clone());
        }
    }
    operation.insert("parameters".into(), Value::Array(own));
}

/// The parameters of the operation or path item at `at`, with their pointers.
fn located(parameters: Option<Value>, at: &Pointer) -> Vec<Value> {
    let Some(Value::Array(mut parameters)) = parameters else { return Vec::new() };
    for (index, parameter) in parameters.iter_mut().enumerate() {
        if let Value::Object(parameter) = parameter {
            let pointer = at.join("parameters").join(index);
            parameter.insert(DOCUMENT_POINTER.into(), json!(pointer.to_plain()));
        }
    }
    parameters
}

/// Derives an id: `GET /agents/{agentId}/files` is `get_agents_by_agent_id_files`.
fn derived_id(method: &str, path: &str) -> String {
    let mut words = vec![method.to_lowercase()];
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        match segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) {
            Some(parameter) => words.push(format!("by_{parameter}")),
            None => words.push(segment.replace(['{', '}'], "_")),
        }
    }
    names::value_name(&words.join("_"))
}
