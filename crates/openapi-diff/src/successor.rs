//! The operation to call instead of a deprecated one.

/// The operation to call instead of a deprecated one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Successor {
    /// The operationId of the deprecated operation.
    pub operation: String,
    /// The operationId of the operation to call instead.
    pub successor: String,
    /// The score of a proposal in percent: how many operations moved alike, and how similar the
    /// schemas are. `None` if the successor is a published one.
    pub score: Option<u32>,
}
