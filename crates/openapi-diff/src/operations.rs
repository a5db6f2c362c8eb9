//! Operations: which of two documents are the same, and what changed in them.

use std::collections::{BTreeMap, HashMap, HashSet};

use openapi_document::Pointer;
use serde_json::Value;

use crate::{
    auth,
    calls::Pair,
    graph::Graph,
    names::Names,
    notes::Notes,
    operation::{self, Operation},
    report::Report,
    rules as r,
    schemas::Schemas,
    sides::Sides,
    source::Source,
};

/// Compares all operations of two documents.
pub(crate) fn compare(old: &Value, new: &Value, names: Names) -> Report {
    let (old, new) = (Schemas::new(old), Schemas::new(new));
    let (before, after) = (operation::read(&old.source), operation::read(&new.source));
    let mut places: BTreeMap<String, String> =
        before.iter().map(|operation| (operation.id.clone(), operation.place())).collect();
    places.extend(after.iter().map(|operation| (operation.id.clone(), operation.place())));
    let mut found = Notes::default();
    document(&old.source, &new.source, &mut found);
    let matched = matched(&before, &after);
    for operation in unmatched(&before, matched.iter().map(|(one, _)| *one)) {
        found.removed(operation);
    }
    for operation in unmatched(&after, matched.iter().map(|(_, other)| *other)) {
        found.added(operation);
    }
    let mut graph = Graph::new(Sides { old, new, names });
    let mut ids = Vec::new();
    for (number, (one, other)) in matched.iter().enumerate() {
        let (one, other) = (&before[*one], &after[*other]);
        ids.push(other.id.clone());
        let mut pair = Pair { old: one, new: other, found: &mut found };
        operation(&mut pair);
        for (direction, (old, new)) in pair.schemas(&graph.sides.old, &graph.sides.new) {
            graph.reach(&old, &new, direction, number);
        }
    }
    let mut changes = found.changes;
    changes.extend(graph.changes(&ids));
    Report::from_changes(changes, places)
}

/// Pairs of positions: by operationId first, then by method and full path.
fn matched(old: &[Operation], new: &[Operation]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let (mut one_taken, mut other_taken) = (HashSet::new(), HashSet::new());
    let by = |key: &dyn Fn(&Operation) -> Option<String>,
              one_taken: &mut HashSet<usize>,
              other_taken: &mut HashSet<usize>,
              pairs: &mut Vec<(usize, usize)>| {
        let mut others: HashMap<String, usize> = HashMap::new();
        for (at, operation) in new.iter().enumerate() {
            if let Some(key) = key(operation).filter(|_| !other_taken.contains(&at)) {
                others.entry(key).or_insert(at);
            }
        }
        for (at, operation) in old.iter().enumerate() {
            if one_taken.contains(&at) {
                continue;
            }
            if let Some(other) = key(operation).and_then(|key| others.remove(&key)) {
                one_taken.insert(at);
                other_taken.insert(other);
                pairs.push((at, other));
            }
        }
    };
    let id = |operation: &Operation| operation.has_id.then(|| operation.id.clone());
    let place = |operation: &Operation| Some(format!("{} {}", operation.method, operation.shape()));
    // An id that several operations have, against the rules, is told apart by their places.
    let id_and_place =
        |operation: &Operation| Some(format!("{} {}", id(operation)?, place(operation)?));
    by(&id_and_place, &mut one_taken, &mut other_taken, &mut pairs);
    by(&id, &mut one_taken, &mut other_taken, &mut pairs);
    by(&place, &mut one_taken, &mut other_taken, &mut pairs);
    // In the order of the new document.
    pairs.sort_by_key(|(_, other)| *other);
    pairs
}

fn unmatched<'a, 'b>(
    operations: &'a [Operation<'b>],
    matched: impl Iterator<Item = usize>,
) -> Vec<&'a Operation<'b>> {
    let matched: HashSet<usize> = matched.collect();
    let left = operations.iter().enumerate().filter(|(at, _)| !matched.contains(at));
    left.map(|(_, operation)| operation).collect()
}

/// Title and description of the document.
fn document(old: &Source, new: &Source, found: &mut Notes) {
    for key in ["title", "description"] {
        let at = Pointer::of(["info", key]);
        let text = |source: &Source| {
            let text = source.value(&at).and_then(Value::as_str).unwrap_or_default().trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let (was, is) = (text(old), text(new));
        if was != is {
            let places = (was.is_some().then(|| at.clone()), is.is_some().then(|| at.clone()));
            let message = format!("the document has another {key}");
            found.note(r::INFO_CHANGED, "", places, message, (was, is));
        }
    }
}

/// What an operation is called, where it is, and who may call it.
fn operation(pair: &mut Pair) {
    let (old, new) = (pair.old, pair.new);
    if old.has_id && new.has_id && old.id != new.id {
        let texts = (Some(old.id.clone()), Some(new.id.clone()));
        pair.note(r::OPERATION_RENAMED, "operationId", "the operationId is another", texts);
    }
    if old.method != new.method {
        let texts = (Some(old.method.to_uppercase()), Some(new.method.to_uppercase()));
        pair.note(r::OPERATION_METHOD_CHANGED, "", "the method is another", texts);
    }
    if old.shape() != new.shape() {
        let texts = (Some(old.full_path.clone()), Some(new.full_path.clone()));
        pair.note(r::OPERATION_PATH_CHANGED, "", "the path is another", texts);
    } else if old.path_names() != new.path_names()
        && pair.path_names().iter().all(|(was, is)| was == is)
    {
        let texts = (Some(old.full_path.clone()), Some(new.full_path.clone()));
        pair.note(r::OPERATION_PATH_CHANGED, "", "path parameters changed places", texts);
    }
    for (was, is) in pair.path_names().into_iter().filter(|(was, is)| was != is) {
        let texts = (Some(was.to_owned()), Some(is.to_owned()));
        let message = format!("path parameter `{was}` is `{is}` now");
        pair.note(r::PATH_PARAMETER_RENAMED, "parameters", message, texts);
    }
    if let (Some(was), Some(is)) = (&old.origin, &new.origin)
        && was != is
    {
        let texts = (Some(was.clone()), Some(is.clone()));
        pair.note(r::HOST_CHANGED, "servers", "the host is another", texts);
    }
    if old.auth != new.auth {
        // All that was enough is enough still.
        let loosened = old.auth.is_subset(&new.auth) || new.auth.contains("");
        let rule = if loosened { r::AUTH_LOOSENED } else { r::AUTH_CHANGED };
        let texts = (Some(auth::described(&old.auth)), Some(auth::described(&new.auth)));
        pair.note(rule, "security", "requests are authorized another way", texts);
    }
    match (old.is_deprecated(), new.is_deprecated()) {
        (false, true) => {
            pair.note(r::OPERATION_DEPRECATED, "deprecated", "deprecated", (None, None));
        }
        (true, false) => {
            let message = "not deprecated any more";
            pair.note(r::OPERATION_UNDEPRECATED, "deprecated", message, (None, None));
        }
        _ => {}
    }
    let ends = (&old.at, &new.at);
    pair.prose(
        r::OPERATION_PROSE_CHANGED,
        "the operation",
        (old.value, new.value),
        ends,
        &["summary", "description", "tags", "externalDocs"],
    );
    pair.parameters();
    pair.body();
    pair.responses();
}
