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
mod scalars;
mod schemas;
mod styles;
pub mod text;
mod unions;
mod words;

use std::collections::BTreeMap;

use openapi_lower::{Document, Pointer};
use serde_json::Value;

pub use self::{
    operation::{Listed, METHODS, listed},
    report::{Change, Report},
    rules::{Rule, Severity},
};

/// Compares two documents by what they mean alone: the names of Rust types are no part of it.
pub fn meaning(old: &Value, new: &Value) -> Report {
    operations::compare(old, new, names::Names::none())
}

/// A place of a document in words that a reader knows.
pub fn subject(root: &Value, place: &Pointer) -> String {
    words::subject(root, place)
}

/// Compares two documents.
///
/// `published` are the Rust names that types have already (`spec/names.toml`): a schema that comes
/// later and would take one of them takes a longer one.
pub fn diff(old: &Document, new: &Document, published: &BTreeMap<String, String>) -> Report {
    let names = names::Names::of(old, new, published);
    operations::compare(old.root(), new.root(), names)
}
