//! The Rust type names of two documents.

use std::collections::HashMap;

use openapi_document::Pointer;

/// Rust type names by the pointers of schemas.
///
/// Empty if a document can't be lowered, and without the feature `rust`.
#[derive(Default)]
pub(crate) struct TypeNames {
    pub(crate) old: HashMap<Pointer, String>,
    pub(crate) new: HashMap<Pointer, String>,
}
