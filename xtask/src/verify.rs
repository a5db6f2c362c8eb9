//! `sync-spec --verify`: compilation of the crate, facade and helpers included, with a new
//! document.
//!
//! A copy of the package with the new files of `spec/` is checked outside the working copy. It
//! depends on the same crates by path.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use openapi_lower::Config;
use tempfile::TempDir;
use toml_edit::{DocumentMut, Item, Table, Value};

use crate::{
    documents::VendoredDocument,
    files::Repository,
    names::{self, Names},
};

/// The files and directories that the package is built from, besides `spec/`.
const PACKAGE_FILES: [&str; 5] = ["Cargo.lock", "README.md", "build.rs", "src", "examples"];

/// Checks that the crate works with a document: its client is generated, no helper becomes
/// unavailable, and the library compiles.
pub(crate) fn verify(vendored: &VendoredDocument, document: &[u8], names: &Names) -> Result<()> {
    let copy = PackageCopy::new(vendored, document, names)?;
    let lost = copy.lost_helpers(vendored)?;
    if let Some(lost) = lost.first() {
        bail!("a helper would become unavailable: {lost}");
    }
    copy.check(vendored)
}

/// A copy of the package in a temporary directory.
struct PackageCopy(TempDir);

impl PackageCopy {
    /// Copies the package and replaces its document and names.
    fn new(vendored: &VendoredDocument, document: &[u8], names: &Names) -> Result<Self> {
        let copy = Self(tempfile::tempdir()?);
        let (from, to) = (vendored.repository().root(), copy.0.path());
        for name in PACKAGE_FILES {
            copy_all(&from.join(name), &to.join(name))?;
        }
        copy_all(&from.join("spec"), &to.join("spec"))?;
        let copied = vendored.with_repository(Repository::new(to.to_owned()));
        fs::write(copied.path(), document)?;
        names::write(&copied, names)?;
        let path = from.join("Cargo.toml");
        let manifest = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let mut manifest: DocumentMut =
            manifest.parse().with_context(|| path.display().to_string())?;
        isolate(manifest.as_table_mut(), from);
        invalidate_fingerprint(manifest.as_table_mut(), to);
        fs::write(to.join("Cargo.toml"), manifest.to_string())?;
        Ok(copy)
    }

    /// The helpers that are available with the present document and not with the new one, with
    /// reasons.
    fn lost_helpers(&self, vendored: &VendoredDocument) -> Result<Vec<String>> {
        let unavailable = |document: &VendoredDocument| {
            let config: Config = document.config(document.path())?;
            anyhow::Ok(config.generate()?.unavailable_helpers)
        };
        // With a present document that is invalid, nothing is available.
        let before = unavailable(vendored).unwrap_or_default();
        let after =
            unavailable(&vendored.with_repository(Repository::new(self.0.path().to_owned())))?;
        let lost = after
            .into_iter()
            .filter(|helper| !before.iter().any(|other| other.helper == helper.helper));
        Ok(lost.map(|helper| helper.to_string()).collect())
    }

    /// Runs `cargo check` on the library, with the feature that needs the document.
    fn check(&self, vendored: &VendoredDocument) -> Result<()> {
        // Reuses the compiled dependencies.
        let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let target =
            target.unwrap_or_else(|| Repository::from_manifest_dir().root().join("target"));
        let output = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--lib", "--message-format", "short"])
            .args((!vendored.is_api()).then(|| format!("--features={}", vendored.name())))
            .current_dir(self.0.path())
            .env("CARGO_TARGET_DIR", target)
            .output()
            .context("cargo check")?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).take(8).collect();
        bail!("the crate doesn't compile with the document:\n{}", lines.join("\n"));
    }
}

/// Removes the other members of the workspace and makes the paths of dependencies absolute.
fn isolate(manifest: &mut Table, root: &Path) {
    if let Some(workspace) = manifest.get_mut("workspace").and_then(Item::as_table_like_mut) {
        workspace.insert("members", Item::Value(Value::Array(toml_edit::Array::new())));
    }
    // Their files aren't copied, as only the library is checked.
    for target in ["bench", "example", "test"] {
        manifest.remove(target);
    }
    make_paths_absolute(manifest, root);
}

/// Forces Cargo to check the package anew by a unique setting of its lints, which are part of the
/// fingerprint.
///
/// Cargo identifies a package by its name wherever it is, and the copied files may be older than
/// the results of an earlier check.
fn invalidate_fingerprint(manifest: &mut Table, copy: &Path) {
    let token: String =
        copy.display().to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let mut names = toml_edit::Array::new();
    names.push(format!("cfg(verified_in_{token})"));
    let mut lint = toml_edit::InlineTable::new();
    lint.insert("level", "warn".into());
    lint.insert("check-cfg", Value::Array(names));
    manifest["lints"] = Item::Table(Table::new());
    manifest["lints"]["rust"] = Item::Table(Table::new());
    manifest["lints"]["rust"]["unexpected_cfgs"] = toml_edit::value(lint);
}

/// Makes the paths of dependencies absolute, in all tables of a manifest.
fn make_paths_absolute(table: &mut dyn toml_edit::TableLike, root: &Path) {
    for (key, item) in table.iter_mut() {
        let is_dependencies = key.ends_with("dependencies");
        let Some(inner) = item.as_table_like_mut() else { continue };
        if !is_dependencies {
            make_paths_absolute(inner, root);
            continue;
        }
        for (_, dependency) in inner.iter_mut() {
            let Some(dependency) = dependency.as_table_like_mut() else { continue };
            if let Some(path) = dependency.get("path").and_then(Item::as_str) {
                let path = root.join(path);
                // Cargo compiles a crate once for each spelling of its path.
                let path = path.canonicalize().unwrap_or(path).display().to_string();
                dependency.insert("path", toml_edit::value(path));
            }
        }
    }
}

/// Copies a file, or a directory with its contents; a missing path is skipped.
fn copy_all(from: &Path, to: &Path) -> Result<()> {
    if from.is_file() {
        fs::copy(from, to).with_context(|| from.display().to_string())?;
    } else if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
            let entry = entry?;
            copy_all(&entry.path(), &to.join(entry.file_name()))?;
        }
    }
    Ok(())
}
