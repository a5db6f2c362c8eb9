//! References of a fragment to something that it doesn't contain.

use openapi_diff::Change;
use openapi_document::{Document, Pointer, reference::mapping_reference};
use serde_json::Value;

/// A target that a fragment refers to and doesn't contain.
pub(super) struct Dangling {
    /// The text of the reference.
    pub(super) reference: String,
    /// The pointer of the target; `None` if it is in another document.
    pub(super) target: Option<Pointer>,
    /// The pointer of the first reference in the fragment.
    pub(super) location: Pointer,
    /// The number of references. None if only mappings of discriminators name the target: not every
    /// generator takes those for references.
    pub(super) count: usize,
}

/// Finds the dangling references of a document, once for each target.
pub(super) fn find(document: &Document) -> Vec<Dangling> {
    let mut found: Vec<Dangling> = Vec::new();
    let mut positions = std::collections::HashMap::new();
    for refusal in document.unresolved() {
        let Some(text) = refusal.pointer.resolve(document.root()).and_then(Value::as_str) else {
            continue;
        };
        let is_reference = refusal.pointer.segments().last().is_some_and(|last| last == "$ref");
        let reference = if is_reference { text.to_owned() } else { mapping_reference(text) };
        let position = *positions.entry(reference.clone()).or_insert(found.len());
        match found.get_mut(position) {
            Some(dangling) => dangling.count += usize::from(is_reference),
            None => found.push(Dangling {
                target: Pointer::parse(&reference),
                reference,
                location: refusal.pointer,
                count: usize::from(is_reference),
            }),
        }
    }
    found
}

impl Dangling {
    /// Whether a change of a page is only that its reference dangles.
    pub(super) fn causes(&self, change: &Change, page: &Value) -> bool {
        let is_target = match (&change.old_pointer, &self.target) {
            (Some(pointer), Some(target)) => pointer.segments().starts_with(target.segments()),
            _ => false,
        };
        let refers = || {
            let value = change.new_pointer.as_ref()?.resolve(page)?;
            Some(value.get("$ref")?.as_str()? == self.reference)
        };
        is_target || refers().unwrap_or(false)
    }
}
