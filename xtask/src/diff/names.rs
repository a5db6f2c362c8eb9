//! The Rust names of both documents' types.

use std::collections::{BTreeMap, HashMap};

use openapi_lower::{Document, Pointer};

use super::words;

/// Rust names by the places of schemas. Empty for a document that can't be lowered: then its
/// types have no names to compare.
pub(super) struct Names {
    pub(super) old: HashMap<Pointer, String>,
    pub(super) new: HashMap<Pointer, String>,
}

impl Names {
    /// Types have no names.
    pub(super) fn none() -> Self {
        Self { old: HashMap::new(), new: HashMap::new() }
    }

    /// Names as they come about: those of the old document are published when the new one comes.
    pub(super) fn of(old: &Document, new: &Document, published: &BTreeMap<String, String>) -> Self {
        let mut published = published.clone();
        let old = names(old, &published);
        for (pointer, rust) in &old {
            if let Some(name) = words::named(pointer) {
                published.entry(name.to_owned()).or_insert_with(|| rust.clone());
            }
        }
        let new = names(new, &published);
        if old.is_empty() || new.is_empty() {
            return Self::none();
        }
        Self { old, new }
    }
}

fn names(document: &Document, published: &BTreeMap<String, String>) -> HashMap<Pointer, String> {
    let Ok(lowered) = openapi_lower::lower(document, published) else { return HashMap::new() };
    lowered.kept.types.into_iter().map(|name| (name.pointer, name.rust)).collect()
}
