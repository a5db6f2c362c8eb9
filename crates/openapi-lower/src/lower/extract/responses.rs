//! Responses of all statuses with their media types.

use openapi_document::{
    Pointer,
    media_type::{essence, is_json},
};
use serde_json::{Value, json};

use crate::{
    ir::{Content, ContentKind, Response, Status},
    lower::diagnostics::Diagnostics,
};

/// Extracts the responses of an operation.
pub(super) fn extract(
    method: &str,
    operation: &Value,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Vec<Response> {
    let declared = operation.get("responses").and_then(Value::as_object);
    let mut responses = Vec::new();
    for (key, response) in declared.into_iter().flatten().filter(|(key, _)| !key.starts_with("x-"))
    {
        let Some(status) = Status::parse(key) else {
            diagnostics.refuse(
                &at.join(key),
                format!("status `{key}`"),
                "expected a status code, a range such as `2XX`, or `default`",
            );
            continue;
        };
        match status {
            Status::Code(101) => {
                diagnostics.refuse(
                    &at.join(key),
                    "status 101",
                    "protocol upgrades are not supported",
                );
                continue;
            }
            // Callers don't see interim responses (RFC 9110, section 15.2).
            Status::Code(100..200) | Status::Class(1) => continue,
            _ => {}
        }
        let content = response.get("content").and_then(Value::as_object);
        let mut contents: Vec<_> = content
            .into_iter()
            .flatten()
            .map(|(media_type, value)| match method {
                "head" => Content { media_type: media_type.clone(), kind: ContentKind::Empty },
                _ => representation(media_type, value),
            })
            .collect();
        contents.sort_by_cached_key(preference);
        let description = response.get("description").and_then(Value::as_str).unwrap_or_default();
        responses.push(Response { status, description: description.to_owned(), contents });
    }
    responses
}

/// The representation with a media type, and how it is decoded.
fn representation(media_type: &str, value: &Value) -> Content {
    let schema = value.get("schema").cloned().unwrap_or_else(|| json!({}));
    let is_text = schema.get("type").is_some_and(|name| name == "string");
    let kind = match essence(media_type).as_str() {
        json if is_json(json) => ContentKind::Json(schema),
        // Any media type: the schema determines the kind.
        "*/*" if !is_text && schema != json!({}) => ContentKind::Json(schema),
        // Events are read as they arrive.
        "text/event-stream" => ContentKind::Bytes,
        text if text.starts_with("text/") => ContentKind::Text,
        _ => ContentKind::Bytes,
    };
    Content { media_type: media_type.to_owned(), kind }
}

/// The rank of a representation: the lowest one is preferred, whatever the order in the document.
fn preference(content: &Content) -> (u8, bool, String) {
    let rank = match content.kind {
        ContentKind::Json(_) => 0,
        ContentKind::Text => 1,
        ContentKind::Bytes | ContentKind::Empty => 2,
    };
    let media_type = content.media_type.to_ascii_lowercase();
    (rank, essence(&media_type) != "application/json", media_type)
}
