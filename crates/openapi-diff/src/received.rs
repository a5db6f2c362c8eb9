//! Comparison of requests that programs receive: webhooks and callbacks (OpenAPI 3.1, sections
//! 4.8.1 and 4.8.18).
//!
//! The receiver's side is the opposite of the caller's: what it receives may only get narrower, and
//! what it may respond with only wider.

use std::collections::{HashMap, HashSet};

use openapi_document::{Method, Pointer};
use serde_json::{Map, Value};

use crate::{
    direction::Direction,
    lifecycle,
    media_types::{self, MediaTypes},
    operation::{Operation, Parameter, Response, read_operation},
    operation_changes::OperationChanges,
    operation_pair::{OperationPair, is_required},
    resolver::Resolver,
    rules::{self as r, Rule},
};

/// A request that programs receive.
pub(crate) struct Received<'a> {
    /// The identity in both documents: names and method.
    key: Vec<String>,
    pub(crate) operation: Operation<'a>,
    rules: &'static Rules,
}

/// The rules for requests of one kind that only one of the documents has.
struct Rules {
    kind: &'static str,
    added: &'static Rule,
    removed: &'static Rule,
}

const WEBHOOKS: Rules =
    Rules { kind: "webhook", added: r::WEBHOOK_ADDED, removed: r::WEBHOOK_REMOVED };
const CALLBACKS: Rules =
    Rules { kind: "callback", added: r::CALLBACK_ADDED, removed: r::CALLBACK_REMOVED };

impl Received<'_> {
    /// The identity in reports: the kind, the names, and the method.
    pub(crate) fn title(&self) -> String {
        let (method, names) =
            self.key.split_last().map_or(("", &[][..]), |(method, names)| (method.as_str(), names));
        format!("{} {} {}", self.rules.kind, names.join(" "), method)
    }
}

/// Reads the operations of `paths` that programs receive, the webhooks, and the callbacks of the
/// operations of `owners`, with the identities of these.
pub(crate) fn read<'a: 'b, 'b>(
    resolver: &Resolver<'a>,
    operations: Vec<Operation<'a>>,
    owners: impl Iterator<Item = (&'b Operation<'a>, &'b str)>,
) -> Vec<Received<'a>> {
    let mut received = named(operations);
    received.extend(webhooks(resolver));
    received.extend(owners.flat_map(|(operation, owner)| callbacks(resolver, operation, owner)));
    received
}

/// The webhooks of a document.
fn webhooks<'a>(resolver: &Resolver<'a>) -> Vec<Received<'a>> {
    read_items(resolver, &Pointer::from_segments(["webhooks"]), &[], &WEBHOOKS)
}

/// Operations of `paths` that programs receive, by their `operationId`.
fn named<'a>(operations: Vec<Operation<'a>>) -> Vec<Received<'a>> {
    let received = |operation: Operation<'a>| {
        let key = vec![operation.id.clone(), operation.method.to_string()];
        let mut received = Received { key, operation, rules: &WEBHOOKS };
        received.operation.id = received.title();
        received
    };
    operations.into_iter().map(received).collect()
}

/// The callbacks of an operation. `owner` identifies it in both documents.
fn callbacks<'a>(
    resolver: &Resolver<'a>,
    operation: &Operation<'a>,
    owner: &str,
) -> Vec<Received<'a>> {
    let callbacks = operation.value.get("callbacks").and_then(Value::as_object);
    let names = callbacks.into_iter().flat_map(Map::keys);
    let read = |name: &String| {
        let pointer = resolver.resolve(&operation.pointer.join("callbacks").join(name));
        read_items(resolver, &pointer, &[owner.to_owned(), name.clone()], &CALLBACKS)
    };
    names.flat_map(read).collect()
}

/// The operations of the path items in a map.
fn read_items<'a>(
    resolver: &Resolver<'a>,
    map: &Pointer,
    prefix: &[String],
    rules: &'static Rules,
) -> Vec<Received<'a>> {
    let items = resolver.value(map).and_then(Value::as_object);
    let names = items.into_iter().flat_map(Map::keys).filter(|name| !name.starts_with("x-"));
    let read = |name: &'a String| {
        let pointer = resolver.resolve(&map.join(name));
        let item = resolver.value(&pointer).and_then(Value::as_object);
        let operations = item.into_iter().flat_map(|item| {
            Method::operations(item)
                .filter_map(move |(method, value)| Some((item, method, value.as_object()?)))
        });
        let operations: Vec<_> = operations
            .map(|(item, method, value)| {
                let key = [prefix, &[name.clone(), method.to_string()]].concat();
                let operation = read_operation(resolver, (name, item, &pointer), (method, value));
                let mut received = Received { key, operation, rules };
                // Its operationId may be that of an operation.
                received.operation.id = received.title();
                received
            })
            .collect();
        operations
    };
    names.flat_map(read).collect()
}

