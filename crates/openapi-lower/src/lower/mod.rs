//! From a document to what progenitor can read, and what it can't.
//!
//! Two steps: [`dialect`] says the same in OpenAPI 3.0.3; the other passes bring that into the form
//! that makes progenitor generate what callers want, and put the rest into [`ClientModel`]. [`passes`] has
//! them in their order, with what each needs and guarantees.

mod aliases;
mod all_of;
mod bases;
mod component_names;
mod constraints;
mod context;
mod defaults;
mod dialect;
mod enums;
mod extract;
mod fields;
mod guarantees;
mod hoist;
pub(crate) mod names;
mod objects;
mod operations;
mod passes;
mod prune;
mod published;
pub(crate) mod references;
mod schema;
mod secrets;
mod security;
mod tagged_unions;
mod unions;
mod untagged_unions;

use std::collections::BTreeMap;

use openapi_document::{Document, Refusals};
use serde_json::Value;

pub use self::context::Warning;
use self::passes::State;
use crate::{ir::ClientModel, progenitor::openapi};

/// A document that progenitor can read, and what it can't.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lowered {
    /// The document in OpenAPI 3.0.3.
    pub openapi: openapiv3::OpenAPI,
    /// What that can't say.
    pub model: ClientModel,
    /// Readings that the document's author may not have meant.
    pub warnings: Vec<Warning>,
}

/// Says the same in OpenAPI 3.0.3, every reference but those to component schemas resolved.
///
/// This is the first half of [`lower`]: nothing is fitted to a generator yet.
///
/// # Errors
///
/// All that can't be said in 3.0, each with its JSON pointer.
pub fn to_openapi_30(document: &Document) -> Result<Value, Refusals> {
    Refusals::check(document.unresolved())?;
    let published = BTreeMap::new();
    let mut state = State::new(document.root().clone(), &published);
    passes::run(&passes::DIALECT, &mut state)?;
    Ok(state.root)
}

/// Lowers a document. `published` names stay as they are: of types and variants, by their keys, as
/// [`ClientModel::published`] has them.
///
/// # Errors
///
/// All that can't be lowered without losing what it means, each with its JSON pointer.
pub fn lower(
    document: &Document,
    published: &BTreeMap<String, String>,
) -> Result<Lowered, Refusals> {
    Refusals::check(document.unresolved())?;
    let mut state = State::new(document.root().clone(), published);
    passes::run(&passes::DIALECT, &mut state)?;
    passes::run(&passes::FITTING, &mut state)?;
    let State { root, model, cx, .. } = state;
    let openapi = openapi::typed(&root, &model)?;
    Ok(Lowered { openapi, model, warnings: cx.warnings })
}
