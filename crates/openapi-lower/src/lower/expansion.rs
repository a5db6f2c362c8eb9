//! The size of the copies that the lowering makes of what a document shares.
//!
//! A reference to a response or an alias is replaced by a copy of its target, so that a small
//! document can stand for a very large one: two references in each schema of a chain double it at
//! each link.

use std::iter::Sum;

use serde_json::Value;

/// The limit on the nodes of all copies of one pass: as many as a document may have.
const MAX_NODES: usize = 4_000_000;

/// The limit on the text of all copies of one pass, in bytes: as much as a document may have.
const MAX_TEXT_BYTES: usize = 128 << 20;

/// The reason of refusals.
pub(super) const TOO_LARGE: &str =
    "with all copies, the document has more than 4,000,000 nodes or 128 MiB of text";

/// The size of a value: its nodes, and the bytes of its strings and keys.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Size {
    nodes: usize,
    text: usize,
}

impl Size {
    pub(super) fn from_value(value: &Value) -> Self {
        let own = Self { nodes: 1, text: 0 };
        match value {
            Value::String(text) => own.plus(Self { nodes: 0, text: text.len() }),
            Value::Array(items) => own.plus(items.iter().map(Self::from_value).sum()),
            Value::Object(map) => {
                let key = |key: &String| Self { nodes: 0, text: key.len() };
                own.plus(
                    map.iter().map(|(name, value)| Self::from_value(value).plus(key(name))).sum(),
                )
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => own,
        }
    }

    /// The sum; of sizes beyond all limits, the largest number.
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(other.nodes),
            text: self.text.saturating_add(other.text),
        }
    }
}

impl Sum for Size {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self::default(), Self::plus)
    }
}

/// The copies that a pass may still make.
#[derive(Debug)]
pub(super) struct Budget(Size);

impl Default for Budget {
    fn default() -> Self {
        Self(Size { nodes: MAX_NODES, text: MAX_TEXT_BYTES })
    }
}

impl Budget {
    /// Takes the size of a copy; false, and nothing is left, if it exceeds the budget.
    pub(super) fn take(&mut self, size: Size) -> bool {
        let nodes = self.0.nodes.checked_sub(size.nodes);
        let text = self.0.text.checked_sub(size.text);
        let left = nodes.zip(text).map(|(nodes, text)| Size { nodes, text });
        self.0 = left.unwrap_or_default();
        left.is_some()
    }
}
