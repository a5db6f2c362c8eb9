//! The changes of the document that cause a change of an item.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    ops::Bound,
};

use openapi_document::Pointer;
use serde_json::Value;

use super::items::Located;
use crate::report::Change;

/// The maximum number of schemas that are followed from the place of an item.
const MAX_SCHEMAS: usize = 200;

/// One document, and the changes by the segments of their pointers into it.
struct Side<'a> {
    root: &'a Value,
    changes: BTreeMap<&'a [String], Vec<usize>>,
    /// The places of all references to each schema.
    uses: HashMap<Pointer, Vec<Pointer>>,
}

impl<'a> Side<'a> {
    fn new(root: &'a Value, pointers: impl Iterator<Item = [&'a Option<Pointer>; 2]>) -> Self {
        let mut changes: BTreeMap<&[String], Vec<usize>> = BTreeMap::new();
        for (position, pointers) in pointers.enumerate() {
            for pointer in pointers.into_iter().flatten() {
                changes.entry(pointer.segments()).or_default().push(position);
            }
        }
        let mut uses = HashMap::new();
        add_uses(root, &Pointer::root(), &mut uses);
        Self { root, changes, uses }
    }
}

/// Both documents and the changes between them.
pub(super) struct Attribution<'a> {
    old: Side<'a>,
    new: Side<'a>,
}

impl<'a> Attribution<'a> {
    pub(super) fn new((old, new): (&'a Value, &'a Value), changes: &'a [Change]) -> Self {
        let pointers = changes.iter();
        let old_pointers = pointers.clone().map(|one| [&one.old_pointer, &one.old_location]);
        let new_pointers = pointers.map(|one| [&one.new_pointer, &one.new_location]);
        Self { old: Side::new(old, old_pointers), new: Side::new(new, new_pointers) }
    }

    /// The positions of the changes that cause the change of an item; none if only several
    /// together, or one elsewhere, do.
    pub(super) fn causes(&self, item: &Located) -> BTreeSet<usize> {
        let searches: [Search; 5] = [
            |side, place, names| side.named(place, names),
            |side, place, names| side.reachable(place, names),
            |side, place, _| side.within(place),
            |side, place, _| side.enclosing(place),
            |side, place, _| side.using(place),
        ];
        let sides = [(&self.old, &item.old), (&self.new, &item.new)];
        for search in searches {
            let found = sides.iter().flat_map(|(side, origin)| {
                origin.iter().flat_map(|origin| search(side, &origin.pointer, &item.names))
            });
            let found: BTreeSet<usize> = found.collect();
            if !found.is_empty() {
                return found;
            }
        }
        BTreeSet::new()
    }
}

