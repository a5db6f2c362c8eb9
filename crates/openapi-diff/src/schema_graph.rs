//! The pairs of schemas that operations use, and the changes that reach each operation.

use std::collections::HashMap;

use openapi_document::Pointer;

use crate::{
    compare::compare,
    comparison::Comparison,
    direction::Direction,
    report::{Change, rust},
    rules::{self as r, Rule, Severity},
    schema_diff::{SchemaChange, SchemaDiff},
    schema_view::SchemaView,
    users::{self, Users},
};

/// The maximum number of operations that all changes of schemas list.
const MAX_LISTED: usize = 1_000_000;

/// The number of operations that a change lists beyond [`MAX_LISTED`].
const MIN_LISTED: usize = 10;

/// Two schemas that are compared with each other, and the operations that use them.
struct SchemaPair {
    views: (SchemaView, SchemaView),
    changes: Vec<SchemaChange>,
    /// The positions of the pairs of subschemas.
    children: Vec<usize>,
}

/// The pairs of schemas that operations use, each compared once.
pub(crate) struct SchemaGraph<'a> {
    pub(crate) comparison: Comparison<'a>,
    positions: HashMap<(SchemaView, SchemaView), usize>,
    pairs: Vec<SchemaPair>,
    /// The pairs that operations use themselves: their positions, the directions, and the positions
    /// of the operations.
    uses: Vec<(usize, Direction, usize)>,
}

impl<'a> SchemaGraph<'a> {
    pub(crate) fn new(comparison: Comparison<'a>) -> Self {
        Self { comparison, positions: HashMap::new(), pairs: Vec::new(), uses: Vec::new() }
    }

    /// Registers that an operation uses two schemas and all their subschemas.
    pub(crate) fn add_use(
        &mut self,
        old: &Pointer,
        new: &Pointer,
        direction: Direction,
        operation: usize,
    ) {
        let pair = self.compared_pair(&SchemaView::new(old.clone()), &SchemaView::new(new.clone()));
        self.uses.push((pair, direction, operation));
    }

    /// The position of a pair. A pair that isn't known yet is compared, with all its subschemas.
    fn compared_pair(&mut self, old: &SchemaView, new: &SchemaView) -> usize {
        let (root, added) = self.position(old, new);
        let mut pending: Vec<usize> = added.into_iter().collect();
        while let Some(position) = pending.pop() {
            for (old, new) in self.compare_pair(position) {
                let (child, added) = self.position(&old, &new);
                self.pairs[position].children.push(child);
                pending.extend(added);
            }
        }
        root
    }

    /// The position of a pair, and the same again if the pair wasn't known yet.
    fn position(&mut self, old: &SchemaView, new: &SchemaView) -> (usize, Option<usize>) {
        let (old, new) = (self.comparison.old.node(old), self.comparison.new.node(new));
        let key = (old.view.clone(), new.view.clone());
        if let Some(position) = self.positions.get(&key) {
            return (*position, None);
        }
        let position = self.pairs.len();
        self.positions.insert(key.clone(), position);
        self.pairs.push(SchemaPair { views: key, changes: Vec::new(), children: Vec::new() });
        (position, Some(position))
    }

    /// Compares the schemas of a pair, and returns their subschemas.
    fn compare_pair(&mut self, position: usize) -> Vec<(SchemaView, SchemaView)> {
        let (old, new) = &self.pairs[position].views;
        let (old, new) = (self.comparison.old.node(old), self.comparison.new.node(new));
        let SchemaDiff { changes, children } = compare(&self.comparison, &old, &new);
        self.pairs[position].changes = changes;
        children
    }

    /// All changes of schemas, with the severities for the directions in which they are used.
    ///
    /// `operations` are the ids by position.
    pub(crate) fn changes(&self, operations: &[String]) -> Vec<Change> {
        let edges: Vec<&[usize]> = self.pairs.iter().map(|pair| &*pair.children).collect();
        let users = [Direction::Request, Direction::Response].map(|direction| {
            let uses = self.uses.iter().filter(|(_, own, _)| *own == direction);
            let uses: Vec<_> = uses.map(|(pair, _, operation)| (*pair, *operation)).collect();
            users::users(&edges, &uses, operations.len())
        });
        let mut uses_by_key = HashMap::new();
        for (position, pair) in self.pairs.iter().enumerate() {
            for change in &pair.changes {
                let key = (&change.old_pointer, &change.new_pointer, &change.key);
                let uses = &mut uses_by_key.entry(key).or_insert_with(|| (change, Vec::new())).1;
                uses.push([&users[0][position], &users[1][position]]);
            }
        }
        let mut schema_changes: Vec<_> = uses_by_key.into_values().collect();
        schema_changes.sort_by_key(|(change, _)| {
            (&change.new_pointer, &change.old_pointer, &change.message, &change.key)
        });
        let mut changes = Vec::new();
        let mut listed = 0;
        for (change, uses) in schema_changes {
            let is_used = |direction: Direction| {
                uses.iter().any(|users| !users[direction as usize].is_empty())
            };
            // Only types that are never sent are filled with defaults.
            let default_rules = [r::RESPONSE_DEFAULT_ADDED, r::RESPONSE_DEFAULT_REMOVED];
            let applies =
                |rule: &&Rule| !(is_used(Direction::Request) && default_rules.contains(rule));
            let rules = [
                Some(change.request_rule).filter(|_| is_used(Direction::Request)),
                Some(change.response_rule).filter(|_| is_used(Direction::Response)).filter(applies),
            ];
            let rules = rules.into_iter().flatten();
            let highest = |severity: fn(&Rule) -> Severity| {
                rules.clone().map(severity).max().unwrap_or_default()
            };
            let Some(rule) = rules.clone().max_by_key(|rule| (rule.wire.max(rule.rust), rule.wire))
            else {
                continue;
            };
            let affected = Users::union(uses.iter().flatten().copied());
            let count = affected.count();
            // Many changes that affect many operations would list each of them many times.
            let limit = if listed + count > MAX_LISTED { MIN_LISTED } else { count };
            let ids = affected.positions().take(limit).map(|position| operations[position].clone());
            let ids: Vec<String> = ids.collect();
            listed += ids.len();
            changes.push(Change {
                rule,
                wire: highest(|rule| rule.wire),
                rust: rust(highest(|rule| rule.rust)),
                old_pointer: Some(change.old_pointer.clone()),
                new_pointer: Some(change.new_pointer.clone()),
                omitted_operations: count - ids.len(),
                operations: ids,
                message: change.message.clone(),
                old_value: change.old_value.clone(),
                new_value: change.new_value.clone(),
            });
        }
        changes
    }
}
