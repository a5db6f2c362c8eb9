#![doc = include_str!("../README.md")]

#[cfg(feature = "cli")]
pub mod cli;
mod compare;
mod comparison;
mod component;
mod constraints;
mod describe;
mod direction;
mod encodings;
#[cfg(feature = "cli")]
pub mod github;
#[cfg(feature = "rust")]
pub mod guide;
pub mod json;
pub mod junit;
mod keywords;
mod lifecycle;
pub mod markdown;
mod media_types;
mod objects;
mod operation;
mod operation_changes;
mod operation_locations;
mod operation_pair;
mod operations;
mod parameters;
mod patterns;
#[cfg(feature = "cli")]
pub mod policy;
mod prose;
mod received;
mod report;
mod resolver;
pub mod rules;
#[cfg(feature = "rust")]
mod rust;
#[cfg(feature = "cli")]
pub mod sarif;
mod scalars;
mod schema_diff;
mod schema_graph;
mod schema_merge;
mod schema_node;
mod schema_view;
mod schemas;
mod security;
mod shared_media_types;
#[cfg(feature = "cli")]
mod source_lines;
mod styles;
mod successor;
mod successors;
pub mod text;
mod type_names;
mod union_changes;
mod union_members;
mod unions;
mod users;
mod value_sets;

use std::collections::BTreeMap;

use openapi_document::{Document, Pointer};
use serde_json::Value;

#[cfg(feature = "cli")]
pub use self::source_lines::SourceLines;
pub use self::{
    operation::{OperationSummary, list_operations},
    report::{Change, ItemChange, Report},
    rules::{Rule, Severity},
    successor::Successor,
    successors::propose_successors,
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
    let report = {
        let names = published.iter().map(|(key, name)| (key.clone(), name.clone()));
        diff_clients(old, new, &openapi_lower::Config::new("openapi.yaml").names(names))
    };
    #[cfg(not(feature = "rust"))]
    let report = {
        let _ = published;
        let names = type_names::TypeNames::default();
        operations::compare((old.root(), new.root()), names, &Default::default()).rated(|_| {})
    };
    report
}

/// Compares two documents, and the clients that openapi-lower would generate from them with these
/// settings.
///
/// The names of the old client count as published, as if they stood in the file of names.
#[cfg(feature = "rust")]
pub fn diff_clients(old: &Document, new: &Document, config: &openapi_lower::Config) -> Report {
    match diff_surfaces(old, new, config) {
        Ok((_, report)) => report,
        Err(reason) => {
            let names = type_names::TypeNames::default();
            let documents = (old.root(), new.root());
            let unrated = operations::compare(documents, names, config.received_operations());
            let mut report = unrated.rated(|_| {});
            report.rust_unavailable = Some(reason);
            report.add_published_successors(|id| config.successor(id));
            report
        }
    }
}

/// Compares two documents and their clients, and returns the surfaces of these, too.
///
/// # Errors
///
/// The reason why one of the documents can't be generated.
#[cfg(feature = "rust")]
fn diff_surfaces(
    old: &Document,
    new: &Document,
    config: &openapi_lower::Config,
) -> Result<(rust::Surfaces, Report), String> {
    let received = config.received_operations();
    let compare = |names| operations::compare((old.root(), new.root()), names, received);
    let (surfaces, unrated) = rust::Surfaces::read(old, new, config, compare)?;
    let mut report = unrated.rated(|changes| surfaces.rate(old, new, changes));
    report.add_published_successors(|id| config.successor(id));
    Ok((surfaces, report))
}
