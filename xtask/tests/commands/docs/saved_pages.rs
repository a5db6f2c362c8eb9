//! `check-docs --save`: nothing is written outside of the folder.
#![cfg(unix)]

use std::{collections::BTreeMap, fs, os::unix::fs::symlink};

use super::{PAGE, Pages, check, site::serve};

/// A site with a page at its root and one in a folder.
fn site() -> BTreeMap<String, String> {
    let index = "- [One](/one.md)\n- [Two](/folder/two.md)\n".to_owned();
    let page = |name: &str| (name.to_owned(), PAGE.to_owned());
    BTreeMap::from([("llms.txt".to_owned(), index), page("one.md"), page("folder/two.md")])
}

#[test]
fn symbolic_links_out_of_the_folder_are_not_followed() {
    let (_server, index) = serve(site());
    let outside = Pages::with("precious.md", "precious");
    let target = |name: &str| format!("{}/{name}", outside.path());
    for (link, target, page) in [
        ("folder", target(""), "folder/two.md"),
        ("folder", target("new"), "folder/two.md"),
        ("one.md", target("precious.md"), "one.md"),
        ("one.md", target("new.md"), "one.md"),
        ("one.md", "../precious.md".to_owned(), "one.md"),
    ] {
        let saved = Pages::new();
        symlink(&target, saved.folder().join(link)).unwrap();
        let output = check("1.8.7", &["--from", &index, "--save", saved.path()]);
        let [finding] = &output.findings()[..] else { panic!("{link} to {target}: {output:?}") };
        assert_eq!(finding["page"], page, "{output:?}");
        let message = finding["message"].as_str().unwrap();
        assert!(
            message.contains("can't be saved") && message.contains("symbolic link"),
            "{message}"
        );
        let files: Vec<_> =
            fs::read_dir(outside.folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert_eq!(files, [outside.folder().join("precious.md")], "{link} to {target}");
        assert_eq!(fs::read_to_string(&files[0]).unwrap(), "precious");
    }
    let saved = Pages::new();
    symlink(target("llms.txt"), saved.folder().join("llms.txt")).unwrap();
    let output = check("1.8.7", &["--from", &index, "--save", saved.path()]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains("symbolic link"), "{output:?}");
}

#[test]
fn symbolic_links_within_the_folder_are_followed() {
    let (_server, index) = serve(site());
    let saved = Pages::with("real/one.md", "old");
    symlink("real", saved.folder().join("folder")).unwrap();
    symlink("real/one.md", saved.folder().join("one.md")).unwrap();
    // The folder itself may be one.
    let parent = Pages::new();
    let link = parent.folder().join("link");
    symlink(saved.path(), &link).unwrap();
    let output = check("1.8.7", &["--from", &index, "--save", link.to_str().unwrap()]);
    assert_eq!(output.code, 0, "{output:?}");
    for name in ["real/one.md", "real/two.md"] {
        assert_eq!(fs::read_to_string(saved.folder().join(name)).unwrap(), PAGE);
    }
}

#[test]
fn a_folder_may_contain_itself() {
    let pages = Pages::with("page.md", PAGE);
    symlink(".", pages.folder().join("again")).unwrap();
    let output = check("1.8.7", &["--from", pages.path()]);
    assert_eq!((output.code, &output.json()["pages"]), (0, &1.into()), "{output:?}");
}
