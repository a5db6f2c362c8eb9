//! What lies between two documents, for the eyes of a typed client.
//!
//! Lines of YAML say little: a base path that moves into every path changes them all and means
//! nothing, one word in `required` means a new major version. This module compares what two
//! documents mean: operations are matched, schemas are compared where they are used, and each
//! change is judged by a [rule](rules). It reads and writes nothing.

mod auth;
mod calls;
mod compare;
mod constraints;
mod facets;
mod graph;
pub mod json;
pub mod markdown;
mod media;
mod names;
mod node;
mod objects;
mod operation;
mod operations;
mod report;
pub mod rules;
pub mod text;
mod unions;
mod words;

use std::collections::BTreeMap;

use openapi_lower::Document;

pub use self::{
    graph::Use,
    report::{Change, Report},
    rules::{Rule, Severity},
};

/// Compares two documents.
///
/// `published` are the Rust names that types have already (`spec/names.toml`): a schema that comes
/// later and would take one of them takes a longer one.
pub fn diff(old: &Document, new: &Document, published: &BTreeMap<String, String>) -> Report {
    let names = names::Names::of(old, new, published);
    operations::compare(old.root(), new.root(), names)
}
