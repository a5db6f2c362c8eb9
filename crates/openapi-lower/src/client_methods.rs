//! Methods that the user's client has beside those of the operations.

use std::collections::BTreeSet;

use crate::{
    ir::ClientModel,
    lower::{
        Warning,
        names::{TakenNames, unique},
    },
};

/// Renames the operations whose methods would have one of these names. Returns a warning for each.
pub(crate) fn reserve(methods: &BTreeSet<String>, model: &mut ClientModel) -> Vec<Warning> {
    let functions = model.operations.iter().map(|operation| &operation.function);
    let mut taken = TakenNames::from_iter(functions.chain(methods));
    let mut warnings = Vec::new();
    for operation in &mut model.operations {
        if methods.contains(&operation.function) {
            let name = unique(&operation.function, &mut taken);
            let message = format!(
                "the client has a method `{}`: this operation is named `{name}`",
                operation.function
            );
            warnings.push(Warning { pointer: operation.pointer.clone(), message });
            operation.function = name;
        }
    }
    warnings
}
