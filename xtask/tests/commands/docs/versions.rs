//! A recorded page compared with the documents of three versions.

use super::{PAGE, Pages, check, run};
use crate::support::fixture;

#[test]
fn the_page_matches_the_document_of_its_version() {
    let pages = Pages::with("list-agent-profile-pools.md", PAGE);
    for arguments in [["--from", pages.path()].as_slice(), &["--prose", "--from", pages.path()]] {
        let output = check("1.8.7", arguments);
        assert_eq!((output.code, output.err.as_str()), (0, ""), "{output:?}");
        let json = output.json();
        assert_eq!((&json["pages"], &json["matching"]), (&1.into(), &1.into()));
        assert_eq!(json["findings"], serde_json::json!([]));
        assert_eq!(json["undocumented"].as_array().unwrap().len(), 54);
        assert_eq!(json["other_documents"], serde_json::json!({}));
    }
    // The operation is the same in the next version.
    assert_eq!(check("1.8.77", &["--from", pages.path()]).code, 0);
}

#[test]
fn a_deprecated_operation_is_a_finding() {
    let pages = Pages::with("list-agent-profile-pools.md", PAGE);
    let output = check("1.8.201", &["--from", pages.path()]);
    assert_eq!(output.code, 1);
    let findings_of_kind = |kind: &str| {
        output.findings().into_iter().filter(|finding| finding["kind"] == kind).collect::<Vec<_>>()
    };
    let [deprecated] = &findings_of_kind("operation-deprecation-differs")[..] else {
        panic!("{output:?}")
    };
    assert_eq!(deprecated["spec"], "deprecated");
    assert_eq!(deprecated["docs"], "not deprecated");
    assert_eq!(deprecated["operation"], "AgentProfilePoolsList");
    assert_eq!(deprecated["pointer"], "#/paths/~1agents~1v2~1agent-profile-pools/get/deprecated");
    let [auth] = &findings_of_kind("auth-differs")[..] else { panic!("{output:?}") };
    assert_eq!(auth["spec"], "header x-api-key");
    // The base path moved into the paths: the URL is the same.
    assert!(output.kinds().iter().all(|kind| kind != "operation-path-differs"));
}

#[test]
fn a_removed_operation_is_a_finding() {
    let text = PAGE.replace("/agent-profile-pools", "/agent-profile-groups");
    let text = text.replace("AgentProfilePoolsList", "AgentProfileGroupsList");
    let pages = Pages::with("groups.md", text);
    let output = check("1.8.7", &["--from", pages.path()]);
    assert_eq!(output.kinds(), ["operation-only-in-docs"]);
    let finding = &output.findings()[0];
    assert_eq!(finding["docs"], "GET /agent-profile-groups");
    assert_eq!(finding["line"], 13);
}

#[test]
fn text_and_markdown_reports_name_lines_and_values() {
    let pages = Pages::with("pools.md", PAGE.replace("format: uuid", "format: date"));
    let spec = fixture("1.8.7");
    let spec = spec.to_str().unwrap();
    let output = run(&["--spec", spec, "--from", pages.path()]);
    assert_eq!(output.code, 1, "{output:?}");
    let line = 1 + PAGE.lines().position(|line| line.trim() == "Common.uuid:").unwrap();
    assert!(output.out.contains(&format!("pools.md:{line}\n")), "{}", output.out);
    assert!(
        output
            .out
            .contains("`Common.uuid`: the document has string (uuid), the page has string (date)"),
        "{}",
        output.out
    );
    assert!(
        output.out.ends_with(
            "1 page of this document, 0 matching; 1 of 55 operations covered; 1 finding\n"
        )
    );
    let output = run(&["--spec", spec, "--from", pages.path(), "--format", "markdown"]);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(
        output.out.contains(&format!("- [ ] line {line}: schema `Common.uuid`: the document has"))
    );
}

#[test]
fn complete_reports_operations_without_a_page() {
    let pages = Pages::with("pools.md", PAGE);
    let output = check("1.8.7", &["--from", pages.path(), "--complete"]);
    assert_eq!(output.code, 1);
    assert_eq!(output.kinds(), vec!["operation-missing-in-docs"; 54]);
    let spec = fixture("1.8.201");
    let output = run(&["--spec", spec.to_str().unwrap(), "--from", pages.path(), "--complete"]);
    assert!(output.out.contains("AgentProfilePoolGet (deprecated)"), "{}", output.out);
}
