//! The verdict for source code: the comparison of the public items of both clients.

mod attribution;
mod items;

use std::collections::BTreeSet;

use openapi_document::Document;
use openapi_lower::{
    Config,
    surface::{Origin, Surface},
};

use self::{
    attribution::Attribution,
    items::{Located, compare},
};
use crate::{
    report::Change,
    rules::{self as r, Rule, Severity},
    type_names::TypeNames,
};

/// The public items of the clients of two documents.
pub(crate) struct Surfaces {
    pub(crate) old: Surface,
    pub(crate) new: Surface,
}

impl Surfaces {
    /// Reads both surfaces. The names of the old client count as published in the new one. `job`
    /// runs meanwhile, with the names of the types of both clients.
    ///
    /// # Errors
    ///
    /// The reason why one of the documents can't be generated.
    pub(crate) fn read<T>(
        old: &Document,
        new: &Document,
        config: &Config,
        job: impl FnOnce(TypeNames) -> T,
    ) -> Result<(Self, T), String> {
        let read = config.surfaces_during(old, new, |old, new| job(TypeNames { old, new }));
        let (old, new, done) = read.map_err(|error| error.to_string())?;
        Ok((Self { old, new }, done))
    }

    /// Sets the severities for source code, and adds the changes of items without a cause.
    pub(crate) fn rate(&self, old: &Document, new: &Document, changes: &mut Vec<Change>) {
        for change in changes.iter_mut() {
            change.rust = change.rule.docs;
        }
        let items = compare(&self.old, &self.new);
        let attribution = Attribution::new((old.root(), new.root()), changes);
        let causes: Vec<_> =
            items.iter().map(|item| likely(attribution.causes(item), changes)).collect();
        for (item, causes) in items.into_iter().zip(causes) {
            if causes.is_empty() {
                changes.push(without_cause(item));
                continue;
            }
            for position in causes {
                let change = &mut changes[position];
                change.rust = change.rust.max(item.change.severity);
                change.items.push(item.change.clone());
            }
        }
    }
}

/// The rules of changes that rarely affect items: only if nothing else explains it.
const UNLIKELY: [&Rule; 10] = [
    r::BODY_PROSE_CHANGED,
    r::DEFAULT_CHANGED,
    r::KEYWORD_CHANGED,
    r::OPERATION_PROSE_CHANGED,
    r::PARAMETER_PROSE_CHANGED,
    r::PROSE_CHANGED,
    r::REQUEST_LOOSENED,
    r::REQUEST_TIGHTENED,
    r::RESPONSE_CONSTRAINT_CHANGED,
    r::RESPONSE_PROSE_CHANGED,
];

/// The likely ones of the causes; all of them if none is likely.
fn likely(causes: BTreeSet<usize>, changes: &[Change]) -> BTreeSet<usize> {
    let is_likely = |position: &&usize| !UNLIKELY.contains(&changes[**position].rule);
    let likely: BTreeSet<usize> = causes.iter().filter(is_likely).copied().collect();
    if likely.is_empty() { causes } else { likely }
}

/// The change of an item that no single change of the document explains.
fn without_cause(item: Located) -> Change {
    let pointer = |origin: Option<Origin>| origin.map(|origin| origin.pointer);
    Change {
        rule: r::GENERATED_CODE_CHANGED,
        wire: Severity::None,
        rust: item.change.severity,
        old_pointer: pointer(item.old),
        new_pointer: pointer(item.new),
        old_location: None,
        new_location: None,
        omitted_operations: 0,
        operations: Vec::new(),
        message: format!("`{}`: {}", item.change.path, item.change.message),
        old_value: None,
        new_value: None,
        accepted: None,
        items: vec![item.change],
    }
}
