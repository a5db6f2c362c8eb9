//! The page that is known word for word, and the documents of three versions.

use super::{PAGE, Pages, check, run};
use crate::support::fixture;

#[test]
fn the_page_says_what_the_document_of_its_time_says() {
    let pages = Pages::with("list-agent-profile-pools.md", PAGE);
    for arguments in [["--from", pages.path()].as_slice(), &["--prose", "--from", pages.path()]] {
        let said = check("1.8.7", arguments);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{said:?}");
        let json = said.json();
        assert_eq!((&json["pages"], &json["matching"]), (&1.into(), &1.into()));
        assert_eq!(json["findings"], serde_json::json!([]));
        assert_eq!(json["undocumented"].as_array().unwrap().len(), 54);
        assert_eq!(json["other_documents"], serde_json::json!({}));
    }
    // Nothing of it changed in the next version.
    assert_eq!(check("1.8.77", &["--from", pages.path()]).code, 0);
}

#[test]
fn the_page_doesn_t_say_that_the_operation_is_deprecated() {
    let pages = Pages::with("list-agent-profile-pools.md", PAGE);
    let said = check("1.8.201", &["--from", pages.path()]);
    assert_eq!(said.code, 1);
    let of = |kind: &str| {
        said.findings().into_iter().filter(|finding| finding["kind"] == kind).collect::<Vec<_>>()
    };
    let [deprecated] = &of("operation-deprecation-differs")[..] else { panic!("{said:?}") };
    assert_eq!(deprecated["spec"], "deprecated");
    assert_eq!(deprecated["docs"], "not deprecated");
    assert_eq!(deprecated["operation"], "AgentProfilePoolsList");
    assert_eq!(deprecated["pointer"], "#/paths/~1agents~1v2~1agent-profile-pools/get/deprecated");
    let [auth] = &of("auth-differs")[..] else { panic!("{said:?}") };
    assert_eq!(auth["spec"], "header x-api-key");
    // The base path moved into the paths: the URL is the same.
    assert!(said.kinds().iter().all(|kind| kind != "operation-path-differs"));
}

#[test]
fn an_operation_that_is_gone_is_said_to_be_gone() {
    let text = PAGE.replace("/agent-profile-pools", "/agent-profile-groups");
    let text = text.replace("AgentProfilePoolsList", "AgentProfileGroupsList");
    let pages = Pages::with("groups.md", text);
    let said = check("1.8.7", &["--from", pages.path()]);
    assert_eq!(said.kinds(), ["operation-only-in-docs"]);
    let finding = &said.findings()[0];
    assert_eq!(finding["docs"], "GET /agent-profile-groups");
    assert_eq!(finding["line"], 13);
}

#[test]
fn reports_are_for_people_too() {
    let pages = Pages::with("pools.md", PAGE.replace("format: uuid", "format: date"));
    let spec = fixture("1.8.7");
    let spec = spec.to_str().unwrap();
    let said = run(&["--spec", spec, "--from", pages.path()]);
    assert_eq!(said.code, 1, "{said:?}");
    let line = 1 + PAGE.lines().position(|line| line.trim() == "Common.uuid:").unwrap();
    assert!(said.out.contains(&format!("pools.md:{line}\n")), "{}", said.out);
    assert!(
        said.out
            .contains("`Common.uuid`: the document has string (uuid), the page has string (date)"),
        "{}",
        said.out
    );
    assert!(
        said.out.ends_with(
            "1 page of this document, 0 matching; 1 of 55 operations covered; 1 finding\n"
        )
    );
    let said = run(&["--spec", spec, "--from", pages.path(), "--format", "markdown"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.out.contains(&format!("- [ ] line {line}: `Common.uuid`: the document has")));
}

#[test]
fn complete_asks_for_a_page_of_each_operation() {
    let pages = Pages::with("pools.md", PAGE);
    let said = check("1.8.7", &["--from", pages.path(), "--complete"]);
    assert_eq!(said.code, 1);
    assert_eq!(said.kinds(), vec!["operation-missing-in-docs"; 54]);
    let spec = fixture("1.8.201");
    let said = run(&["--spec", spec.to_str().unwrap(), "--from", pages.path(), "--complete"]);
    assert!(said.out.contains("AgentProfilePoolGet (deprecated)"), "{}", said.out);
}
