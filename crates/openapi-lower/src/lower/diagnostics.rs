//! Warnings and refusals of the lowering.

use openapi_document::{OneLine, Pointer, Refusal};

/// A construct that was lowered in a way its author may not have intended.
///
/// Displayed as [one line](OneLine): the message may quote the document, and Cargo reads each line
/// that a build script prints.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The place in the document.
    pub pointer: Pointer,
    /// The problem and how the construct was lowered.
    pub message: String,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.pointer, OneLine(&self.message))
    }
}

/// Collects refusals and warnings, so that one run reports all of them.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) warnings: Vec<Warning>,
}

impl Diagnostics {
    /// Adds a refusal.
    pub(crate) fn refuse(
        &mut self,
        pointer: &Pointer,
        construct: impl Into<String>,
        reason: impl Into<String>,
    ) {
        self.refusals.push(Refusal::new(pointer.clone(), construct, reason));
    }

    /// Adds a warning.
    pub(crate) fn warn(&mut self, pointer: &Pointer, message: impl Into<String>) {
        self.warnings.push(Warning { pointer: pointer.clone(), message: message.into() });
    }
}
