//! The helpers of the crate with a new document: what they call now, in sentences.

use openapi_document::Document;
use openapi_lower::{AvailableHelper, Config};

/// Describes the helpers that call other operations than with the document before, and those that
/// call a deprecated one. Empty if no client can be made of the new document.
pub(super) fn describe(
    config: &Config,
    before: Option<&Document>,
    after: &Document,
) -> Vec<String> {
    let available = |document: &Document| config.helpers(document).map(|one| one.available);
    let before = before.and_then(|document| available(document).ok()).unwrap_or_default();
    let after = available(after).unwrap_or_default();
    let changed = after.iter().filter_map(|helper| {
        let old = before.iter().find(|one| one.helper == helper.helper)?;
        changed(old, helper)
    });
    let deprecated = after.iter().filter_map(deprecated);
    changed.chain(deprecated).collect()
}

/// Describes a change of the alternative, with its note.
fn changed(old: &AvailableHelper, new: &AvailableHelper) -> Option<String> {
    if old.alternative == new.alternative {
        return None;
    }
    let (before, after) = (names(&old.alternative_operations), names(&new.alternative_operations));
    let mut text = format!("helper `{}` now calls {after} instead of {before}", new.helper);
    if let Some(note) = &new.note {
        text.push_str(&format!(": {}", note.trim_end_matches('.')));
    }
    Some(text)
}

/// Describes the calls of deprecated operations.
fn deprecated(helper: &AvailableHelper) -> Option<String> {
    let are = match helper.deprecated_operations.as_slice() {
        [] => return None,
        [_] => "is",
        _ => "are",
    };
    let operations = names(&helper.deprecated_operations);
    Some(format!("helper `{}` calls {operations}, which {are} deprecated", helper.helper))
}

/// The names of operations.
fn names(operations: &[String]) -> String {
    match operations {
        [] => "no operation".to_owned(),
        _ => operations.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", "),
    }
}
