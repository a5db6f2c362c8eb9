//! Redaction of secrets in `Debug` output.

use std::fmt;

/// A placeholder for a secret in `Debug` output.
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Returns the placeholder of an optional secret: `[redacted]` or `None`.
pub fn redacted(is_some: bool) -> &'static dyn fmt::Debug {
    if is_some { &Redacted } else { &None::<()> }
}
