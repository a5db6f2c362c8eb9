//! The pairs of schemas that operations use, and the changes that reach each operation.

use std::collections::{BTreeSet, HashMap, HashSet};

use openapi_document::Pointer;

use crate::{
    compare::compare,
    comparison::Comparison,
    direction::Direction,
    report::{Change, rust},
    rules::{self as r, Rule, Severity},
    schema_diff::{SchemaChange, SchemaDiff},
    schema_view::SchemaView,
};

/// Two schemas that are compared with each other, and the operations that use them.
struct SchemaPair {
    views: (SchemaView, SchemaView),
    changes: Vec<SchemaChange>,
    /// The positions of the pairs of subschemas.
    children: Vec<usize>,
    /// The positions of operations, by [`Direction`].
    used_by: [BTreeSet<usize>; 2],
}

/// The pairs of schemas that operations use, each compared once.
pub(crate) struct SchemaGraph<'a> {
    pub(crate) comparison: Comparison<'a>,
    positions: HashMap<(SchemaView, SchemaView), usize>,
    pairs: Vec<SchemaPair>,
}

impl<'a> SchemaGraph<'a> {
    pub(crate) fn new(comparison: Comparison<'a>) -> Self {
        Self { comparison, positions: HashMap::new(), pairs: Vec::new() }
    }

    /// Registers that an operation uses two schemas and all their subschemas.
    pub(crate) fn add_use(
        &mut self,
        old: &Pointer,
        new: &Pointer,
        direction: Direction,
        operation: usize,
    ) {
        let root = self.compared_pair(&SchemaView::new(old.clone()), &SchemaView::new(new.clone()));
        let mut pending = vec![root];
        while let Some(position) = pending.pop() {
            if self.pairs[position].used_by[direction as usize].insert(operation) {
                pending.extend(&self.pairs[position].children);
            }
        }
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
        self.pairs.push(SchemaPair {
            views: key,
            changes: Vec::new(),
            children: Vec::new(),
            used_by: Default::default(),
        });
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
        let mut uses_by_key = HashMap::new();
        for pair in &self.pairs {
            for change in &pair.changes {
                let key = (&change.old_pointer, &change.new_pointer, &change.key);
                uses_by_key
                    .entry(key)
                    .or_insert_with(|| (change, Vec::new()))
                    .1
                    .push(&pair.used_by);
            }
        }
        let mut schema_changes: Vec<_> = uses_by_key.into_values().collect();
        schema_changes.sort_by_key(|(change, _)| {
            (&change.new_pointer, &change.old_pointer, &change.message, &change.key)
        });
        let mut changes = Vec::new();
        for (change, uses) in schema_changes {
            let is_used = |direction: Direction| {
                uses.iter().any(|used_by| !used_by[direction as usize].is_empty())
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
            let affected: HashSet<usize> =
                uses.iter().flat_map(|used_by| used_by.iter()).flatten().copied().collect();
            let mut affected: Vec<usize> = affected.into_iter().collect();
            affected.sort_unstable();
            changes.push(Change {
                rule,
                wire: highest(|rule| rule.wire),
                rust: rust(highest(|rule| rule.rust)),
                old_pointer: Some(change.old_pointer.clone()),
                new_pointer: Some(change.new_pointer.clone()),
                operations: affected.iter().map(|position| operations[*position].clone()).collect(),
                message: change.message.clone(),
                old_value: change.old_value.clone(),
                new_value: change.new_value.clone(),
            });
        }
        changes
    }
}
