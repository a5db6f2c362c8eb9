//! Request bodies.
//!
//! Of several media types JSON is preferred, then forms, then text, then the first one by name: the
//! order in the document means nothing.

use openapi_document::{
    Pointer,
    media_type::{essence, is_json},
};
use serde_json::{Value, json};

use super::parts;
use crate::{
    ir::{Body, BodyContent, Parameter},
    lower::{diagnostics::Diagnostics, schema::not_null},
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
        content.iter().min_by_key(|(name, _)| (preference(name), name.to_ascii_lowercase()))?;
    let schema = value.get("schema").cloned().unwrap_or_else(|| json!({}));
    let required = body.get("required") == Some(&json!(true));
    let media_type = media_type.clone();
    let content = match essence(&media_type).as_str() {
        "application/json" if required => BodyContent::Core(not_null(schema)),
        json if is_json(json) => BodyContent::Json(not_null(schema)),
        "multipart/form-data" => {
            let at = at.join("content").join(&media_type);
            parts::extract(root, value, parameters, &at, diagnostics)?
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
