//! The part of a client that is generated: chosen operations, and the types that they reach.
//!
//! Names, directions and boxes are those of the whole document, so that a further operation only
//! adds items.

use std::{collections::HashSet, fmt, sync::Arc};

use openapi_document::reference;
use openapiv3::ReferenceOr;

use crate::{
    collect::Collect,
    helpers::HelperSelection,
    ir::{ClientModel, Operation},
    lower::Lowered,
    progenitor::operations::by_method,
};

/// Tells whether an operation is generated.
#[derive(Clone)]
pub(crate) struct OperationFilter(Arc<dyn Fn(&Operation) -> bool + Send + Sync>);

impl OperationFilter {
    pub(crate) fn new(is_chosen: impl Fn(&Operation) -> bool + Send + Sync + 'static) -> Self {
        Self(Arc::new(is_chosen))
    }

    pub(crate) fn includes(&self, operation: &Operation) -> bool {
        (self.0)(operation)
    }
}

impl fmt::Debug for OperationFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperationFilter(..)")
    }
}

/// Keeps the operations that `is_chosen` returns true for, with the types that they reach.
pub(crate) fn select(lowered: &mut Lowered, is_chosen: &dyn Fn(&Operation) -> bool) {
    let Some(reached) = select_items(&mut lowered.model, is_chosen) else { return };
    let mut chosen = HashSet::new();
    for operation in &lowered.model.operations {
        chosen.extend([operation.id.as_str(), &operation.core_function]);
    }
    for item in lowered.openapi.paths.paths.values_mut() {
        if let ReferenceOr::Item(item) = item {
            for (_, operation) in by_method(item) {
                operation.take_if(|one| {
                    one.operation_id.as_deref().is_some_and(|id| !chosen.contains(id))
                });
            }
        }
    }
    if let Some(components) = &mut lowered.openapi.components {
        components.schemas.retain(|name, _| reached.contains(name));
    }
}

/// Does so for the model only. Returns the Rust names of the types, or `None` if all operations are
/// chosen: then types stay that none of them reaches.
pub(crate) fn select_items(
    model: &mut ClientModel,
    is_chosen: &dyn Fn(&Operation) -> bool,
) -> Option<HashSet<String>> {
    let all = model.operations.len();
    model.operations.retain(is_chosen);
    if model.operations.len() == all {
        return None;
    }
    let reached = reached_types(model);
    let is_reached = |rust: &String| reached.contains(rust);
    model.enums.retain(|one| is_reached(&one.rust));
    model.objects.retain(|one| is_reached(&one.rust));
    model.untagged_unions.retain(|one| is_reached(&one.rust));
    model.tagged_unions.retain(|one| is_reached(&one.rust));
    model.newtypes.retain(|one| is_reached(&one.rust));
    Some(reached)
}

/// The available helpers that call chosen operations only, in the alternative that the whole client
/// has: another one would change items when a further operation is chosen.
pub(crate) fn select_helpers(whole: HelperSelection, model: &ClientModel) -> HelperSelection {
    let ids: HashSet<&str> = model.operations.iter().map(|one| one.id.as_str()).collect_set();
    let HelperSelection { mut available, unavailable } = whole;
    available.retain(|one| one.operations.iter().all(|id| ids.contains(id.as_str())));
    HelperSelection { available, unavailable }
}

/// The Rust names of the types that the operations reach, and what is received.
fn reached_types(model: &ClientModel) -> HashSet<String> {
    let parts = model.contained_types();
    let mut schemas = Vec::new();
    for operation in &model.operations {
        schemas.extend(operation.schemas());
    }
    for received in model.received.iter().flat_map(|union| &union.variants) {
        schemas.push(&received.payload);
        schemas.extend(received.responses.iter().filter_map(|(_, _, schema)| schema.as_ref()));
    }
    let mut pending: Vec<String> = schemas.into_iter().flat_map(reference::targets).collect_vec();
    let mut reached = HashSet::new();
    while let Some(rust) = pending.pop() {
        if !reached.contains(&rust) {
            if let Some(parts) = parts.get(rust.as_str()) {
                pending.extend_from_slice(parts);
            }
            reached.insert(rust);
        }
    }
    reached
}
