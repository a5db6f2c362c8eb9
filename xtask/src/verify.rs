//! Whether the crate compiles with another document: the facade, the helpers and all.
//!
//! What is checked is a copy of the package, outside of the working copy, with the new files of
//! `spec/`. It depends on the same crates by their paths.

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
    files::Repository,
    names::{self, Names},
};

/// What the package is built from, besides `spec/`.
const PARTS: [&str; 5] = ["Cargo.lock", "README.md", "build.rs", "src", "examples"];

/// Checks that nothing of the crate is lost with this document: its client is generated, each helper
/// has what it needs, and the library compiles.
pub(crate) fn verify(repository: &Repository, document: &[u8], names: &Names) -> Result<()> {
    let copy = Copy::new(repository, document, names)?;
    let lost = copy.lost_helpers(repository)?;
    if let Some(lost) = lost.first() {
        bail!("the crate would lose a helper: {lost}");
    }
    copy.check()
}

/// A copy of the package.
struct Copy(TempDir);

impl Copy {
    fn new(repository: &Repository, document: &[u8], names: &Names) -> Result<Self> {
        let copy = Self(tempfile::tempdir()?);
        let (from, to) = (repository.root(), copy.0.path());
        for part in PARTS {
            copy_all(&from.join(part), &to.join(part))?;
        }
        copy_all(&from.join("spec"), &to.join("spec"))?;
        let copied = Repository::at(to.to_owned());
        fs::write(copied.document(), document)?;
        names::write_to(&copied, names)?;
        let path = from.join("Cargo.toml");
        let manifest = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let mut manifest: DocumentMut =
            manifest.parse().with_context(|| path.display().to_string())?;
        alone(manifest.as_table_mut(), from);
        never_fresh(manifest.as_table_mut(), to);
        fs::write(to.join("Cargo.toml"), manifest.to_string())?;
        Ok(copy)
    }

    /// The helpers that the working copy's document has and this one hasn't, each with why.
    fn lost_helpers(&self, repository: &Repository) -> Result<Vec<String>> {
        let lacking = |repository: &Repository| {
            let config: Config = repository.config(repository.document())?;
            anyhow::Ok(config.generate()?.lacking)
        };
        // A document that can't be read here has nothing to lose.
        let before = lacking(repository).unwrap_or_default();
        let after = lacking(&Repository::at(self.0.path().to_owned()))?;
        let lost =
            after.into_iter().filter(|one| !before.iter().any(|own| own.helper == one.helper));
        Ok(lost.map(|one| one.to_string()).collect())
    }

    fn check(&self) -> Result<()> {
        // Most of what it depends on is compiled there already.
        let target = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
        let target = target.unwrap_or_else(|| Repository::of_this_crate().root().join("target"));
        let output = Command::new(env!("CARGO"))
            .args(["check", "--quiet", "--lib", "--message-format", "short"])
            .current_dir(self.0.path())
            .env("CARGO_TARGET_DIR", target)
            .output()
            .context("cargo check")?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).take(8).collect();
        bail!("the crate doesn't compile with it:\n{}", lines.join("\n"));
    }
}

/// Makes the package the only one of its workspace, with absolute paths to what it depends on.
fn alone(manifest: &mut Table, root: &Path) {
    if let Some(workspace) = manifest.get_mut("workspace").and_then(Item::as_table_like_mut) {
        workspace.insert("members", Item::Value(Value::Array(toml_edit::Array::new())));
    }
    // Their files aren't copied: the library is what is checked.
    for target in ["bench", "test"] {
        manifest.remove(target);
    }
    paths(manifest, root);
}

/// Lets Cargo take nothing of an earlier check for this one: to it a package of the same name is the
/// same one wherever it stands, and its files may be older than what came of that check. Lints are
/// part of what it compares.
fn never_fresh(manifest: &mut Table, copy: &Path) {
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

/// Makes the paths of dependencies absolute, wherever they stand.
fn paths(table: &mut dyn toml_edit::TableLike, root: &Path) {
    for (key, item) in table.iter_mut() {
        let is_dependencies = key.ends_with("dependencies");
        let Some(inner) = item.as_table_like_mut() else { continue };
        if !is_dependencies {
            paths(inner, root);
            continue;
        }
        for (_, dependency) in inner.iter_mut() {
            let Some(dependency) = dependency.as_table_like_mut() else { continue };
            if let Some(path) = dependency.get("path").and_then(Item::as_str) {
                let path = root.join(path);
                // One path for one crate, or it is compiled once more.
                let path = path.canonicalize().unwrap_or(path).display().to_string();
                dependency.insert("path", toml_edit::value(path));
            }
        }
    }
}

/// Copies a file or a folder with all that is in it; what isn't there has nothing to copy.
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
