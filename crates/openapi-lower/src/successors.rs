//! The successors of deprecated operations, which documents rarely name.

use std::collections::BTreeMap;

use crate::{
    collect::Collect,
    ir::{ClientModel, Successor},
    lower::Warning,
    text_map::TextMap,
};

/// The maximum number of deprecated operations that follow each other.
const MAX_CHAIN: usize = 8;

/// Sets the successors of deprecated operations, by `operationId`. An operation whose successor is
/// deprecated itself gets that one's successor.
///
/// Returns a warning for each deprecated operation whose successor isn't in the document.
pub(crate) fn set(successors: &BTreeMap<String, String>, model: &mut ClientModel) -> Vec<Warning> {
    let operations = model.operations.iter();
    let operations: TextMap<String, (bool, Successor)> = operations
        .map(|operation| {
            let (function, builder) = (operation.function.clone(), operation.builder.clone());
            (operation.id.clone(), (operation.deprecated, Successor { function, builder }))
        })
        .collect_map();
    let mut warnings = Vec::new();
    for operation in model.operations.iter_mut().filter(|operation| operation.deprecated) {
        let Some(first) = successors.get(&operation.id) else { continue };
        let mut last = first;
        for _ in 0..MAX_CHAIN {
            let is_deprecated = operations.get(last).is_some_and(|(deprecated, _)| *deprecated);
            match successors.get(last).filter(|_| is_deprecated) {
                Some(next) => last = next,
                None => break,
            }
        }
        operation.successor = operations.get(last).map(|(_, successor)| successor.clone());
        if operation.successor.is_none() {
            let message = format!("the successor `{last}` isn't in the document");
            warnings.push(Warning { pointer: operation.pointer.clone(), message });
        }
    }
    warnings
}
