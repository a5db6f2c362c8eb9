//! The Rust names of both documents' types.

use std::collections::HashMap;

use openapi_document::Pointer;

/// Rust names by the places of schemas. Empty where types have no names to compare: of a document
/// that can't be lowered, and without the feature `rust`.
#[derive(Default)]
pub(crate) struct Names {
    pub(crate) old: HashMap<Pointer, String>,
    pub(crate) new: HashMap<Pointer, String>,
}
