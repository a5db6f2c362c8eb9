//! Errors of loading a document from files.

use std::{fmt, io, path::PathBuf};

use super::sources::SourceLocation;
use crate::{one_line::OneLine, refusal::Refusal};

/// An error of loading a [`Document`](crate::Document) from files.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// The document can't be read.
    Read {
        /// The path as given.
        path: PathBuf,
        /// The reason.
        error: io::Error,
    },
    /// The document is invalid YAML or JSON.
    Syntax {
        /// The path as given.
        path: PathBuf,
        /// The message, one line, with line and column where the parser reports them.
        message: String,
    },
    /// Constructs that are refused, at least one, each with its place.
    Refused(Vec<(SourceLocation, Refusal)>),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, error } => {
                write!(f, "{}: {error}", OneLine(&path.to_string_lossy()))
            }
            Self::Syntax { path, message } => {
                write!(f, "{}: {message}", OneLine(&path.to_string_lossy()))
            }
            Self::Refused(refusals) => {
                for (index, (place, refusal)) in refusals.iter().enumerate() {
                    let separator = if index > 0 { "\n" } else { "" };
                    let construct = OneLine(&refusal.construct);
                    let reason = OneLine(&refusal.reason);
                    write!(f, "{separator}{place}: {construct}: {reason}")?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { error, .. } => Some(error),
            _ => None,
        }
    }
}
