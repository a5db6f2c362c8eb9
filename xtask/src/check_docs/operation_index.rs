//! The operations of the document, by URL, path and id.

use std::collections::HashMap;

use openapi_diff::OperationSummary;
use openapi_document::{Method, PathTemplate};

use super::page::DeclaredOperation;

/// The operations of the document, which are found in constant time.
pub(super) struct OperationIndex {
    operations: Vec<OperationSummary>,
    /// The positions by method and the shape of the URL's path or of the declared path.
    by_shape: HashMap<(Method, String), usize>,
    by_id: HashMap<String, usize>,
}

impl OperationIndex {
    pub(super) fn new(operations: Vec<OperationSummary>) -> Self {
        let (mut by_shape, mut by_id) = (HashMap::new(), HashMap::new());
        for (position, operation) in operations.iter().enumerate() {
            let key = (operation.method.clone(), operation.shape.clone());
            by_shape.entry(key).or_insert(position);
            by_id.entry(operation.id.clone()).or_insert(position);
        }
        // The URL takes precedence over the path.
        for (position, operation) in operations.iter().enumerate() {
            let key = (operation.method.clone(), path_shape(&operation.path));
            by_shape.entry(key).or_insert(position);
        }
        Self { operations, by_shape, by_id }
    }

    /// All operations, in document order.
    pub(super) fn operations(&self) -> &[OperationSummary] {
        &self.operations
    }

    /// The position of an operation that a page shows: with the URL or the id of the fragment, or
    /// the declared path.
    pub(super) fn position(
        &self,
        shown: &OperationSummary,
        declared: Option<&DeclaredOperation>,
    ) -> Option<usize> {
        let url = (shown.method.clone(), shown.shape.clone());
        let position = self.by_shape.get(&url).or_else(|| self.by_id.get(&shown.id));
        position.copied().or_else(|| self.declared_position(declared?))
    }

    /// The position of an operation that a page declares.
    pub(super) fn declared_position(&self, declared: &DeclaredOperation) -> Option<usize> {
        let key = (declared.method.clone(), path_shape(&declared.path));
        self.by_shape.get(&key).copied()
    }
}

/// The shape of a path without a slash at its end.
pub(super) fn path_shape(path: &str) -> String {
    PathTemplate::parse(path.trim_end_matches('/')).shape()
}
