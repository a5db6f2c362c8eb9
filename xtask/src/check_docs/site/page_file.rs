//! Saved pages. Their names come from the server: none is written outside of its folder.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use anyhow::{Context, Result, bail};

/// Writes a page below a folder. Symbolic links below it that lead elsewhere are refused.
pub(super) fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path: PathBuf = name.split('/').collect();
    if !path.components().all(|component| matches!(component, Component::Normal(_))) {
        bail!("`{name}` isn't a valid page name");
    }
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let root = fs::canonicalize(folder).with_context(|| folder.display().to_string())?;
    let mut current = root.clone();
    let mut components = path.components().peekable();
    while let Some(component) = components.next() {
        current.push(component);
        let context = || current.display().to_string();
        match fs::canonicalize(&current) {
            Ok(target) if !target.starts_with(&root) => {
                bail!("{} is a symbolic link out of {}", current.display(), root.display());
            }
            Ok(_) => {}
            Err(_)
                if fs::symlink_metadata(&current).is_ok_and(|metadata| metadata.is_symlink()) =>
            {
                bail!("{} is a symbolic link without a target", current.display());
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if components.peek().is_some() {
                    fs::create_dir(&current).with_context(context)?;
                }
            }
            Err(error) => return Err(error).with_context(context),
        }
    }
    fs::write(&current, bytes).with_context(|| current.display().to_string())
}
