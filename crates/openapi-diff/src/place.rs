//! Where a schema stands, or one part of what a schema says.

use openapi_document::Pointer;

/// A schema, or one part of a schema that says several things at once.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) pointer: Pointer,
    pub(crate) part: Part,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    #[default]
    Whole,
    /// Without `$ref` and `allOf`.
    Own,
    /// As one of its several types.
    Type(String),
    /// Without `oneOf` and `anyOf`.
    Base,
    /// Only `oneOf` and `anyOf`.
    Choice,
    /// With other schemas that hold for the same property, in parts of an `allOf`.
    With(Vec<Pointer>),
}

impl Place {
    pub(crate) fn at(pointer: Pointer) -> Self {
        Self { pointer, part: Part::Whole }
    }

    /// The schema that is said in all these places; the last one is where it is looked for.
    pub(crate) fn of_all(places: &[Pointer]) -> Self {
        match places.split_last() {
            Some((last, [])) => Self::at(last.clone()),
            Some((last, others)) => {
                Self { pointer: last.clone(), part: Part::With(others.to_vec()) }
            }
            None => Self::at(Pointer::root()),
        }
    }
}
