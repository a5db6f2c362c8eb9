//! Policies: severities of rules, accepted changes and exclusions.

use std::{fs, path::PathBuf};

use chrono::NaiveDate;
use openapi_diff::{
    Report, Severity, json,
    policy::{FILE_NAME, Policy},
    text,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::compare_sides;

/// A removed and a changed operation: `other`, with the path `/other`, and `thing`.
fn report() -> Report {
    let other = json!({ "/other": { "get": {
        "operationId": "other", "responses": { "200": { "description": "ok" } },
    } } });
    let parameter =
        |required: bool| json!({ "name": "q", "in": "query", "required": required, "schema": {} });
    let report = compare_sides(&json!({
        "old": { "document": { "paths": other }, "parameter": parameter(false) },
        "new": { "parameter": parameter(true) },
    }));
    let kinds: Vec<&str> = report.changes.iter().map(|change| change.rule.name).collect();
    assert_eq!(kinds, ["operation-removed", "parameter-required"]);
    report
}

/// The report under a policy, on 15 June 2026; the error without the path of its file.
fn applied(policy: &str) -> Result<Report, String> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(FILE_NAME);
    fs::write(&path, policy).unwrap();
    let without_path = |error: openapi_diff::policy::PolicyError| {
        error.to_string().replace(&format!("{}: ", path.display()), "")
    };
    let mut report = report();
    let today = NaiveDate::from_ymd_opt(2026, 6, 15).unwrap();
    let policy = Policy::beside(&folder.path().join("new.yaml")).map_err(without_path)?;
    policy.expect("the file is found").apply(&mut report, today).map_err(without_path)?;
    Ok(report)
}

#[test]
fn rules_get_other_severities() {
    let report = applied("[rules]\noperation-removed = 'minor'\n").unwrap();
    let removed = report.changes.last().unwrap();
    assert_eq!((removed.wire, removed.rust), (Severity::Minor, Severity::Minor));
    let report = applied("[rules]\noperation-removed = { wire = 'none' }\n").unwrap();
    assert_eq!((report.wire(), report.rust()), (Severity::Major, Severity::Major));
    let removed = |report: &Report| {
        let changes = report.changes.iter();
        changes.filter(|change| change.rule.name == "operation-removed").map(|one| one.wire).max()
    };
    assert_eq!(removed(&report), Some(Severity::None));
}

#[test]
fn accepted_changes_have_no_severity_and_their_reason() {
    let report = applied(
        "[[accept]]\nrule = 'operation-removed'\noperation = 'other'\nreason = 'announced'\nexpires = '2026-06-15'\n\n\
         [[accept]]\nrule = 'parameter-required'\npointer = '#/paths/~1thing/post/parameters/0'\nreason = 'was always needed'\n",
    )
    .unwrap();
    assert_eq!((report.wire(), report.rust()), (Severity::None, Severity::None));
    assert!(text::render(&report).contains("accepted: announced"));
    let json: Value = serde_json::from_str(&json::render(&report)).unwrap();
    let reasons: Vec<_> =
        json["changes"].as_array().unwrap().iter().map(|one| &one["accepted"]).collect();
    assert_eq!(reasons, ["announced", "was always needed"]);
}

#[test]
fn entries_that_have_expired_or_match_nothing_are_errors() {
    let cases = [
        (
            "[[accept]]\nrule = 'operation-removed'\nreason = 'announced'\nexpires = '2026-06-14'",
            "the accepted `operation-removed` expired on 2026-06-14: announced",
        ),
        (
            "[[accept]]\nrule = 'operation-removed'\noperation = 'thing'\nreason = 'announced'",
            "the accepted `operation-removed` (announced) matches nothing; remove it",
        ),
        ("[exclude]\npaths = ['/thin']", "the exclusion of `/thin` matches nothing; remove it"),
        (
            "[rules]\noperation-removd = 'none'",
            "`operation-removd` is no rule; `--rules` lists them",
        ),
    ];
    for (policy, expected) in cases {
        assert_eq!(applied(policy).unwrap_err(), expected);
    }
    for policy in [
        "[rule]",
        "[rules]\noperation-removed = { wir = 'none' }",
        "[[accept]]\nrule = 'operation-removed'",
    ] {
        assert!(applied(policy).is_err(), "{policy}");
    }
}

#[test]
fn excluded_paths_and_operations_are_left_out() {
    let kinds = |policy: &str| -> Vec<&str> {
        applied(policy).unwrap().changes.iter().map(|change| change.rule.name).collect()
    };
    assert_eq!(kinds("[exclude]\npaths = ['/oth*']"), ["parameter-required"]);
    assert_eq!(kinds("[exclude]\noperations = ['thing']"), ["operation-removed"]);
    assert_eq!(kinds("[exclude]\npaths = ['/other']\noperations = ['thing']"), [""; 0]);
    // An operation without a change may be left out.
    let document = crate::read_fixture("1.8.7");
    let mut report = openapi_diff::diff(&document, &document, &Default::default());
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(FILE_NAME), "[exclude]\noperations = ['AgentList']").unwrap();
    let policy = Policy::read(&folder.path().join(FILE_NAME)).unwrap();
    policy.apply(&mut report, NaiveDate::default()).unwrap();
}

#[test]
fn without_a_file_there_is_no_policy() {
    assert!(Policy::beside(&PathBuf::from("no/such/folder/new.yaml")).unwrap().is_none());
}
