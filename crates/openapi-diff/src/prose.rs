//! Changes of documentation, of which reports show one line per operation.

use std::collections::HashMap;

use crate::{report::Change, rules::Severity};

/// A change, or all changes of documentation of the same operations.
pub(crate) enum Entry<'a> {
    Change(&'a Change),
    Prose(Vec<&'a Change>),
}

/// Folds the changes of documentation of the same operations, at the place of the first.
pub(crate) fn fold<'a>(changes: impl IntoIterator<Item = &'a Change>) -> Vec<Entry<'a>> {
    let mut entries: Vec<Vec<&Change>> = Vec::new();
    let mut positions = HashMap::new();
    for change in changes {
        let key = (&change.operations, change.omitted_operations);
        let position = match is_prose(change) {
            true => *positions.entry(key).or_insert(entries.len()),
            false => entries.len(),
        };
        match entries.get_mut(position) {
            Some(folded) => folded.push(change),
            None => entries.push(vec![change]),
        }
    }
    let entry = |changes: Vec<&'a Change>| match changes.as_slice() {
        [change] => Entry::Change(change),
        _ => Entry::Prose(changes),
    };
    entries.into_iter().map(entry).collect()
}

/// Whether a change is one of documentation only.
fn is_prose(change: &Change) -> bool {
    change.rule.name.ends_with("prose-changed")
        && change.severity() <= Severity::Patch
        && change.accepted.is_none()
}

/// Describes folded changes: how many, and of which elements.
pub(crate) fn describe(changes: &[&Change]) -> String {
    let messages: Vec<&str> = changes.iter().map(|change| change.message.as_str()).collect();
    format!("{} changes of documentation: {}", changes.len(), messages.join("; "))
}
