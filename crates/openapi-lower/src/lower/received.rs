//! Requests that the API sends and the caller receives: webhooks, callbacks, and the operations of
//! `paths` that the configuration names.
//!
//! They become path items beside those of `paths`, so that all passes treat their schemas alike.
//! The key of such an item is the JSON pointer to it in the document, which no path can be: it
//! begins with `#`. [`document_pointer`] converts pointers below it to those of the document.

use std::{
    collections::{BTreeSet, HashSet},
    mem,
};

use openapi_document::{
    Method, Pointer,
    media_type::{essence, is_json},
    reference,
};
use serde_json::{Map, Value, json};

use super::{
    diagnostics::Diagnostics,
    hints::DOCUMENT_ID,
    names::{TakenNames, type_name, unique},
    references,
};
use crate::{ir::ReceivedKind, json, text_map::TextMap};

/// The beginnings of the ids of what is received, which tell them from those of operations.
const WEBHOOKS: &str = "webhooks.";
const CALLBACKS: &str = "callbacks.";
/// Operations that the configuration names keep their ids.
const NAMED: &str = "";

/// The limit on a chain of references; a longer one is taken for a cycle.
const MAX_REFERENCE_CHAIN: usize = 32;

/// The members of an operation that describe what is received.
const MEMBERS: [&str; 6] =
    ["summary", "description", "deprecated", "requestBody", "responses", "parameters"];

/// Whether a key of `paths` stands for what is received.
pub(super) fn is_received(path: &str) -> bool {
    path.starts_with('#')
}

/// The pointer in the document of one in the document with received path items.
pub(super) fn document_pointer(pointer: &Pointer) -> Pointer {
    let [paths, path, rest @ ..] = pointer.segments() else { return pointer.clone() };
    if paths != "paths" || !is_received(path) {
        return pointer.clone();
    }
    let item = Pointer::parse(path).unwrap_or_default();
    rest.iter().fold(item, |pointer, segment| pointer.join(segment))
}

/// The pointer in the document to a received operation, also if its path item is a reference.
pub(super) fn declaration(pointer: &Pointer, root: &Value) -> Pointer {
    let mut found = Pointer::root();
    for segment in document_pointer(pointer).segments() {
        found = found.join(segment);
        for _ in 0..MAX_REFERENCE_CHAIN {
            let reference = found.resolve(root).and_then(|value| value.get("$ref")?.as_str());
            let Some(target) = reference.and_then(Pointer::parse) else { break };
            found = target;
        }
    }
    found.existing_part(root)
}

/// Whether the document has webhooks or callbacks, or operations that are `named` as received.
pub(super) fn has_any(root: &Value, named: &BTreeSet<String>) -> bool {
    let has_webhooks =
        root.get("webhooks").and_then(Value::as_object).is_some_and(|all| !all.is_empty());
    has_webhooks
        || operations(root).iter().any(|(_, _, operation)| {
            operation.get("callbacks").is_some() || is_named(operation, named)
        })
}

/// The path items of a document with a path of their own, and their operations.
fn operations(root: &Value) -> Vec<(&String, Method, &Value)> {
    let mut operations = Vec::new();
    for (path, item) in json::members(root.get("paths")) {
        if let Some(Value::Object(item)) = resolved(root, item)
            && !path.starts_with("x-")
        {
            for (method, operation) in Method::operations(item) {
                operations.push((path, method, operation));
            }
        }
    }
    operations
}

/// Whether the configuration names an operation as received.
fn is_named(operation: &Value, named: &BTreeSet<String>) -> bool {
    operation.get("operationId").and_then(Value::as_str).is_some_and(|id| named.contains(id))
}

/// Removes what is received from a document, of which only the names of types are needed.
pub(super) fn remove(root: &mut Value, named: &BTreeSet<String>) {
    let items = json::members_mut(root.get_mut("paths"));
    for item in items.filter_map(|(_, item)| item.as_object_mut()) {
        json::retain(item, &mut |_, operation| !is_named(operation, named));
    }
}

