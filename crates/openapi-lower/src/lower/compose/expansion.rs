//! Takes schemas apart that apply to the same value, with the components that they refer to.

use std::collections::HashSet;

use openapi_document::reference;
use serde_json::{Map, Value};

use super::graph::CompositionGraph;
use crate::{
    json,
    lower::{dialect::keywords::is_annotation, hints},
};

/// The components whose members are being combined.
pub(super) type Active<'a> = [&'a str];

/// Schemas that apply to the same value, taken apart.
#[derive(Default)]
pub(super) struct Parts<'v> {
    /// Schemas without references and compositions.
    pub(super) maps: Vec<Map<String, Value>>,
    pub(super) unions: Vec<UnionPart<'v>>,
}

impl Parts<'_> {
    /// Whether the unions are the same.
    pub(super) fn is_same_union(&self, other: &Self) -> bool {
        let is_same = |(one, other): (&UnionPart<'_>, &UnionPart<'_>)| {
            std::ptr::eq(one.members, other.members) || one.members == other.members
        };
        self.unions.len() == other.unions.len()
            && self.unions.iter().zip(&other.unions).all(is_same)
    }
}

/// A union among other schemas.
pub(super) struct UnionPart<'v> {
    /// The component that it stands in.
    pub(super) owner: Option<&'v str>,
    pub(super) keyword: &'static str,
    pub(super) members: &'v Vec<Value>,
    pub(super) discriminator: Option<&'v Value>,
}

/// The state of taking schemas apart.
pub(super) struct Expansion<'s, 'v> {
    schemas: &'v Map<String, Value>,
    graph: &'s CompositionGraph<'v>,
    active: &'s Active<'s>,
    parts: Parts<'v>,
    /// The components between the start and the current schema.
    path: Vec<&'v str>,
    /// The components that were taken apart.
    done: HashSet<&'v str>,
}

impl<'s, 'v> Expansion<'s, 'v> {
    pub(super) fn new(
        schemas: &'v Map<String, Value>,
        graph: &'s CompositionGraph<'v>,
        active: &'s Active<'s>,
    ) -> Self {
        let (path, done) = (Vec::new(), HashSet::new());
        Self { schemas, graph, active, parts: Parts::default(), path, done }
    }

    /// Takes entries apart.
    pub(super) fn expand(mut self, entries: &'v [Value]) -> Parts<'v> {
        for entry in entries {
            self.add(entry);
        }
        self.parts
    }

    fn add(&mut self, schema: &'v Value) {
        let Value::Object(map) = schema else { return };
        if let Some(name) = reference::target(schema) {
            let Some((name, target)) = self.schemas.get_key_value(&name) else { return };
            // A second time, it adds nothing.
            if self.done.insert(name) {
                self.path.push(name);
                self.add(target);
                self.path.pop();
            }
            return;
        }
        for member in json::items(map.get("allOf")) {
            self.add(member);
        }
        let owner = self.path.last().copied();
        let is_endless = owner.is_some_and(|owner| self.is_endless(owner));
        let mut discriminator = map.get("discriminator");
        for keyword in ["oneOf", "anyOf"] {
            let Some(members) = map.get(keyword).and_then(Value::as_array) else { continue };
            let discriminator = discriminator.take();
            if !is_endless {
                self.parts.unions.push(UnionPart { owner, keyword, members, discriminator });
            }
        }
        let own = map.iter().filter(|(key, _)| {
            let is_other = ["allOf", "oneOf", "anyOf", "nullable", "discriminator"];
            !is_other.contains(&key.as_str()) && (!is_annotation(key) || *key == hints::NOTES)
        });
        let own: Map<String, Value> =
            own.map(|(key, value)| (key.clone(), value.clone())).collect();
        if !own.is_empty() {
            self.parts.maps.push(own);
        }
    }

    /// Whether the members of the current component come back to it.
    fn is_endless(&self, owner: &str) -> bool {
        let outer = &self.path[..self.path.len() - 1];
        let mut others = self.active.iter().chain(outer);
        self.active.contains(&owner) || others.any(|one| self.graph.is_cycle(one, owner))
    }
}
