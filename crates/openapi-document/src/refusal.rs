//! Constructs that are refused by name; all refusals of a document are found in one run.

use std::fmt;

use crate::pointer::Pointer;

/// One construct that can't be read, or not be used without losing what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// Where the construct stands in the document.
    pub pointer: Pointer,
    /// The construct, in the terms of OpenAPI.
    pub construct: String,
    /// Why it is refused, and what can be done about it.
    pub reason: String,
}

impl Refusal {
    /// A construct that is refused.
    pub fn new(pointer: Pointer, construct: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { pointer, construct: construct.into(), reason: reason.into() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.pointer, self.construct, self.reason)
    }
}

impl std::error::Error for Refusal {}

/// All that was refused in a document, at least one; shown one to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusals(Vec<Refusal>);

impl Refusals {
    /// `Err` if anything was refused.
    ///
    /// # Errors
    ///
    /// All of them, in the order of their pointers, each once.
    pub fn check(mut refusals: Vec<Refusal>) -> Result<(), Self> {
        if refusals.is_empty() {
            return Ok(());
        }
        refusals.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        refusals.dedup();
        Err(Self(refusals))
    }

    /// The refusals in the order of their pointers.
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
