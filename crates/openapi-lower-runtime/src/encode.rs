//! Values in URLs: whatever a caller passes stays inside the place it was meant for.

use std::fmt::{Display, Write};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;

/// All but the unreserved characters (RFC 3986, section 2.3).
///
/// More than a path needs, but the URL standard reads `\` as `/` and drops tabs and line breaks,
/// and a server may read `;`; encoded, none of them can do anything.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub(crate) fn encoded(value: &str) -> impl Display + '_ {
    utf8_percent_encode(value, RESERVED)
}

/// Sets the path to `template` below the base path, each `{name}` replaced by its value.
///
/// `Err` names the parameter whose value would change which resource is meant.
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
                filled = filled.replace(&placeholder, &encoded(value).to_string());
                names.push(name);
            }
        }
        // The URL standard reads an encoded dot as a dot.
        if let "." | ".." = filled.to_ascii_lowercase().replace("%2e", ".").as_str() {
            return Err(match names.first() {
                Some(name) => {
                    format!("path parameter `{name}` is `{filled}`, which names another path")
                }
                None => format!("`{filled}` in the path names another path"),
            });
        }
        path.push('/');
        path.push_str(&filled);
    }
    url.set_path(&path);
    Ok(())
}

/// Appends `name=a,b,c` to the query (`style: form`, `explode: false`; RFC 6570, section 3.2.8):
/// the separator stands as it is, one inside a value is encoded. No values: no parameter.
pub(crate) fn append_joined<T: Display>(url: &mut Url, name: &str, separator: char, values: &[T]) {
    if values.is_empty() {
        return;
    }
    let separator = match separator {
        ' ' => "%20".to_owned(),
        '|' => "%7C".to_owned(),
        plain => plain.to_string(),
    };
    let mut text = String::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            text.push_str(&separator);
        }
        let _ = write!(text, "{}", encoded(&value.to_string()));
    }
    append(url, name, &text);
}

/// Appends `name=value` to the query.
pub(crate) fn append_pair(url: &mut Url, name: &str, value: &str) {
    append(url, name, &encoded(value).to_string());
}

/// Appends a pair whose value is encoded already.
fn append(url: &mut Url, name: &str, value: &str) {
    let mut query = url
        .query()
        .filter(|query| !query.is_empty())
        .map(|query| format!("{query}&"))
        .unwrap_or_default();
    let _ = write!(query, "{}={value}", encoded(name));
    url.set_query(Some(&query));
}

/// Names and values as an urlencoded form.
pub(crate) fn form(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}
