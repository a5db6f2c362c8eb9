//! Rust identifiers for names of the document.

use std::collections::HashSet;

use heck::{ToSnakeCase, ToUpperCamelCase};
use serde_json::Value;

use crate::{collect::Collect, text_map::TextMap};

/// Reserved words (Rust reference, "Keywords"), `gen` of edition 2024 included.
const KEYWORDS: [&str; 53] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "_",
];

/// Converts `text` to the name of a type. progenitor leaves such a name unchanged.
pub(crate) fn type_name(text: &str) -> String {
    identifier(&text.to_upper_camel_case(), "X")
}

/// Converts `text` to the name of a function, a parameter or a field, as progenitor does.
pub(crate) fn value_name(text: &str) -> String {
    let special = match text {
        "+1" => "plus1",
        "-1" => "minus1",
        _ => text,
    };
    identifier(&special.replace('\'', "").to_snake_case(), "_")
}

/// Removes characters that identifiers can't have, and avoids keywords and leading digits.
fn identifier(name: &str, prefix: &str) -> String {
    let name: String = name.chars().filter(|c| unicode_ident::is_xid_continue(*c)).collect();
    match name.chars().next() {
        // As progenitor names them.
        None if prefix == "X" => "XX".to_owned(),
        None => "x".to_owned(),
        Some(first) if !unicode_ident::is_xid_start(first) && first != '_' => {
            format!("{prefix}{name}")
        }
        Some(_) if KEYWORDS.contains(&name.as_str()) => format!("{name}_"),
        Some(_) => name,
    }
}

/// The names that are taken in one scope.
#[derive(Clone, Debug, Default)]
pub(crate) struct TakenNames {
    names: HashSet<String>,
    /// The number at which to continue for a name that was numbered before: names are never freed,
    /// so that lower numbers are taken.
    next: TextMap<String, u64>,
}

impl TakenNames {
    /// Takes a name; false if it was taken.
    pub(crate) fn insert(&mut self, name: String) -> bool {
        self.names.insert(name)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.names.contains(name)
    }
}

impl<S: Into<String>> FromIterator<S> for TakenNames {
    fn from_iter<I: IntoIterator<Item = S>>(names: I) -> Self {
        Self { names: names.into_iter().map(Into::into).collect_set(), next: TextMap::new() }
    }
}

/// Returns `wanted`, with a number from 2 on if it is taken, and takes the result.
pub(crate) fn unique(wanted: &str, taken: &mut TakenNames) -> String {
    if taken.insert(wanted.to_owned()) {
        return wanted.to_owned();
    }
    let next = taken.next.or_insert(wanted.to_owned(), 2);
    loop {
        // Of `Self_2`, progenitor would make another name.
        let name = format!("{}{next}", wanted.trim_end_matches('_'));
        *next += 1;
        if taken.names.insert(name.clone()) {
            return name;
        }
    }
}

/// The variant name of an enum value.
///
/// A leading sign becomes a word (`-name` is often the descending order of `name`), the empty
/// string is `Empty`, and a value without letters and digits is named by its code points.
pub(super) fn variant_name(value: &str) -> String {
    let (sign, rest) = match value.chars().next() {
        Some('-') => ("Minus ", &value[1..]),
        Some('+') => ("Plus ", &value[1..]),
        _ => ("", value),
    };
    if value.is_empty() {
        "Empty".to_owned()
    } else if has_name_characters(rest) {
        type_name(&format!("{sign}{rest}"))
    } else {
        value.chars().map(|c| format!("U{:X}", u32::from(c))).collect()
    }
}

/// The variant name of a number: its title, else `Value7`, `ValueMinus1`, `Value0Point5`.
pub(super) fn number_variant_name(title: Option<&str>, value: &Value) -> String {
    if let Some(title) = title.filter(|title| has_name_characters(title)) {
        return type_name(title);
    }
    let text = value.to_string().replace('-', "Minus").replace('.', "Point").replace('+', "");
    format!("Value{text}")
}

/// Whether `text` has characters to make a name of.
fn has_name_characters(text: &str) -> bool {
    text.chars().any(|c| unicode_ident::is_xid_continue(c) && c != '_')
}
