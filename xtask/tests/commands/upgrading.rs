//! `diff-spec --guide`, and the page in `docs/` that it made.

use std::{fs, path::Path, process::Command};

use crate::support::{CommandOutput, fixture, path};

/// Runs the command in this working copy.
fn diff_spec(arguments: &[&str]) -> CommandOutput {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let (old, new) = (fixture("1.8.7"), fixture("1.9.167"));
    command.current_dir(root).args(["diff-spec", path(&old), path(&new)]).args(arguments);
    CommandOutput::new(command.output().unwrap())
}

#[test]
fn the_page_is_up_to_date() {
    let output = diff_spec(&["--format", "markdown", "--guide"]);
    assert_eq!(output.code, 0, "{output:?}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = fs::read_to_string(root.join("docs/upgrading.md")).unwrap();
    let command = "cargo xtask diff-spec tests/fixtures/agents-1.8.7.yaml \
                   tests/fixtures/agents-1.9.167.yaml --guide > docs/upgrading.md";
    assert!(output.out == page, "docs/upgrading.md is out of date: {command}");
}

#[test]
fn a_guide_is_markdown() {
    let output = diff_spec(&["--format", "json", "--guide"]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains("`--guide` prints Markdown"), "{output:?}");
}
