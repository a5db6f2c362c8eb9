//! Keys that were seen lately.

use std::{
    collections::{HashSet, VecDeque},
    hash::Hash,
};

/// The keys of what was seen last, to know it again: up to a number, of which the oldest is
/// forgotten first.
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
    /// No keys; up to `capacity` of them are kept.
    pub fn new(capacity: usize) -> Self {
        Self { keys: HashSet::new(), order: VecDeque::new(), capacity, has_forgotten: false }
    }

    /// Keeps this many keys at least.
    pub fn reserve(&mut self, capacity: usize) {
        self.capacity = self.capacity.max(capacity);
    }

    /// Whether a key is known.
    pub fn contains(&self, key: &K) -> bool {
        self.keys.contains(key)
    }

    /// Adds a key, and forgets the oldest if there are too many. Whether it wasn't known.
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

    /// Whether any key was forgotten.
    pub fn has_forgotten(&self) -> bool {
        self.has_forgotten
    }
}
