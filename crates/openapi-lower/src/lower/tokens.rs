//! Names in HTTP: tokens (RFC 9110, section 5.6.2), which name headers, cookies and media types,
//! and the headers that no caller can set.

/// Headers that are derived from a request and its content, or belong to the connection.
const DERIVED_HEADERS: [&str; 8] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Whether a header is derived from a request and its content, or belongs to the connection.
pub(super) fn is_derived_header(name: &str) -> bool {
    DERIVED_HEADERS.iter().any(|derived| derived.eq_ignore_ascii_case(name))
}

/// The reason why a header or a cookie can't have a name.
pub(super) const NOT_A_TOKEN: &str =
    "its name can have letters, digits and !#$%&'*+-.^_`|~ only (RFC 9110, section 5.6.2)";

/// Whether a text is a token.
pub(super) fn is_token(text: &str) -> bool {
    let is_token_character = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(is_token_character)
}

/// Whether a text is a media type or range, with or without parameters (RFC 9110, section 8.3.1).
pub(super) fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim();
    essence.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}
