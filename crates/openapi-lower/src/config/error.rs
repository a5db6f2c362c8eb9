//! Errors of the generator.

use std::{error::Error, fmt};

use crate::collect::Collect;

/// An error that prevents the generation of a client. Each line of its text names the file and, for
/// the document, the JSON pointer.
pub struct ConfigError(pub(super) String);

impl ConfigError {
    /// Adds the path to each line of an error.
    pub(super) fn with_path(path: &dyn fmt::Display, error: &dyn fmt::Display) -> Self {
        let lines = error.to_string();
        let lines = lines.lines().map(|line| format!("{path}: {line}")).collect_vec();
        Self(lines.join("\n"))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The same as `Display`, since this is what a build script prints that returns the error.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ConfigError {}
