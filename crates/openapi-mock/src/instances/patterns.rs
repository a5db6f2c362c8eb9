//! Generation of strings that match a pattern.

use rand::{Rng, distr::Distribution};
use rand_regex::Regex;
use regex_syntax::hir::{Hir, HirKind};

use crate::pattern::matches;

/// The maximum length of a string: a schema that demands a longer one can't be met.
pub(super) const MAX_LENGTH: usize = 1 << 20;

/// The number of repetitions where a pattern sets no maximum.
const MAX_REPETITIONS: u32 = 8;

/// The number of attempts to generate one string.
const ATTEMPTS: usize = 200;

/// Generates a string that a pattern matches.
///
/// Lookaround isn't built towards: strings are generated without it until one matches.
pub(super) fn matching(pattern: &str, random: &mut impl Rng) -> Option<String> {
    let hir = regex_syntax::parse(&simplify(pattern)).ok()?;
    if longest(&hir) > MAX_LENGTH {
        return None;
    }
    let regex = Regex::with_hir(hir, MAX_REPETITIONS).ok()?;
    (0..ATTEMPTS).map(|_| regex.sample(random)).find(|text: &String| matches(pattern, text))
}

/// The length of the longest string that is generated for a pattern, in bytes.
fn longest(hir: &Hir) -> usize {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => 0,
        HirKind::Literal(literal) => literal.0.len(),
        HirKind::Class(_) => char::MAX.len_utf8(),
        HirKind::Repetition(repetition) => {
            let unlimited = repetition.min.saturating_add(MAX_REPETITIONS);
            let count = repetition.max.unwrap_or(unlimited) as usize;
            count.saturating_mul(longest(&repetition.sub))
        }
        HirKind::Capture(capture) => longest(&capture.sub),
        HirKind::Concat(parts) => parts.iter().map(longest).fold(0, usize::saturating_add),
        HirKind::Alternation(parts) => parts.iter().map(longest).max().unwrap_or_default(),
    }
}

/// Removes lookaround (`(?=…)`, `(?!…)`, `(?<=…)`, `(?<!…)`) and anchors from a pattern, which
/// `rand_regex` doesn't support, and narrows character classes to printable ASCII.
fn simplify(pattern: &str) -> String {
    let mut plain = String::new();
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(first) = rest.chars().next() {
        let lookaround =
            ["(?=", "(?!", "(?<=", "(?<!"].iter().find(|start| rest.starts_with(**start));
        if let (Some(start), false) = (lookaround, in_class) {
            rest = skip_group(&rest[start.len()..]);
            continue;
        }
        let length = match first {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => first.len_utf8(),
        };
        match &rest[..length] {
            "[" => in_class = true,
            "]" => in_class = false,
            _ => {}
        }
        match &rest[..length] {
            "^" | "$" if !in_class => {}
            "\\d" => plain.push_str("[0-9]"),
            "\\w" => plain.push_str("[A-Za-z0-9_]"),
            "\\s" => plain.push(' '),
            "\\/" => plain.push('/'),
            // `.` would match any character; printable ASCII is enough.
            "." if !in_class => plain.push_str("[ -~]"),
            other => plain.push_str(other),
        }
        rest = &rest[length..];
    }
    plain
}

/// Returns the rest of a pattern behind the closing parenthesis of a group.
fn skip_group(mut rest: &str) -> &str {
    let mut depth = 1;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => first.len_utf8(),
        };
        match first {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        rest = &rest[length..];
        if depth == 0 {
            break;
        }
    }
    rest
}
