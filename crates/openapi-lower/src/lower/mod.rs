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
mod methods;
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
mod received;
pub(crate) mod references;
mod reserved;
mod schema;
mod secrets;
mod security;
mod sequences;
mod shared;
mod sibling_tags;
mod tag_values;
mod tagged_unions;
mod texts;
mod tokens;
mod untagged_unions;
mod versions;
mod wrapper;

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::{Document, Refusal, Refusals};
use serde_json::Value;

pub use self::diagnostics::Warning;
use self::{
    methods::MovedOperations,
    passes::{Pass, PassState},
};
use crate::{collect::Collect, ir::ClientModel, progenitor::openapi30};

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
    let (published, received) = (BTreeMap::new(), BTreeSet::new());
    let mut state = PassState::new(document.root().clone(), &published, &received);
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
    lower_with(document, published, &BTreeSet::new())
}

/// Lowers as [`lower`] does, with the ids of operations that the API sends and the user of the
/// client receives.
///
/// What is received never changes the names of the other types.
pub(crate) fn lower_with(
    document: &Document,
    published: &BTreeMap<String, String>,
    received: &BTreeSet<String>,
) -> Result<Lowered, Refusals> {
    Refusals::check(document.unresolved())?;
    let root = document.root();
    let state = |names| PassState::new(root.clone(), names, received);
    if !received::has_any(root, received) {
        return run(document, state(published), &[&passes::RECEIVED]);
    }
    let mut sent = state(published);
    received::remove(&mut sent.root, received);
    // What is refused here is refused below, too.
    let names = run(document, sent, &[]).map(|sent| sent.model.published_names());
    let mut names = names.unwrap_or_default();
    names.extend(published.iter().map(|(key, name)| (key.clone(), name.clone())));
    run(document, state(&names), &[&passes::RECEIVED])
}

/// Runs all passes after those that are `first`.
fn run(
    document: &Document,
    mut state: PassState<'_>,
    first: &[&[Pass]],
) -> Result<Lowered, Refusals> {
    let all: [&[Pass]; 2] = [&passes::DIALECT, &passes::FITTING];
    for passes in first.iter().copied().chain(all) {
        let result = passes::run(passes, &mut state);
        result.map_err(|refusals| located(&refusals, &state.moved, document))?;
    }
    let PassState { root, mut model, diagnostics, moved, .. } = state;
    let openapi = openapi30::convert(&root, &model.types);
    let openapi = openapi.map_err(|refusals| located(&refusals, &moved, document))?;
    let mut warnings = diagnostics.warnings;
    // Passes move schemas: what they report lies where the document has them.
    for received in model.received.iter_mut().flat_map(|union| &mut union.variants) {
        received.pointer = received::declaration(&received.pointer, document.root());
    }
    let types = model.types.iter_mut().map(|name| &mut name.pointer);
    let operations = model.operations.iter_mut().map(|operation| &mut operation.pointer);
    let reported = warnings.iter_mut().map(|warning| &mut warning.pointer);
    for pointer in types.chain(operations).chain(reported) {
        let place = received::document_pointer(&moved.document_pointer(pointer));
        *pointer = place.existing_part(document.root());
    }
    Ok(Lowered { openapi, model, warnings })
}

/// Refusals with pointers that exist in the document.
fn located(refusals: &Refusals, moved: &MovedOperations, document: &Document) -> Refusals {
    let located = refusals.iter().map(|refusal| {
        let pointer = received::document_pointer(&moved.document_pointer(&refusal.pointer));
        let pointer = pointer.existing_part(document.root());
        Refusal::new(pointer, &refusal.construct, &refusal.reason)
    });
    Refusals::check(located.collect_vec()).err().unwrap_or_else(|| refusals.clone())
}