/// A search for changes by a place in one document and the names of properties and parameters.
type Search = fn(&Side<'_>, &Pointer, &BTreeSet<String>) -> BTreeSet<usize>;

impl Side<'_> {
    /// The changes at `place` or within it, with the segments below it.
    fn below<'b>(
        &'b self,
        place: &'b Pointer,
    ) -> impl Iterator<Item = (&'b [String], &'b [usize])> {
        let place = place.segments();
        let from = (Bound::Included(place), Bound::Unbounded);
        // What begins with the same segments stands together.
        self.changes.range::<[String], _>(from).map_while(move |(segments, changes)| {
            segments.strip_prefix(place)?;
            Some((*segments, changes.as_slice()))
        })
    }

    /// The changes of properties, parameters and parts with one of these names, at `place`.
    fn named(&self, place: &Pointer, names: &BTreeSet<String>) -> BTreeSet<usize> {
        if names.is_empty() {
            return BTreeSet::new();
        }
        let count = place.segments().len();
        let is_property = |segments: &[String]| {
            segments[count..]
                .windows(2)
                .any(|pair| pair[0] == "properties" && names.contains(pair[1].as_str()))
        };
        let properties = self.below(place).filter(|(segments, _)| is_property(segments));
        let mut found: BTreeSet<usize> =
            properties.flat_map(|(_, changes)| changes).copied().collect();
        for parameter in self.parameters(place, names) {
            found.extend(self.within(&parameter));
        }
        found
    }

    /// The places of the parameters with one of these names of the operation at `place`: its own,
    /// those of the path item, and components.
    fn parameters(&self, place: &Pointer, names: &BTreeSet<String>) -> Vec<Pointer> {
        let lists = [Some(place.clone()), place.parent()].into_iter().flatten();
        let mut found = Vec::new();
        for list in lists.map(|owner| owner.join("parameters")) {
            let parameters = list.resolve(self.root).and_then(Value::as_array);
            for (index, parameter) in parameters.into_iter().flatten().enumerate() {
                let at = target(parameter).unwrap_or_else(|| list.join(index));
                let name = at.resolve(self.root).and_then(|one| one.get("name")?.as_str());
                if name.is_some_and(|name| names.contains(name)) {
                    found.push(at);
                }
            }
        }
        found
    }

    /// The changes at `place` or within it.
    fn within(&self, place: &Pointer) -> BTreeSet<usize> {
        self.below(place).flat_map(|(_, changes)| changes).copied().collect()
    }

    /// The changes of what `place` is within, the closest ones.
    fn enclosing(&self, place: &Pointer) -> BTreeSet<usize> {
        let segments = place.segments();
        let found =
            (1..segments.len()).rev().find_map(|count| self.changes.get(&segments[..count]));
        found.into_iter().flatten().copied().collect()
    }

    /// The changes of what refers to the schema at `place`, the closest ones.
    fn using(&self, place: &Pointer) -> BTreeSet<usize> {
        let mut pending = VecDeque::from([place.clone()]);
        let mut seen = HashSet::from([place.clone()]);
        while let Some(next) = pending.pop_front() {
            let mut found = BTreeSet::new();
            for location in self.uses.get(&next).into_iter().flatten() {
                found.extend(self.enclosing(location));
                // The component that the reference is in.
                let Some(user) = location.segments().get(..3) else { continue };
                let user = Pointer::from_segments(user.iter().cloned());
                if seen.len() < MAX_SCHEMAS && seen.insert(user.clone()) {
                    pending.push_back(user);
                }
            }
            if !found.is_empty() {
                return found;
            }
        }
        BTreeSet::new()
    }

    /// The changes of schemas that the one at `place`, or its properties of these names, refer to:
    /// the closest ones.
    fn reachable(&self, place: &Pointer, names: &BTreeSet<String>) -> BTreeSet<usize> {
        let mut pending = VecDeque::from(self.starts(place, names));
        let mut seen: HashSet<Pointer> = pending.iter().cloned().collect();
        while let Some(next) = pending.pop_front() {
            let found = self.within(&next);
            if !found.is_empty() {
                return found;
            }
            let Some(schema) = next.resolve(self.root) else { continue };
            let mut targets = Vec::new();
            add_targets(schema, &mut targets);
            for target in targets {
                if seen.len() < MAX_SCHEMAS && seen.insert(target.clone()) {
                    pending.push_back(target);
                }
            }
        }
        BTreeSet::new()
    }

    /// The schemas that the named properties have, wherever the schema at `place` gets them from;
    /// `place` itself without names.
    fn starts(&self, place: &Pointer, names: &BTreeSet<String>) -> Vec<Pointer> {
        if names.is_empty() {
            return vec![place.clone()];
        }
        let mut starts = Vec::new();
        let mut pending = VecDeque::from([place.clone()]);
        let mut seen = HashSet::new();
        while let Some(next) = pending.pop_front() {
            if seen.len() >= MAX_SCHEMAS || !seen.insert(next.clone()) {
                continue;
            }
            let Some(schema) = next.resolve(self.root) else { continue };
            for name in names {
                let property = next.join("properties").join(name);
                starts.extend(property.resolve(self.root).is_some().then_some(property));
            }
            for keyword in ["allOf", "oneOf", "anyOf"] {
                let members = schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
                pending.extend((0..members).map(|index| next.join(keyword).join(index)));
            }
            pending.extend(target(schema));
        }
        starts
    }
}

/// The target of a reference; `None` for other values.
fn target(value: &Value) -> Option<Pointer> {
    value.get("$ref").and_then(Value::as_str).and_then(Pointer::parse)
}

/// Adds the places of all references in the value at `at`. Documents are of limited depth.
fn add_uses(value: &Value, at: &Pointer, uses: &mut HashMap<Pointer, Vec<Pointer>>) {
    match value {
        Value::Object(map) => {
            if let Some(target) = target(value) {
                uses.entry(target).or_default().push(at.clone());
            }
            map.iter().for_each(|(key, value)| add_uses(value, &at.join(key), uses));
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(index, value)| {
                add_uses(value, &at.join(index), uses);
            });
        }
        _ => {}
    }
}

/// Adds the targets of all references in a value. Documents are of limited depth.
fn add_targets(value: &Value, targets: &mut Vec<Pointer>) {
    match value {
        Value::Object(map) => {
            targets.extend(target(value));
            map.values().for_each(|value| add_targets(value, targets));
        }
        Value::Array(values) => values.iter().for_each(|value| add_targets(value, targets)),
        _ => {}
    }
}
