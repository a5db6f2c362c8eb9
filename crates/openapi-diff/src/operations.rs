//! Comparison of two documents: matches their operations and compares them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use openapi_document::Pointer;
use serde_json::Value;

use crate::{
    comparison::{Comparison, Purpose},
    direction::Direction,
    encodings, lifecycle,
    operation::{Operation, OperationSummary, read_operation_at, read_operations},
    operation_changes::OperationChanges,
    operation_locations,
    operation_pair::OperationPair,
    patterns::PatternComparison,
    received::{self, Received},
    report::{Change, Report},
    resolver::Resolver,
    rules as r,
    schema_graph::SchemaGraph,
    schemas::Schemas,
    security, shared_media_types, successors,
    type_names::TypeNames,
};

/// The changes between two documents, without severities for source code.
pub(crate) struct Unrated {
    changes: Vec<Change>,
    /// The report but for its changes.
    report: Report,
    methods_and_paths: BTreeMap<String, String>,
}

impl Unrated {
    /// The report; `rate` sets the severities for source code.
    pub(crate) fn rated(mut self, rate: impl FnOnce(&mut Vec<Change>)) -> Report {
        rate(&mut self.changes);
        let Report { changes, operations, declared, .. } =
            Report::from_changes(self.changes, self.methods_and_paths);
        Report { changes, operations, declared, ..self.report }
    }
}

/// Compares two documents. The operations with the ids in `received` are requests that programs
/// receive, like webhooks.
pub(crate) fn compare(
    (old, new): (&Value, &Value),
    names: TypeNames,
    received: &BTreeSet<String>,
) -> Unrated {
    let (old, new) = (shared_media_types::resolved(old), shared_media_types::resolved(new));
    let (old, new) = (Schemas::new(&old), Schemas::new(&new));
    let is_sent = |operation: &Operation| !received.contains(&operation.id);
    let (old_operations, old_received): (Vec<_>, Vec<_>) =
        read_operations(&old.resolver).into_iter().partition(is_sent);
    let (new_operations, new_received): (Vec<_>, Vec<_>) =
        read_operations(&new.resolver).into_iter().partition(is_sent);
    let entry = |operation: &Operation| (operation.id.clone(), operation.method_and_path());
    let mut methods_and_paths: BTreeMap<String, String> =
        old_operations.iter().map(entry).collect();
    methods_and_paths.extend(new_operations.iter().map(entry));
    let mut changes = OperationChanges::default();
    compare_info(&old.resolver, &new.resolver, &mut changes);
    let matches = match_operations(&old_operations, &new_operations);
    for operation in unmatched(&old_operations, matches.iter().map(|(old, _)| *old)) {
        changes.record_removed(operation);
    }
    for operation in unmatched(&new_operations, matches.iter().map(|(_, new)| *new)) {
        changes.record_added(operation);
    }
    let mut graph = SchemaGraph::new(Comparison {
        old,
        new,
        names,
        patterns: PatternComparison::default(),
        purpose: Purpose::Versions,
    });
    let mut ids = Vec::new();
    for (position, (old, new)) in matches.iter().enumerate() {
        let (old, new) = (&old_operations[*old], &new_operations[*new]);
        ids.push(new.id.clone());
        let mut pair = OperationPair { old, new, changes: &mut changes };
        compare_operations(&mut pair);
        compare_versions(&mut pair);
        let Comparison { old, new, .. } = &graph.comparison;
        encodings::compare(&mut pair, old, new);
        for (direction, (old, new)) in pair.schemas(old, new) {
            graph.add_use(&old, &new, direction, position);
        }
    }
    let mut listed = (ids, methods_and_paths);
    let pairs = matches.iter().map(|(old, new)| (&old_operations[*old], &new_operations[*new]));
    let Comparison { old, new, .. } = &graph.comparison;
    // The id of the new operation identifies both.
    let old_owners = pairs.clone().map(|(old, new)| (old, new.id.as_str()));
    let new_owners = pairs.map(|(_, new)| (new, new.id.as_str()));
    let received = (
        received::read(&old.resolver, old_received, old_owners),
        received::read(&new.resolver, new_received, new_owners),
    );
    compare_received(&received, &mut graph, &mut changes, &mut listed);
    let (ids, methods_and_paths) = listed;
    let newly_deprecated = successors::newly_deprecated(&old_operations, &new_operations);
    let resolver = &graph.comparison.new.resolver;
    let successors =
        successors::propose(&newly_deprecated, &old_operations, &new_operations, resolver);
    let mut changes = changes.changes;
    operation_locations::set(
        &mut changes,
        graph.comparison.old.root(),
        graph.comparison.new.root(),
    );
    changes.extend(graph.changes(&ids));
    let report = Report {
        successors,
        newly_deprecated,
        new_operations: new_operations.iter().map(|operation| operation.id.clone()).collect(),
        ..Report::default()
    };
    Unrated { changes, report, methods_and_paths }
}

