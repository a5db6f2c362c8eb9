//! Changes of operations, as they are found.

use openapi_document::Pointer;

use crate::{
    operation::Operation,
    report::{Change, rust},
    rules::{self as r, Rule},
};

/// What stood there, and what stands there now.
pub(crate) type Texts = (Option<String>, Option<String>);

/// Changes of operations, as they are found.
#[derive(Default)]
pub(crate) struct Notes {
    pub(crate) changes: Vec<Change>,
}

impl Notes {
    pub(crate) fn note(
        &mut self,
        rule: &'static Rule,
        operation: &str,
        (old, new): (Option<Pointer>, Option<Pointer>),
        message: impl Into<String>,
        (was, is): (Option<String>, Option<String>),
    ) {
        self.changes.push(Change {
            rule,
            wire: rule.wire,
            rust: rust(rule.rust),
            old,
            new,
            operations: if operation.is_empty() { Vec::new() } else { vec![operation.to_owned()] },
            message: message.into(),
            was,
            is,
        });
    }

    pub(crate) fn removed(&mut self, operation: &Operation) {
        let places = (Some(operation.at.clone()), None);
        let was = (Some(operation.place()), None);
        self.note(r::OPERATION_REMOVED, &operation.id, places, "the operation is gone", was);
    }

    pub(crate) fn added(&mut self, operation: &Operation) {
        let places = (None, Some(operation.at.clone()));
        let is = (None, Some(operation.place()));
        self.note(r::OPERATION_ADDED, &operation.id, places, "the operation is new", is);
    }
}
