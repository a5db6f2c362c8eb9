//! Sites with pages of several documents.

use std::fs;

use serde_json::{Value, json};

use super::{
    Pages, check, document,
    generator::{Form, URL, fragment, page_in},
    run,
};
use crate::support::{CommandOutput, WorkingCopy, path};

/// The operation of the pages.
const PATH: &str = "/agent-profile-pools";

/// A site whose pages name these documents, with the title of the document on each.
fn pages_naming(names: &[(&'static str, &str)]) -> Pages {
    let document = document("1.8.7");
    let pages = Pages::new();
    for (number, (name, title)) in names.iter().enumerate() {
        let mut fragment = fragment(&document, PATH, "get");
        fragment["info"]["title"] = (*title).into();
        let text = page_in(Form::Mintlify(name), &fragment, PATH, "get");
        pages.write(&format!("{number}.md"), text);
    }
    pages
}

/// Asserts the numbers of pages of this document, and of others by name.
fn assert_pages(output: &CommandOutput, own: usize, others: Value) {
    let json = output.json();
    assert_eq!((&json["pages"], &json["other_documents"]), (&own.into(), &others), "{output:?}");
}

/// Runs `check-docs` with a copy of the document at a path within a folder.
fn check_file(name: &str, pages: &Pages, arguments: &[&str]) -> CommandOutput {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::copy(crate::support::fixture("1.8.7"), &file).unwrap();
    let all = ["--spec", path(&file), "--from", pages.path(), "--format", "json"];
    run(&[&all[..], arguments].concat())
}

#[test]
fn the_url_of_the_document_decides_whatever_the_title_is() {
    let other = "https://odyssey.asteroid.ai/agents/v1/openapi.yaml";
    let copy = WorkingCopy::without_names();
    let check =
        |pages: &Pages| copy.run(&["check-docs", "--from", pages.path(), "--format", "json"]);
    let pages = pages_naming(&[(URL, "Another title"), (other, "Agent Service")]);
    assert_pages(&check(&pages), 1, json!({ other: 1 }));
    // None of them is a page of this document.
    for other in [other, "agents-v1", "v1/openapi.yaml"] {
        let output = check(&pages_naming(&[(other, "Agent Service")]));
        assert_eq!((output.code, output.out.as_str()), (2, ""), "{output:?}");
        assert!(output.err.contains(&format!("1 of another document ({other})")), "{output:?}");
    }
    // The end of the path names the document, too.
    for own in
        ["openapi.yaml", "/agents/v2/openapi.json", "https://mirror.example/agents/v2/openapi.yaml"]
    {
        let pages =
            pages_naming(&[(own, "Agent Service"), ("api/v1/openapi.yaml", "Agent Service")]);
        assert_pages(&check(&pages), 1, json!({ "api/v1/openapi.yaml": 1 }));
    }
}

#[test]
fn another_file_is_not_identified_by_the_url_of_the_vendored_one() {
    let other = "https://pets.example/v2/pets.yaml";
    let pages = pages_naming(&[(other, "Agent Service"), (other, "Agent Service")]);
    assert_pages(&check("1.8.7", &["--from", pages.path()]), 2, json!({}));
    // The vendored one is another document's.
    let pages = pages_naming(&[(other, "Agent Service"), (URL, "Agent Service")]);
    assert_pages(&check_file("v2/pets.yaml", &pages, &[]), 1, json!({ URL: 1 }));
    assert_pages(&check_file("v2/openapi.yaml", &pages, &[]), 1, json!({ other: 1 }));
}

#[test]
fn the_path_of_the_file_identifies_the_document() {
    for (own, other) in
        [("v2/openapi.json", "v1/openapi.json"), ("openapi-v2.json", "openapi-v1.json")]
    {
        let pages = pages_naming(&[
            (other, "Agent Service"),
            (own, "Agent Service"),
            (own, "Agent Service"),
        ]);
        for file in ["api/v2/openapi.yaml", "openapi-v2.yaml"] {
            assert_pages(&check_file(file, &pages, &[]), 2, json!({ other: 1 }));
        }
    }
    // The version in the paths of the operations.
    let pages = pages_naming(&[("one.v1.json", "Agent Service"), ("one.v2.json", "Agent Service")]);
    assert_pages(&check_file("document.yaml", &pages, &[]), 1, json!({ "one.v1.json": 1 }));
}

#[test]
fn the_pages_that_show_the_operations_identify_the_document() {
    let pages = pages_naming(&[("one.json", "Agent Service"), ("one.json", "Agent Service")]);
    let unknown = fragment(&document("1.9.167"), "/agents/v2/secret-requests", "get");
    let mut unknown = json!({ "paths": { "/unknown": unknown["paths"]["/agents/v2/secret-requests"] }, "components": unknown["components"] });
    for key in ["openapi", "info", "servers"] {
        unknown[key] = document("1.8.7")[key].clone();
    }
    let page = page_in(Form::Mintlify("two.json"), &unknown, "/unknown", "get");
    for number in 0..3 {
        pages.write(
            &format!("two-{number}.md"),
            page.replace("SecretRequestsList", &number.to_string()),
        );
    }
    assert_pages(&check("1.8.7", &["--from", pages.path()]), 2, json!({ "two.json": 3 }));
}

#[test]
fn a_name_can_be_given_where_several_fit() {
    let pages = pages_naming(&[("one.json", "Agent Service"), ("two.json", "Agent Service")]);
    let output = check("1.8.7", &["--from", pages.path()]);
    assert_eq!((output.code, output.out.as_str()), (2, ""), "{output:?}");
    assert!(
        output.err.contains("one.json, two.json") && output.err.contains("--document"),
        "{output:?}"
    );
    let output = check("1.8.7", &["--from", pages.path(), "--document", "two.json"]);
    assert_pages(&output, 1, json!({ "one.json": 1 }));
    assert_eq!(output.code, 0);
    let output = check("1.8.7", &["--from", pages.path(), "--document", "three.json"]);
    assert_eq!(output.code, 2, "{output:?}");
    // Also against the title and the URL.
    let pages = pages_naming(&[("two.json", "Another title"), (URL, "Agent Service")]);
    let output = check("1.8.7", &["--from", pages.path(), "--document", "two.json"]);
    assert_pages(&output, 1, json!({ URL: 1 }));
}

#[test]
fn a_page_may_show_several_documents() {
    let pages = pages_naming(&[(URL, "Agent Service"), ("webhooks.json", "Webhooks")]);
    let [one, other] =
        ["0.md", "1.md"].map(|name| fs::read_to_string(pages.folder().join(name)).unwrap());
    pages.write("0.md", one + &other.replace("format: uuid", "format: date"));
    fs::remove_file(pages.folder().join("1.md")).unwrap();
    let output = check("1.8.7", &["--from", pages.path()]);
    assert_pages(&output, 1, json!({ "webhooks.json": 1 }));
    assert_eq!(output.code, 0, "{output:?}");
}
