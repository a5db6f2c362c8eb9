//! The usage of values: what a schema requires depends on it.

/// The usage of a value, which determines the properties that it must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Usage {
    /// A parameter or a request body: without `readOnly` properties.
    Request,
    /// A response: without `writeOnly` properties.
    Response,
    /// An example of a schema, for requests or responses.
    Schema,
}