/// Compares the requests that programs receive, without their schemas. Returns the positions of
/// those that both documents have.
pub(crate) fn compare(
    old: &[Received],
    new: &[Received],
    changes: &mut OperationChanges,
) -> Vec<(usize, usize)> {
    let positions: HashMap<_, _> =
        new.iter().enumerate().map(|(position, one)| (&one.key, position)).collect();
    let old_keys: HashSet<_> = old.iter().map(|one| &one.key).collect();
    for one in old.iter().filter(|one| !positions.contains_key(&one.key)) {
        let pointers = (Some(one.operation.pointer.clone()), None);
        let values = (Some(one.title()), None);
        let message = format!("{} removed", one.rules.kind);
        changes.record(one.rules.removed, &one.operation.id, pointers, message, values);
    }
    for one in new.iter().filter(|one| !old_keys.contains(&one.key)) {
        let pointers = (None, Some(one.operation.pointer.clone()));
        let values = (None, Some(one.title()));
        let message = format!("{} added", one.rules.kind);
        changes.record(one.rules.added, &one.operation.id, pointers, message, values);
    }
    let mut pairs = Vec::new();
    for (position, one) in old.iter().enumerate() {
        let Some(other) = positions.get(&one.key) else { continue };
        let (old, new) = (&one.operation, &new[*other].operation);
        let mut pair = OperationPair { old, new, changes };
        pair.compare_deprecation();
        lifecycle::compare(&mut pair);
        pair.compare_operation_prose();
        compare_parameters(&mut pair);
        compare_bodies(&mut pair);
        compare_responses(&mut pair);
        pairs.push((position, *other));
    }
    pairs
}

/// Compares the parameters, such as headers with signatures.
fn compare_parameters(pair: &mut OperationPair) {
    let (old, new) = (pair.old, pair.new);
    let find = |parameters: &[Parameter], wanted: &Parameter| {
        let found = parameters.iter().find(|one| one.key() == wanted.key());
        found.map(|one| (one.pointer.clone(), is_required(one.value)))
    };
    for parameter in &old.parameters {
        let found = find(&new.parameters, parameter);
        let name = format!("{} parameter `{}`", parameter.location, parameter.name);
        let (rule, message) = match (is_required(parameter.value), &found) {
            (true, Some((_, false))) => {
                (r::RECEIVED_PARAMETER_OMITTED, format!("{name} is now optional"))
            }
            (true, None) => (r::RECEIVED_PARAMETER_OMITTED, format!("{name} removed")),
            (false, None) => (r::RECEIVED_PARAMETERS_CHANGED, format!("{name} removed")),
            _ => continue,
        };
        let place = found.map_or_else(|| new.pointer.clone(), |(pointer, _)| pointer);
        let pointers = (Some(parameter.pointer.clone()), Some(place));
        pair.record_at(rule, pointers, message, (Some(parameter.name.clone()), None));
    }
    for parameter in &new.parameters {
        if find(&old.parameters, parameter).is_none() {
            let name = format!("{} parameter `{}`", parameter.location, parameter.name);
            let pointers = (Some(old.pointer.clone()), Some(parameter.pointer.clone()));
            let values = (None, Some(parameter.name.clone()));
            let message = format!("{name} added");
            pair.record_at(r::RECEIVED_PARAMETERS_CHANGED, pointers, message, values);
        }
    }
}

