//! Which way values go.

/// Whether a schema is sent or received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Direction {
    /// In parameters and bodies of requests.
    Request,
    /// In bodies of answers.
    Response,
}
