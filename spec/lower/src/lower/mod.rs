//! From a document to what progenitor can read, and what it can't.
//!
//! Two steps: [`dialect`] says the same in OpenAPI 3.0.3; the other passes bring that into the form
//! that makes progenitor and typify generate what callers want, and put the rest into [`Kept`].

mod aliases;
mod all_of;
mod bases;
mod choices;
mod constraints;
mod context;
mod defaults;
mod dialect;
mod enums;
mod extract;
mod fields;
mod hoist;
pub(crate) mod names;
mod objects;
mod operations;
mod prune;
pub(crate) mod references;
mod security;
mod tagged;
mod unions;

use std::collections::BTreeMap;

use serde_json::Value;

use self::context::Context;
pub use self::context::Warning;
use crate::{
    document::Document,
    kept::Kept,
    pointer::Pointer,
    refusal::{Refusal, Refusals},
};

/// A document that progenitor can read, and what it can't.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lowered {
    /// The document in OpenAPI 3.0.3.
    pub openapi: openapiv3::OpenAPI,
    /// What that can't say.
    pub kept: Kept,
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
    Refusals::check(document.unfollowed())?;
    let mut cx = Context::default();
    let root = dialect_30(document, &mut cx);
    Refusals::check(cx.refusals)?;
    Ok(root)
}

fn dialect_30(document: &Document, cx: &mut Context) -> Value {
    let mut root = document.root().clone();
    for ignored in ["webhooks", "jsonSchemaDialect"] {
        if let Value::Object(map) = &mut root {
            map.shift_remove(ignored);
        }
    }
    references::resolve(&mut root, &mut cx.refusals);
    dialect::lower(&mut root, cx);
    root
}

/// Lowers a document. `published` names stay as they are: the schema's name in the document, and
/// the Rust name of its type.
///
/// # Errors
///
/// All that can't be lowered without losing what it means, each with its JSON pointer.
pub fn lower(
    document: &Document,
    published: &BTreeMap<String, String>,
) -> Result<Lowered, Refusals> {
    Refusals::check(document.unfollowed())?;
    let mut cx = Context::default();
    let mut root = dialect_30(document, &mut cx);
    // Later passes take a well-formed document for granted.
    Refusals::check(std::mem::take(&mut cx.refusals))?;

    operations::normalize(&mut root, &mut cx);
    unions::normalize(&mut root);
    aliases::resolve(&mut root, &mut cx);
    Refusals::check(std::mem::take(&mut cx.refusals))?;
    let bases = bases::find(&mut root);
    all_of::flatten(&mut root, &mut cx);
    Refusals::check(std::mem::take(&mut cx.refusals))?;
    bases::unite(&mut root, bases);
    prune::unreachable(&mut root);
    fields::check(&mut root, &mut cx);
    defaults::check(&mut root, &mut cx);
    constraints::document(&mut root);
    let mut types = names::rename(&mut root, published, &mut cx);
    hoist::inline_schemas(&mut root, &mut types);
    let mut unions = tagged::collect(&root, &types, &mut cx);
    let objects = objects::collect(&root, &mut unions);
    let choices = choices::collect(&root, &unions);
    let enums = enums::collect(&root, &objects);
    let mut kept = extract::extract(&mut root, &mut cx);
    kept.enums = enums;
    kept.objects = objects;
    kept.choices = choices;
    kept.unions = unions;
    kept.types = types;
    Refusals::check(cx.refusals)?;

    let openapi = serde_json::from_value(root).map_err(|error| {
        Refusal::new(
            Pointer::root(),
            "a document that isn't OpenAPI 3.0 even when lowered",
            error.to_string(),
        )
    })?;
    Ok(Lowered { openapi, kept, warnings: cx.warnings })
}
