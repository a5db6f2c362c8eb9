//! Responses of all statuses with their media types.

use openapi_document::{
    Pointer,
    media_type::{essence, is_json},
};
use serde_json::{Value, json};

use crate::{
    collect::Collect,
    ir::{Alternative, Content, ContentKind, ItemStream, Response, Status, successes},
    json,
    lower::{
        diagnostics::Diagnostics,
        names::{TakenNames, unique},
        sequences,
    },
    media_names::media_name,
    order::{SortKey, sort},
};

/// Extracts the responses of an operation. The representation of the media type with the name
/// `published` is the preferred one of successes, if there is any.
pub(super) fn extract(
    method: &str,
    operation: &Value,
    published: Option<&str>,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Vec<Response> {
    let declared = json::members(operation.get("responses"));
    let mut responses = Vec::new();
    for (key, response) in declared.filter(|(key, _)| !key.starts_with("x-")) {
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
        let mut contents = Vec::new();
        for (media_type, value) in json::members(response.get("content")) {
            contents.push(match method {
                "head" => Content { media_type: media_type.clone(), kind: ContentKind::Empty },
                _ => representation(media_type, value),
            });
        }
        sort(&mut contents, &|content| {
            let is_published = published.is_some_and(|one| media_name(&content.media_type) == one);
            let (rank, media_type) = preference(content);
            (rank + if is_published && status.is_success() { 0 } else { 10 }, media_type)
        });
        let description = response.get("description").and_then(Value::as_str).unwrap_or_default();
        let headers = json::members(response.get("headers"));
        let headers = headers.map(|(name, _)| name.clone()).collect_vec();
        responses.push(Response { status, description: description.to_owned(), headers, contents });
    }
    responses
}

/// The representation with a media type, and how it is decoded.
fn representation(media_type: &str, value: &Value) -> Content {
    if let Some(format) = sequences::format(media_type, value) {
        let schema = value.get("schema").cloned();
        let any = (!sequences::is_events(format)).then(|| json!({}));
        let kind = ContentKind::Stream(ItemStream { format, schema: schema.or(any) });
        return Content { media_type: media_type.to_owned(), kind };
    }
    let schema = value.get("schema").cloned().unwrap_or_else(|| json!({}));
    let is_text = schema.get("type").is_some_and(|name| name == "string");
    let kind = match essence(media_type).as_str() {
        json if is_json(json) => ContentKind::Json(schema),
        // Any media type: the schema determines the kind.
        "*/*" if !is_text && schema != json!({}) => ContentKind::Json(schema),
        text if text.starts_with("text/") => ContentKind::Text,
        _ => ContentKind::Bytes,
    };
    Content { media_type: media_type.to_owned(), kind }
}

/// The order of a representation: the first one is preferred, whatever the order in the document.
fn preference(content: &Content) -> SortKey {
    let media_type = content.media_type.to_ascii_lowercase();
    let rank = match content.kind {
        ContentKind::Json(_) => 0,
        ContentKind::Stream(_) => 2,
        ContentKind::Text => 4,
        ContentKind::Bytes | ContentKind::Empty => 6,
    };
    (rank + u8::from(essence(&media_type) != "application/json"), media_type)
}

/// The representations of successes that `send` doesn't return, each with a method of its own.
///
/// JSON of the same schema as the preferred JSON is the same representation. A stream that is
/// preferred at one status only has a method too: beside others, `send` returns it as a whole.
pub(super) fn alternatives(responses: &[Response], taken: &mut TakenNames) -> Vec<Alternative> {
    let successes = successes(responses);
    let mut contents: Vec<&Content> = Vec::new();
    for response in &successes {
        contents.extend(&response.contents);
    }
    sort(&mut contents, &|content| preference(content));
    let mut alternatives: Vec<Alternative> = Vec::new();
    for content in contents {
        let is_same = |other: &Content| essence(&other.media_type) == essence(&content.media_type);
        let is_sent = |response: &&Response| {
            response.contents.first().is_some_and(|first| {
                is_same(first)
                    || (matches!(first.kind, ContentKind::Json(_)) && first.kind == content.kind)
            })
        };
        let has = |response: &&&Response| response.contents.iter().any(is_same);
        let is_returned = match content.kind {
            ContentKind::Stream(_) => {
                successes.iter().all(|one| one.contents.is_empty() || is_sent(one))
            }
            _ => successes.iter().filter(has).all(is_sent),
        };
        let is_listed =
            |one: &Alternative| essence(&one.media_type) == essence(&content.media_type);
        if content.kind == ContentKind::Empty || is_returned || alternatives.iter().any(is_listed) {
            continue;
        }
        let rust_name = unique(&format!("send_{}", media_name(&content.media_type)), taken);
        let media_type = content.media_type.clone();
        alternatives.push(Alternative { media_type, rust_name, success_type: String::new() });
    }
    alternatives
}
