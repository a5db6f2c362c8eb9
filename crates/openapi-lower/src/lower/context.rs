//! What the passes find out on the way.

use openapi_document::{Pointer, Refusal};

/// Something that was lowered by a reading that the document's author may not have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// Where it stands in the document.
    pub pointer: Pointer,
    /// What was made of it.
    pub message: String,
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

/// Collects refusals and warnings, so that one run names them all.
#[derive(Debug, Default)]
pub(crate) struct Context {
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) warnings: Vec<Warning>,
}

impl Context {
    pub(crate) fn refuse(
        &mut self,
        pointer: &Pointer,
        construct: impl Into<String>,
        reason: impl Into<String>,
    ) {
        self.refusals.push(Refusal::new(pointer.clone(), construct, reason));
    }

    pub(crate) fn warn(&mut self, pointer: &Pointer, message: impl Into<String>) {
        self.warnings.push(Warning { pointer: pointer.clone(), message: message.into() });
    }
}
