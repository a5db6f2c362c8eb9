//! The two documents that are compared.

use openapi_document::Pointer;

use crate::{describe, names::Names, schemas::Schemas};

/// The schemas of both documents, and the names of their types.
pub(crate) struct Sides<'a> {
    pub(crate) old: Schemas<'a>,
    pub(crate) new: Schemas<'a>,
    pub(crate) names: Names,
}

impl Sides<'_> {
    /// A place of the new document in words.
    pub(crate) fn subject(&self, at: &Pointer) -> String {
        describe::subject(self.new.root(), at)
    }

    /// A place of the old document in words.
    pub(crate) fn old_subject(&self, at: &Pointer) -> String {
        describe::subject(self.old.root(), at)
    }
}
