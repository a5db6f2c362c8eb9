//! Methods that OpenAPI 3.0 or progenitor doesn't have: OPTIONS, TRACE, QUERY, and those of
//! `additionalOperations`.
//!
//! Such an operation becomes a POST of a path of its own, which differs in the fragment only. The
//! runtime sends the method that it has in the document.

use openapi_document::{Method, Pointer};
use serde_json::{Map, Value, json};

use super::{diagnostics::Diagnostics, received::is_received};

use crate::{collect::Collect, json};

/// The extension with the method of a moved operation.
const METHOD: &str = "x-document-method";

/// The methods that progenitor has.
const KNOWN: [&str; 6] = ["get", "put", "post", "delete", "head", "patch"];

/// The places of moved operations.
#[derive(Clone, Debug, Default)]
pub(super) struct MovedOperations(Vec<(Pointer, Pointer)>);

impl MovedOperations {
    /// The place in the document of a pointer into an operation that may be moved.
    pub(super) fn document_pointer(&self, pointer: &Pointer) -> Pointer {
        let inside = |one: &&(Pointer, Pointer)| pointer.segments().starts_with(one.0.segments());
        // An operation lies within its path item.
        let longest = self.0.iter().filter(inside).max_by_key(|(moved, _)| moved.segments().len());
        let Some((moved, original)) = longest else { return pointer.clone() };
        let rest = &pointer.segments()[moved.segments().len()..];
        Pointer::from_segments(original.segments().iter().chain(rest).cloned())
    }
}

/// The method of an operation as it is sent.
pub(super) fn sent(key: &str, operation: &Map<String, Value>) -> String {
    match operation.get(METHOD).and_then(Value::as_str) {
        Some(method) => method.to_owned(),
        None => key.to_uppercase(),
    }
}

/// The key of an operation's path in the document.
pub(super) fn path<'a>(key: &'a str, operation: &Map<String, Value>) -> &'a str {
    let Some(method) = operation.get(METHOD).and_then(Value::as_str) else { return key };
    let suffix = key.rfind(method).unwrap_or(key.len());
    key[..suffix].strip_suffix(['#', '-']).unwrap_or(key)
}

/// Moves the operations whose methods progenitor doesn't have.
pub(super) fn relocate(root: &mut Value, diagnostics: &mut Diagnostics) -> MovedOperations {
    let mut moved = MovedOperations::default();
    let Some(Value::Object(paths)) = root.get_mut("paths") else { return moved };
    let is_path = |key: &&String| !key.starts_with("x-") && !is_received(key);
    let keys: Vec<String> = paths.keys().filter(is_path).cloned().collect_vec();
    for path in keys {
        let Some(Value::Object(item)) = paths.get(&path) else { continue };
        let at = Pointer::from_segments(["paths", &path]);
        let mut unknown = Vec::new();
        for (method, operation) in Method::operations(item) {
            if method.is_additional() || !KNOWN.contains(&method.key()) {
                unknown.push((method, operation.clone()));
            }
        }
        let mut shared = item.clone();
        json::retain(&mut shared, &mut |key, _| ["parameters", "servers"].contains(&key));
        if let Some(Value::Object(item)) = paths.get_mut(&path) {
            item.shift_remove("additionalOperations");
            json::retain(item, &mut |key, _| {
                Method::from_field(key).is_none() || KNOWN.contains(&key)
            });
        }
        for (method, operation) in unknown {
            let original = method.pointer(&at);
            let Value::Object(mut operation) = operation else { continue };
            if !check(&method, &mut operation, &original, diagnostics) {
                continue;
            }
            operation.insert(METHOD.into(), json!(method.to_string()));
            let separator = if path.contains('#') { "-" } else { "#" };
            let mut key = format!("{path}{separator}{method}");
            while paths.contains_key(&key) {
                key.push('-');
            }
            let item = Pointer::from_segments(["paths", &key]);
            moved.0.push((item.join("post"), original));
            moved.0.push((item, at.clone()));
            let mut item = shared.clone();
            item.insert("post".into(), Value::Object(operation));
            paths.insert(key, Value::Object(item));
        }
    }
    moved
}

/// Whether a client can send the method. Adapts the operation to it.
fn check(
    method: &Method,
    operation: &mut Map<String, Value>,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> bool {
    let name = method.to_string();
    if name == "CONNECT" {
        diagnostics.refuse(at, "method CONNECT", "it asks for a tunnel, not for a response");
        return false;
    }
    if name == "TRACE" {
        // Its response repeats the request (RFC 9110, section 9.3.8).
        if operation.shift_remove("requestBody").is_some() {
            diagnostics.warn(&at.join("requestBody"), "ignored: TRACE has no content");
        }
        operation.insert("security".into(), json!([]));
    }
    true
}
