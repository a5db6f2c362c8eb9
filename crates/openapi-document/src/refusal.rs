//! Errors about constructs of a document, each with its JSON pointer.

use std::fmt;

use crate::{one_line::OneLine, pointer::Pointer};

/// A construct that is refused: it is invalid, or can't be used without changing its meaning.
///
/// Displayed as [one line](OneLine): the construct and the reason may quote the document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The JSON pointer of the construct.
    pub pointer: Pointer,
    /// The construct, in the terms of OpenAPI.
    pub construct: String,
    /// The reason, and the fix where there is one.
    pub reason: String,
}

impl Refusal {
    /// Creates a refusal.
    pub fn new(pointer: Pointer, construct: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { pointer, construct: construct.into(), reason: reason.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pointer = self.pointer.to_string();
        let (pointer, construct) = (OneLine(&pointer), OneLine(&self.construct));
        write!(f, "{pointer}: {construct}: {}", OneLine(&self.reason))
    }
}

impl std::error::Error for Refusal {}

/// All refusals of a document, at least one; displayed one per line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusals(Vec<Refusal>);

impl Refusals {
    /// Returns the refusals as an error unless there are none.
    ///
    /// # Errors
    ///
    /// All refusals, sorted by pointer, without duplicates.
    pub fn check(mut refusals: Vec<Refusal>) -> Result<(), Self> {
        if refusals.is_empty() {
            return Ok(());
        }
        refusals.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        refusals.dedup();
        Err(Self(refusals))
    }

    /// Iterates over the refusals in the order of their pointers.
    pub fn iter(&self) -> std::slice::Iter<'_, Refusal> {
        self.0.iter()
    }
}

impl From<Refusal> for Refusals {
    fn from(refusal: Refusal) -> Self {
        Self(vec![refusal])
    }
}

impl<'a> IntoIterator for &'a Refusals {
    type Item = &'a Refusal;
    type IntoIter = std::slice::Iter<'a, Refusal>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Refusals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, refusal) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            refusal.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusals {}