/// Compares the requests that programs receive. Adds common ones to the listed ids, and all titles
/// to those of operations.
fn compare_received(
    (old_received, new_received): &(Vec<Received>, Vec<Received>),
    graph: &mut SchemaGraph,
    changes: &mut OperationChanges,
    (ids, titles): &mut (Vec<String>, BTreeMap<String, String>),
) {
    let entry = |one: &Received| (one.operation.id.clone(), one.title());
    titles.extend(old_received.iter().chain(new_received).map(entry));
    for (position, other) in received::compare(old_received, new_received, changes) {
        let (old, new) = (&old_received[position].operation, &new_received[other].operation);
        let schemas = received::schemas(old, new);
        for (direction, (old, new)) in schemas {
            graph.add_use(&old, &new, direction, ids.len());
        }
        ids.push(new.id.clone());
    }
}

/// Compares an operation of a document with one of another document.
pub(crate) fn compare_operation(
    (old, old_operation): (&Value, &OperationSummary),
    (new, new_operation): (&Value, &OperationSummary),
) -> Report {
    let (old, new) = (Schemas::new(old), Schemas::new(new));
    let (Some(old_operation), Some(new_operation)) = (
        read_operation_at(&old.resolver, &old_operation.path, &old_operation.method),
        read_operation_at(&new.resolver, &new_operation.path, &new_operation.method),
    ) else {
        return Report::default();
    };
    let mut changes = OperationChanges::default();
    let mut pair =
        OperationPair { old: &old_operation, new: &new_operation, changes: &mut changes };
    compare_operations(&mut pair);
    if let Some((message, values)) =
        security::compare_schemes(&old_operation.security, &new_operation.security)
    {
        pair.record(r::AUTH_CHANGED, "security", message, values);
    }
    let schemas = pair.schemas(&old, &new);
    let mut graph = SchemaGraph::new(Comparison {
        old,
        new,
        names: TypeNames::default(),
        patterns: PatternComparison::default(),
        purpose: Purpose::Documentation,
    });
    for (direction, (old, new)) in schemas {
        if direction == Direction::Unused {
            continue;
        }
        graph.add_use(&old, &new, direction, 0);
    }
    let mut changes = changes.changes;
    operation_locations::set(
        &mut changes,
        graph.comparison.old.root(),
        graph.comparison.new.root(),
    );
    changes.extend(graph.changes(std::slice::from_ref(&new_operation.id)));
    let operations = [(new_operation.id.clone(), new_operation.method_and_path())];
    Report::from_changes(changes, operations.into())
}

/// Matches operations by operationId, then by method and full path. Returns pairs of positions, in
/// the order of the new document.
fn match_operations(old: &[Operation], new: &[Operation]) -> Vec<(usize, usize)> {
    let mut matches = Matches::default();
    let id = |operation: &Operation| operation.has_id.then(|| operation.id.clone());
    let endpoint =
        |operation: &Operation| Some(format!("{} {}", operation.method, operation.shape()));
    // Duplicate ids, which are invalid, are distinguished by method and path.
    let id_and_endpoint =
        |operation: &Operation| Some(format!("{} {}", id(operation)?, endpoint(operation)?));
    matches.match_by(old, new, id_and_endpoint);
    matches.match_by(old, new, id);
    matches.match_by(old, new, endpoint);
    matches.pairs.sort_by_key(|(_, new)| *new);
    matches.pairs
}

/// The positions of matched operations.
#[derive(Default)]
struct Matches {
    pairs: Vec<(usize, usize)>,
    old: HashSet<usize>,
    new: HashSet<usize>,
}

impl Matches {
    /// Matches the operations that aren't matched yet and have the same key.
    fn match_by(
        &mut self,
        old: &[Operation],
        new: &[Operation],
        key: impl Fn(&Operation) -> Option<String>,
    ) {
        let mut by_key: HashMap<String, usize> = HashMap::new();
        for (position, operation) in new.iter().enumerate() {
            if let Some(key) = key(operation).filter(|_| !self.new.contains(&position)) {
                by_key.entry(key).or_insert(position);
            }
        }
        for (old_position, operation) in old.iter().enumerate() {
            if self.old.contains(&old_position) {
                continue;
            }
            if let Some(new_position) = key(operation).and_then(|key| by_key.remove(&key)) {
                self.old.insert(old_position);
                self.new.insert(new_position);
                self.pairs.push((old_position, new_position));
            }
        }
    }
}

