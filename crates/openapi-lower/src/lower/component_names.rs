//! Rust names for component schemas.
//!
//! A type has the schema's name without its namespace. A name of one word, a name of generic words
//! only and a name that clashes with another schema's is prefixed with the last segment of its
//! namespace, and with further ones until it is unique.

use std::collections::HashSet;

use heck::{ToSnakeCase, ToUpperCamelCase};
use openapi_document::{Pointer, reference, walk};
use serde_json::Value;

use super::{
    diagnostics::Diagnostics,
    hints,
    names::{TakenNames, type_name, unique},
    published::PublishedNames,
    references,
};
use crate::{collect::Collect, ir::TypeName, order::sort, text_map::TextMap};

/// Words that don't make a name by themselves.
const GENERIC: [&str; 20] = [
    "base", "body", "create", "data", "delete", "error", "field", "get", "info", "item", "kind",
    "list", "options", "request", "response", "result", "sort", "status", "type", "update",
];

/// The number of segments of a schema's name that can become part of its type's name.
const MAX_SEGMENTS: usize = 16;

/// Renames every component schema. Returns the names in the order of the document.
pub(super) fn rename(
    root: &mut Value,
    published: PublishedNames<'_>,
    inline: &HashSet<&str>,
    diagnostics: &mut Diagnostics,
) -> Vec<TypeName> {
    let schemas = references::components_schemas(root);
    let schema_names: Vec<String> = schemas.keys().cloned().collect_vec();
    let origins = schemas.iter_mut().map(|(_, schema)| hints::take_origin(schema));
    let origins: Vec<Option<Pointer>> = origins.collect_vec();
    let names = choose(&schema_names, published, inline, diagnostics);
    let renamed = std::mem::take(schemas)
        .into_iter()
        .map(|(name, schema)| (names[&name].clone(), schema))
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
    schema_names
        .into_iter()
        .zip(origins)
        .map(|(name, origin)| TypeName {
            rust: names[&name].clone(),
            component: origin.is_none().then(|| name.clone()),
            pointer: origin
                .unwrap_or_else(|| Pointer::from_segments(["components", "schemas", &name])),
            key: name,
        })
        .collect_vec()
}

/// Replaces the schema name in a reference by the Rust name.
fn rename_reference(reference: Option<&mut Value>, names: &TextMap<String, String>) {
    if let Some(Value::String(reference)) = reference
        && let Some(name) = reference::schema_name(reference).and_then(|name| names.get(&name))
    {
        *reference = reference::to_schema(name);
    }
}

/// Chooses the Rust name of each schema.
///
/// `published` names are reused. The names of `inline` schemas are reserved. Names that clash with
/// these or with each other are lengthened.
fn choose(
    schema_names: &[String],
    published: PublishedNames<'_>,
    inline: &HashSet<&str>,
    diagnostics: &mut Diagnostics,
) -> TextMap<String, String> {
    let mut lengths: Vec<usize> = schema_names.iter().map(|name| min_segments(name)).collect_vec();
    let fixed: Vec<Option<&str>> =
        schema_names.iter().map(|name| published.get(name)).collect_vec();
    let mut reserved = inline.clone();
    for name in fixed.iter().flatten() {
        reserved.insert(name);
    }
    let mut wanted = Vec::new();
    for (name, length) in schema_names.iter().zip(&lengths) {
        wanted.push(name_from_last_segments(name, *length));
    }
    loop {
        let mut holders: TextMap<&str, Vec<usize>> = TextMap::new();
        for (index, name) in wanted.iter().enumerate() {
            if fixed[index].is_none() {
                holders.or_default(name).push(index);
            }
        }
        let mut growing = Vec::new();
        for (name, holders) in holders {
            if holders.len() > 1 || reserved.contains(name) {
                growing.extend(holders);
            }
        }
        growing.retain(|index| lengths[*index] < segments(&schema_names[*index]).count());
        if growing.is_empty() {
            break;
        }
        for index in growing {
            lengths[index] += 1;
            wanted[index] = name_from_last_segments(&schema_names[index], lengths[index]);
        }
    }
    let mut taken: TakenNames = reserved.iter().copied().collect();
    let mut names = TextMap::new();
    // Numbers must not depend on the order of keys in the document.
    let mut sorted: Vec<usize> = (0..schema_names.len()).collect_vec();
    sort(&mut sorted, &|index| (0, schema_names[*index].clone()));
    for index in sorted {
        let schema_name = &schema_names[index];
        let name = match fixed[index] {
            Some(name) => name.to_owned(),
            None => {
                let wanted = &wanted[index];
                let name = unique(wanted, &mut taken);
                if name != *wanted {
                    let at = Pointer::from_segments(["components", "schemas", schema_name]);
                    diagnostics.warn(
                        &at,
                        format!("the type name `{wanted}` is taken: this type is named `{name}`"),
                    );
                }
                name
            }
        };
        names.insert(schema_name.clone(), name);
    }
    names
}

/// The number of segments that the shortest acceptable name has.
fn min_segments(schema_name: &str) -> usize {
    let last = schema_name.rsplit('.').next().unwrap_or(schema_name).to_snake_case();
    let mut words = last.split('_');
    let is_generic = !last.contains('_') || words.all(|word| GENERIC.contains(&word));
    if is_generic { segments(schema_name).count().min(2) } else { 1 }
}

/// The last segments of a schema name, which dots separate, from the last one on.
fn segments(schema_name: &str) -> impl Iterator<Item = &str> {
    schema_name.rsplit('.').take(MAX_SEGMENTS)
}

/// The type name made of the last `count` segments of a schema name, or of all.
fn name_from_last_segments(schema_name: &str, count: usize) -> String {
    let mut parts = segments(schema_name)
        .take(count)
        .map(|segment| segment.to_upper_camel_case())
        .collect_vec();
    parts.reverse();
    type_name(&parts.concat())
}
