//! The maintenance commands of this repository, one module each; `cargo xtask help` lists them.

mod changelog;
pub mod check_docs;
pub mod corpus;
pub mod diff_spec;
mod documents;
pub mod features;
mod files;
pub mod generate;
mod http;
pub mod names;
pub mod programs;
mod progress;
mod scratch_crate;
mod source;
pub mod sync_spec;
mod verify;
mod version;

pub use self::{files::Repository, source::hash_mismatch};
