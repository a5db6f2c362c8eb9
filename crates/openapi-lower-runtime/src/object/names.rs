//! The names of an object's properties, and which of them were read.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

/// The current property of an object, and those that were read before it.
pub(super) struct Names {
    all: &'static [&'static str],
    /// The index of the current property; the number of all for an undeclared property.
    index: usize,
    seen: ReadProperties,
    /// The name of the current property, if it is undeclared.
    pub(super) undeclared: String,
}

impl Names {
    pub(super) fn new(all: &'static [&'static str]) -> Self {
        // The first property follows this index.
        Self { all, index: usize::MAX, seen: ReadProperties::default(), undeclared: String::new() }
    }

    /// Whether the property with this index is declared.
    pub(super) fn is_declared(&self, index: usize) -> bool {
        index < self.all.len()
    }

    /// The name of the current property.
    pub(super) fn current(&self) -> &str {
        self.all.get(self.index).copied().unwrap_or(&self.undeclared)
    }

    /// The name of the first of these properties that wasn't read.
    pub(super) fn missing(&self, required: &[usize]) -> Option<&'static str> {
        let missing = required.iter().find(|index| !self.seen.contains(**index));
        missing.and_then(|index| self.all.get(*index)).copied()
    }

    /// The seed of the next name.
    #[inline]
    pub(super) fn seed(&mut self) -> NameSeed<'_> {
        NameSeed(self)
    }

    /// Moves to the property with this name, which is as if it were read.
    #[cfg(not(debug_assertions))]
    #[inline]
    pub(super) fn skip(&mut self, name: &str) {
        let index = self.seed().index(name);
        // It is the first one.
        let _ = self.set(index);
    }

    /// Moves to the property with this index; the error is the name of one that is repeated.
    #[inline]
    pub(super) fn set(&mut self, index: usize) -> Result<usize, &'static str> {
        self.index = index;
        match self.all.get(index) {
            Some(name) if !self.seen.insert(index) => Err(name),
            _ => Ok(index),
        }
    }
}

/// The seed of a name: its index among those of an object, or their number.
pub(super) struct NameSeed<'a>(&'a mut Names);

impl NameSeed<'_> {
    #[inline]
    pub(super) fn index(self, name: &str) -> usize {
        // Most often the properties come in the order of the document.
        let expected = self.0.index.wrapping_add(1);
        if self.0.all.get(expected).is_some_and(|expected| *expected == name) {
            return expected;
        }
        self.search(name)
    }

    /// Finds a name that doesn't come in the order of the document.
    fn search(self, name: &str) -> usize {
        let Names { all, undeclared, .. } = self.0;
        let index = all.iter().position(|one| *one == name);
        index.unwrap_or_else(|| {
            undeclared.clear();
            undeclared.push_str(name);
            all.len()
        })
    }
}

impl<'de> DeserializeSeed<'de> for NameSeed<'_> {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for NameSeed<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property name")
    }

    #[inline]
    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        Ok(self.index(name))
    }
}

/// The properties that were read.
#[derive(Default)]
struct ReadProperties {
    first: u64,
    /// Those after the 64th.
    others: Vec<usize>,
}

impl ReadProperties {
    fn contains(&self, index: usize) -> bool {
        if index < 64 { self.first & (1 << index) != 0 } else { self.others.contains(&index) }
    }

    /// Adds a property; returns `false` if it was read before.
    #[inline]
    fn insert(&mut self, index: usize) -> bool {
        if index < 64 {
            let bit = 1 << index;
            let is_new = self.first & bit == 0;
            self.first |= bit;
            return is_new;
        }
        self.insert_other(index)
    }

    fn insert_other(&mut self, index: usize) -> bool {
        let is_new = !self.others.contains(&index);
        if is_new {
            self.others.push(index);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::ReadProperties;

    #[test]
    fn repeated_properties_take_no_memory() {
        let mut read = ReadProperties::default();
        for index in [3, 64, 65] {
            assert!(read.insert(index) && read.contains(index));
            assert!((0..100).all(|_| !read.insert(index)));
        }
        assert_eq!(read.others, [64, 65]);
    }
}
