//! Directions of types: whether requests, responses or both have values of a type.

use std::collections::{HashMap, HashSet};

use openapi_document::reference;
use serde_json::{Map, Value};

use super::received;
use crate::ir::{Direction, TaggedUnion};

/// The components that are reachable from requests and from responses.
pub(super) struct Directions {
    sent: HashSet<String>,
    received: HashSet<String>,
}

impl Directions {
    /// Finds the directions of all components.
    pub(super) fn new(root: &Value, schemas: &Map<String, Value>, unions: &[TaggedUnion]) -> Self {
        let (mut sent, mut received) = (Vec::new(), Vec::new());
        let paths = root.get("paths").and_then(Value::as_object).into_iter().flatten();
        let operations = paths.flat_map(|(path, item)| {
            let operations = item.as_object().into_iter().flatten();
            operations.map(move |(_, operation)| (received::is_received(path), operation))
        });
        for (is_received, operation) in operations {
            let (sent, received) = match is_received {
                false => (&mut sent, &mut received),
                true => (&mut received, &mut sent),
            };
            sent.extend(operation.get("requestBody").into_iter().flat_map(content_targets));
            let parameters = operation.get("parameters").and_then(Value::as_array);
            for parameter in parameters.into_iter().flatten() {
                sent.extend(parameter.get("schema").into_iter().flat_map(reference::targets));
                sent.extend(content_targets(parameter));
            }
            let responses = operation.get("responses").and_then(Value::as_object);
            let responses = responses.into_iter().flatten().map(|(_, response)| response);
            received.extend(responses.flat_map(content_targets));
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
    let content = holder.get("content").and_then(Value::as_object).into_iter().flatten();
    let schemas = content.filter_map(|(_, media)| media.get("schema"));
    schemas.flat_map(reference::targets).collect()
}

/// These components, and those that they refer to.
fn reachable(
    mut pending: Vec<String>,
    schemas: &Map<String, Value>,
    unions: &[TaggedUnion],
) -> HashSet<String> {
    let unions: HashMap<&str, &TaggedUnion> =
        unions.iter().map(|union| (union.rust.as_str(), union)).collect();
    let mut reached = HashSet::new();
    while let Some(name) = pending.pop() {
        if reached.contains(&name) {
            continue;
        }
        if let Some(schema) = schemas.get(&name) {
            pending.extend(reference::targets(schema));
            // A mapping may have members that `oneOf` doesn't list.
            let variants = unions.get(name.as_str()).into_iter().flat_map(|union| &union.variants);
            pending.extend(variants.map(|variant| variant.target.clone()));
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
