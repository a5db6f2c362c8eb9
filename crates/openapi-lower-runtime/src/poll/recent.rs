//! A bounded set of recent keys.

use std::{
    collections::{HashSet, VecDeque},
    hash::Hash,
};

/// A bounded set of the keys that were inserted last, to detect repeated ones.
///
/// If the set is full, the oldest key is evicted (first in, first out).
///
/// ```
/// use openapi_lower_runtime::poll::RecentKeys;
///
/// let mut seen = RecentKeys::new(2);
/// assert!(seen.insert(1) && seen.insert(2) && !seen.insert(1));
/// assert!(!seen.has_forgotten());
/// assert!(seen.insert(3) && !seen.contains(&1) && seen.has_forgotten());
/// ```
#[derive(Clone, Debug)]
pub struct RecentKeys<K> {
    keys: HashSet<K>,
    order: VecDeque<K>,
    capacity: usize,
    has_forgotten: bool,
}

impl<K: Clone + Eq + Hash> RecentKeys<K> {
    /// Creates an empty set of up to `capacity` keys.
    pub fn new(capacity: usize) -> Self {
        Self { keys: HashSet::new(), order: VecDeque::new(), capacity, has_forgotten: false }
    }

    /// Raises the capacity to at least `capacity` keys.
    pub fn reserve(&mut self, capacity: usize) {
        self.capacity = self.capacity.max(capacity);
    }

    /// Whether the set contains a key.
    pub fn contains(&self, key: &K) -> bool {
        self.keys.contains(key)
    }

    /// Inserts a key, and returns `true` if it was absent. A full set evicts its oldest key.
    pub fn insert(&mut self, key: K) -> bool {
        let is_new = self.keys.insert(key.clone());
        if is_new {
            self.order.push_back(key);
            if self.order.len() > self.capacity
                && let Some(oldest) = self.order.pop_front()
            {
                self.keys.remove(&oldest);
                self.has_forgotten = true;
            }
        }
        is_new
    }

    /// Whether any key was evicted.
    pub fn has_forgotten(&self) -> bool {
        self.has_forgotten
    }
}
