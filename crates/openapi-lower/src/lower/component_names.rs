//! Rust names for component schemas.
//!
//! A type takes the schema's name without its namespace. A name that says too little alone (one
//! word, or generic words only) or that another schema has too takes the last segment of its
//! namespace in front, and further ones until it is unique.

use std::collections::{HashMap, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};
use openapi_document::{Pointer, reference, walk};
use serde_json::Value;

use super::{
    context::Context,
    names::{type_name, unique},
    published::Published,
    references,
};
use crate::ir::TypeName;

/// Words that say nothing without the noun they belong to.
const GENERIC: [&str; 20] = [
    "base", "body", "create", "data", "delete", "error", "field", "get", "info", "item", "kind",
    "list", "options", "request", "response", "result", "sort", "status", "type", "update",
];

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
            component: Some(document),
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
