//! The lowered document as progenitor takes it: typed.

use openapi_document::{Pointer, Refusal, Refusals};
use openapiv3::{OpenAPI, ReferenceOr, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::ir::{ClientModel, TypeName};

/// The document, typed.
///
/// # Errors
///
/// All that has a value which OpenAPI 3.0 doesn't know, each with its JSON pointer.
pub(crate) fn typed(root: &Value, model: &ClientModel) -> Result<OpenAPI, Refusals> {
    openapi_30(root).map_err(|reason| misfits(root, model, reason))
}

/// What keeps a document from being OpenAPI 3.0 even when lowered: a keyword with a value that it
/// can't have.
const MISFIT: &str = "a value that OpenAPI doesn't know here";

fn openapi_30<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

/// The schemas and operations that don't fit by themselves.
fn misfits(root: &Value, model: &ClientModel, reason: String) -> Refusals {
    let mut refusals = Vec::new();
    let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
    for (name, schema) in schemas.into_iter().flatten() {
        if let Err(reason) = openapi_30::<ReferenceOr<Schema>>(schema) {
            let at = TypeName::pointer_of(&model.types, name);
            refusals.push(Refusal::new(at, MISFIT, reason));
        }
    }
    for operation in &model.operations {
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
