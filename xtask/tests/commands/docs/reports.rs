//! The formats of reports.

use serde_json::{Value, json};

use super::{
    PAGE, Pages, check, document,
    drift::{set, small_site},
    generator::mintlify_site,
    run,
};
use crate::support::fixture;

/// The pages of version 1.8.7.
fn site() -> Pages {
    let pages = Pages::new();
    for (name, text) in mintlify_site(&document("1.8.7")) {
        pages.write(&name, text);
    }
    pages
}

/// A report on pages in a format.
fn report(version: &str, pages: &Pages, arguments: &[&str]) -> String {
    let spec = fixture(version);
    let all = ["--spec", spec.to_str().unwrap(), "--from", pages.path()];
    run(&[&all[..], arguments].concat()).out
}

#[test]
fn the_text_has_each_fact_once() {
    let pages = site();
    for (version, lines) in [("1.8.201", 250), ("1.9.167", 320)] {
        let text = report(version, &pages, &[]);
        let count = text.lines().count();
        assert!(count < lines, "{version}: {count} lines");
        // The findings are many times more.
        assert!(check(version, &["--from", pages.path()]).findings().len() > 1_400);
        let position = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
        // What all operations share is first, then what several and one page have.
        assert!(text.starts_with("security\n  auth-differs: security: the document has header"));
        assert!(text.contains("all 55 pages\n"), "{text}");
        let schema = position("\nschema `Common.BadRequestErrorBody`\n");
        let several = position("\nseveral pages\n");
        let single = position("\napi-reference/executionslist.md  ExecutionsList\n");
        assert!(schema < several && several < single);
        // Properties of a schema are one line.
        let properties = "  property-missing-in-docs: `detail` (string), `errors` (array of \
                          `Common.FieldError`), `instance` (string), `status` (integer), `title` \
                          (string), `type` (string): the document has them, the page hasn't\n";
        assert!(text.contains(properties), "{text}");
        assert_eq!(text.matches("operation-deprecation-differs: ").count(), 1);
        assert!(text.contains("parameter `workflowId`, parameter `createdWithin`"), "{text}");
        // With `--complete`, all pages are listed.
        let complete = report(version, &pages, &["--complete"]);
        assert!(complete.contains("\noperations without a page\n  "), "{complete}");
        assert!(complete.lines().count() > count + 80);
    }
}

