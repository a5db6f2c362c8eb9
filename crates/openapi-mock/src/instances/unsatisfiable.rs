//! The error of schemas that can't be met.

/// No value was found that meets the schemas; another attempt may find one.
pub(super) struct Unsatisfiable;
