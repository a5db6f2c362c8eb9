//! Formats for other programs than terminals: GitHub Actions, SARIF and JUnit.

use std::path::Path;

use openapi_diff::{Report, SourceLines, github, junit, sarif};
use openapi_document::Document;
use serde_json::{Value, json};

const OLD: &str = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /a:
    get:
      operationId: listAs
      parameters:
        - { name: 'q, r', in: query, schema: { type: string } }
      responses: { '204': { description: ok } }
  /b: { get: { operationId: listBs, responses: { '204': { description: ok } } } }
";

const NEW: &str = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /a:
    get:
      operationId: listAs
      deprecated: true
      summary: All of them
      parameters:
        - { name: 'q, r', in: query, required: true, schema: { type: string } }
      responses: { '204': { description: ok } }
";

fn report() -> Report {
    let [old, new] = [OLD, NEW].map(|text| Document::parse(text).unwrap());
    openapi_diff::diff(&old, &new, &std::collections::BTreeMap::new())
}

#[test]
fn annotations_are_at_the_lines_of_the_new_document() {
    let report = report();
    let source = SourceLines::new(Path::new("spec/a:b.yaml"), NEW, &report);
    let text = github::render(&report, &source);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[..4],
        [
            "::error title=operation-removed::listBs: operation removed",
            "::error title=parameter-required,file=spec/a%3Ab.yaml,line=11::listAs: parameter `q, r` is now required",
            "::warning title=operation-deprecated,file=spec/a%3Ab.yaml,line=8::listAs: operation is now deprecated",
            "::notice title=operation-prose-changed,file=spec/a%3Ab.yaml,line=9::listAs: operation: summary added",
        ]
    );
    assert_eq!(lines[4..], ["4 changes (2 major, 1 minor, 1 patch); wire: major, rust: major"]);
    let command = github::command("error", &[("title", "a,b:c%\n".to_owned())], "100 %\r\nok");
    assert_eq!(command, "::error title=a%2Cb%3Ac%25%0A::100 %25%0D%0Aok");
}

/// Checks a log against the schema of the standard.
fn assert_valid_sarif(log: &Value) {
    let schema = serde_json::from_str(include_str!("sarif-2.1.0.json")).unwrap();
    let options = jsonschema::options().should_validate_formats(true);
    let validator = options.build(&schema).unwrap();
    let errors: Vec<_> = validator
        .iter_errors(log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn sarif_is_valid() {
    let mut report = report();
    report.changes[0].accepted = Some("announced".to_owned());
    for path in ["spec/a b.yaml", "/[a]:{b}|c%.yaml", "..\\a.yaml"] {
        let source = SourceLines::new(Path::new(path), NEW, &report);
        assert_valid_sarif(&serde_json::from_str(&sarif::render(&report, &source)).unwrap());
    }
    // Of a document without changes.
    let document = Document::parse(NEW).unwrap();
    let report = openapi_diff::diff(&document, &document, &std::collections::BTreeMap::new());
    let source = SourceLines::new(Path::new("a.yaml"), NEW, &report);
    assert_valid_sarif(&serde_json::from_str(&sarif::render(&report, &source)).unwrap());
}

#[test]
fn sarif_has_a_rule_and_a_result_for_each_change() {
    let mut report = report();
    report.changes[0].accepted = Some("announced".to_owned());
    let source = SourceLines::new(Path::new("a b.yaml"), NEW, &report);
    let log: Value = serde_json::from_str(&sarif::render(&report, &source)).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!((results.len(), rules.len()), (report.changes.len(), 4));
    for result in results {
        let rule = rules.iter().find(|rule| rule["id"] == result["ruleId"]).unwrap();
        assert!(rule["fullDescription"]["text"].is_string());
    }
    let levels: Vec<_> = results.iter().map(|result| &result["level"]).collect();
    assert_eq!(levels, ["error", "error", "warning", "note"]);
    assert_eq!(
        results[0]["suppressions"],
        json!([{ "kind": "external", "justification": "announced" }])
    );
    assert!(results[0]["locations"][0].get("physicalLocation").is_none());
    assert_eq!(
        results[1]["locations"][0],
        json!({
            "logicalLocations": [{ "fullyQualifiedName": "#/paths/~1a/get/parameters/0" }],
            "physicalLocation": {
                "artifactLocation": { "uri": "a%20b.yaml" }, "region": { "startLine": 11 },
            },
        })
    );
}

#[test]
fn junit_fails_for_breaking_changes() {
    let mut report = report();
    report.changes[1].message = "a < b & \"c\"\n\u{1b}".to_owned();
    let xml = junit::render(&report);
    assert!(xml.contains("<testsuite name=\"openapi-diff\" tests=\"4\" failures=\"2\">"), "{xml}");
    assert!(
        xml.contains(
            "<testcase classname=\"parameter-required\" name=\"a &lt; b &amp; &quot;c&quot;"
        ),
        "{xml}"
    );
    assert!(!xml.contains('\u{1b}'));
    assert!(
        xml.contains("<failure type=\"operation-removed\" message=\"wire major, rust major\">#/paths/~1b/get</failure>"),
        "{xml}"
    );
    assert!(xml.contains(
        "<testcase classname=\"operation-deprecated\" name=\"operation is now deprecated\"/>"
    ));
}

#[test]
fn changes_are_in_the_files_of_the_document() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("files-of-changes");
    std::fs::create_dir_all(folder.join("new")).unwrap();
    let root =
        "openapi: 3.1.0\ninfo: { title: t, version: '1' }\npaths: { /a: { $ref: a.yaml } }\n";
    let item = "get:\n  operationId: a\n  responses: { '200': { description: ok } }\n";
    let write = |path: &str, text: &str| std::fs::write(folder.join(path), text).unwrap();
    write("openapi.yaml", root);
    write("a.yaml", item);
    write("new/openapi.yaml", root);
    write("new/a.yaml", &item.replace("operationId: a\n", "operationId: a\n  deprecated: true\n"));
    let (old, _) = Document::load(folder.join("openapi.yaml")).unwrap();
    let path = folder.join("new/openapi.yaml");
    let (new, sources) = Document::load(&path).unwrap();
    let report = openapi_diff::diff(&old, &new, &std::collections::BTreeMap::new());
    let source = SourceLines::in_files(&path, &sources, &report);
    let text = github::render(&report, &source);
    let file = folder.join("new/a.yaml").display().to_string().replace(':', "%3A");
    let expected = format!(
        "::warning title=operation-deprecated,file={file},line=3::a: operation is now deprecated"
    );
    assert!(text.contains(&expected), "{text}");
    std::fs::remove_dir_all(&folder).unwrap();
}
