//! Keys of `paths` with a query or a fragment, by which some documents distinguish operations of
//! one path. The query is sent with each request, the fragment isn't.

use openapi_document::{PathTemplate, Pointer};

use super::diagnostics::Diagnostics;

/// A key of `paths`.
#[derive(Clone, Copy, Debug)]
pub(super) struct PathKey<'a> {
    /// The path template.
    pub(super) path: &'a str,
    /// The query without `?`; may be empty.
    pub(super) query: &'a str,
    fragment: &'a str,
}

impl<'a> PathKey<'a> {
    /// Splits a key.
    pub(super) fn parse(key: &'a str) -> Self {
        let (rest, fragment) = split_outside_braces(key, '#');
        let (path, query) = split_outside_braces(rest, '?');
        Self { path, query, fragment }
    }

    /// Refuses placeholders in the query and the fragment.
    pub(super) fn check(self, at: &Pointer, diagnostics: &mut Diagnostics) {
        for (part, text) in [("query", self.query), ("fragment", self.fragment)] {
            if let Some(name) = PathTemplate::parse(&format!("/{text}")).names().next() {
                diagnostics.refuse(
                    at,
                    format!("`{{{name}}}` in the {part} of a path"),
                    "only the path can have placeholders; declare a query parameter instead",
                );
            }
        }
    }

    /// Whether the query has a parameter of this name.
    pub(super) fn has_parameter(self, name: &str) -> bool {
        let names = self.query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
        names.into_iter().any(|one| one == name)
    }
}

/// Splits a text at the first separator that isn't in the name of a placeholder.
fn split_outside_braces(text: &str, separator: char) -> (&str, &str) {
    let mut is_name = false;
    for (index, c) in text.char_indices() {
        match c {
            '{' => is_name = true,
            '}' => is_name = false,
            _ if c == separator && !is_name => return (&text[..index], &text[index + 1..]),
            _ => {}
        }
    }
    (text, "")
}
