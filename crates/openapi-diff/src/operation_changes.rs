//! The changes of operations.

use openapi_document::Pointer;

use crate::{
    operation::Operation,
    report::Change,
    rules::{self as r, Rule, Severity},
};

/// The old and the new value of a change.
pub(crate) type Values = (Option<String>, Option<String>);

/// The changes of operations.
#[derive(Default)]
pub(crate) struct OperationChanges {
    pub(crate) changes: Vec<Change>,
}

impl OperationChanges {
    /// Adds a change. `operation` is the operation id, or empty for the document itself.
    pub(crate) fn record(
        &mut self,
        rule: &'static Rule,
        operation: &str,
        (old_pointer, new_pointer): (Option<Pointer>, Option<Pointer>),
        message: impl Into<String>,
        (old_value, new_value): Values,
    ) {
        self.changes.push(Change {
            rule,
            wire: rule.wire,
            rust: Severity::None,
            items: Vec::new(),
            old_pointer,
            new_pointer,
            old_location: None,
            new_location: None,
            omitted_operations: 0,
            operations: if operation.is_empty() { Vec::new() } else { vec![operation.to_owned()] },
            message: message.into(),
            old_value,
            new_value,
            accepted: None,
        });
    }

    /// Sets the exact locations of the last change.
    pub(crate) fn locate(&mut self, old: Option<Pointer>, new: Option<Pointer>) {
        if let Some(change) = self.changes.last_mut() {
            (change.old_location, change.new_location) = (old, new);
        }
    }

    /// Adds the removal of an operation.
    pub(crate) fn record_removed(&mut self, operation: &Operation) {
        let pointers = (Some(operation.pointer.clone()), None);
        let values = (Some(operation.method_and_path()), None);
        self.record(r::OPERATION_REMOVED, &operation.id, pointers, "operation removed", values);
    }

    /// Adds the addition of an operation.
    pub(crate) fn record_added(&mut self, operation: &Operation) {
        let pointers = (None, Some(operation.pointer.clone()));
        let values = (None, Some(operation.method_and_path()));
        self.record(r::OPERATION_ADDED, &operation.id, pointers, "operation added", values);
    }
}
