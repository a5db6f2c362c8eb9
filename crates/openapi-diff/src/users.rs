//! The operations that use each node of a graph, directly or through other nodes.

use std::rc::Rc;

/// A set of operations by their positions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Users(Vec<u64>);

impl Users {
    fn insert(&mut self, position: usize, count: usize) {
        self.0.resize(count.div_ceil(64), 0);
        self.0[position / 64] |= 1 << (position % 64);
    }

    /// The operations of all sets.
    pub(crate) fn union<'a>(sets: impl Iterator<Item = &'a Rc<Self>>) -> Self {
        sets.fold(Self::default(), |mut union, set| {
            union.add(set);
            union
        })
    }

    fn add(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own |= other;
        }
    }

    fn contains_all(&self, other: &Self) -> bool {
        let padded = self.0.iter().copied().chain(std::iter::repeat(0));
        other.0.iter().zip(padded).all(|(other, own)| other & !own == 0)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|bits| bits.count_ones() as usize).sum()
    }

    /// The positions in ascending order.
    pub(crate) fn positions(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(index, bits)| {
            let bits = *bits;
            (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| index * 64 + bit)
        })
    }
}

/// The users of each node. `edges` are the nodes that each node leads to, and `uses` the nodes that
/// operations use themselves, of `count` operations. Without recursion: a graph may be deep.
pub(crate) fn users(edges: &[&[usize]], uses: &[(usize, usize)], count: usize) -> Vec<Rc<Users>> {
    let mut own: Vec<Option<Users>> = vec![None; edges.len()];
    for (node, operation) in uses {
        own[*node].get_or_insert_default().insert(*operation, count);
    }
    let components = components(edges);
    let mut incoming = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in *targets {
            incoming[*to].push(from);
        }
    }
    let empty = Rc::new(Users::default());
    let mut users = vec![empty.clone(); edges.len()];
    // A component comes after those that lead to it.
    for nodes in components {
        let sources = nodes.iter().flat_map(|node| &incoming[*node]);
        let mut sets: Vec<Rc<Users>> = sources.map(|source| users[*source].clone()).collect();
        sets.extend(nodes.iter().filter_map(|node| own[*node].take()).map(Rc::new));
        // Most nodes have the users of one of those that lead to them, and share its set.
        sets.sort_by_key(|set| std::cmp::Reverse(set.count()));
        sets.dedup_by(|one, other| Rc::ptr_eq(one, other));
        let largest = sets.first().cloned().unwrap_or_else(|| empty.clone());
        let set = match sets.iter().all(|set| largest.contains_all(set)) {
            true => largest,
            false => Rc::new(Users::union(sets.iter())),
        };
        for node in nodes {
            users[node] = set.clone();
        }
    }
    users
}

/// The strongly connected components (Tarjan's algorithm), each after those that lead to it.
fn components(edges: &[&[usize]]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut order = vec![UNSEEN; edges.len()];
    let mut lowest = vec![0; edges.len()];
    let mut is_open = vec![false; edges.len()];
    let (mut open, mut components, mut count) = (Vec::new(), Vec::new(), 0);
    for start in 0..edges.len() {
        let mut path = Vec::new();
        if order[start] == UNSEEN {
            path.push((start, 0));
        }
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            if *next == 0 {
                (order[node], lowest[node], is_open[node]) = (count, count, true);
                open.push(node);
                count += 1;
            }
            if let Some(to) = edges[node].get(*next) {
                *next += 1;
                if order[*to] == UNSEEN {
                    path.push((*to, 0));
                } else if is_open[*to] {
                    lowest[node] = lowest[node].min(order[*to]);
                }
                continue;
            }
            if lowest[node] == order[node] {
                let mut component = Vec::new();
                while let Some(member) = open.pop() {
                    is_open[member] = false;
                    component.push(member);
                    if member == node {
                        break;
                    }
                }
                components.push(component);
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                lowest[*parent] = lowest[*parent].min(lowest[node]);
            }
        }
    }
    components.reverse();
    components
}
