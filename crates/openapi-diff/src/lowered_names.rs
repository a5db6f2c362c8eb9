//! Rust type names, as openapi-lower assigns them.

use std::collections::{BTreeMap, HashMap};

use openapi_document::{Document, Pointer};

use crate::{component::component_name, type_names::TypeNames};

/// The type names of two documents, where those of the old document count as published.
pub(crate) fn type_names(
    old: &Document,
    new: &Document,
    published: &BTreeMap<String, String>,
) -> TypeNames {
    let mut published = published.clone();
    let old = lowered_names(old, &published);
    for (pointer, rust) in &old {
        if let Some(name) = component_name(pointer) {
            published.entry(name.to_owned()).or_insert_with(|| rust.clone());
        }
    }
    let new = lowered_names(new, &published);
    if old.is_empty() || new.is_empty() {
        return TypeNames::default();
    }
    TypeNames { old, new }
}

/// The type names of a document; empty if it can't be lowered.
fn lowered_names(
    document: &Document,
    published: &BTreeMap<String, String>,
) -> HashMap<Pointer, String> {
    let Ok(lowered) = openapi_lower::lower(document, published) else { return HashMap::new() };
    lowered.model.types.into_iter().map(|name| (name.pointer, name.rust)).collect()
}
