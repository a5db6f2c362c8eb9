//! The chores of this repository, a module each. `cargo xtask help` lists them.

pub mod corpus;
pub mod diff;
pub mod diff_spec;
mod files;
pub mod generate;
pub mod names;
