//! Maps by text.
//!
//! rustc compiles a `HashMap` for each type of its values, to more code than most modules of this
//! crate. Here a hash table has positions only, so that it is compiled once.

use std::{collections::HashMap, mem, ops::Index, slice, vec};

/// Values by text, in the order in which their keys were inserted. Keys are kept twice: as text,
/// and as what was inserted.
#[derive(Clone, Debug)]
pub(crate) struct TextMap<K, V> {
    positions: HashMap<String, usize>,
    entries: Vec<(K, V)>,
}

impl<K: AsRef<str>, V> TextMap<K, V> {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn get(&self, key: &str) -> Option<&V> {
        let position = self.positions.get(key)?;
        Some(&self.entries[*position].1)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        let position = self.positions.get(key)?;
        Some(&mut self.entries[*position].1)
    }

    pub(crate) fn contains_key(&self, key: &str) -> bool {
        self.positions.contains_key(key)
    }

    /// Inserts a value, and returns the one before.
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        if let Some(present) = self.get_mut(key.as_ref()) {
            return Some(mem::replace(present, value));
        }
        self.push(key, value);
        None
    }

    /// The value of a key, which is inserted if it is missing.
    pub(crate) fn or_insert(&mut self, key: K, value: V) -> &mut V {
        let position = match self.positions.get(key.as_ref()) {
            Some(position) => *position,
            None => self.push(key, value),
        };
        &mut self.entries[position].1
    }

    /// The value of a key, which is the default one if it is missing.
    pub(crate) fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.or_insert(key, V::default())
    }

    pub(crate) fn iter(&self) -> slice::Iter<'_, (K, V)> {
        self.entries.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn push(&mut self, key: K, value: V) -> usize {
        let position = self.entries.len();
        self.positions.insert(key.as_ref().to_owned(), position);
        self.entries.push((key, value));
        position
    }
}

impl<K, V> Default for TextMap<K, V> {
    fn default() -> Self {
        Self { positions: HashMap::new(), entries: Vec::new() }
    }
}

impl<K: AsRef<str>, V> Index<&str> for TextMap<K, V> {
    type Output = V;

    /// # Panics
    ///
    /// If the key is missing.
    fn index(&self, key: &str) -> &V {
        &self.entries[self.positions[key]].1
    }
}

impl<K, V> IntoIterator for TextMap<K, V> {
    type Item = (K, V);
    type IntoIter = vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::TextMap;

    #[test]
    fn keys_keep_their_order_and_or_insert_keeps_the_first_value() {
        let mut map = TextMap::new();
        for (key, value) in [("b", 1), ("a", 2), ("c", 3)] {
            assert_eq!(map.insert(key, value), None);
        }
        assert_eq!(map.insert("b", 4), Some(1));
        assert_eq!(*map.or_insert("a", 5), 2);
        *map.or_default("d") += 6;
        assert_eq!(map.len(), 4);
        assert_eq!((map.get("b"), map.get("e"), map["c"]), (Some(&4), None, 3));
        let entries: Vec<_> = map.into_iter().collect();
        assert_eq!(entries, [("b", 4), ("a", 2), ("c", 3), ("d", 6)]);
    }
}
