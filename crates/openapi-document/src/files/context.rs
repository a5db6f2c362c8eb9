//! The kinds of objects of a document, as far as references in them matter.

use crate::walk::Kind;

/// The kind of a value, for the references in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    /// An object whose references [`walk`](crate::walk) knows.
    Walked(Kind),
    /// Objects by name, such as `examples`.
    Leaves,
    /// An object that may be a reference, and otherwise has none.
    Leaf,
    /// Callbacks by name.
    Callbacks,
    /// No references.
    Data,
}

impl Context {
    /// The context of a member.
    pub(super) fn member(self, key: &str) -> Self {
        match self {
            Self::Walked(kind) => match (kind, key) {
                (Kind::Root, "webhooks") => Self::Walked(Kind::PathItems),
                (Kind::Components | Kind::Operation, "callbacks") => Self::Callbacks,
                (
                    Kind::Components | Kind::MediaType | Kind::Parameter | Kind::Header,
                    "examples",
                )
                | (Kind::Components | Kind::Response, "links")
                | (Kind::Components, "securitySchemes") => Self::Leaves,
                _ => kind.child(key).map_or(Self::Data, Self::Walked),
            },
            Self::Leaves => Self::Leaf,
            Self::Callbacks => Self::Walked(Kind::PathItems),
            Self::Leaf | Self::Data => Self::Data,
        }
    }

    /// The context of an item.
    pub(super) fn item(self) -> Self {
        match self {
            Self::Walked(kind) => kind.item().map_or(Self::Data, Self::Walked),
            _ => Self::Data,
        }
    }

    /// The section of `components` for what a reference leads to; without one, its target takes its
    /// place.
    pub(super) fn section(self) -> Option<&'static str> {
        match self {
            Self::Walked(kind) => match kind {
                Kind::Schema => Some("schemas"),
                Kind::Parameter => Some("parameters"),
                Kind::Header => Some("headers"),
                Kind::RequestBody => Some("requestBodies"),
                Kind::Response => Some("responses"),
                _ => None,
            },
            _ => None,
        }
    }
}
