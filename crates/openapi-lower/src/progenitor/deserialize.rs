//! Deserialization of the lowered document into the types of `openapiv3`. An error names each
//! schema and operation that doesn't fit.

use openapi_document::{Pointer, Refusal, Refusals};
use openapiv3::{OpenAPI, ReferenceOr, Schema};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::ir::{ClientModel, TypePointers};

/// Deserializes the lowered document.
///
/// # Errors
///
/// All schemas and operations with a value that OpenAPI 3.0 doesn't allow, each with its pointer.
pub(crate) fn deserialize(root: &Value, model: &ClientModel) -> Result<OpenAPI, Refusals> {
    from_value(root).map_err(|reason| locate_invalid(root, model, reason))
}

/// The construct of a refusal: a keyword with a value that OpenAPI doesn't allow.
const INVALID_VALUE: &str = "invalid value";

fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    T::deserialize(value).map_err(|error| error.to_string())
}

/// Finds the invalid schemas and operations, by deserializing each alone.
fn locate_invalid(root: &Value, model: &ClientModel, reason: String) -> Refusals {
    let mut refusals = Vec::new();
    let pointers = TypePointers::new(&model.types);
    let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
    for (name, schema) in schemas.into_iter().flatten() {
        if let Err(reason) = from_value::<ReferenceOr<Schema>>(schema) {
            let at = pointers.get(name);
            refusals.push(Refusal::new(at, INVALID_VALUE, reason));
        }
    }
    for operation in &model.operations {
        let lowered = operation.pointer.resolve(root).unwrap_or(&Value::Null);
        if let Err(reason) = from_value::<openapiv3::Operation>(lowered) {
            refusals.push(Refusal::new(operation.pointer.clone(), INVALID_VALUE, reason));
        }
    }
    match Refusals::check(refusals) {
        Err(refusals) => refusals,
        Ok(()) => Refusal::new(Pointer::root(), INVALID_VALUE, reason).into(),
    }
}
