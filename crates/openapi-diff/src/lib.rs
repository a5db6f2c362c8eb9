#![doc = include_str!("../README.md")]

mod auth;
mod calls;
#[cfg(feature = "cli")]
pub mod cli;
mod compare;
mod component;
mod constraints;
mod describe;
mod direction;
mod facets;
mod finding;
mod graph;
pub mod json;
pub mod markdown;
mod media;
mod names;
mod node;
mod notes;
mod objects;
mod operation;
mod operations;
mod place;
mod report;
pub mod rules;
#[cfg(feature = "rust")]
mod rust_names;
mod scalars;
mod schemas;
mod sides;
mod source;
mod styles;
pub mod text;
mod union_members;
mod unions;

use std::collections::BTreeMap;

use openapi_document::{Document, Pointer};
use serde_json::Value;

pub use self::{
    operation::{Listed, listed},
    report::{Change, Report},
    rules::{Rule, Severity},
};

/// Compares two documents by what they mean alone: the names of Rust types are no part of it.
pub fn meaning(old: &Value, new: &Value) -> Report {
    operations::compare(old, new, names::Names::default())
}

/// A place of a document in words that a reader knows.
pub fn subject(root: &Value, place: &Pointer) -> String {
    describe::subject(root, place)
}

/// Compares two documents.
///
/// `published` are the Rust names that types have already, by the names of their schemas: a schema
/// that comes later and would take one of them takes a longer one. Without the feature `rust` they
/// mean nothing.
pub fn diff(old: &Document, new: &Document, published: &BTreeMap<String, String>) -> Report {
    #[cfg(feature = "rust")]
    let names = rust_names::of(old, new, published);
    #[cfg(not(feature = "rust"))]
    let (names, _) = (names::Names::default(), published);
    operations::compare(old.root(), new.root(), names)
}
