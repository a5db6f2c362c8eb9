//! Texts of responses in the charset that their media type names.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};
use reqwest::header::{CONTENT_TYPE, HeaderMap};

/// Returns the charset of the media type (RFC 9110, section 8.3.2).
pub(crate) fn charset(headers: &HeaderMap) -> Option<&str> {
    let parameters = headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').skip(1);
    let mut values = parameters.filter_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    });
    values.next()
}

/// Decodes a text: by its byte order mark, else by the charset, else from UTF-8.
///
/// # Errors
///
/// If the text isn't in that encoding, or the charset is unknown.
pub(crate) fn decode<'a>(charset: Option<&str>, text: &'a [u8]) -> Result<Cow<'a, str>, String> {
    let marked = Encoding::for_bom(text);
    let known = charset.and_then(|label| Encoding::for_label(label.as_bytes()));
    let (encoding, mark) = marked.unwrap_or((known.unwrap_or(UTF_8), 0));
    let decoded = encoding.decode_without_bom_handling_and_without_replacement(&text[mark..]);
    decoded.ok_or_else(|| match charset.filter(|_| marked.is_none() && known.is_none()) {
        Some(unknown) => format!("the text isn't UTF-8, and its charset `{unknown}` is unknown"),
        None => format!("the text isn't {}", encoding.name()),
    })
}

/// Decodes a text for a message: what isn't in its encoding is replaced.
pub(crate) fn decode_lossy<'a>(charset: Option<&str>, text: &'a [u8]) -> Cow<'a, str> {
    match decode(charset, text) {
        Ok(text) => text,
        Err(_) => String::from_utf8_lossy(without_mark(text)),
    }
}

/// Decodes JSON, which is UTF-8 whatever its charset (RFC 8259, section 8.1), unless it isn't and
/// its byte order mark or charset names another encoding.
pub(crate) fn decode_json<'a>(charset: Option<&str>, json: &'a [u8]) -> Option<Cow<'a, str>> {
    match str::from_utf8(without_mark(json)) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => decode(charset, json).ok(),
    }
}

/// The byte order mark of UTF-8, which some servers send (RFC 8259, section 8.1).
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Removes the byte order mark of UTF-8.
pub(crate) fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(MARK).unwrap_or(text)
}

/// Whether a text is only the start of a byte order mark.
pub(crate) fn is_partial_mark(text: &[u8]) -> bool {
    text.len() < MARK.len() && MARK.starts_with(text)
}
