//! Request bodies.
//!
//! Of several media types JSON is preferred, then forms, then text, then the first one.

use std::collections::HashSet;

use openapi_document::{
    Pointer,
    media_type::{essence, is_json},
    reference,
};
use serde_json::{Map, Value, json};

use super::parameters::{RESERVED, join_descriptions};
use crate::{
    ir::{Body, BodyContent, Parameter, Part, PartContent},
    lower::{
        diagnostics::Diagnostics,
        names::{TakenNames, unique, value_name},
        schema::{self, not_null},
    },
};

/// Extracts the request body of an operation.
pub(super) fn extract(
    root: &Value,
    body: &Value,
    parameters: &[Parameter],
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<Body> {
    let content = body.get("content").and_then(Value::as_object)?;
    let (media_type, value) =
        content.iter().min_by_key(|(media_type, _)| preference(media_type))?;
    let schema = value.get("schema").cloned().unwrap_or_else(|| json!({}));
    let required = body.get("required") == Some(&json!(true));
    let media_type = media_type.clone();
    let content = match essence(&media_type).as_str() {
        "application/json" if required => BodyContent::Core(not_null(schema)),
        json if is_json(json) => BodyContent::Json(not_null(schema)),
        "multipart/form-data" => {
            parts(root, &schema, value.get("encoding"), parameters, at, diagnostics)?
        }
        "application/x-www-form-urlencoded" => BodyContent::Form(not_null(schema)),
        text if text.starts_with("text/") => BodyContent::Text,
        _ => BodyContent::Bytes,
    };
    let description = body.get("description").and_then(Value::as_str).map(str::to_owned);
    Some(Body { required, media_type, description, content })
}

/// The rank of a media type: the lowest one is used.
fn preference(media_type: &str) -> u8 {
    match essence(media_type).as_str() {
        "application/json" => 0,
        json if is_json(json) => 1,
        "multipart/form-data" => 2,
        "application/x-www-form-urlencoded" => 3,
        text if text.starts_with("text/") => 4,
        _ => 5,
    }
}

/// The parts of a form, one per property.
fn parts(
    root: &Value,
    schema: &Value,
    encoding: Option<&Value>,
    parameters: &[Parameter],
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<BodyContent> {
    let form = match reference::target(schema) {
        Some(name) => Pointer::from_segments(["components", "schemas", &name]).resolve(root)?,
        None => schema,
    };
    let Some(properties) = form.get("properties").and_then(Value::as_object) else {
        diagnostics.refuse(
            at,
            "multipart/form-data without properties",
            "the schema must declare a property for each part",
        );
        return None;
    };
    let required: HashSet<&str> = schema::required(form).collect();
    let setters = parameters.iter().map(|parameter| parameter.rust_name.as_str());
    let mut taken: TakenNames = RESERVED.into_iter().chain(setters).collect();
    let parts = properties.iter().map(|(name, property)| {
        let (repeated, item) = match property.get("items") {
            Some(items) if property.get("type") == Some(&json!("array")) => (true, items),
            _ => (false, property),
        };
        let declared =
            encoding.and_then(|encoding| encoding.get(name)?.get("contentType")?.as_str());
        Part {
            name: name.clone(),
            rust_name: unique(&value_name(name), &mut taken),
            description: join_descriptions(
                property.get("description").and_then(Value::as_str),
                None,
            ),
            required: required.contains(name.as_str()),
            repeated,
            content: part_content(item, declared),
        }
    });
    Some(BodyContent::Multipart(parts.collect()))
}

/// Keywords that describe the type of a part without `type`.
const SHAPING: [&str; 6] = ["$ref", "allOf", "anyOf", "enum", "oneOf", "properties"];

/// The content of a part: scalars are text, binary strings are files, others are JSON (OpenAPI 3.1,
/// section 4.8.15.1).
fn part_content(schema: &Value, declared: Option<&str>) -> PartContent {
    let map = schema.as_object().cloned().unwrap_or_else(Map::new);
    let kind = map.get("type").and_then(Value::as_str);
    let is_file = map.get("format").is_some_and(|format| format == "binary")
        || declared
            .is_some_and(|declared| kind == Some("string") && !declared.starts_with("text/"));
    match kind {
        Some("string") if is_file => PartContent::File,
        Some("string" | "integer" | "number" | "boolean") => {
            PartContent::Text(not_null(schema.clone()))
        }
        // A part without a type is bytes (OpenAPI 3.1, section 4.8.15.1).
        None if !map.keys().any(|key| SHAPING.contains(&key.as_str())) => PartContent::File,
        _ => PartContent::Json(not_null(schema.clone())),
    }
}
