//! The pairs of schemas that operations use, and the changes that reach each operation.

use std::{
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use openapi_document::Pointer;

use crate::{
    compare::compare,
    comparison::{Comparison, Purpose},
    component::component_name,
    direction::Direction,
    report::Change,
    rules::{self as r, Rule, Severity},
    schema_diff::{SchemaChange, SchemaDiff, Subschemas},
    schema_view::SchemaView,
    users::{self, Users},
};

/// The maximum number of operations that all changes of schemas list.
const MAX_LISTED: usize = 1_000_000;

/// The number of operations that a change lists beyond [`MAX_LISTED`].
const MIN_LISTED: usize = 10;

/// The names of the components of pairs that are replacements, by the position of the pair.
type Replacements = HashMap<usize, (String, String)>;

/// The operations of used replacements, by the position of the pair and its locations.
type Replaced = HashMap<(usize, (Pointer, Pointer)), BTreeSet<usize>>;

/// Two schemas that are compared with each other.
struct SchemaPair {
    views: (SchemaView, SchemaView),
    changes: Vec<SchemaChange>,
    children: Vec<Edge>,
}

/// The use of a pair by another pair or an operation.
struct Edge {
    /// The position of the pair.
    target: usize,
    /// Where the schemas are used, old and new.
    locations: (Pointer, Pointer),
}

/// The use of a pair by an operation.
struct OperationUse {
    edge: Edge,
    direction: Direction,
    operation: usize,
}

/// The pairs of schemas that operations use, each compared once.
pub(crate) struct SchemaGraph<'a> {
    pub(crate) comparison: Comparison<'a>,
    positions: HashMap<(SchemaView, SchemaView), usize>,
    pairs: Vec<SchemaPair>,
    uses: Vec<OperationUse>,
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
        let views = (SchemaView::new(old.clone()), SchemaView::new(new.clone()));
        let edge = self.compared_pair(views.into());
        self.uses.push(OperationUse { edge, direction, operation });
    }

    /// The edge to a pair. A pair that isn't known yet is compared, with all its subschemas.
    fn compared_pair(&mut self, schemas: Subschemas) -> Edge {
        let (root, added) = self.edge(schemas);
        let mut pending = Vec::from_iter(added.then_some(root.target));
        while let Some(position) = pending.pop() {
            for schemas in self.compare_pair(position) {
                let (child, added) = self.edge(schemas);
                pending.extend(added.then_some(child.target));
                self.pairs[position].children.push(child);
            }
        }
        root
    }

    /// The edge to a pair, and whether the pair wasn't known yet.
    fn edge(&mut self, Subschemas { views: (old, new), locations }: Subschemas) -> (Edge, bool) {
        let (old, new) = (self.comparison.old.node(&old), self.comparison.new.node(&new));
        let key = (old.view.clone(), new.view.clone());
        if let Some(target) = self.positions.get(&key) {
            return (Edge { target: *target, locations }, false);
        }
        let target = self.pairs.len();
        self.positions.insert(key.clone(), target);
        self.pairs.push(SchemaPair { views: key, changes: Vec::new(), children: Vec::new() });
        (Edge { target, locations }, true)
    }

    /// Compares the schemas of a pair, and returns their subschemas.
    fn compare_pair(&mut self, position: usize) -> Vec<Subschemas> {
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
        let replacements = match self.comparison.purpose {
            Purpose::Versions => HashMap::new(),
            Purpose::Documentation => self.replacements(),
        };
        let users = self.users(&replacements, operations.len());
        let replaced = self.replaced(&replacements, &users);
        // Equal changes are one, with the users and the severities of all.
        let mut uses_by_key: HashMap<_, Vec<(&SchemaChange, usize)>> = HashMap::new();
        for (position, pair) in self.pairs.iter().enumerate() {
            for change in &pair.changes {
                let key = (&change.old_pointer, &change.new_pointer, &change.key);
                uses_by_key.entry(key).or_default().push((change, position));
            }
        }
        let mut schema_changes: Vec<_> = uses_by_key.into_values().collect();
        schema_changes.sort_by_key(|uses| {
            let change = uses[0].0;
            (&change.new_pointer, &change.old_pointer, &change.message, &change.key)
        });
        let mut changes = replaced_changes(&replacements, replaced, operations);
        let mut listed = 0;
        for uses in schema_changes {
            let of_direction =
                |direction: Direction, position: usize| &users[direction as usize][position];
            let is_sent = uses.iter().any(|(_, position)| {
                [Direction::Request, Direction::Text]
                    .into_iter()
                    .any(|direction| !of_direction(direction, *position).is_empty())
            });
            // Only types that are never sent are filled with defaults.
            let default_rules = [r::RESPONSE_DEFAULT_ADDED, r::RESPONSE_DEFAULT_REMOVED];
            let applies = |rule: &&Rule| !(is_sent && default_rules.contains(rule));
            let rules = uses.iter().flat_map(|(change, position)| {
                let used = Direction::ALL
                    .into_iter()
                    .filter(move |direction| !of_direction(*direction, *position).is_empty());
                used.map(move |direction| (change.rule(direction), *change))
            });
            let rules = rules.filter(|(rule, _)| applies(rule));
            let severest = rules.clone().max_by_key(|(rule, _)| (rule.wire, rule.docs));
            let Some((rule, change)) = severest else { continue };
            let affected = Users::union(uses.iter().flat_map(|(_, position)| {
                Direction::ALL.map(|direction| of_direction(direction, *position))
            }));
            let count = affected.count();
            // Many changes that affect many operations would list each of them many times.
            let limit = if listed + count > MAX_LISTED { MIN_LISTED } else { count };
            let ids = affected.positions().take(limit).map(|position| operations[position].clone());
            let ids: Vec<String> = ids.collect();
            listed += ids.len();
            changes.push(Change {
                rule,
                wire: rule.wire,
                rust: Severity::None,
                items: Vec::new(),
                old_pointer: Some(change.old_pointer.clone()),
                new_pointer: Some(change.new_pointer.clone()),
                old_location: change.locations.0.clone(),
                new_location: change.locations.1.clone(),
                omitted_operations: count - ids.len(),
                operations: ids,
                message: change.message.clone(),
                old_value: change.old_value.clone(),
                new_value: change.new_value.clone(),
                accepted: None,
            });
        }
        changes
    }

    /// The operations that use each pair, by [`Direction`], without those behind a replacement.
    fn users(&self, replacements: &Replacements, count: usize) -> [Vec<Rc<Users>>; 4] {
        let is_compared = |edge: &&Edge| !replacements.contains_key(&edge.target);
        let children = self
            .pairs
            .iter()
            .map(|pair| pair.children.iter().filter(is_compared).map(|edge| edge.target).collect());
        let children: Vec<Vec<usize>> = children.collect();
        let edges: Vec<&[usize]> = children.iter().map(Vec::as_slice).collect();
        Direction::ALL.map(|direction| {
            let uses = self.uses.iter().filter(|one| one.direction == direction);
            let uses = uses.filter(|one| is_compared(&&one.edge));
            let uses: Vec<_> = uses.map(|one| (one.edge.target, one.operation)).collect();
            users::users(&edges, &uses, count)
        })
    }

    /// The used replacements: their positions, locations and operations.
    fn replaced(&self, replacements: &Replacements, users: &[Vec<Rc<Users>>; 4]) -> Replaced {
        let mut replaced = Replaced::new();
        if replacements.is_empty() {
            return replaced;
        }
        for OperationUse { edge, operation, .. } in &self.uses {
            if replacements.contains_key(&edge.target) {
                let key = (edge.target, edge.locations.clone());
                replaced.entry(key).or_default().insert(*operation);
            }
        }
        for (position, pair) in self.pairs.iter().enumerate() {
            for edge in pair.children.iter().filter(|one| replacements.contains_key(&one.target)) {
                let affected: Vec<usize> =
                    users.iter().flat_map(|users| users[position].positions()).collect();
                if !affected.is_empty() {
                    let key = (edge.target, edge.locations.clone());
                    replaced.entry(key).or_default().extend(affected);
                }
            }
        }
        replaced
    }

    /// The names of both components of each pair that isn't a renamed component but another one,
    /// and whose structure differs; by the position of the pair.
    fn replacements(&self) -> Replacements {
        let Comparison { old, new, .. } = &self.comparison;
        let changed = self.changed_structures();
        let mut replacements = HashMap::new();
        for (position, pair) in self.pairs.iter().enumerate().filter(|(index, _)| changed[*index]) {
            let (old_node, new_node) = (old.node(&pair.views.0), new.node(&pair.views.1));
            let names =
                (component_name(&old_node.definition), component_name(&new_node.definition));
            if let (Some(old_name), Some(new_name)) = names
                && old_name != new_name
                && (old.has_component(new_name) || new.has_component(old_name))
            {
                replacements.insert(position, (old_name.to_owned(), new_name.to_owned()));
            }
        }
        replacements
    }

    /// Whether each pair or a pair that it uses has a change other than of names and prose.
    fn changed_structures(&self) -> Vec<bool> {
        let is_structural = |change: &SchemaChange| {
            ![r::SCHEMA_RENAMED, r::SCHEMA_MOVED, r::TYPE_RENAMED, r::PROSE_CHANGED]
                .contains(&change.request_rule)
        };
        let mut parents = vec![Vec::new(); self.pairs.len()];
        for (position, pair) in self.pairs.iter().enumerate() {
            pair.children.iter().for_each(|child| parents[child.target].push(position));
        }
        let mut changed = vec![false; self.pairs.len()];
        let with_changes = self
            .pairs
            .iter()
            .enumerate()
            .filter(|(_, pair)| pair.changes.iter().any(is_structural));
        let mut pending: Vec<usize> = with_changes.map(|(position, _)| position).collect();
        while let Some(position) = pending.pop() {
            if !std::mem::replace(&mut changed[position], true) {
                pending.extend(&parents[position]);
            }
        }
        changed
    }
}

/// The changes for components in place of others, in the order of their locations.
fn replaced_changes(
    names: &Replacements,
    replaced: Replaced,
    operations: &[String],
) -> Vec<Change> {
    let mut replaced: Vec<_> = replaced.into_iter().collect();
    replaced.sort_by(|((_, one), _), ((_, other), _)| one.cmp(other));
    let change =
        |((position, (old, new)), affected): ((usize, (Pointer, Pointer)), BTreeSet<_>)| {
            let (old_name, new_name) = &names[&position];
            let rule = r::REFERENCE_CHANGED;
            Change {
                rule,
                wire: rule.wire,
                rust: Severity::None,
                items: Vec::new(),
                old_pointer: Some(old),
                new_pointer: Some(new),
                old_location: None,
                new_location: None,
                omitted_operations: 0,
                operations: affected
                    .into_iter()
                    .map(|index: usize| operations[index].clone())
                    .collect(),
                message: format!("schema `{old_name}` replaced by `{new_name}`"),
                old_value: Some(format!("`{old_name}`")),
                new_value: Some(format!("`{new_name}`")),
                accepted: None,
            }
        };
    replaced.into_iter().map(change).collect()
}
