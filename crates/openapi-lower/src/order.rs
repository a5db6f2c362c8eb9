//! The order of what a document lists in any order.

/// The key of all sorts but those of plain names: a rank, then a name. Each type of keys compiles a
/// sort of its own, of thousands of lines.
pub(crate) type SortKey = (u8, String);
