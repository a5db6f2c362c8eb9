//! The Rust names that openapi-lower gives to types.

use std::collections::{BTreeMap, HashMap};

use openapi_document::{Document, Pointer};

use crate::{component::named, names::Names};

/// Names as they come about: those of the old document are published when the new one comes.
pub(crate) fn of(old: &Document, new: &Document, published: &BTreeMap<String, String>) -> Names {
    let mut published = published.clone();
    let old = names(old, &published);
    for (pointer, rust) in &old {
        if let Some(name) = named(pointer) {
            published.entry(name.to_owned()).or_insert_with(|| rust.clone());
        }
    }
    let new = names(new, &published);
    if old.is_empty() || new.is_empty() {
        return Names::default();
    }
    Names { old, new }
}

fn names(document: &Document, published: &BTreeMap<String, String>) -> HashMap<Pointer, String> {
    let Ok(lowered) = openapi_lower::lower(document, published) else { return HashMap::new() };
    lowered.model.types.into_iter().map(|name| (name.pointer, name.rust)).collect()
}
