//! The two documents that are compared.

use openapi_document::Pointer;

use crate::{names::Names, schemas::Schemas, words};

/// The schemas of both documents, and the names of their types.
pub(crate) struct Sides<'a> {
    pub(crate) old: Schemas<'a>,
    pub(crate) new: Schemas<'a>,
    pub(crate) names: Names,
}

impl Sides<'_> {
    /// A place of the new document in words.
    pub(crate) fn subject(&self, at: &Pointer) -> String {
        words::subject(self.new.root(), at)
    }

    /// A place of the old document in words.
    pub(crate) fn old_subject(&self, at: &Pointer) -> String {
        words::subject(self.old.root(), at)
    }
}
