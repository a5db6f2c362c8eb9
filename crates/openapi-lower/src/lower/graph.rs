//! Graphs of schemas, without recursion: a document may have chains of any length.

/// The number of the strongly connected component of each node (Kosaraju's algorithm). Two nodes
/// have the same number if each is reachable from the other.
pub(super) fn strong_components(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            reversed[*to].push(from);
        }
    }
    let mut components = vec![usize::MAX; edges.len()];
    for start in postorder(edges).into_iter().rev() {
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

/// The nodes in the order in which a depth-first search leaves them: in a graph without cycles,
/// each after all that it leads to.
pub(super) fn postorder(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut finished = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut path = vec![(start, 0)];
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
