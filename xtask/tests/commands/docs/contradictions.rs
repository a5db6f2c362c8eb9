//! Pages that contradict each other.

use serde_json::{Value, json};

use super::{
    Pages, check, document,
    drift::{OPERATIONS, remove, set, small_site},
    site::{fragment, page},
};

/// A property of a schema that all but the first page show.
const PROPERTY: &str = "/components/schemas/Common.NotFoundErrorBody/properties/message";

/// The small site, with a property of these types on some of its pages.
fn site_with_types(types: &[(&str, &str)]) -> Pages {
    let document = document("1.8.7");
    small_site(&document, |id, fragment| {
        if let Some((_, ty)) = types.iter().find(|(page, _)| *page == id) {
            set(fragment, PROPERTY, json!({ "type": ty }));
        }
    })
}

/// The kinds of the findings with their pages, sorted.
fn kinds_and_pages(pages: &Pages) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entry = |finding: &Value| (text(&finding["kind"]), text(&finding["page"]));
    let mut entries: Vec<_> =
        check("1.8.7", &["--from", pages.path()]).findings().iter().map(entry).collect();
    entries.sort();
    entries
}

fn entries(entries: &[(&str, &str)]) -> Vec<(String, String)> {
    entries.iter().map(|(kind, id)| ((*kind).to_owned(), format!("{id}.md"))).collect()
}

#[test]
fn a_page_that_agrees_with_the_document_has_no_part_in_a_contradiction() {
    // The first, the second and the last of the pages that show it.
    for outdated in ["AgentProfilePoolsList", "AgentProfilesCreate", "ExecutionRecordingRedirect"] {
        let pages = site_with_types(&[(outdated, "integer")]);
        assert_eq!(kinds_and_pages(&pages), entries(&[("type-differs", outdated)]));
    }
    // Two pages that agree with each other.
    let pages = site_with_types(&[
        ("AgentProfilePoolsList", "integer"),
        ("AgentProfilesCreate", "integer"),
    ]);
    let expected = entries(&[
        ("type-differs", "AgentProfilePoolsList"),
        ("type-differs", "AgentProfilesCreate"),
    ]);
    assert_eq!(kinds_and_pages(&pages), expected);
}

#[test]
fn pages_that_differ_from_the_document_otherwise_contradict_each_other() {
    for (one, other) in [("integer", "boolean"), ("boolean", "integer")] {
        let pages =
            site_with_types(&[("AgentProfilePoolsList", one), ("AgentProfilesCreate", other)]);
        let expected = entries(&[
            ("pages-contradict", "AgentProfilesCreate"),
            ("type-differs", "AgentProfilePoolsList"),
            ("type-differs", "AgentProfilesCreate"),
        ]);
        assert_eq!(kinds_and_pages(&pages), expected);
        let findings = check("1.8.7", &["--from", pages.path()]).findings();
        let contradiction =
            findings.iter().find(|finding| finding["kind"] == "pages-contradict").unwrap();
        let message = format!(
            "property `Common.NotFoundErrorBody.message`: AgentProfilesCreate.md has {other}, \
             AgentProfilePoolsList.md has {one}, the document has string"
        );
        assert_eq!(contradiction["message"], message);
        assert_eq!(contradiction["pointer"], format!("#{PROPERTY}"));
        assert!(contradiction["line"].as_u64().unwrap() > 10);
    }
}

#[test]
fn two_pages_of_an_operation_may_contradict_each_other() {
    let document = document("1.8.7");
    let (id, path, method) = OPERATIONS[3];
    let parameters = "/paths/~1executions~1{executionId}~1recording/get/parameters";
    let pages = small_site(&document, |_, _| {});
    let mut other = fragment(&document, path, method);
    pages.write(&format!("old/{id}.md"), page(&other, path, method));
    assert_eq!(check("1.8.7", &["--from", pages.path()]).code, 0);
    remove(&mut other, &format!("{parameters}/1"));
    pages.write(&format!("old/{id}.md"), page(&other, path, method));
    // The other page agrees with the document.
    let missing = ("parameter-missing-in-docs", "old/ExecutionRecordingRedirect");
    assert_eq!(kinds_and_pages(&pages), entries(&[missing]));
    for (folder, ty) in [("old/", "integer"), ("", "boolean")] {
        let mut other = fragment(&document, path, method);
        set(&mut other, &format!("{parameters}/1/schema"), json!({ "type": ty }));
        pages.write(&format!("{folder}{id}.md"), page(&other, path, method));
    }
    let expected = entries(&[
        ("pages-contradict", "old/ExecutionRecordingRedirect"),
        ("type-differs", "ExecutionRecordingRedirect"),
        ("type-differs", "old/ExecutionRecordingRedirect"),
    ]);
    assert_eq!(kinds_and_pages(&pages), expected);
}
