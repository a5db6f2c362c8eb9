//! The direction in which values of a schema are transferred.

/// The direction in which values of a schema are transferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    /// In parameters and request bodies.
    Request,
    /// In response bodies.
    Response,
}
