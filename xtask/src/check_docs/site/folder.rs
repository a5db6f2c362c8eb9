//! The pages of a folder: those that its index links to, and all other Markdown files.

use std::{
    collections::{BTreeSet, HashSet},
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use reqwest::Url;

use super::page_text::{INDEX, MAX_PAGE_BYTES, Page, PageError, decode};
use crate::check_docs::index;

/// Passes each page of a folder to `visit`.
pub(super) fn visit(folder: &Path, docs: &Url, visit: &mut dyn FnMut(Page)) -> Result<()> {
    if !folder.is_dir() {
        bail!("{}: no such folder", folder.display());
    }
    let mut files = markdown_files(folder)?;
    let index = folder.join(INDEX);
    if index.is_file() {
        let text = fs::read_to_string(&index).with_context(|| index.display().to_string())?;
        for entry in index::read(&text, docs) {
            let name = entry.name();
            let path = name.split('/').collect::<PathBuf>();
            let file = [path.with_extension("mdx"), path]
                .into_iter()
                .rev()
                .find_map(|path| files.take(&path));
            let text = match file {
                Some(file) => read(&folder.join(file)),
                None => Err(PageError::Missing("no such file".to_owned())),
            };
            visit(Page::from_entry(entry, text));
        }
    }
    for file in files {
        let name = file.components().map(|component| component.as_os_str().to_string_lossy());
        let name = name.collect::<Vec<_>>().join("/");
        let text = read(&folder.join(&file));
        visit(Page { name, url: None, index_line: None, text });
    }
    Ok(())
}

/// The Markdown files below a folder, by their paths within it.
fn markdown_files(root: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    let mut visited = HashSet::new();
    let mut pending = vec![root.to_owned()];
    while let Some(folder) = pending.pop() {
        let context = || folder.display().to_string();
        // Symbolic links may lead back to a folder.
        if !visited.insert(fs::canonicalize(&folder).with_context(context)?) {
            continue;
        }
        for entry in fs::read_dir(&folder).with_context(context)? {
            let path = entry?.path();
            if path.is_dir() {
                pending.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "md" || extension == "mdx")
                && let Ok(name) = path.strip_prefix(root)
            {
                files.insert(name.to_owned());
            }
        }
    }
    Ok(files)
}

/// Reads a page.
fn read(path: &Path) -> Result<String, PageError> {
    let read = || {
        if !fs::metadata(path)?.is_file() {
            return Err(std::io::Error::other("not a file"));
        }
        let mut bytes = Vec::new();
        File::open(path)?.take(MAX_PAGE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    match read() {
        Ok(bytes) if bytes.len() > MAX_PAGE_BYTES => {
            Err(PageError::Unreachable(format!("larger than {} MiB", MAX_PAGE_BYTES >> 20)))
        }
        Ok(bytes) => decode(bytes),
        Err(error) => Err(PageError::Unreachable(error.to_string())),
    }
}
