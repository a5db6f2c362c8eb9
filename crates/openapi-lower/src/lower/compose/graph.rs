//! The graph of component schemas by the compositions that lead from one to another.

use openapi_document::reference;
use serde_json::{Map, Value};

use crate::{
    collect::Collect,
    graph::{Components, strong_components},
    json,
    lower::inclusions,
    text_map::TextMap,
};

/// The graph of component schemas by `allOf`, `oneOf` and `anyOf`.
pub(super) struct CompositionGraph<'a> {
    components: Components<'a>,
    names: Vec<&'a str>,
    /// The components that each one includes by `allOf`, directly or within inline schemas.
    included: Vec<Vec<usize>>,
    /// The cycle that each component belongs to.
    cycles: Vec<usize>,
}

impl<'a> CompositionGraph<'a> {
    pub(super) fn new(schemas: &'a Map<String, Value>) -> Self {
        let names: Vec<&str> = schemas.keys().map(String::as_str).collect_vec();
        let components = Components::new(schemas);
        let edges = components.edges(&|schema| {
            let mut targets = Vec::new();
            collect(schema, &mut targets);
            targets
        });
        let included = components.edges(&inclusions::included);
        Self { components, names, included, cycles: strong_components(&edges) }
    }

    /// Whether each of two components leads to the other.
    pub(super) fn is_cycle(&self, one: &str, other: &str) -> bool {
        match (self.components.position(one), self.components.position(other)) {
            (Some(one), Some(other)) => self.cycles[one] == self.cycles[other],
            _ => false,
        }
    }

    /// The components that include each base: an object with a discriminator that other schemas
    /// include by `allOf` (OpenAPI 3.1, section 4.8.25, second example). Both are in the order of
    /// the document.
    pub(super) fn subtypes(&self, schemas: &Map<String, Value>) -> TextMap<&'a str, Vec<&'a str>> {
        let is_base = |schema: &Value| {
            schema.get("discriminator").is_some()
                && ["oneOf", "anyOf"].iter().all(|union| schema.get(union).is_none())
        };
        let mut bases = TextMap::new();
        let mut including: Option<Vec<Vec<usize>>> = None;
        for (index, _) in schemas.values().enumerate().filter(|(_, schema)| is_base(schema)) {
            let including = including.get_or_insert_with(|| self.including());
            let mut pending = vec![index];
            let mut reached = vec![false; self.names.len()];
            while let Some(node) = pending.pop() {
                for other in &including[node] {
                    if *other != index && !std::mem::replace(&mut reached[*other], true) {
                        pending.push(*other);
                    }
                }
            }
            let mut subtypes = Vec::new();
            for (name, is_reached) in self.names.iter().zip(reached) {
                if is_reached {
                    subtypes.push(*name);
                }
            }
            if !subtypes.is_empty() {
                bases.insert(self.names[index], subtypes);
            }
        }
        bases
    }

    /// The components that include each component directly.
    fn including(&self) -> Vec<Vec<usize>> {
        let mut including = vec![Vec::new(); self.included.len()];
        for (node, included) in self.included.iter().enumerate() {
            for other in included {
                including[*other].push(node);
            }
        }
        including
    }
}

/// Collects the components that a schema leads to by compositions, those of inline schemas
/// included.
fn collect(schema: &Value, targets: &mut Vec<String>) {
    for keyword in ["allOf", "oneOf", "anyOf"] {
        for member in json::items(schema.get(keyword)) {
            match reference::target(member) {
                Some(name) => targets.push(name),
                None => collect(member, targets),
            }
        }
    }
}
