//! Collections of the items of iterators, made by plain loops.
//!
//! For each iterator, [`Iterator::collect`] compiles to several times as much code, with which it
//! is faster at run time. Build scripts compile this crate much longer than they run it.
#![expect(clippy::while_let_on_iterator, reason = "a `for` loop compiles to a third more code")]

use std::{collections::HashSet, hash::Hash};

use crate::text_map::TextMap;

/// Methods of all iterators.
pub(crate) trait Collect: Iterator + Sized {
    /// Collects the items in a vector.
    fn collect_vec(mut self) -> Vec<Self::Item> {
        let mut items = Vec::new();
        while let Some(item) = self.next() {
            items.push(item);
        }
        items
    }

    /// Collects the items in a vector; `None` if one of them is none.
    fn collect_some<T>(mut self) -> Option<Vec<T>>
    where
        Self: Iterator<Item = Option<T>>,
    {
        let mut items = Vec::new();
        while let Some(item) = self.next() {
            items.push(item?);
        }
        Some(items)
    }

    /// Collects the items in a set.
    fn collect_set(mut self) -> HashSet<Self::Item>
    where
        Self::Item: Eq + Hash,
    {
        let mut items = HashSet::new();
        while let Some(item) = self.next() {
            items.insert(item);
        }
        items
    }

    /// Collects keys and values in a map.
    fn collect_map<K: AsRef<str>, V>(mut self) -> TextMap<K, V>
    where
        Self: Iterator<Item = (K, V)>,
    {
        let mut items = TextMap::new();
        while let Some((key, value)) = self.next() {
            items.insert(key, value);
        }
        items
    }
}

impl<I: Iterator> Collect for I {}