/// Compares the bodies that programs receive.
fn compare_bodies(pair: &mut OperationPair) {
    let (old, new) = (pair.old, pair.new);
    let place = |operation: &Operation| match &operation.body {
        Some((pointer, _)) => pointer.clone(),
        None => operation.pointer.clone(),
    };
    let pointers = (Some(place(old)), Some(place(new)));
    let body = |operation: &Operation| {
        operation.body.as_ref().map(|(_, body)| MediaTypes::new(body).all())
    };
    let values = (body(old).map(|types| types.join(", ")), body(new).map(|types| types.join(", ")));
    let is_sent =
        |operation: &Operation| operation.body.as_ref().is_some_and(|(_, body)| is_required(body));
    let (rule, message) = match (body(old), body(new)) {
        (None, None) => return,
        (None, Some(_)) => (r::RECEIVED_BODY_ADDED, "request body added"),
        (Some(_), None) => (r::RECEIVED_BODY_REMOVED, "request body removed"),
        (Some(_), Some(_)) if is_sent(old) && !is_sent(new) => {
            (r::RECEIVED_BODY_REMOVED, "request body is now optional")
        }
        (Some(old), Some(new)) if new.iter().any(|one| !old.contains(one)) => {
            (r::RECEIVED_MEDIA_TYPE_ADDED, "request body: media types changed")
        }
        (Some(old), Some(new)) if old != new => {
            (r::RECEIVED_MEDIA_TYPE_REMOVED, "request body: media types changed")
        }
        _ => return,
    };
    pair.record_at(rule, pointers, message, values);
}

/// Compares the statuses that programs may respond with.
fn compare_responses(pair: &mut OperationPair) {
    let (old, new) = (pair.old, pair.new);
    let includes = |responses: &[Response], status: &str| matching(responses, status).is_some();
    for response in old.responses.iter().filter(|one| !includes(&new.responses, &one.status)) {
        let rule = match response.is_success() {
            true => r::RECEIVED_STATUS_REMOVED,
            false => r::RECEIVED_STATUSES_CHANGED,
        };
        let pointers = (Some(response.pointer.clone()), Some(new.pointer.join("responses")));
        let message = format!("response {} removed", response.status);
        pair.record_at(rule, pointers, message, (Some(response.status.clone()), None));
    }
    for response in old.responses.iter().filter(|one| one.is_success()) {
        let Some(other) = matching(&new.responses, &response.status) else { continue };
        let (before, after) =
            (MediaTypes::new(response.value).all(), MediaTypes::new(other.value).all());
        // A body that isn't declared isn't read.
        let is_accepted =
            after.is_empty() || !before.is_empty() && before.iter().all(|one| after.contains(one));
        if !is_accepted {
            let pointers = (Some(response.pointer.clone()), Some(other.pointer.clone()));
            let list = |types: Vec<String>| (!types.is_empty()).then(|| types.join(", "));
            let message = format!("response {}: media types changed", response.status);
            let values = (list(before), list(after));
            pair.record_at(r::RECEIVED_RESPONSE_CHANGED, pointers, message, values);
        }
    }
    for response in new.responses.iter().filter(|one| !includes(&old.responses, &one.status)) {
        let pointers = (Some(old.pointer.join("responses")), Some(response.pointer.clone()));
        let message = format!("response {} added", response.status);
        let values = (None, Some(response.status.clone()));
        pair.record_at(r::RECEIVED_STATUSES_CHANGED, pointers, message, values);
    }
}

/// The response that a status is of: its own, that of its range, or the default.
fn matching<'r, 'v>(responses: &'r [Response<'v>], status: &str) -> Option<&'r Response<'v>> {
    let range = status.chars().next().map(|first| format!("{first}XX")).unwrap_or_default();
    let find = |wanted: &str| responses.iter().find(|one| one.status == wanted);
    find(status).or_else(|| find(&range)).or_else(|| find("default"))
}

/// The schemas to compare, with the direction in which values are transferred.
pub(crate) fn schemas(old: &Operation, new: &Operation) -> Vec<(Direction, (Pointer, Pointer))> {
    let mut schemas = Vec::new();
    if let (Some((old_pointer, old)), Some((new_pointer, new))) = (&old.body, &new.body) {
        let pointers = media_types::body_schemas((old_pointer, old), (new_pointer, new));
        schemas.extend(pointers.into_iter().map(|pointers| (Direction::Response, pointers)));
    }
    for old in &old.responses {
        if let Some(new) = matching(&new.responses, &old.status) {
            let (old, new) = ((&old.pointer, old.value), (&new.pointer, new.value));
            let pointers = media_types::body_schemas(old, new);
            schemas.extend(pointers.into_iter().map(|pointers| (Direction::Request, pointers)));
        }
    }
    for old in &old.parameters {
        if let Some(new) = new.parameters.iter().find(|new| new.key() == old.key()) {
            let pointers = (media_types::parameter_schema(old), media_types::parameter_schema(new));
            schemas.push((Direction::Response, pointers));
        }
    }
    schemas
}
