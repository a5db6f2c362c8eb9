//! Schemas that no value meets.

/// A demand that can't be met here; another draw may.
pub(super) struct Unsatisfiable;
