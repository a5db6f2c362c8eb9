//! The two documents of a comparison.

use openapi_document::Pointer;

use crate::{
    describe::describe_pointer, patterns::PatternComparison, schemas::Schemas,
    type_names::TypeNames,
};

/// The schemas of both documents and their Rust type names.
pub(crate) struct Comparison<'a> {
    pub(crate) old: Schemas<'a>,
    pub(crate) new: Schemas<'a>,
    pub(crate) names: TypeNames,
    pub(crate) patterns: PatternComparison,
    pub(crate) purpose: Purpose,
}

/// The readers of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Users of two versions of an API: programs, and source code in Rust.
    Versions,
    /// Authors of documentation that shows parts of the document.
    Documentation,
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

    /// The pointers of the first of these keywords that each schema object has; of the object
    /// itself if it has none.
    pub(crate) fn keyword_pointers(
        &self,
        (old, new): (&Pointer, &Pointer),
        keywords: &[&str],
    ) -> (Pointer, Pointer) {
        (self.old.keyword_pointer(old, keywords), self.new.keyword_pointer(new, keywords))
    }
}
