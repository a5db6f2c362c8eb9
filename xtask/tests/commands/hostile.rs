//! Reports on documents and pages whose names and texts hold escape sequences, line breaks and
//! Markdown.

use std::fs;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag};

use crate::support::{CommandOutput, WorkingCopy, path};

/// The beginning of a document that names its version and an operation with control characters.
const VERSION: &str = "1\\e]0;TITLE\\a\\n# heading\\n```\\n![x](https://other.example/x)";

/// A working copy and a hostile document in it.
fn hostile_copy() -> (WorkingCopy, String) {
    let copy = WorkingCopy::without_names();
    let text = include_str!("../../../crates/openapi-diff/tests/diff/report-injection.yaml")
        .replace("title: T", "title: Agent Service")
        .replace("version: \"1\"", &format!("version: \"{VERSION}\""));
    let file = copy.spec("hostile.yaml");
    fs::write(&file, text).unwrap();
    let file = path(&file).to_owned();
    (copy, file)
}

/// Asserts that both streams hold nothing that controls a terminal.
fn assert_printable(output: &CommandOutput) {
    for character in output.out.chars().chain(output.err.chars()) {
        assert!(!character.is_control() || character == '\n', "{character:?} in {output:?}");
    }
}

#[test]
fn sync_spec_escapes_text_of_the_document() {
    let (copy, file) = hostile_copy();
    for format in ["text", "json", "markdown"] {
        let output = copy.run(&["sync-spec", "--check", "--from", &file, "--format", format]);
        assert_eq!(output.code, 1, "{output:?}");
        assert_printable(&output);
        assert!(!output.out.lines().any(|line| line.starts_with("# ")), "{output:?}");
    }
}

#[test]
fn the_changelog_stays_within_the_fence_of_a_description() {
    let (copy, file) = hostile_copy();
    let output = copy.run(&["sync-spec", "--check", "--from", &file, "--format", "markdown"]);
    let mut fences = Vec::new();
    for event in Parser::new(&output.out) {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => fences.push(info),
            Event::Start(Tag::Image { .. } | Tag::Link { .. } | Tag::CodeBlock(_)) => {
                panic!("{event:?} in {}", output.out)
            }
            _ => {}
        }
    }
    assert_eq!(fences.len(), 1, "{}", output.out);
    assert_eq!(&*fences[0], "markdown");
    assert!(output.out.trim_end().ends_with("</details>"), "{}", output.out);
}

#[test]
fn diff_spec_and_generate_escape_text_of_the_document() {
    let (copy, file) = hostile_copy();
    let old = path(&copy.spec("openapi.yaml")).to_owned();
    for arguments in [
        &["diff-spec", &old, &file] as &[&str],
        &["diff-spec", &file, &old, "--format", "markdown"],
        &["generate", "--spec", &file, "--skip-refused", "--out", &format!("{file}.rs")],
    ] {
        let output = copy.run(arguments);
        assert_eq!(output.code, 0, "{output:?}");
        assert_printable(&output);
    }
}

#[test]
fn errors_quote_a_document_on_one_line() {
    let copy = WorkingCopy::without_names();
    let file = copy.spec("hostile.yaml");
    fs::write(&file, "openapi: \"3.1.0\\e[2J\\nerror: not ours\"\npaths: {}\n").unwrap();
    let output = copy.run(&["sync-spec", "--check", "--from", path(&file)]);
    assert_eq!(output.code, 2, "{output:?}");
    assert_printable(&output);
    assert!(!output.err.lines().any(|line| line.starts_with("error: not ours")), "{output:?}");
}

#[test]
fn check_docs_escapes_text_of_pages() {
    let (copy, _) = hostile_copy();
    let pages = tempfile::tempdir().unwrap();
    let page = include_str!("docs/list-agent-profile-pools.md")
        .replace("operationId: AgentProfilePoolsList", "operationId: \"x\\e[31m\\n# heading\"")
        .replace("name: searchName", "name: \"search\\e]0;T\\a\\n# heading <!-- `\\n```\"");
    assert!(page.contains("\\e]0;T"));
    fs::write(pages.path().join("a\u{1b}[31m.md"), page).unwrap();
    for format in ["text", "markdown", "json"] {
        let from = path(pages.path());
        let output = copy.run(&["check-docs", "--from", from, "--format", format]);
        assert_eq!(output.code, 1, "{output:?}");
        assert_printable(&output);
        assert!(!output.out.lines().any(|line| line.starts_with("# heading")), "{output:?}");
    }
}
