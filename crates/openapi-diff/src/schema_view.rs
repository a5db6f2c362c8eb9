//! Schemas, and the aspects of schemas that combine several structures.

use openapi_document::Pointer;

/// A schema, or one aspect of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SchemaView {
    pub(crate) pointer: Pointer,
    pub(crate) aspect: Aspect,
}

/// The keywords of a schema that a view includes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Aspect {
    #[default]
    Whole,
    /// All but `$ref` and `allOf`.
    WithoutRefs,
    /// Those for one type of a list of types.
    Type(String),
    /// All but `oneOf` and `anyOf`.
    WithoutUnion,
    /// Only `oneOf` and `anyOf`.
    UnionOnly,
    /// All, merged with the other schemas that an `allOf` declares for the same property.
    MergedWith(Vec<Pointer>),
}

impl SchemaView {
    /// The whole schema at `pointer`.
    pub(crate) fn new(pointer: Pointer) -> Self {
        Self { pointer, aspect: Aspect::Whole }
    }

    /// The schemas at all `pointers`, merged; the last one is the pointer of the view.
    pub(crate) fn from_pointers(pointers: &[Pointer]) -> Self {
        match pointers.split_last() {
            Some((last, [])) => Self::new(last.clone()),
            Some((last, others)) => {
                Self { pointer: last.clone(), aspect: Aspect::MergedWith(others.to_vec()) }
            }
            None => Self::new(Pointer::root()),
        }
    }
}
