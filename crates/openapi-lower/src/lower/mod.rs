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
mod schema;
mod secrets;
mod security;
mod tagged;
mod unions;

use openapi_document::{Document, Pointer, Refusal, Refusals};
use std::collections::BTreeMap;

use openapiv3::{ReferenceOr, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use self::context::Context;
pub use self::context::Warning;
use crate::kept::{Kept, TypeName};

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
    Refusals::check(document.unresolved())?;
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
    Refusals::check(document.unresolved())?;
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
    bases::unite(&mut root, bases, &mut cx);
    prune::unreachable(&mut root);
    fields::check(&mut root, &mut cx);
    defaults::check(&mut root, &mut cx);
    constraints::document(&mut root);
    let mut types = names::rename(&mut root, published, &mut cx);
    hoist::inline_schemas(&mut root, &mut types);
    choices::check(&root, &types, &mut cx);
    Refusals::check(std::mem::take(&mut cx.refusals))?;
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
    for operation in &mut kept.operations {
        operation.paging = extract::paging::find(operation, &kept.objects);
    }
    Refusals::check(cx.refusals)?;

    let openapi = match openapi_30(&root) {
        Ok(openapi) => openapi,
        Err(reason) => return Err(misfits(&root, &kept, reason)),
    };
    Ok(Lowered { openapi, kept, warnings: cx.warnings })
}

/// What keeps a document from being OpenAPI 3.0 even when lowered: a keyword with a value that it
/// can't have.
const MISFIT: &str = "a value that OpenAPI doesn't know here";

fn openapi_30<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

/// The schemas and operations that don't fit by themselves.
fn misfits(root: &Value, kept: &Kept, reason: String) -> Refusals {
    let mut refusals = Vec::new();
    let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
    for (name, schema) in schemas.into_iter().flatten() {
        if let Err(reason) = openapi_30::<ReferenceOr<Schema>>(schema) {
            let at = TypeName::place_of(&kept.types, name);
            refusals.push(Refusal::new(at, MISFIT, reason));
        }
    }
    for operation in &kept.operations {
        let lowered = operation.pointer.resolve(root).unwrap_or(&Value::Null);
        if let Err(reason) = openapi_30::<openapiv3::Operation>(lowered) {
            refusals.push(Refusal::new(operation.pointer.clone(), MISFIT, reason));
        }
    }
    match Refusals::check(refusals) {
        Err(refusals) => refusals,
        Ok(()) => Refusal::new(Pointer::root(), MISFIT, reason).into(),
    }
}
