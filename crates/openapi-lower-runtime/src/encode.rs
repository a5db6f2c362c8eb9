//! Percent-encoding of values in URLs and forms: no value can change the structure around it.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

/// The characters to encode: all but the unreserved ones (RFC 3986, section 2.3).
///
/// A path needs fewer, but the URL standard reads `\` as `/` and drops tabs and line breaks, and
/// some servers interpret `;`.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes all characters but the unreserved ones.
pub(crate) fn percent_encoded(value: &str) -> impl Display + '_ {
    utf8_percent_encode(value, RESERVED)
}

/// Sets the path to the base path and `template`, with each `{name}` replaced by its value, which
/// is percent-encoded already.
///
/// # Errors
///
/// If a value is empty or makes a dot-segment (RFC 3986, section 3.3), which would change the path
/// around it. The error names the parameter.
pub(crate) fn set_path<N: AsRef<str>>(
    url: &mut Url,
    base: &str,
    template: &str,
    values: &[(N, String)],
) -> Result<(), String> {
    for (name, value) in values {
        if value.is_empty() {
            return Err(format!("path parameter `{}` is empty", name.as_ref()));
        }
    }
    let mut path = base.trim_end_matches('/').to_owned();
    for segment in template.trim_start_matches('/').split('/') {
        let mut filled = segment.to_owned();
        let mut names = Vec::new();
        for (name, value) in values {
            let name = name.as_ref();
            let placeholder = format!("{{{name}}}");
            if filled.contains(&placeholder) {
                filled = filled.replace(&placeholder, value);
                names.push(name);
            }
        }
        // The URL standard reads `%2e` as a dot.
        if let "." | ".." = filled.to_ascii_lowercase().replace("%2e", ".").as_str() {
            return Err(match names.first() {
                Some(name) => {
                    format!("path parameter `{name}` is `{filled}`, which would change the path")
                }
                None => format!("the path contains the dot-segment `{filled}`"),
            });
        }
        path.push('/');
        path.push_str(&filled);
    }
    url.set_path(&path);
    Ok(())
}

/// Appends `name=value` to the query.
pub(crate) fn append_pair(url: &mut Url, name: &str, value: &str) {
    append_encoded(url, &percent_encoded(name).to_string(), &percent_encoded(value).to_string());
}

/// Appends `name=value` to the query; both are encoded already.
pub(crate) fn append_encoded(url: &mut Url, name: &str, value: &str) {
    append_text(url, &format!("{name}={value}"));
}

/// Encodes the values in a query as [`append_pair`] does: the core encodes a space as `+` and `~`
/// as `%7E` (RFC 6570, section 3.2.8, has `%20` and `~`).
pub(crate) fn normalize_query(url: &mut Url) {
    let Some(query) = url.query().filter(|query| query.contains(['+', '%'])) else { return };
    let mut pair = url.clone();
    let query = query.to_owned();
    url.set_query(None);
    for text in query.split('&') {
        pair.set_query(Some(text));
        match pair.query_pairs().next() {
            Some((name, value)) if text.contains('=') => append_pair(url, &name, &value),
            // Part of the path in the document: `?flag`.
            _ => append_text(url, text),
        }
    }
}

/// Removes the pairs with a name from the query.
pub(crate) fn remove_pairs(url: &mut Url, name: &str) {
    let Some(query) = url.query().map(str::to_owned) else { return };
    let mut pair = url.clone();
    url.set_query(None);
    for text in query.split('&') {
        pair.set_query(Some(text));
        if pair.query_pairs().next().is_none_or(|(own, _)| own != name) {
            append_text(url, text);
        }
    }
}

/// Appends encoded text to the query.
pub(crate) fn append_text(url: &mut Url, text: &str) {
    let query = match url.query() {
        Some(query) if !query.is_empty() => format!("{query}&{text}"),
        _ => text.to_owned(),
    };
    url.set_query(Some(&query));
}