/// The operations whose positions aren't among the matched ones.
fn unmatched<'a, 'b>(
    operations: &'a [Operation<'b>],
    matched: impl Iterator<Item = usize>,
) -> Vec<&'a Operation<'b>> {
    let matched: HashSet<usize> = matched.collect();
    let operations = operations.iter().enumerate();
    operations
        .filter(|(position, _)| !matched.contains(position))
        .map(|(_, operation)| operation)
        .collect()
}

/// Compares the titles and descriptions of the documents.
fn compare_info(old: &Resolver, new: &Resolver, changes: &mut OperationChanges) {
    for key in ["title", "description"] {
        let pointer = Pointer::from_segments(["info", key]);
        let text = |resolver: &Resolver| {
            let text = resolver.value(&pointer).and_then(Value::as_str).unwrap_or_default().trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let values = (text(old), text(new));
        if values.0 != values.1 {
            let pointers = (
                values.0.is_some().then(|| pointer.clone()),
                values.1.is_some().then(|| pointer.clone()),
            );
            let message = format!("document {key} changed");
            changes.record(r::INFO_CHANGED, "", pointers, message, values);
        }
    }
}

/// Compares what programs depend on and documentation rarely shows.
fn compare_versions(pair: &mut OperationPair) {
    let (old, new) = (pair.old, pair.new);
    if let Some((rule, message, values)) = security::compare(&old.security, &new.security) {
        pair.record(rule, "security", message, values);
    }
    if old.token_sources != new.token_sources {
        let list = |sources: &BTreeSet<String>| {
            (!sources.is_empty()).then(|| sources.iter().cloned().collect::<Vec<_>>().join(", "))
        };
        let values = (list(&old.token_sources), list(&new.token_sources));
        pair.record(r::TOKEN_SOURCE_CHANGED, "security", "URLs for tokens changed", values);
    }
    lifecycle::compare(pair);
    compare_base_paths(pair);
}

/// Compares how the same URL is split between the server and the path: users set the former.
fn compare_base_paths(pair: &mut OperationPair) {
    let (old, new) = (&pair.old.base, &pair.new.base);
    if old == new || pair.old.shape() != pair.new.shape() {
        return;
    }
    let (rule, message) = match new.is_empty() {
        true => (
            r::BASE_PATH_MOVED,
            format!("base path `/{old}` moved from the server URL into the path"),
        ),
        false => (
            r::BASE_PATH_ADDED,
            format!("base path in the server URL changed from `/{old}` to `/{new}`"),
        ),
    };
    let values = (Some(format!("/{old}")), Some(format!("/{new}")));
    pair.record(rule, "servers", message, values);
}

/// Compares two operations without the schemas that they use.
fn compare_operations(pair: &mut OperationPair) {
    let (old, new) = (pair.old, pair.new);
    if old.has_id && new.has_id && old.id != new.id {
        let values = (old.id.clone(), new.id.clone());
        pair.record_changed(r::OPERATION_RENAMED, "operationId", "operationId", values);
    }
    if old.method != new.method {
        let values = (old.method.to_string(), new.method.to_string());
        pair.record_changed(r::OPERATION_METHOD_CHANGED, "", "method", values);
    }
    let paths = || (old.full_path.clone(), new.full_path.clone());
    if old.shape() != new.shape() {
        pair.record_changed(r::OPERATION_PATH_CHANGED, "", "path", paths());
    } else if old.path_names() != new.path_names()
        && pair.path_names().iter().all(|(old, new)| old == new)
    {
        let element = "order of path parameters";
        pair.record_changed(r::OPERATION_PATH_CHANGED, "", element, paths());
    }
    for (old_name, new_name) in pair.path_names().into_iter().filter(|(old, new)| old != new) {
        let values = (Some(old_name.to_owned()), Some(new_name.to_owned()));
        let message = format!("path parameter `{old_name}` renamed to `{new_name}`");
        let locations = (old.path_parameter(old_name), new.path_parameter(new_name));
        pair.record(r::PATH_PARAMETER_RENAMED, "parameters", message, values);
        pair.changes.locate(locations.0, locations.1);
    }
    if let (Some(old), Some(new)) = (&old.origin, &new.origin)
        && old != new
    {
        pair.record_changed(r::HOST_CHANGED, "servers", "host", (old.clone(), new.clone()));
    }
    pair.compare_deprecation();
    pair.compare_operation_prose();
    pair.compare_parameters();
    pair.compare_bodies();
    pair.compare_responses();
}
