//! Request bodies.
//!
//! Of several media types JSON is preferred, then forms, then text, then the first one by name: the
//! order in the document means nothing. A preferred one that was published stays.

use openapi_document::{
    Pointer,
    media_type::{Sequence, essence, is_json},
};
use serde_json::{Value, json};

use super::{forms, parts};
use crate::{
    collect::Collect,
    ir::{Body, BodyContent, BodyRepresentation, ItemStream},
    lower::{
        diagnostics::Diagnostics,
        names::{TakenNames, unique},
        schema::not_null,
        sequences,
    },
    media_names::media_name,
    order::sort,
};

/// Extracts the request body of an operation. The representation of the media type with the name
/// `published` is the preferred one, if there is any.
pub(super) fn extract(
    root: &Value,
    body: &Value,
    taken: &mut TakenNames,
    published: Option<&str>,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<Body> {
    let content = body.get("content").and_then(Value::as_object)?;
    let mut media_types: Vec<(&String, &Value)> = content.iter().collect_vec();
    sort(&mut media_types, &|(name, _)| {
        let is_published = published.is_some_and(|published| media_name(name) == published);
        let rank = preference(name) + if is_published { 0 } else { 10 };
        (rank, name.to_ascii_lowercase())
    });
    let required = body.get("required") == Some(&json!(true));
    let mut representations: Vec<BodyRepresentation> = Vec::new();
    let mut refusals = Vec::new();
    for (media_type, value) in media_types {
        let at = at.join("content").join(media_type);
        let essence = essence(media_type);
        // The parts of two forms would be one set of setters.
        if essence == "multipart/form-data"
            && representations.iter().any(|one| matches!(one.content, BodyContent::Multipart(_)))
        {
            diagnostics.warn(&at, "ignored: the body has another form already");
            continue;
        }
        let mut own = Diagnostics::default();
        let extracted = match essence.as_str() {
            "multipart/form-data" => parts::extract(root, value, taken, &at, &mut own),
            "application/x-www-form-urlencoded" => {
                forms::extract(root, value, &at, &mut own).map(BodyContent::Form)
            }
            essence => Some(single(essence, media_type, value)),
        };
        diagnostics.warnings.append(&mut own.warnings);
        refusals.append(&mut own.refusals);
        let Some(content) = extracted else { continue };
        let rust_name = match &content {
            BodyContent::Multipart(_) => "form".to_owned(),
            _ if representations.iter().all(|one| one.rust_name != "body") => "body".to_owned(),
            content if is_offered(&representations, content) => {
                continue;
            }
            _ => unique(&format!("body_{}", media_name(media_type)), taken),
        };
        representations.push(BodyRepresentation {
            media_type: media_type.clone(),
            rust_name,
            content,
        });
    }
    if content.len() == 1 || representations.is_empty() {
        diagnostics.refusals.append(&mut refusals);
    }
    // The other media types can do without these.
    for refusal in refusals {
        let reason = format!("not offered: {}: {}", refusal.construct, refusal.reason);
        diagnostics.warn(&refusal.pointer, reason);
    }
    // The core can write a body that each request has.
    if let [only] = representations.as_mut_slice()
        && let BodyContent::Json(schema) = &only.content
        && required
        && essence(&only.media_type) == "application/json"
    {
        only.content = BodyContent::Core(schema.clone());
    }
    let description = body.get("description").and_then(Value::as_str).map(str::to_owned);
    (!representations.is_empty()).then_some(Body { required, description, representations })
}

/// Whether a representation has this content already: the same JSON of another media type.
fn is_offered(representations: &[BodyRepresentation], content: &BodyContent) -> bool {
    matches!(content, BodyContent::Json(_))
        && representations.iter().any(|one| one.content == *content)
}

/// The content of any media type but that of forms with parts.
fn single(essence: &str, media_type: &str, value: &Value) -> BodyContent {
    let schema = value.get("schema").cloned();
    let any = || schema.clone().unwrap_or_else(|| json!({}));
    if let Some(format) = sequences::format(media_type, value)
        && !sequences::is_events(format)
    {
        return BodyContent::Items(ItemStream { format, schema: Some(not_null(any())) });
    }
    match essence {
        json if is_json(json) => BodyContent::Json(not_null(any())),
        text if text.starts_with("text/") => BodyContent::Text,
        _ => BodyContent::Bytes,
    }
}

/// The rank of a media type: the lowest one is preferred.
fn preference(media_type: &str) -> u8 {
    match essence(media_type).as_str() {
        "application/json" => 0,
        items if Sequence::from_media_type(items).is_some() => 4,
        json if is_json(json) => 1,
        "multipart/form-data" => 2,
        "application/x-www-form-urlencoded" => 3,
        text if text.starts_with("text/") => 5,
        _ => 6,
    }
}
