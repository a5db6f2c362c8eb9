//! The commands of the binary, on temporary working copies.

mod docs;
mod support;
mod sync;