/// Adds a path item for everything that is received. The operations that are `named` are no longer
/// in their own.
pub(super) fn include(root: &mut Value, named: &BTreeSet<String>, diagnostics: &mut Diagnostics) {
    let mut items: Vec<(Pointer, Value)> = Vec::new();
    for (name, item) in json::members(root.get("webhooks")) {
        if !name.starts_with("x-") {
            items.push((Pointer::from_segments(["webhooks", name]), item.clone()));
        }
    }
    let mut moved = Vec::new();
    let mut copies = Map::new();
    let mut shared = Map::new();
    let mut known = HashSet::new();
    for (pointer, item) in &items {
        let item = resolved(root, item);
        if item.is_some_and(|item| item.get("additionalOperations").is_some()) {
            let message = "skipped: webhooks have the methods that path items have";
            diagnostics.warn(&pointer.join("additionalOperations"), message);
        }
    }
    for (path, method, operation) in operations(root) {
        let at = method.pointer(&Pointer::from_segments(["paths", path]));
        if is_named(operation, named) && !method.is_additional() {
            let method = method.key().to_owned();
            let mut item = Map::new();
            item.insert(method.clone(), operation.clone());
            items.push((Pointer::from_segments(["paths", path]), Value::Object(item)));
            known.extend(operation["operationId"].as_str().map(str::to_owned));
            let item = &root["paths"][path];
            if item.get("$ref").is_some()
                && let Some(shared) = resolved(root, item)
            {
                copies.insert(path.clone(), shared.clone());
            }
            moved.push((path.clone(), method));
            continue;
        }
        for (name, callback) in json::members(operation.get("callbacks")) {
            let at = at.join("callbacks").join(name);
            let reference = callback.get("$ref").and_then(Value::as_str);
            let Some(Value::Object(expressions)) = resolved(root, callback) else {
                let construct = format!("$ref: {}", reference.unwrap_or_default());
                diagnostics.refuse(&at, construct, "the target is not a callback");
                continue;
            };
            for (expression, item) in expressions.iter().filter(|(key, _)| !key.starts_with("x-")) {
                let item = match reference {
                    None => item.clone(),
                    // One copy for all operations that refer to it.
                    Some(reference) => {
                        let key = format!("{reference}/{}", Pointer::escape(expression));
                        shared.entry(key.clone()).or_insert_with(|| item.clone());
                        json!({ "$ref": Pointer::from_segments(["components", "pathItems", &key]).to_string() })
                    }
                };
                items.push((at.join(expression), item));
            }
        }
    }
    for path in json::members(root.get("paths")) {
        if is_received(path.0) {
            let at = Pointer::from_segments(["paths", path.0]);
            diagnostics.refuse(&at, format!("path `{}`", path.0), "a path must begin with `/`");
        }
    }
    if !shared.is_empty() {
        references::components(root, "pathItems").extend(shared);
    }
    let Some(Value::Object(paths)) = root.get_mut("paths") else { return };
    json::retain(paths, &mut |path, _| !is_received(path));
    for (path, method) in moved {
        let Some(item) = paths.get_mut(&path) else { continue };
        if let Some(shared) = copies.remove(&path) {
            *item = shared;
        }
        if let Value::Object(item) = item {
            item.shift_remove(&method);
        }
    }
    let has_items = !items.is_empty();
    for (pointer, item) in items {
        // Several operations of one path item may be received.
        match (paths.get_mut(&pointer.to_string()), item) {
            (Some(Value::Object(own)), Value::Object(item)) => own.extend(item),
            (_, item) => drop(paths.insert(pointer.to_string(), item)),
        }
    }
    for id in named.iter().filter(|id| !known.contains(id.as_str())) {
        let message = format!("no operation is received as `{id}`: none has this `operationId`");
        diagnostics.warn(&Pointer::root(), message);
    }
    if has_items {
        // Those of the document itself were checked before.
        diagnostics.refusals.extend(reference::check(root));
    }
}

/// Moves received path items behind the others: callbacks are named by their operations.
pub(super) fn move_to_end(root: &mut Value) {
    let Some(Value::Object(paths)) = root.get_mut("paths") else { return };
    let (received, sent): (Vec<_>, Vec<_>) =
        mem::take(paths).into_iter().partition(|(path, _)| is_received(path));
    paths.extend(sent.into_iter().chain(received));
}

/// The value itself, or the target of its `$ref`.
fn resolved<'a>(root: &'a Value, mut value: &'a Value) -> Option<&'a Value> {
    for _ in 0..MAX_REFERENCE_CHAIN {
        match value.get("$ref").and_then(Value::as_str) {
            None => return Some(value),
            Some(reference) => value = Pointer::parse(reference)?.resolve(root)?,
        }
    }
    None
}

