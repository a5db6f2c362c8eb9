//! Lowers a document: to OpenAPI 3.0 for progenitor, and a [`ClientModel`] of the rest.
//!
//! [`dialect`] rewrites the document to OpenAPI 3.0.3. The other passes bring it into the form from
//! which progenitor generates suitable code, and put everything else into the model. [`passes`]
//! lists them in their order, with what each requires and guarantees.

mod aliases;
mod component_names;
mod compose;
mod constraints;
mod defaults;
mod diagnostics;
mod dialect;
mod directions;
mod entries;
mod enums;
mod expansion;
mod extract;
mod field_names;
mod guarantees;
mod hints;
mod hoist;
mod inclusions;
mod integers;
mod misspelt;
pub(crate) mod names;
mod newtypes;
mod objects;
mod one_or_many;
mod operations;
mod passes;
mod path_key;
mod prune;
mod published;
pub(crate) mod references;
mod reserved;
mod schema;
mod secrets;
mod security;
mod sequences;
mod shared;
mod tagged_unions;
mod texts;
mod tokens;
mod untagged_unions;
mod wrapper;

use std::collections::BTreeMap;

use openapi_document::{Document, Refusal, Refusals};
use serde_json::Value;

pub use self::diagnostics::Warning;
use self::passes::PassState;
use crate::{ir::ClientModel, progenitor::deserialize};

/// A lowered document: the part that progenitor generates code from, and the model of the client.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lowered {
    /// The document in OpenAPI 3.0.3.
    pub openapi: openapiv3::OpenAPI,
    /// Everything that OpenAPI 3.0 or progenitor can't express, and the names of all types.
    pub model: ClientModel,
    /// Constructs that were lowered in a way their author may not have intended.
    pub warnings: Vec<Warning>,
}

/// Converts a document to OpenAPI 3.0.3, with all references resolved except those to component
/// schemas.
///
/// This is the first step of [`lower`], before the document is adapted to progenitor.
///
/// # Errors
///
/// All constructs that can't be expressed in OpenAPI 3.0, each with its JSON pointer.
pub fn to_openapi_30(document: &Document) -> Result<Value, Refusals> {
    Refusals::check(document.unresolved())?;
    let published = BTreeMap::new();
    let mut state = PassState::new(document.root().clone(), &published);
    passes::run(&passes::DIALECT, &mut state)?;
    hints::remove_all(&mut state.root);
    Ok(state.root)
}

/// Lowers a document to OpenAPI 3.0.3 and a [`ClientModel`].
///
/// `published` are the names of types and variants in an earlier version of the client, by their
/// keys, as [`ClientModel::published_names`] returns them. They don't change.
///
/// # Errors
///
/// All constructs that can't be lowered without changing their meaning, each with its JSON pointer.
pub fn lower(
    document: &Document,
    published: &BTreeMap<String, String>,
) -> Result<Lowered, Refusals> {
    Refusals::check(document.unresolved())?;
    let located = |refusals: Refusals| located(&refusals, document);
    let mut state = PassState::new(document.root().clone(), published);
    passes::run(&passes::DIALECT, &mut state).map_err(located)?;
    passes::run(&passes::FITTING, &mut state).map_err(located)?;
    let PassState { root, mut model, diagnostics, .. } = state;
    let mut warnings = diagnostics.warnings;
    // Passes move schemas: what they report lies where the document has them.
    let types = model.types.iter_mut().map(|name| &mut name.pointer);
    for pointer in types.chain(warnings.iter_mut().map(|warning| &mut warning.pointer)) {
        *pointer = pointer.existing_part(document.root());
    }
    let openapi = deserialize::deserialize(&root, &model).map_err(located)?;
    Ok(Lowered { openapi, model, warnings })
}

/// Refusals with pointers that exist in the document.
fn located(refusals: &Refusals, document: &Document) -> Refusals {
    let located = refusals.iter().map(|refusal| {
        let pointer = refusal.pointer.existing_part(document.root());
        Refusal::new(pointer, &refusal.construct, &refusal.reason)
    });
    Refusals::check(located.collect()).err().unwrap_or_else(|| refusals.clone())
}
