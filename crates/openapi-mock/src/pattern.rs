//! Patterns of schemas (ECMA-262, not anchored).

/// Whether a pattern matches a text; a pattern that isn't valid matches none.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    fancy_regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(text).unwrap_or(false))
}
