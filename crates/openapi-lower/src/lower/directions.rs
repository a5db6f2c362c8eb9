//! Directions of types: whether requests, responses or both have values of a type.

use std::collections::HashSet;

use openapi_document::reference;
use serde_json::{Map, Value};

use super::{operations, received};
use crate::{
    collect::Collect,
    ir::{Direction, TaggedUnion},
    json,
    text_map::TextMap,
};

/// The components that are reachable from requests and from responses.
pub(super) struct Directions {
    sent: HashSet<String>,
    received: HashSet<String>,
}

impl Directions {
    /// Finds the directions of all components.
    pub(super) fn new(root: &Value, schemas: &Map<String, Value>, unions: &[TaggedUnion]) -> Self {
        let (mut sent, mut received) = (Vec::new(), Vec::new());
        for (path, operation) in operations::all(root) {
            let (sent, received) = match received::is_received(path) {
                false => (&mut sent, &mut received),
                true => (&mut received, &mut sent),
            };
            if let Some(body) = operation.get("requestBody") {
                sent.extend(content_targets(body));
            }
            for parameter in json::items(operation.get("parameters")) {
                if let Some(schema) = parameter.get("schema") {
                    sent.extend(reference::targets(schema));
                }
                sent.extend(content_targets(parameter));
            }
            for (_, response) in json::members(operation.get("responses")) {
                received.extend(content_targets(response));
            }
        }
        Self {
            sent: reachable(sent, schemas, unions),
            received: reachable(received, schemas, unions),
        }
    }

    /// The direction of a component. One that neither requests nor responses have may be used in
    /// both.
    pub(super) fn get(&self, name: &str) -> Direction {
        match (self.sent.contains(name), self.received.contains(name)) {
            (true, false) => Direction::Request,
            (false, true) => Direction::Response,
            _ => Direction::Both,
        }
    }
}

/// The components that the schemas in the `content` of a body, parameter or response refer to.
fn content_targets(holder: &Value) -> Vec<String> {
    let mut targets = Vec::new();
    for (_, media_type) in json::members(holder.get("content")) {
        if let Some(schema) = media_type.get("schema") {
            targets.extend(reference::targets(schema));
        }
    }
    targets
}

/// These components, and those that they refer to.
fn reachable(
    mut pending: Vec<String>,
    schemas: &Map<String, Value>,
    unions: &[TaggedUnion],
) -> HashSet<String> {
    let unions: TextMap<&str, &TaggedUnion> =
        unions.iter().map(|union| (union.rust.as_str(), union)).collect_map();
    let mut reached = HashSet::new();
    while let Some(name) = pending.pop() {
        if reached.contains(&name) {
            continue;
        }
        if let Some(schema) = schemas.get(&name) {
            pending.extend(reference::targets(schema));
            // A mapping may have members that `oneOf` doesn't list.
            if let Some(union) = unions.get(name.as_str()) {
                pending.extend(union.variants.iter().map(|variant| variant.target.clone()));
            }
            reached.insert(name);
        }
    }
    reached
}

/// Whether a flag such as `readOnly` is set at a property: in its schema or in the component that
/// it refers to.
pub(super) fn is_flagged(schema: &Value, flag: &str, schemas: &Map<String, Value>) -> bool {
    let mut schema = schema;
    // References may form a cycle.
    for _ in 0..=schemas.len() {
        if schema.get(flag) == Some(&Value::Bool(true)) {
            return true;
        }
        let member = match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            Some([member]) => member,
            _ => schema,
        };
        match reference::target(member).and_then(|name| schemas.get(&name)) {
            Some(target) => schema = target,
            None => return false,
        }
    }
    false
}
