//! The part of a client that is generated: chosen operations, and the types that they reach.
//!
//! Names, directions and boxes are those of the whole document, so that a further operation only
//! adds items.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use openapi_document::reference;
use openapiv3::{PathItem, ReferenceOr};
use serde_json::Value;

use crate::{
    helpers::HelperSelection,
    ir::{ClientModel, Operation},
    lower::Lowered,
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
pub(crate) fn select(lowered: &mut Lowered, is_chosen: impl Fn(&Operation) -> bool) {
    let Some(reached) = select_items(&mut lowered.model, is_chosen) else { return };
    let chosen = lowered.model.operations.iter().flat_map(|one| [&one.id, &one.core_function]);
    let chosen: HashSet<&str> = chosen.map(String::as_str).collect();
    for item in lowered.openapi.paths.paths.values_mut() {
        if let ReferenceOr::Item(item) = item {
            keep_operations(item, &chosen);
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
    is_chosen: impl Fn(&Operation) -> bool,
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
    let ids: HashSet<&str> = model.operations.iter().map(|one| one.id.as_str()).collect();
    let HelperSelection { mut available, unavailable } = whole;
    available.retain(|one| one.operations.iter().all(|id| ids.contains(id.as_str())));
    HelperSelection { available, unavailable }
}

/// Removes the other operations of a path item.
fn keep_operations(item: &mut PathItem, chosen: &HashSet<&str>) {
    let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
    for operation in [get, put, post, delete, options, head, patch, trace] {
        let id = operation.as_ref().and_then(|one| one.operation_id.as_deref());
        if id.is_some_and(|id| !chosen.contains(id)) {
            *operation = None;
        }
    }
}

/// The Rust names of the types that the operations reach, and what is received.
fn reached_types(model: &ClientModel) -> HashSet<String> {
    let parts = type_parts(model);
    let operations = model.operations.iter().flat_map(Operation::schemas);
    let received = model.received.iter().flat_map(|union| &union.variants);
    let received = received.flat_map(|one| {
        let responses = one.responses.iter().filter_map(|(_, _, schema)| schema.as_ref());
        responses.chain([&one.payload])
    });
    let mut pending: Vec<String> =
        operations.chain(received).flat_map(reference::targets).collect();
    let mut reached = HashSet::new();
    while let Some(rust) = pending.pop() {
        if !reached.contains(&rust) {
            pending.extend(parts.get(rust.as_str()).into_iter().flatten().cloned());
            reached.insert(rust);
        }
    }
    reached
}

/// The Rust names of the types that each type consists of.
fn type_parts(model: &ClientModel) -> HashMap<&str, Vec<String>> {
    let schemas = |schemas: &mut dyn Iterator<Item = &Value>| -> Vec<String> {
        schemas.flat_map(reference::targets).collect()
    };
    let mut parts = HashMap::new();
    for one in &model.objects {
        let extra = one.extra.iter().map(|(_, schema)| schema);
        let mut targets = schemas(&mut one.fields.iter().map(|field| &field.schema).chain(extra));
        targets.extend(one.sibling_tag.iter().map(|sibling| sibling.union.clone()));
        parts.insert(one.rust.as_str(), targets);
    }
    for one in &model.untagged_unions {
        parts.insert(&one.rust, schemas(&mut one.members.iter().map(|(_, schema)| schema)));
    }
    for one in &model.tagged_unions {
        let targets = one.variants.iter().map(|variant| variant.target.clone());
        parts.insert(&one.rust, targets.collect());
    }
    for one in &model.newtypes {
        parts.insert(&one.rust, schemas(&mut [&one.schema].into_iter()));
    }
    parts
}