/// The names of the operations of a document, and of what is received.
#[derive(Debug, Default)]
pub(super) struct ReceivedNames {
    /// The ids of operations, by [`operation_name`].
    operations: TextMap<String, String>,
    /// The names by which bodies are decoded.
    identities: TakenNames,
    /// The beginnings of the names of types.
    types: TakenNames,
}

impl ReceivedNames {
    /// Adds the `operationId` of an operation, after which its callbacks are named.
    pub(super) fn add_operation(&mut self, path: &str, method: &str, id: &str) {
        self.operations.insert(operation_name(method, path), id.to_owned());
    }

    /// Reduces a received operation to what describes it, and names it.
    pub(super) fn normalize(
        &mut self,
        path: &str,
        method: &str,
        operation: &mut Map<String, Value>,
        at: &Pointer,
        diagnostics: &mut Diagnostics,
    ) {
        if operation.contains_key("callbacks") {
            let message = "`callbacks` of a webhook or a callback are ignored";
            diagnostics.warn(&at.join("callbacks"), message);
        }
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let pointer = Pointer::parse(path).unwrap_or_default();
        let (owner, name) = match pointer.segments() {
            [root, name] if root == "webhooks" => (WEBHOOKS, name.clone()),
            [_, path, method, callbacks, name, _] | [_, path, _, method, callbacks, name, _]
                if callbacks == "callbacks" =>
            {
                let operation = self.operations.get(&operation_name(method, path));
                (CALLBACKS, format!("{}.{name}", operation.map_or("", String::as_str)))
            }
            _ => (NAMED, id.to_owned()),
        };
        let name = if self.identities.insert(format!("{owner}{name}")) {
            name
        } else {
            let wanted = format!("{owner}{name} {}", method.to_uppercase());
            unique(&wanted, &mut self.identities).split_off(owner.len())
        };
        let base = unique(&type_name(&name), &mut self.types);
        json::retain(operation, &mut |key, _| MEMBERS.contains(&key));
        let kind = if owner == CALLBACKS { ReceivedKind::Callback } else { ReceivedKind::Webhook };
        keep_json(kind, operation, at, diagnostics);
        // No credential of the client concerns it.
        operation.insert("security".into(), json!([]));
        operation.insert("operationId".into(), json!(base));
        operation.insert(DOCUMENT_ID.into(), json!(format!("{owner}{name}")));
    }
}

/// The method and the path of an operation: `GET /pets`.
fn operation_name(method: &str, path: &str) -> String {
    format!("{} {path}", method.to_uppercase())
}

/// Reduces the body to one representation in JSON. Others are warnings, and so is their lack.
fn keep_json(
    kind: ReceivedKind,
    operation: &mut Map<String, Value>,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) {
    let at = at.join("requestBody").join("content");
    let body = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
    let content = body.and_then(Value::as_object_mut).map(mem::take).unwrap_or_default();
    let rank = |name: &str| (!is_json(name), essence(name) != "application/json");
    let chosen = content.keys().min_by_key(|name| rank(name)).filter(|name| is_json(name)).cloned();
    for (name, value) in content {
        if Some(&name) == chosen.as_ref() {
            if let Some(Value::Object(body)) = operation.get_mut("requestBody") {
                body.insert("content".into(), json!({ name: value }));
            }
        } else {
            let message = format!("this {} isn't decoded from `{name}`", kind.word());
            diagnostics.warn(&at.join(&name), message);
        }
    }
    if chosen.is_none() {
        let message = format!("this {} is skipped: it has no body in JSON", kind.word());
        diagnostics.warn(&at, message);
        operation.shift_remove("requestBody");
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
    for response in responses.into_iter().flat_map(Map::values_mut) {
        if let Some(Value::Object(content)) = response.get_mut("content") {
            json::retain(content, &mut |name, _| is_json(name));
        }
    }
}

/// The kind of a normalized received operation, and the name by which it is decoded.
pub(super) fn kind_and_name(operation: &Value) -> (ReceivedKind, &str) {
    let id = operation.get(DOCUMENT_ID).and_then(Value::as_str).unwrap_or_default();
    match (id.strip_prefix(CALLBACKS), id.strip_prefix(WEBHOOKS)) {
        (Some(name), _) => (ReceivedKind::Callback, name),
        (_, Some(name)) => (ReceivedKind::Webhook, name),
        _ => (ReceivedKind::Webhook, id),
    }
}
