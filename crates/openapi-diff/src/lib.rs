#![doc = include_str!("../README.md")]

#[cfg(feature = "cli")]
pub mod cli;
mod compare;
mod comparison;
mod component;
mod constraints;
mod describe;
mod direction;
pub mod json;
mod keywords;
#[cfg(feature = "rust")]
mod lowered_names;
pub mod markdown;
mod media_types;
mod objects;
mod operation;
mod operation_changes;
mod operation_pair;
mod operations;
mod report;
mod resolver;
pub mod rules;
mod scalars;
mod schema_diff;
mod schema_graph;
mod schema_node;
mod schema_view;
mod schemas;
mod security;
mod styles;
pub mod text;
mod type_names;
mod union_members;
mod unions;
mod users;

use std::collections::BTreeMap;

use openapi_document::{Document, Pointer};
use serde_json::Value;

pub use self::{
    operation::{OperationSummary, list_operations},
    report::{Change, Report},
    rules::{Rule, Severity},
};

/// Compares two documents without the names that openapi-lower gives to Rust types.
///
/// Renamed schemas are reported by the names of their components. [`diff`] compares the Rust names,
/// too.
pub fn diff_without_type_names(old: &Value, new: &Value) -> Report {
    operations::compare(old, new, type_names::TypeNames::default())
}

/// Names the element at `pointer` in a message: `` response 200: property `name` ``.
pub fn describe_pointer(root: &Value, pointer: &Pointer) -> String {
    describe::describe_pointer(root, pointer)
}

/// Compares two documents.
///
/// `published` maps schema names to the Rust type names that are already published. A schema added
/// later that would get one of these names gets a longer one. Ignored without the feature `rust`.
pub fn diff(old: &Document, new: &Document, published: &BTreeMap<String, String>) -> Report {
    #[cfg(feature = "rust")]
    let names = lowered_names::type_names(old, new, published);
    #[cfg(not(feature = "rust"))]
    let (names, _) = (type_names::TypeNames::default(), published);
    operations::compare(old.root(), new.root(), names)
}
