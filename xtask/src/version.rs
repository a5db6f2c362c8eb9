//! The next version of the crate by Semantic Versioning.

use std::fs;

use anyhow::{Context, Result};
use openapi_diff::Severity;
use semver::Version;
use serde::Deserialize;

use crate::files::Repository;

/// The version of the crate at the root of the repository, and whether it is released.
#[derive(Clone, Debug)]
pub(crate) struct Release {
    pub(crate) version: Version,
    /// Whether CHANGELOG.md marks the version as unreleased: then it may contain breaking changes.
    is_unreleased: bool,
}

impl Release {
    /// Reads the version from Cargo.toml and its state from CHANGELOG.md.
    pub(crate) fn current(repository: &Repository) -> Result<Self> {
        let version = manifest_version(repository)?;
        let changelog = fs::read_to_string(repository.root().join("CHANGELOG.md"));
        let heading = format!("## {version} (unreleased)");
        let is_unreleased =
            changelog.is_ok_and(|changelog| changelog.lines().any(|line| line.trim() == heading));
        Ok(Self { version, is_unreleased })
    }

    /// The next version to release, by the severity of the changes to the Rust API.
    pub(crate) fn next(&self, rust: Severity) -> Version {
        if self.is_unreleased { self.version.clone() } else { next(&self.version, rust) }
    }
}

fn manifest_version(repository: &Repository) -> Result<Version> {
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

/// The next version by the severity of the changes. Before 1.0 a breaking change increments the
/// leftmost non-zero number (Cargo reference, "SemVer compatibility").
fn next(current: &Version, rust: Severity) -> Version {
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
