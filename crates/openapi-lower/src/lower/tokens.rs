//! Tokens of HTTP (RFC 9110, section 5.6.2): names of headers and cookies, parts of media types.

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
