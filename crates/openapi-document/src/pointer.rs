//! JSON pointers (RFC 6901).

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;

use crate::one_line;

/// A JSON pointer; displayed as a URI fragment (RFC 6901, section 6): `#/paths/~1agents/get`.
///
/// `%` and the characters that aren't safe to display ([`OneLine`](crate::OneLine)) are
/// percent-encoded, so that [`parse`](Self::parse) returns the same pointer. Others, such as spaces
/// and braces, are not.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// The pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Creates a pointer from unescaped segments.
    pub fn from_segments<S: Into<String>>(segments: impl IntoIterator<Item = S>) -> Self {
        Self(segments.into_iter().map(Into::into).collect())
    }

    /// Parses the URI fragment form (RFC 6901, section 6), `#/a/b`; `None` for anything else,
    /// anchors (`#name`) included.
    pub fn parse(reference: &str) -> Option<Self> {
        let rest = reference.strip_prefix('#')?;
        if rest.is_empty() {
            return Some(Self::root());
        }
        let rest = rest.strip_prefix('/')?;
        Some(Self(rest.split('/').map(decode_segment).collect()))
    }

    /// Parses the string form (RFC 6901, section 5), `/a/b`; `None` for anything else.
    pub fn from_plain(pointer: &str) -> Option<Self> {
        if pointer.is_empty() {
            return Some(Self::root());
        }
        let rest = pointer.strip_prefix('/')?;
        Some(Self(rest.split('/').map(unescape).collect()))
    }

    /// The string form (RFC 6901, section 5), as in serde_json: `/a/b`.
    pub fn to_plain(&self) -> String {
        self.0.iter().map(|segment| format!("/{}", Self::escape(segment))).collect()
    }

    /// Escapes a key as a segment of a pointer (RFC 6901, section 3).
    pub fn escape(key: &str) -> String {
        key.replace('~', "~0").replace('/', "~1")
    }

    /// The pointer with one more segment.
    #[must_use]
    pub fn join(&self, segment: impl fmt::Display) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment.to_string());
        Self(segments)
    }

    /// The pointer without its last segment; `None` for the whole document.
    pub fn parent(&self) -> Option<Self> {
        self.0.split_last().map(|(_, segments)| Self(segments.to_vec()))
    }

    /// The segments from the root, unescaped.
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// The longest part of the pointer, from the root, that refers to an existing value.
    #[must_use]
    pub fn existing_part(&self, root: &Value) -> Self {
        let mut value = root;
        let existing = self.0.iter().take_while(|segment| {
            let child = Self(vec![(*segment).clone()]).resolve(value);
            value = child.unwrap_or(value);
            child.is_some()
        });
        Self(existing.cloned().collect())
    }

    /// The value that the pointer refers to, if it exists.
    pub fn resolve<'a>(&self, root: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(root, |value, segment| match value {
            Value::Object(map) => map.get(segment),
            Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
            _ => None,
        })
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("#")?;
        for segment in &self.0 {
            f.write_str("/")?;
            encode_segment(segment, f)?;
        }
        Ok(())
    }
}

/// Writes a segment in the URI fragment form, of which [`decode_segment`] is the inverse.
fn encode_segment(segment: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_encoded =
        |character| matches!(character, '~' | '/' | '%') || one_line::is_unsafe(character);
    let mut rest = segment;
    while let Some(position) = rest.find(is_encoded) {
        let (before, from) = rest.split_at(position);
        f.write_str(before)?;
        let mut characters = from.chars();
        match characters.next() {
            Some('~') => f.write_str("~0")?,
            Some('/') => f.write_str("~1")?,
            Some(_) => {
                let end = from.len() - characters.as_str().len();
                write!(f, "{}", utf8_percent_encode(&from[..end], NON_ALPHANUMERIC))?;
            }
            None => {}
        }
        rest = characters.as_str();
    }
    f.write_str(rest)
}

/// Decodes a segment of the URI fragment form: percent-encoding (RFC 3986, section 2.1), then the
/// escapes of RFC 6901.
fn decode_segment(segment: &str) -> String {
    let decoded = match segment.contains('%') {
        true => percent_decode_str(segment).decode_utf8().unwrap_or(segment.into()),
        false => segment.into(),
    };
    unescape(&decoded)
}

/// Decodes the escapes of RFC 6901, section 3.
fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
