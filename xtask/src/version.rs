//! The version that a release needs next.

use std::fs;

use anyhow::{Context, Result};
use semver::Version;
use serde::Deserialize;

use crate::{diff::Severity, files::Repository};

/// The version of the crate at the root of the repository.
pub(crate) fn current(repository: &Repository) -> Result<Version> {
    #[derive(Deserialize)]
    struct Manifest {
        package: Package,
    }
    #[derive(Deserialize)]
    struct Package {
        version: Version,
    }
    let path = repository.root().join("Cargo.toml");
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let manifest: Manifest =
        basic_toml::from_str(&text).with_context(|| path.display().to_string())?;
    Ok(manifest.package.version)
}

/// The next version by what changed in Rust. Before 1.0 the leftmost number that isn't zero is the
/// one that breaks (Cargo reference, "SemVer compatibility").
pub fn next(current: &Version, rust: Severity) -> Version {
    let Version { major, minor, patch, .. } = *current;
    match (rust, major, minor) {
        (Severity::None, ..) => current.clone(),
        (Severity::Major, 0, 0) => Version::new(0, 0, patch + 1),
        (Severity::Major, 0, _) => Version::new(0, minor + 1, 0),
        (Severity::Major, ..) => Version::new(major + 1, 0, 0),
        (Severity::Minor, 1.., _) => Version::new(major, minor + 1, 0),
        (Severity::Minor | Severity::Patch, ..) => Version::new(major, minor, patch + 1),
    }
}
