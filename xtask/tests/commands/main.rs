//! The commands of the binary, on temporary working copies.

mod docs;
mod hostile;
mod support;
mod sync;
mod upgrading;
