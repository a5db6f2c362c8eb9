//! The direction in which values of a schema are transferred.

/// The direction in which values of a schema are transferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    /// In request bodies, and in parameters with `content`.
    Request,
    /// In response bodies, and in the bodies of webhooks and callbacks.
    Response,
    /// In parameters, which are written as text: `5` is an integer or a string.
    Text,
    /// In media types that the client neither sends nor requests.
    Unused,
}

impl Direction {
    /// All directions, by their numbers.
    pub(crate) const ALL: [Self; 4] = [Self::Request, Self::Response, Self::Text, Self::Unused];
}
