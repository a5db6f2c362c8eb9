//! Pages that contradict each other.

use serde_json::{Value, json};

use super::{
    Pages, check, document,
    drift::{OPERATIONS, remove, set, small_site},
    generator::{fragment, page},
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

#[test]
fn what_the_document_lacks_is_compared_between_pages() {
    let document = document("1.8.7");
    let created = "/components/schemas/Common.NotFoundErrorBody/properties/created";
    let site = |one: Value, other: Value| {
        small_site(&document, |id, fragment| match id {
            "AgentProfilePoolsList" => set(fragment, created, one.clone()),
            "AgentProfilesCreate" => set(fragment, created, other.clone()),
            _ => {}
        })
    };
    let both = [
        ("property-only-in-docs", "AgentProfilePoolsList"),
        ("property-only-in-docs", "AgentProfilesCreate"),
    ];
    let string = json!({ "type": "string", "maxLength": 10, "description": "one" });
    // Descriptions and the order of keys make no difference.
    let same = json!({ "description": "other", "maxLength": 10, "type": "string" });
    assert_eq!(kinds_and_pages(&site(string.clone(), same)), entries(&both));
    let pages = site(string.clone(), json!({ "type": "string", "maxLength": 20 }));
    let contradiction = [("pages-contradict", "AgentProfilesCreate")];
    assert_eq!(kinds_and_pages(&pages), entries(&[&contradiction[..], &both].concat()));
    let findings = check("1.8.7", &["--from", pages.path()]).findings();
    let message =
        &findings.iter().find(|finding| finding["kind"] == "pages-contradict").unwrap()["message"];
    assert_eq!(
        message,
        "property `Common.NotFoundErrorBody.created`: AgentProfilesCreate.md has \
         {\"maxLength\":20,\"type\":\"string\"}, AgentProfilePoolsList.md has \
         {\"maxLength\":10,\"type\":\"string\"}, the document has neither"
    );
    // Components that the document lacks, too.
    let refers = |length: u32| {
        let pages = site(
            json!({ "$ref": "#/components/schemas/New" }),
            json!({ "$ref": "#/components/schemas/New" }),
        );
        for (id, path, method) in [OPERATIONS[0], OPERATIONS[2]] {
            let mut fragment = fragment(&document, path, method);
            set(&mut fragment, created, json!({ "$ref": "#/components/schemas/New" }));
            let length = if id == "AgentProfilesCreate" { length } else { 1 };
            set(&mut fragment, "/components/schemas/New", json!({ "maxLength": length }));
            pages.write(&format!("{id}.md"), page(&fragment, path, method));
        }
        kinds_and_pages(&pages)
    };
    assert_eq!(refers(1), entries(&both));
    assert_eq!(refers(2), entries(&[&contradiction[..], &both].concat()));
}

#[test]
fn pages_of_an_operation_that_the_document_lacks_may_contradict_each_other() {
    let document = document("1.8.7");
    let pages = small_site(&document, |_, _| {});
    let (_, path, method) = OPERATIONS[2];
    let unknown = |summary: &str, ty: &str| {
        let mut fragment = fragment(&document, path, method);
        let operation = remove(&mut fragment, "/paths/~1agent-profile-pools");
        set(&mut fragment, "/paths/~1unknown", operation);
        set(&mut fragment, "/paths/~1unknown/get/operationId", "Unknown".into());
        set(&mut fragment, "/paths/~1unknown/get/summary", summary.into());
        set(&mut fragment, "/paths/~1unknown/get/parameters/0/schema", json!({ "type": ty }));
        page(&fragment, "/unknown", method)
    };
    let both = [("operation-only-in-docs", "one"), ("operation-only-in-docs", "two")];
    pages.write("one.md", unknown("One", "string"));
    pages.write("two.md", unknown("Two", "string"));
    assert_eq!(kinds_and_pages(&pages), entries(&both));
    pages.write("two.md", unknown("Two", "integer"));
    let contradiction = [("pages-contradict", "two")];
    assert_eq!(kinds_and_pages(&pages), entries(&[&both[..], &contradiction].concat()));
}
