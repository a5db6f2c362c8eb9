//! The guides for contributors: what they name exists, and each script of CI is described.

use std::{fs, path::Path};

use pulldown_cmark::{Event, Options, Parser, Tag};

const GUIDES: [&str; 4] = ["ARCHITECTURE.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md"];

/// The folders that paths in the guides may begin in.
const FOLDERS: [&str; 9] = [
    ".",
    "crates/openapi-diff",
    "crates/openapi-lower",
    "crates/openapi-lower-runtime",
    "crates/openapi-mock",
    "crates/openapi-lower/src",
    "crates/openapi-lower/src/lower",
    "crates/openapi-mock/src",
    "crates/openapi-lower-runtime/src",
];

/// Files that builds and the examples of the recipes make.
const MADE: [&str; 4] = ["target/", "client.rs", "crates/openapi-lower/src/lower/examples.rs", "*"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap()
}

/// Whether inline code is the path of a file or folder: `src/lower/`, `passes.rs`, `.ci/run`.
fn is_path(code: &str) -> bool {
    let is_named = code.chars().all(|c| c.is_ascii_alphanumeric() || "._-/*".contains(c));
    let is_file = [".rs", ".md", ".toml", ".yaml", ".yml"].iter().any(|end| code.ends_with(end));
    let begins = ["src/", "crates/", "tests/", "xtask/", "spec/", ".ci/", ".github/", "target/"];
    is_named && (is_file || begins.iter().any(|one| code.starts_with(one)))
}

/// Whether a path exists in one of the folders; the name alone of a file may be in any.
fn exists(path: &str) -> bool {
    let is_below = |folder: &str| root().join(folder).join(path).exists();
    FOLDERS.iter().any(|folder| is_below(folder)) || !path.contains('/') && has_file(root(), path)
}

/// Whether a folder, or one below it, has a file of this name.
fn has_file(folder: &Path, name: &str) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths = entries.map(|entry| entry.path());
    paths.any(|path| {
        let own = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let is_searched = path.is_dir() && !["target", ".git"].contains(&own);
        own == name || is_searched && has_file(&path, name)
    })
}

#[test]
fn paths_and_links_in_the_guides_exist() {
    for guide in GUIDES {
        let text = read(guide);
        let mut count = 0;
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Code(code) if is_path(&code) => {
                    let is_made = MADE.iter().any(|made| code.contains(made));
                    assert!(is_made || exists(&code), "{guide}: `{code}`");
                    count += 1;
                }
                Event::Start(Tag::Link { dest_url, .. }) if !dest_url.contains("://") => {
                    let (file, heading) = dest_url.split_once('#').unwrap_or((&dest_url, ""));
                    let target = read(if file.is_empty() { guide } else { file });
                    let mut headings = target.lines().filter_map(|line| line.strip_prefix("## "));
                    let slug = |line: &str| line.to_lowercase().replace(' ', "-");
                    let is_found = heading.is_empty() || headings.any(|line| slug(line) == heading);
                    assert!(is_found, "{guide}: {dest_url}");
                }
                _ => {}
            }
        }
        assert!(count > 1, "{guide}");
    }
    assert!(!exists("src/absent.rs") && !exists("absent.rs"));
}

#[test]
fn scripts_of_ci_are_described() {
    let guides = GUIDES.map(read).concat();
    for entry in fs::read_dir(root().join(".ci")).unwrap() {
        let name = format!(".ci/{}", entry.unwrap().file_name().into_string().unwrap());
        assert!(guides.contains(&name), "{name} is in no guide");
    }
}
