//! Rust names for what the document names.
//!
//! A type takes the schema's name without its namespace. A name that says too little alone (one
//! word, or generic words only) or that another schema has too takes the last segment of its
//! namespace in front, and further ones until it is unique.

use std::collections::{HashMap, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};
use openapi_document::{Pointer, reference, walk};
use serde_json::Value;

use super::{context::Context, published::Published, references};
use crate::kept::TypeName;

/// Words that say nothing without the noun they belong to.
const GENERIC: [&str; 20] = [
    "base", "body", "create", "data", "delete", "error", "field", "get", "info", "item", "kind",
    "list", "options", "request", "response", "result", "sort", "status", "type", "update",
];

/// Words that can't be identifiers (Rust reference, "Keywords"), `gen` of edition 2024 included.
const KEYWORDS: [&str; 53] = [
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if",
    "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub",
    "ref", "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "_",
];

/// `text` as the name of a type; the same as progenitor's for what comes out of it.
pub(crate) fn type_name(text: &str) -> String {
    identifier(&text.to_upper_camel_case(), "X")
}

/// `text` as the name of a function, a parameter or a field; the same as progenitor's.
pub(crate) fn value_name(text: &str) -> String {
    let special = match text {
        "+1" => "plus1",
        "-1" => "minus1",
        _ => text,
    };
    identifier(&special.replace('\'', "").to_snake_case(), "_")
}

fn identifier(name: &str, prefix: &str) -> String {
    let name: String = name.chars().filter(|c| unicode_ident::is_xid_continue(*c)).collect();
    match name.chars().next() {
        None => "x".to_owned() + prefix.trim_matches(|c| c != 'X'),
        Some(first) if !unicode_ident::is_xid_start(first) && first != '_' => {
            format!("{prefix}{name}")
        }
        Some(_) if KEYWORDS.contains(&name.as_str()) => format!("{name}_"),
        Some(_) => name,
    }
}

/// Renames every component schema. Returns the names in the order of the document.
pub(super) fn rename(
    root: &mut Value,
    published: Published<'_>,
    inline: &HashSet<&str>,
    cx: &mut Context,
) -> Vec<TypeName> {
    let schemas = references::components_schemas(root);
    let documents: Vec<String> = schemas.keys().cloned().collect();
    let names = choose(&documents, published, inline, cx);
    let renamed = std::mem::take(schemas)
        .into_iter()
        .map(|(document, schema)| (names[&document].clone(), schema))
        .collect();
    *schemas = renamed;
    walk::schemas_mut(root, &mut |schema, _| {
        rename_reference(schema.get_mut("$ref"), &names);
        if let Some(Value::Object(mapping)) = schema.pointer_mut("/discriminator/mapping") {
            for (_, target) in mapping {
                if let Value::String(text) = target {
                    *text = reference::mapping_reference(text);
                }
                rename_reference(Some(target), &names);
            }
        }
    });
    documents
        .into_iter()
        .map(|document| TypeName {
            rust: names[&document].clone(),
            pointer: Pointer::of(["components", "schemas", &document]),
            key: document.clone(),
            document: Some(document),
        })
        .collect()
}

fn rename_reference(reference: Option<&mut Value>, names: &HashMap<String, String>) {
    if let Some(Value::String(reference)) = reference
        && let Some(name) = reference::schema_name(reference).and_then(|name| names.get(&name))
    {
        *reference = reference::to_schema(name);
    }
}

/// The Rust name of each schema; `published` names stay, those of `inline` schemas included, and
/// newcomers that clash grow.
fn choose(
    documents: &[String],
    published: Published<'_>,
    inline: &HashSet<&str>,
    cx: &mut Context,
) -> HashMap<String, String> {
    let mut lengths: Vec<usize> = documents.iter().map(|name| shortest(name)).collect();
    let fixed: Vec<Option<&str>> = documents.iter().map(|name| published.get(name)).collect();
    let mut reserved = inline.clone();
    reserved.extend(fixed.iter().flatten());
    let mut wanted: Vec<String> = documents
        .iter()
        .zip(&lengths)
        .map(|(document, length)| with_segments(document, *length))
        .collect();
    loop {
        let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, name) in wanted.iter().enumerate().filter(|(index, _)| fixed[*index].is_none())
        {
            holders.entry(name).or_default().push(index);
        }
        let clashing = holders
            .into_iter()
            .filter(|(name, holders)| holders.len() > 1 || reserved.contains(name))
            .flat_map(|(_, holders)| holders)
            .filter(|index| lengths[*index] < documents[*index].split('.').count());
        let growing: Vec<usize> = clashing.collect();
        if growing.is_empty() {
            break;
        }
        for index in growing {
            lengths[index] += 1;
            wanted[index] = with_segments(&documents[index], lengths[index]);
        }
    }
    let mut taken: HashSet<String> = reserved.iter().map(|name| (*name).to_owned()).collect();
    let mut names = HashMap::new();
    // Which of two gets the number must not depend on the order of keys in the document.
    let mut sorted: Vec<usize> = (0..documents.len()).collect();
    sorted.sort_unstable_by_key(|index| &documents[*index]);
    for index in sorted {
        let document = &documents[index];
        let name = match fixed[index] {
            Some(name) => name.to_owned(),
            None => {
                let wanted = &wanted[index];
                let name = unique(wanted, &mut taken);
                if name != *wanted {
                    let at = Pointer::of(["components", "schemas", document]);
                    cx.warn(
                        &at,
                        format!("another schema is called `{wanted}` too; this is `{name}`"),
                    );
                }
                name
            }
        };
        names.insert(document.clone(), name);
    }
    names
}

/// `wanted`, or with the first number from 2 that makes it new; it is taken afterwards.
pub(crate) fn unique(wanted: &str, taken: &mut HashSet<String>) -> String {
    let numbered = (2..).map(|number| format!("{wanted}{number}"));
    let name = std::iter::once(wanted.to_owned())
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or_default();
    taken.insert(name.clone());
    name
}

/// How many segments a name needs to say something.
fn shortest(document: &str) -> usize {
    let last = document.rsplit('.').next().unwrap_or(document).to_snake_case();
    let mut words = last.split('_');
    let says_too_little = !last.contains('_') || words.all(|word| GENERIC.contains(&word));
    let segments = document.split('.').count();
    if says_too_little { segments.min(2) } else { 1 }
}

fn with_segments(document: &str, count: usize) -> String {
    let segments: Vec<_> = document.split('.').collect();
    let parts: Vec<_> = segments[segments.len() - count..]
        .iter()
        .map(|segment| segment.to_upper_camel_case())
        .collect();
    type_name(&parts.concat())
}

/// The name of a value's variant. Signs in front are spelled (`-name` sorts the other way round),
/// nothing is `Empty`, and what has no letter or digit is told by its code points.
pub(super) fn variant_name(value: &str) -> String {
    let (sign, rest) = match value.chars().next() {
        Some('-') => ("Minus ", &value[1..]),
        Some('+') => ("Plus ", &value[1..]),
        _ => ("", value),
    };
    if value.is_empty() {
        "Empty".to_owned()
    } else if rest.chars().any(|c| unicode_ident::is_xid_continue(c) && c != '_') {
        type_name(&format!("{sign}{rest}"))
    } else {
        value.chars().map(|c| format!("U{:X}", u32::from(c))).collect()
    }
}
