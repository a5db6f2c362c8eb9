//! Names of media types in the names of setters and methods.

use openapi_document::media_type::essence;

use crate::lower::names::value_name;

/// The name of a media type in snake_case: `pdf` for `application/pdf`, `text` for `text/plain`,
/// `vnd_api_json` for `application/vnd.api+json`.
pub(crate) fn media_name(media_type: &str) -> String {
    let essence = essence(media_type);
    let (kind, subtype) = essence.split_once('/').unwrap_or(("", &essence));
    let subtype = subtype.strip_prefix("x-").unwrap_or(subtype);
    match (kind, subtype) {
        ("application", "www-form-urlencoded") => "form".to_owned(),
        ("*", _) => "any".to_owned(),
        (_, "*" | "plain") => value_name(kind),
        _ => value_name(&subtype.replace('+', "_")),
    }
}
