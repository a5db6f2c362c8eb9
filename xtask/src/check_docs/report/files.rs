//! The files of saved pages.

use std::path::Path;

/// The path of the saved file of a page.
pub(super) fn saved_file(folder: Option<&Path>, page: &str) -> Option<String> {
    let folder = folder.filter(|_| !page.is_empty())?;
    let file = folder.join(page);
    // A page that the index names `x.md` may be a file `x.mdx`.
    let mdx = file.with_extension("mdx");
    let file = if !file.exists() && mdx.exists() { mdx } else { file };
    Some(file.to_string_lossy().replace('\\', "/"))
}
