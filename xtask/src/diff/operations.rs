//! Operations: which of two documents are the same, and what changed in them.

use std::collections::{BTreeMap, HashMap, HashSet};

use openapi_lower::Pointer;
use serde_json::Value;

use super::{
    auth, calls,
    graph::Graph,
    names::Names,
    operation::{self, Operation},
    report::{Change, Report},
    rules::{self as r, Rule},
    schemas::Schemas,
};

/// Compares all operations of two documents.
pub(super) fn compare(old: &Value, new: &Value, names: Names) -> Report {
    let (old, new) = (Schemas::new(old), Schemas::new(new));
    let (before, after) = (operation::read(&old), operation::read(&new));
    let mut places: BTreeMap<String, String> =
        before.iter().map(|operation| (operation.id.clone(), operation.place())).collect();
    places.extend(after.iter().map(|operation| (operation.id.clone(), operation.place())));
    let mut found = Notes::default();
    document(&old, &new, &mut found);
    let matched = matched(&before, &after);
    for operation in unmatched(&before, matched.iter().map(|(one, _)| *one)) {
        found.removed(operation);
    }
    for operation in unmatched(&after, matched.iter().map(|(_, other)| *other)) {
        found.added(operation);
    }
    let mut graph = Graph::new(old, new, names);
    let mut ids = Vec::new();
    for (number, (one, other)) in matched.iter().enumerate() {
        let (one, other) = (&before[*one], &after[*other]);
        ids.push(other.id.clone());
        let mut pair = calls::Pair { old: one, new: other, found: &mut found };
        operation(&mut pair);
        for (how, (old, new)) in pair.schemas(&graph.old, &graph.new) {
            graph.reach(&old, &new, how, number);
        }
    }
    let mut changes = found.changes;
    changes.extend(graph.changes(&ids));
    Report::from_changes(changes, places)
}

/// Changes of operations, as they are found.
#[derive(Default)]
pub(super) struct Notes {
    changes: Vec<Change>,
}

impl Notes {
    pub(super) fn note(
        &mut self,
        rule: &'static Rule,
        operation: &str,
        (old, new): (Option<Pointer>, Option<Pointer>),
        message: impl Into<String>,
        (was, is): (Option<String>, Option<String>),
    ) {
        self.changes.push(Change {
            rule,
            wire: rule.wire,
            rust: rule.rust,
            old,
            new,
            operations: if operation.is_empty() { Vec::new() } else { vec![operation.to_owned()] },
            message: message.into(),
            was,
            is,
        });
    }

    fn removed(&mut self, operation: &Operation) {
        let places = (Some(operation.at.clone()), None);
        let was = (Some(operation.place()), None);
        self.note(r::OPERATION_REMOVED, &operation.id, places, "the operation is gone", was);
    }

    fn added(&mut self, operation: &Operation) {
        let places = (None, Some(operation.at.clone()));
        let is = (None, Some(operation.place()));
        self.note(r::OPERATION_ADDED, &operation.id, places, "the operation is new", is);
    }
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
fn document(old: &Schemas, new: &Schemas, found: &mut Notes) {
    for key in ["title", "description"] {
        let at = Pointer::of(["info", key]);
        let text = |schemas: &Schemas| {
            let text = schemas.value(&at).and_then(Value::as_str).unwrap_or_default().trim();
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
fn operation(pair: &mut calls::Pair) {
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
