//! The version that a release needs next.

use std::fs;

use anyhow::{Context, Result};
use openapi_diff::Severity;
use semver::Version;
use serde::Deserialize;

use crate::files::Repository;

/// The crate at the root of the repository.
#[derive(Clone, Debug)]
pub(crate) struct Release {
    pub(crate) version: Version,
    /// Whether CHANGELOG.md says that this version isn't released yet: then nobody depends on it.
    is_unreleased: bool,
}

impl Release {
    pub(crate) fn current(repository: &Repository) -> Result<Self> {
        let version = manifest_version(repository)?;
        let changelog = fs::read_to_string(repository.root().join("CHANGELOG.md"));
        let head = format!("## {version} (unreleased)");
        let is_unreleased =
            changelog.is_ok_and(|changelog| changelog.lines().any(|line| line.trim() == head));
        Ok(Self { version, is_unreleased })
    }

    /// The next version to be released, by what changed in Rust.
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

/// The next version by what changed in Rust. Before 1.0 the leftmost number that isn't zero is the
/// one that breaks (Cargo reference, "SemVer compatibility").
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
