//! Texts of servers and callers in messages: escaped, bounded, and without the credential.

use std::{
    fmt::{self, Write},
    sync::Arc,
};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::encode::percent_encoded;

/// The number of characters of a body that a message shows.
const EXCERPT_LENGTH: usize = 300;

/// The number of characters of a whole message.
const MESSAGE_LENGTH: usize = 2_000;

/// The shown form of a credential.
const MASK: &str = "[redacted]";

/// The texts that reveal a credential, which no message shows.
#[derive(Clone, Default)]
pub(crate) struct Mask(Arc<[String]>);

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mask(..)")
    }
}

impl Mask {
    /// Creates a mask of a credential in all its encodings: as it is, percent-encoded, in JSON, in
    /// Base64 (HTTP Basic, RFC 7617), and of a pair of user name and password the password alone.
    pub(crate) fn new(credential: &str) -> Self {
        let mut texts = vec![credential.to_owned(), BASE64_STANDARD.encode(credential)];
        texts.extend(credential.split_once(':').map(|(_, password)| password.to_owned()));
        for index in 0..texts.len() {
            let text = texts[index].clone();
            texts.push(percent_encoded(&text).to_string());
            texts.push(text.replace('/', "\\/"));
            texts.push(serde_json::Value::from(text).to_string().trim_matches('"').to_owned());
        }
        // Masking a single character would make every message unreadable, and hide nothing.
        texts.retain(|text| text.len() > 1);
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        texts.dedup();
        Self(texts.into())
    }

    /// Replaces the credential in a text.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for secret in self.0.iter() {
            if masked.contains(secret.as_str()) {
                masked = masked.replace(secret.as_str(), MASK);
            }
        }
        masked
    }
}

/// Returns the start of a text on one line, and its length if it is truncated.
pub(crate) fn excerpt(text: &str) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        for c in (!line.is_empty()).then_some(' ').into_iter().chain(word.chars()) {
            if length == EXCERPT_LENGTH {
                return format!("{line}… ({} bytes)", text.len());
            }
            length += 1;
            line.push(c);
        }
    }
    line
}

/// Returns a message on one line of bounded length: characters that control a terminal or the
/// order of the text are escaped.
pub(crate) fn message(text: &str) -> String {
    let mut line = String::with_capacity(text.len().min(MESSAGE_LENGTH));
    for (index, c) in text.chars().enumerate() {
        if index == MESSAGE_LENGTH {
            line.push('…');
            break;
        }
        if is_unprintable(c) {
            let _ = write!(line, "{}", c.escape_default());
        } else {
            line.push(c);
        }
    }
    line
}

/// Whether a character is invisible or changes how others are shown: control characters, line and
/// paragraph separators, and the directional and zero-width formatting of Unicode.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}')
}
