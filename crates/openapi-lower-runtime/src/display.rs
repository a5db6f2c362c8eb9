//! Texts of servers and callers in messages: escaped, bounded, and without the credential.

use std::{
    collections::VecDeque,
    fmt::{self, Write},
    sync::{Arc, PoisonError, RwLock},
};

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::encode::percent_encoded;

/// The number of characters of a body that a message shows.
const EXCERPT_LENGTH: usize = 300;

/// The number of characters of a whole message.
const MESSAGE_LENGTH: usize = 2_000;

/// The shown form of a credential.
const MASK: &str = "[redacted]";

/// The number of credentials that were added later and are hidden: enough for those that a
/// server may still repeat, while a program that runs for years doesn't collect all.
const RECENT_CREDENTIALS: usize = 32;

/// The texts that reveal a credential, which no message shows. Clones share them.
#[derive(Clone, Default)]
pub(crate) struct Mask(Option<Arc<RwLock<Secrets>>>);

#[derive(Default)]
struct Secrets {
    fixed: Vec<String>,
    /// The credentials that were added last, the oldest first.
    recent: VecDeque<String>,
    /// The texts of all of them.
    texts: Arc<[String]>,
}

impl fmt::Debug for Mask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mask(..)")
    }
}

impl Mask {
    /// Creates a mask of credentials.
    pub(crate) fn new<'a>(credentials: impl Iterator<Item = &'a str>) -> Self {
        let fixed = credentials.map(str::to_owned).collect();
        let mut secrets = Secrets { fixed, ..Secrets::default() };
        secrets.update();
        Self(Some(Arc::new(RwLock::new(secrets))))
    }

    /// Adds a credential, in this mask and all of its clones.
    pub(crate) fn add(&self, credential: &str) {
        let Some(secrets) = &self.0 else { return };
        let mut secrets = secrets.write().unwrap_or_else(PoisonError::into_inner);
        secrets.recent.retain(|other| other != credential);
        secrets.recent.push_back(credential.to_owned());
        if secrets.recent.len() > RECENT_CREDENTIALS {
            secrets.recent.pop_front();
        }
        secrets.update();
    }

    /// Replaces the credential in a text, in whatever case.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        let Some(secrets) = &self.0 else { return masked };
        let texts = secrets.read().unwrap_or_else(PoisonError::into_inner).texts.clone();
        for secret in texts.iter() {
            let mut from = 0;
            while let Some(start) = masked[from..].to_ascii_lowercase().find(secret.as_str()) {
                let start = from + start;
                masked.replace_range(start..start + secret.len(), MASK);
                from = start + MASK.len();
            }
        }
        masked
    }
}

impl Secrets {
    /// Collects the encodings in which a server may repeat the credentials: as they are,
    /// percent-encoded, escaped for JSON and HTML, in Base64 (HTTP Basic, RFC 7617), and of a pair
    /// of user name and password the password alone.
    fn update(&mut self) {
        let mut texts = Vec::new();
        for credential in self.fixed.iter().chain(&self.recent) {
            // HTTP strips spaces around a header's value.
            let credential = credential.trim();
            texts.push(credential.to_owned());
            texts.push(BASE64_STANDARD.encode(credential));
            texts.push(BASE64_STANDARD.encode(format!("{credential}:")));
            texts.extend(credential.split_once(':').map(|(_, password)| password.to_owned()));
        }
        for index in 0..texts.len() {
            let text = texts[index].clone();
            texts.push(percent_encoded(&text).to_string());
            texts.push(text.replace('/', "\\/"));
            texts.push(serde_json::Value::from(text.as_str()).to_string().trim_matches('"').into());
            // .NET and Go escape these in JSON.
            texts.push(escaped(&text, |c| matches!(c, '+' | '&' | '<' | '>' | '\'' | '"')));
            texts.push(escaped(&text, |c| !c.is_ascii_alphanumeric()));
            let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            texts.push(html.replace('"', "&quot;").replace('\'', "&#39;"));
            texts.push(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
        // Masking a single character would make every message unreadable, and hide nothing.
        texts.retain(|text| text.len() > 1);
        texts.iter_mut().for_each(|text| text.make_ascii_lowercase());
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        texts.dedup();
        self.texts = texts.into();
    }
}

/// Escapes characters of a text as in JSON: `\u002b`.
fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if is_escaped(c) {
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
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

/// Whether a character is invisible or changes how others are shown: what Rust escapes in `Debug`
/// output (control, formatting and unassigned characters), and fillers.
fn is_unprintable(c: char) -> bool {
    let is_escaped = c.escape_debug().count() > 1 && !matches!(c, '"' | '\'' | '\\');
    is_escaped || matches!(c, '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}')
}
