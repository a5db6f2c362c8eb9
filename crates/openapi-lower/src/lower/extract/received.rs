//! Webhooks and callbacks: the payloads, and the property that tells them apart.

use openapi_document::{Pointer, media_type::is_json};
use serde_json::{Map, Value};

use crate::{
    collect::Collect,
    ir::{Received, ReceivedUnion},
    json,
    lower::{received::kind_and_name, schema::text, tagged_unions},
};

/// Extracts everything that is received from its normalized path items.
pub(super) fn extract(root: &Value, paths: &Map<String, Value>) -> Vec<ReceivedUnion> {
    let mut unions: Vec<ReceivedUnion> = Vec::new();
    for (path, item) in paths {
        for (method, operation) in json::members(Some(item)) {
            let at = Pointer::from_segments(["paths", path, method]);
            let (kind, name) = kind_and_name(operation);
            let Some(payload) = payload(operation) else { continue };
            let received = Received {
                pointer: at,
                name: name.to_owned(),
                rust_name: text(operation, "operationId").unwrap_or_default(),
                method: method.to_uppercase(),
                summary: text(operation, "summary"),
                description: text(operation, "description"),
                deprecated: operation.get("deprecated") == Some(&Value::Bool(true)),
                headers: headers(operation),
                responses: responses(operation),
                payload,
                tags: Vec::new(),
            };
            match unions.iter_mut().find(|union| union.kind == kind) {
                Some(union) => union.variants.push(received),
                None => unions.push(ReceivedUnion { kind, tag: None, variants: vec![received] }),
            }
        }
    }
    let no_schemas = Map::new();
    let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
    for union in &mut unions {
        let payloads: Vec<&Value> = union.variants.iter().map(|one| &one.payload).collect_vec();
        let tag = tagged_unions::distinguishing_tag(&payloads, schemas.unwrap_or(&no_schemas));
        let Some((name, tag_type, values)) = tag else { continue };
        union.tag = Some((name, tag_type));
        for (variant, values) in union.variants.iter_mut().zip(values) {
            variant.tags = values;
        }
    }
    unions
}

/// The schema of the body, of which only JSON remains.
fn payload(operation: &Value) -> Option<Value> {
    let content = operation.pointer("/requestBody/content").and_then(Value::as_object)?;
    let media_type = content.values().next()?;
    Some(media_type.get("schema").cloned().unwrap_or_else(|| Value::Object(Map::new())))
}

/// The names of header parameters.
fn headers(operation: &Value) -> Vec<String> {
    let parameters = json::items(operation.get("parameters")).iter();
    let headers = parameters.filter(|one| one.get("in").is_some_and(|place| place == "header"));
    headers.filter_map(|one| text(one, "name")).collect_vec()
}

/// The statuses to respond with, and the JSON of their bodies.
fn responses(operation: &Value) -> Vec<(String, String, Option<Value>)> {
    let mut responses = Vec::new();
    for (status, response) in json::members(operation.get("responses")) {
        if !status.starts_with("x-") {
            let mut content = json::members(response.get("content"));
            let json = content.find(|(media_type, _)| is_json(media_type));
            let schema = json.and_then(|(_, value)| value.get("schema").cloned());
            let description = text(response, "description").unwrap_or_default();
            responses.push((status.clone(), description, schema));
        }
    }
    responses
}
