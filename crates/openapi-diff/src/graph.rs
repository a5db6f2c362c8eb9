//! The schemas of both documents that belong together, and which operations use them how.

use std::collections::{BTreeSet, HashMap, HashSet};

use openapi_document::Pointer;

use crate::{
    compare::compare,
    direction::Direction,
    finding::{Finding, Found},
    place::Place,
    report::{Change, rust},
    rules::{self as r, Rule, Severity},
    sides::Sides,
};

/// Two schemas, what was found in them, and who uses them.
struct Pair {
    places: (Place, Place),
    findings: Vec<Finding>,
    below: Vec<usize>,
    /// Positions of operations, for requests and for answers.
    uses: [BTreeSet<usize>; 2],
}

/// All pairs of schemas that were reached.
pub(crate) struct Graph<'a> {
    pub(crate) sides: Sides<'a>,
    known: HashMap<(Place, Place), usize>,
    pairs: Vec<Pair>,
}

impl<'a> Graph<'a> {
    pub(crate) fn new(sides: Sides<'a>) -> Self {
        Self { sides, known: HashMap::new(), pairs: Vec::new() }
    }

    /// Notes that an operation uses two schemas, and all below them.
    pub(crate) fn reach(
        &mut self,
        old: &Pointer,
        new: &Pointer,
        direction: Direction,
        operation: usize,
    ) {
        let start = self.pair(&Place::at(old.clone()), &Place::at(new.clone()));
        let mut open = vec![start];
        while let Some(at) = open.pop() {
            if self.pairs[at].uses[direction as usize].insert(operation) {
                open.extend(&self.pairs[at].below);
            }
        }
    }

    /// The position of two schemas; those that are reached for the first time are compared, with
    /// all below them.
    fn pair(&mut self, old: &Place, new: &Place) -> usize {
        let (first, is_new) = self.position(old, new);
        let mut open: Vec<usize> = is_new.into_iter().collect();
        while let Some(at) = open.pop() {
            for (old, new) in self.compared(at) {
                let (position, is_new) = self.position(&old, &new);
                self.pairs[at].below.push(position);
                open.extend(is_new);
            }
        }
        first
    }

    /// The position of two schemas, and once more if they weren't known.
    fn position(&mut self, old: &Place, new: &Place) -> (usize, Option<usize>) {
        let (old, new) = (self.sides.old.node(old), self.sides.new.node(new));
        let key = (old.place.clone(), new.place.clone());
        if let Some(position) = self.known.get(&key) {
            return (*position, None);
        }
        let position = self.pairs.len();
        self.known.insert(key.clone(), position);
        self.pairs.push(Pair {
            places: key,
            findings: Vec::new(),
            below: Vec::new(),
            uses: Default::default(),
        });
        (position, Some(position))
    }

    /// Compares the two schemas at a position; those below them are what it returns.
    fn compared(&mut self, at: usize) -> Vec<(Place, Place)> {
        let (old, new) = &self.pairs[at].places;
        let (old, new) = (self.sides.old.node(old), self.sides.new.node(new));
        let Found { findings, below } = compare(&self.sides, &old, &new);
        self.pairs[at].findings = findings;
        below
    }

    /// All that was found, judged by how it is used.
    pub(crate) fn changes(&self, operations: &[String]) -> Vec<Change> {
        let mut changes: Vec<Change> = Vec::new();
        let mut known = HashMap::new();
        for pair in &self.pairs {
            for finding in &pair.findings {
                let key = (finding.old.clone(), finding.new.clone(), finding.message.clone());
                let uses: [Vec<usize>; 2] =
                    pair.uses.clone().map(|operations| operations.into_iter().collect());
                known.entry(key).or_insert_with(|| (finding, Vec::new())).1.push(uses);
            }
        }
        let mut found: Vec<_> = known.into_values().collect();
        found.sort_by(|(one, _), (other, _)| {
            (&one.new, &one.old, &one.message).cmp(&(&other.new, &other.old, &other.message))
        });
        for (finding, uses) in found {
            let used =
                |direction: Direction| uses.iter().any(|uses| !uses[direction as usize].is_empty());
            // Defaults are filled in where a type is only received.
            let defaults = [r::RESPONSE_DEFAULT_ADDED, r::RESPONSE_DEFAULT_REMOVED];
            let counts = |rule: &&Rule| !(used(Direction::Request) && defaults.contains(rule));
            let rules = [
                finding.request.filter(|_| used(Direction::Request)),
                finding.response.filter(|_| used(Direction::Response)).filter(counts),
            ];
            let rules = rules.into_iter().flatten();
            let worst = |severity: fn(&Rule) -> Severity| {
                rules.clone().map(severity).max().unwrap_or_default()
            };
            let Some(rule) = rules.clone().max_by_key(|rule| (rule.wire.max(rule.rust), rule.wire))
            else {
                continue;
            };
            let reached: HashSet<usize> = uses.iter().flatten().flatten().copied().collect();
            let mut reached: Vec<usize> = reached.into_iter().collect();
            reached.sort_unstable();
            changes.push(Change {
                rule,
                wire: worst(|rule| rule.wire),
                rust: rust(worst(|rule| rule.rust)),
                old: finding.old.clone(),
                new: finding.new.clone(),
                operations: reached.iter().map(|at| operations[*at].clone()).collect(),
                message: finding.message.clone(),
                was: finding.was.clone(),
                is: finding.is.clone(),
            });
        }
        changes
    }
}
