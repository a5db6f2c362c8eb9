//! Nothing checked isn't success: pages that aren't compared are counted and named.

use super::{PAGE, Pages, check, run};
use crate::support::fixture;

/// Runs `check-docs` with a text report.
fn text(arguments: &[&str]) -> crate::support::CommandOutput {
    let spec = fixture("1.8.7");
    run(&[&["--spec", spec.to_str().unwrap()], arguments].concat())
}

#[test]
fn no_page_of_the_document_is_an_error() {
    let guide = "# Start\n\n```bash\ncurl https://x.example\n```\n";
    let model = "## The Pool object\n\n```json\n{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"t\",\"version\":\"1\"},\"components\":{}}\n```\n";
    let html = "<html><body><h1>Pools</h1></body></html>";
    let other = PAGE
        .replace("Agent Service", "Pets")
        .replace("https://odyssey.asteroid.ai/agents/v2/openapi.yaml", "pets.yaml");
    for (files, reason) in [
        (vec![], "no pages"),
        (vec![("llms.txt", "# Nothing here\n")], "no pages"),
        (vec![("a.html", html)], "no pages"),
        (
            vec![("a.md", guide), ("b.md", model)],
            "no page of this document: 2 without a known block of OpenAPI (a.md, b.md)",
        ),
        (
            vec![("a.md", other.as_str()), ("b.md", guide)],
            "1 without a known block of OpenAPI (b.md), 1 of another document (pets.yaml)",
        ),
    ] {
        let pages = Pages::new();
        files.iter().for_each(|(name, text)| pages.write(name, text));
        for arguments in [&[][..], &["--complete"]] {
            let output = check("1.8.7", &[&["--from", pages.path()], arguments].concat());
            assert_eq!((output.code, output.out.as_str()), (2, ""), "{files:?}: {output:?}");
            assert!(output.err.contains(reason), "{reason}: {output:?}");
        }
    }
}

#[test]
fn pages_that_are_not_compared_are_counted_and_named() {
    let pages = Pages::with("pools.md", PAGE);
    pages.write("list.md", "---\nopenapi: get /agents\n---\n");
    for number in 0..12 {
        pages.write(&format!("guides/{number:02}.md"), "# A guide\n");
    }
    pages.write("model.md", "```json\n{\"openapi\": \"3.1.0\", \"components\": {}}\n```\n");
    let output = text(&["--from", pages.path()]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(
        output.out.contains("\n1 page compared; 1 only names an operation\n"),
        "{}",
        output.out
    );
    let listed = "13 pages without an operation: guides/00.md, guides/01.md, guides/02.md, \
                  guides/03.md, guides/04.md, guides/05.md, guides/06.md, guides/07.md, \
                  guides/08.md, guides/09.md and 3 more\n";
    assert!(output.out.contains(listed), "{}", output.out);
    assert!(output.out.ends_with(
        "2 pages of this document, 2 matching; 2 of 55 operations covered; 0 findings\n"
    ));
    let output = text(&["--from", pages.path(), "--complete"]);
    assert!(output.out.contains(", guides/11.md, model.md\n"), "{}", output.out);
    // The JSON has the keys of the contract only.
    let json = check("1.8.7", &["--from", pages.path()]).json();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["pages", "matching", "other_documents", "undocumented", "findings"]);
}

#[test]
fn the_keys_of_a_finding_are_those_of_the_contract() {
    let pages = Pages::with("pools.md", PAGE.replace("format: uuid", "format: date"));
    let findings = check("1.8.7", &["--from", pages.path()]).findings();
    let keys: Vec<&String> = findings[0].as_object().unwrap().keys().collect();
    let contract = ["page", "operation", "pointer", "kind", "spec", "docs", "message"];
    assert_eq!(keys, [&contract[..], &["docs_pointer", "line"]].concat());
}
