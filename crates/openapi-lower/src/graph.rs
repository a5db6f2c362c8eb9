//! Directed graphs, without recursion: a chain of schemas may be long.

use serde_json::{Map, Value};

use crate::{collect::Collect, text_map::TextMap};

/// The component schemas as the nodes of a graph, in the order of the document.
pub(crate) struct Components<'a> {
    schemas: &'a Map<String, Value>,
    positions: TextMap<&'a str, usize>,
}

impl<'a> Components<'a> {
    pub(crate) fn new(schemas: &'a Map<String, Value>) -> Self {
        let mut positions = TextMap::new();
        for (position, name) in schemas.keys().enumerate() {
            positions.insert(name.as_str(), position);
        }
        Self { schemas, positions }
    }

    /// The node of a component.
    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// The edges from each component to those that `targets` names.
    pub(crate) fn edges(&self, targets: &dyn Fn(&Value) -> Vec<String>) -> Vec<Vec<usize>> {
        let mut edges = Vec::new();
        for schema in self.schemas.values() {
            let targets = targets(schema);
            edges.push(targets.iter().filter_map(|name| self.position(name)).collect_vec());
        }
        edges
    }
}

/// The nodes, each after those that it leads to; within a cycle in any order.
pub(crate) fn post_order(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut finished = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        let mut path = vec![(start, 0)];
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        while let Some((node, next)) = path.last_mut() {
            match edges[*node].get(*next) {
                Some(to) => {
                    *next += 1;
                    if !std::mem::replace(&mut seen[*to], true) {
                        path.push((*to, 0));
                    }
                }
                None => {
                    finished.push(*node);
                    path.pop();
                }
            }
        }
    }
    finished
}

/// The number of the strongly connected component of each node (Kosaraju's algorithm). Two nodes
/// have the same number if each is reachable from the other.
pub(crate) fn strong_components(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            reversed[*to].push(from);
        }
    }
    let mut components = vec![usize::MAX; edges.len()];
    for start in post_order(edges).into_iter().rev() {
        let mut pending = vec![start];
        while let Some(node) = pending.pop() {
            if components[node] == usize::MAX {
                components[node] = start;
                pending.extend(&reversed[node]);
            }
        }
    }
    components
}

/// Whether each node is reachable from itself.
pub(crate) fn on_cycle(edges: &[Vec<usize>]) -> Vec<bool> {
    let components = strong_components(edges);
    let mut sizes = vec![0_usize; edges.len()];
    for component in &components {
        sizes[*component] += 1;
    }
    let is_cyclic =
        |(node, component): (usize, &usize)| sizes[*component] > 1 || edges[node].contains(&node);
    components.iter().enumerate().map(is_cyclic).collect_vec()
}
