//! Media types (RFC 9110, section 8.3.1).

/// The media type or range without parameters, in lowercase: `application/json` for
/// `Application/JSON; charset=utf-8`.
pub fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a media type is JSON: `application/json`, `text/json`, or one with the suffix `+json`
/// (RFC 8259; RFC 6839, section 3.1).
pub fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    essence == "application/json" || essence == "text/json" || essence.ends_with("+json")
}

/// Whether a media type is `text/*` other than JSON.
pub fn is_text(media_type: &str) -> bool {
    essence(media_type).starts_with("text/") && !is_json(media_type)
}

/// The format of a sequential media type, whose content is a series of items (OpenAPI 3.2, section
/// 4.14.3, "Sequential Media Types").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Sequence {
    /// `text/event-stream`: server-sent events (WHATWG HTML, section 9.2).
    ServerSentEvents,
    /// A JSON value per line: `application/jsonl`, `application/x-ndjson` and their other names,
    /// `application/stream+json`.
    JsonLines,
    /// JSON text sequences (RFC 7464): `application/json-seq`, and types with the suffix
    /// `+json-seq` (RFC 8091).
    JsonTextSequence,
}

impl Sequence {
    /// Returns the format of a media type; `None` if it isn't a sequential one that is known.
    pub fn from_media_type(media_type: &str) -> Option<Self> {
        let essence = essence(media_type);
        match essence.as_str() {
            "text/event-stream" => return Some(Self::ServerSentEvents),
            "application/json-seq" => return Some(Self::JsonTextSequence),
            "application/stream+json" | "application/x-json-stream" => {
                return Some(Self::JsonLines);
            }
            _ => {}
        }
        if essence.ends_with("+json-seq") {
            return Some(Self::JsonTextSequence);
        }
        let subtype = essence.strip_prefix("application/").or(essence.strip_prefix("text/"))?;
        let subtype = subtype.strip_prefix("x-").unwrap_or(subtype);
        let subtype = subtype.replace('-', "");
        ["jsonl", "jsonlines", "ndjson", "ldjson", "nljson"]
            .contains(&subtype.as_str())
            .then_some(Self::JsonLines)
    }
}
