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
    #[cfg(debug_assertions)]
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
        NameSeed {
            all: self.all,
            // Most often the properties come in the order of the document.
            expected: self.index.wrapping_add(1),
            undeclared: &mut self.undeclared,
        }
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
pub(super) struct NameSeed<'a> {
    all: &'static [&'static str],
    expected: usize,
    undeclared: &'a mut String,
}

impl NameSeed<'_> {
    #[inline]
    pub(super) fn index(self, name: &str) -> usize {
        if self.all.get(self.expected).is_some_and(|expected| *expected == name) {
            return self.expected;
        }
        let index = self.all.iter().position(|one| *one == name);
        index.unwrap_or_else(|| {
            self.undeclared.clear();
            self.undeclared.push_str(name);
            self.all.len()
        })
    }
}

impl<'de> DeserializeSeed<'de> for NameSeed<'_> {
    type Value = usize;

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
    fn insert(&mut self, index: usize) -> bool {
        if index < 64 {
            let bit = 1 << index;
            let is_new = self.first & bit == 0;
            self.first |= bit;
            return is_new;
        }
        let is_new = !self.others.contains(&index);
        self.others.push(index);
        is_new
    }
}
