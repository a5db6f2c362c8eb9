//! The names of properties that were read.

use std::{borrow::Cow, collections::HashSet};

use crate::buffered::PropertyName;

/// The number of names that are compared.
const FEW: usize = 16;

/// Names: the first few that the input has without escapes, which are compared, and all others.
pub(super) struct SeenNames<'de> {
    few: [Option<&'de str>; FEW],
    len: usize,
    others: HashSet<Cow<'de, str>>,
}

impl<'de> SeenNames<'de> {
    #[inline]
    pub(super) fn new() -> Self {
        Self { few: [None; FEW], len: 0, others: HashSet::new() }
    }

    /// Adds a name; returns `false` if it was added before.
    #[inline]
    pub(super) fn insert(&mut self, PropertyName(name): &PropertyName<'de>) -> bool {
        if self.few[..self.len].contains(&Some(&**name)) {
            return false;
        }
        match name {
            Cow::Borrowed(name) if self.len < FEW && self.others.is_empty() => {
                self.few[self.len] = Some(name);
                self.len += 1;
                true
            }
            _ => self.others.insert(name.clone()),
        }
    }
}