#[test]
fn a_fact_of_one_page_has_its_line_and_pointers() {
    let pages = small_site(&document("1.8.7"), |id, fragment| {
        if id == "AgentProfilePoolsList" {
            set(fragment, "/paths/~1agent-profile-pools/get/operationId", "ListPools".into());
        }
    });
    let text = report("1.8.7", &pages, &[]);
    let expected = "AgentProfilePoolsList.md  AgentProfilePoolsList\n  operation-id-differs: \
                    operationId: the document has AgentProfilePoolsList, the page has ListPools\n\
                    \x20     --> AgentProfilePoolsList.md:38\n      document: \
                    #/paths/~1agent-profile-pools/get/operationId\n\n";
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn many_pages_with_the_same_error_are_one_fact() {
    let pages = Pages::with("ok.md", PAGE);
    let links: String = (0..50).map(|number| format!("- [x](/gone/{number}.md)\n")).collect();
    pages.write("llms.txt", links);
    let text = report("1.8.7", &pages, &[]);
    assert_eq!(text.matches("page-missing: no such file").count(), 1, "{text}");
    assert!(text.lines().count() < 20, "{text}");
    let findings = check("1.8.7", &["--from", pages.path()]).findings();
    assert_eq!(findings.len(), 50);
    assert_eq!(findings[7]["message"], "no such file (linked from line 8 of the index)");
}

#[test]
fn the_markdown_is_a_task_list_by_page() {
    let pages = small_site(&document("1.8.7"), |id, fragment| {
        if fragment.pointer("/components/schemas/Common.NotFoundErrorBody").is_some() {
            let schema = "/components/schemas/Common.NotFoundErrorBody/properties/details";
            set(fragment, schema, json!({ "type": "string" }));
        }
        if id == "AgentExecutePost" {
            set(fragment, "/paths/~1agents~1{agentId}~1execute/post/deprecated", true.into());
        }
    });
    pages.write("llms.txt", "- [Execute](https://docs.asteroid.ai/AgentExecutePost.md)\n");
    pages.write("guide.md", "# A guide\n");
    let text = report("1.8.7", &pages, &["--format", "markdown"]);
    let shared = "\n## Several pages\n\n1. property `Common.NotFoundErrorBody.details`: the page has it \
                  (string), the document hasn't (property-only-in-docs), 3 pages\n   - page: \
                  `string`\n   - `#/components/schemas/Common.NotFoundErrorBody/properties`\n";
    assert!(text.contains(shared), "{text}");
    assert_eq!(text.matches("property `Common.NotFoundErrorBody.details`").count(), 1, "{text}");
    let page = "\n## [AgentProfilesCreate.md](<AgentProfilesCreate.md>) `AgentProfilesCreate`\n\n- \
                [ ] of several pages: 1 (line 467)\n";
    assert!(text.contains(page), "{text}");
    let page = "\n## [AgentExecutePost.md](<https://docs.asteroid.ai/AgentExecutePost>) \
                `AgentExecutePost`\n\n- [ ] line 63: operation: not deprecated in the document, \
                deprecated on the page (operation-deprecation-differs)\n  - document: `not \
                deprecated`\n  - page: `deprecated`\n  - \
                `#/paths/~1agents~1{agentId}~1execute/post/deprecated`\n";
    assert!(text.contains(page), "{text}");
    // What isn't a finding is listed on request.
    assert!(!text.contains("guide.md") && !text.contains("ContextGet"), "{text}");
    let text = report("1.8.7", &pages, &["--format", "markdown", "--complete"]);
    assert!(text.contains("- [guide.md](<guide.md>)\n"), "{text}");
    assert!(
        text.contains("\n## Operations without a page\n\n- [ ] missing page for operation"),
        "{text}"
    );
    // A large site gives a description of an issue that GitHub accepts.
    let text = report("1.8.201", &site(), &["--format", "markdown"]);
    assert!(text.len() < 60_000, "{}", text.len());
}

#[test]
fn annotations_for_github_are_at_the_lines_of_saved_pages() {
    let pages = Pages::with("a,b.mdx", PAGE.replace("format: uuid", "format: date"));
    pages.write("llms.txt", "- [x](/a,b.md)\n");
    let line = 1 + PAGE.lines().position(|line| line.trim() == "Common.uuid:").unwrap();
    let text = report("1.8.7", &pages, &["--format", "github"]);
    let file = format!("{}/a%2Cb.mdx", pages.path());
    let message =
        "schema `Common.uuid`: the document has string (uuid), the page has string (date)";
    let expected = format!("::error title=type-differs,file={file},line={line}::{message}\n");
    assert!(text.starts_with(&expected), "{text}");
    // Each fact once.
    let text = report("1.9.167", &site(), &["--format", "github"]);
    let security = "::security: the document has header x-api-key, the page has header \
                    x-asteroid-agents-api-key (on 55 pages)\n";
    assert_eq!(text.matches(security).count(), 1, "{text}");
}

#[test]
fn sarif_has_all_findings_at_the_lines_of_saved_pages() {
    let pages = Pages::with("a b.md", PAGE.replace("format: uuid", "format: date"));
    let line = 1 + PAGE.lines().position(|line| line.trim() == "Common.uuid:").unwrap();
    let sarif: Value =
        serde_json::from_str(&report("1.8.7", &pages, &["--format", "sarif"])).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"], json!([{ "id": "type-differs" }]));
    let [result] = run["results"].as_array().unwrap().as_slice() else { panic!("{sarif}") };
    assert_eq!((&result["ruleId"], &result["level"]), (&json!("type-differs"), &json!("error")));
    let location = &result["locations"][0];
    let uri = format!("file://{}/a%20b.md", pages.path());
    assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], uri);
    assert_eq!(location["physicalLocation"]["region"]["startLine"], line);
    assert_eq!(
        location["logicalLocations"][0]["fullyQualifiedName"],
        "#/components/schemas/Common.uuid"
    );
    let sarif: Value =
        serde_json::from_str(&report("1.9.167", &site(), &["--format", "sarif"])).unwrap();
    assert!(sarif["runs"][0]["results"].as_array().unwrap().len() > 1_400);
}
