//! The two documents of a comparison.

use openapi_document::Pointer;

use crate::{describe::describe_pointer, schemas::Schemas, type_names::TypeNames};

/// The schemas of both documents and their Rust type names.
pub(crate) struct Comparison<'a> {
    pub(crate) old: Schemas<'a>,
    pub(crate) new: Schemas<'a>,
    pub(crate) names: TypeNames,
}

impl Comparison<'_> {
    /// Names the element at a pointer of the new document.
    pub(crate) fn describe_new(&self, pointer: &Pointer) -> String {
        describe_pointer(self.new.root(), pointer)
    }

    /// Names the element at a pointer of the old document.
    pub(crate) fn describe_old(&self, pointer: &Pointer) -> String {
        describe_pointer(self.old.root(), pointer)
    }
}
