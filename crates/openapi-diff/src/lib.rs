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
mod operation_locations;
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

/// Compares an operation of a document with the same operation of another one.
///
/// Both are identified by method and path; these and their operationIds may differ. For readers of
/// documentation, not for programs: Rust types aren't mentioned, formats are compared as written,
/// and another component in place of one is a single change ([`rules::REFERENCE_CHANGED`]).
pub fn compare_operation(
    (old, old_operation): (&Value, &OperationSummary),
    (new, new_operation): (&Value, &OperationSummary),
) -> Report {
    operations::compare_operation((old, old_operation), (new, new_operation))
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
