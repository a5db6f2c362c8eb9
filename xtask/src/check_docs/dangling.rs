//! References of a fragment to something that it doesn't contain.

use std::collections::{HashMap, HashSet};

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

/// The dangling references of a fragment.
pub(super) struct DanglingReferences {
    /// Each target once.
    pub(super) targets: Vec<Dangling>,
    references: HashSet<String>,
    pointers: HashSet<Vec<String>>,
}

impl DanglingReferences {
    /// Finds the dangling references of a document.
    pub(super) fn new(document: &Document) -> Self {
        let mut targets: Vec<Dangling> = Vec::new();
        let mut positions = HashMap::new();
        for refusal in document.unresolved() {
            let text = refusal.pointer.resolve(document.root()).and_then(Value::as_str);
            let Some(text) = text else { continue };
            let is_reference = refusal.pointer.segments().last().is_some_and(|last| last == "$ref");
            let reference = if is_reference { text.to_owned() } else { mapping_reference(text) };
            let position = *positions.entry(reference.clone()).or_insert(targets.len());
            match targets.get_mut(position) {
                Some(dangling) => dangling.count += usize::from(is_reference),
                None => targets.push(Dangling {
                    target: Pointer::parse(&reference),
                    reference,
                    location: refusal.pointer,
                    count: usize::from(is_reference),
                }),
            }
        }
        let pointers = targets.iter().filter_map(|dangling| dangling.target.as_ref());
        Self {
            pointers: pointers.map(|pointer| pointer.segments().to_vec()).collect(),
            references: targets.iter().map(|dangling| dangling.reference.clone()).collect(),
            targets,
        }
    }

    /// Whether a change of a page is only that a reference dangles.
    pub(super) fn cause(&self, change: &Change, page: &Value) -> bool {
        if self.targets.is_empty() {
            return false;
        }
        let segments = change.old_pointer.as_ref().map(Pointer::segments).unwrap_or_default();
        let is_target =
            (0..=segments.len()).any(|length| self.pointers.contains(&segments[..length]));
        let reference = || {
            let value = change.new_pointer.as_ref()?.resolve(page)?;
            value.get("$ref")?.as_str()
        };
        is_target || reference().is_some_and(|reference| self.references.contains(reference))
    }
}
