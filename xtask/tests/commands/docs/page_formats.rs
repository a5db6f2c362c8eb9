//! Formats of pages: info strings, fences, front matter, invalid pages.

use super::{
    PAGE, Pages, check, document,
    drift::set,
    generator::{Form, fragment, page_in},
};

const INFO: &str =
    "````yaml https://odyssey.asteroid.ai/agents/v2/openapi.yaml get /agent-profile-pools";

/// The page with another info string on its OpenAPI block.
fn with_info(info: &str) -> String {
    assert!(PAGE.contains(INFO));
    PAGE.replace(INFO, info)
}

/// Asserts that a page matches the document.
fn assert_matches(format: &str, text: impl AsRef<[u8]>) {
    let pages = Pages::with("page.md", text);
    let output = check("1.8.7", &["--from", pages.path()]);
    let json = output.json();
    assert_eq!(output.code, 0, "{format}: {output:?}");
    assert_eq!((&json["pages"], &json["matching"]), (&1.into(), &1.into()), "{format}: {output:?}");
}

/// Asserts that a page has one finding, of this kind and at this line.
fn assert_finding(format: &str, text: impl AsRef<[u8]>, kind: &str, line: usize) {
    let pages = Pages::with("page.md", text);
    let output = check("1.8.7", &["--from", pages.path()]);
    assert_eq!(output.kinds(), [kind], "{format}: {output:?}");
    let finding = &output.findings()[0];
    assert_eq!(
        (&finding["line"], &finding["page"]),
        (&line.into(), &"page.md".into()),
        "{format}: {output:?}"
    );
    assert_eq!(output.code, 1);
}

#[test]
fn info_strings_may_name_the_document() {
    for info in [
        "````yaml https://odyssey.asteroid.ai/agents/v2/openapi.yaml GET /agent-profile-pools",
        "````yaml /openapi.json get /agent-profile-pools",
        "````yaml openapi.yaml get /agent-profile-pools",
        "````yaml ../api/v2/openapi.yaml get /agent-profile-pools",
        "````yaml openapi get /agent-profile-pools",
        "````yaml agents-v2 get /agent-profile-pools",
        "````yaml get /agent-profile-pools",
        "````yaml   GET   /agent-profile-pools  ",
    ] {
        assert_matches(info, with_info(info));
    }
}

#[test]
fn fences_are_backticks_or_tildes() {
    for (open, close) in [("```", "```"), ("``````", "``````"), ("~~~", "~~~"), ("~~~~~", "~~~~~")]
    {
        let text = PAGE.replace("````yaml", &format!("{open}yaml"));
        let text = text.trim_end().strip_suffix("````").unwrap().to_owned() + close;
        assert_matches(open, text);
    }
}

#[test]
fn text_around_the_block_is_ignored() {
    let start = PAGE.find("# List Agent").unwrap();
    assert_matches("no quote of the index", &PAGE[start..]);
    assert_matches("a source", format!("# Source: https://docs.asteroid.ai/x\n\n{PAGE}"));
    assert_matches("no final newline", PAGE.trim_end());
    assert_matches("never closed", PAGE.trim_end().trim_end_matches('`'));
    assert_matches("CRLF", PAGE.replace('\n', "\r\n"));
    assert_matches("a byte order mark", format!("\u{feff}{PAGE}"));
    let footer =
        "\n\n---\n\nBuilt with [Mintlify](https://mintlify.com).\n\n```bash\ncurl get /x\n```\n";
    assert_matches("a footer", format!("{PAGE}{footer}"));
    let code = "\n```bash curl\ncurl --request GET --url https://x.example\n```\n\n```yaml\nopenapi_version: 3\n```\n\n## OpenAPI\n";
    assert_matches("other code before it", PAGE.replace("\n## OpenAPI\n", code));
    let calls = "\n```bash curl GET /x\ncurl x\n```\n\n```js get /agent-profile-pools\nfetch(x)\n```\n\n## OpenAPI\n";
    assert_matches("code that calls it", PAGE.replace("\n## OpenAPI\n", calls));
    let prose = "> First.\n>\n> Second `code`,\n> and more.\n\nThird.\n\n* a list\n";
    assert_matches(
        "several paragraphs",
        PAGE.replace("> List all agent profile pools for an organization\n", prose),
    );
    let front = "---\ntitle: List\nsidebarTitle: 'List'\n---\n\n";
    assert_matches("front matter", format!("{front}{PAGE}"));
}

#[test]
fn blocks_may_be_indented_and_in_json() {
    let start = PAGE.find("````yaml").unwrap();
    let end = PAGE.trim_end().len();
    let indented: String =
        PAGE[start..end].lines().map(|line| format!("        {line}\n")).collect();
    let text = format!("{}<Tabs>\n    <Tab>\n{indented}    </Tab>\n</Tabs>\n", &PAGE[..start]);
    assert_matches("indented", &text);
    let line = 1 + text.lines().position(|line| line.trim() == "Common.uuid:").unwrap();
    let pages = Pages::with("page.md", text.replace("format: uuid", "format: date"));
    assert_eq!(check("1.8.7", &["--from", pages.path()]).findings()[0]["line"], line);
    let yaml = PAGE[start..end].split_once('\n').unwrap().1.trim_end_matches('`');
    let json: serde_json::Value = serde_yaml::from_str(yaml).unwrap();
    let block = |info: &str| format!("{}````{info}\n{json:#}\n````\n", &PAGE[..start]);
    assert_matches("JSON", block("json openapi.json get /agent-profile-pools"));
    let line = PAGE[..start].lines().count() + 1;
    assert_finding("JSON", block("json openapi.json"), "page-unreadable", line);
}

#[test]
fn front_matter_may_declare_the_operation() {
    for openapi in [
        "openapi: get /agent-profile-pools",
        "openapi: 'GET /agent-profile-pools'",
        "openapi: \"openapi.yaml GET /agent-profile-pools\"",
        "openapi: 'https://odyssey.asteroid.ai/agents/v2/openapi.yaml get /agent-profile-pools'",
    ] {
        let text = format!("---\ntitle: List\n{openapi}\n---\n\nText.\n");
        assert_matches(openapi, &text);
        assert_matches(openapi, text.replace('\n', "\r\n"));
    }
    for (openapi, line) in [
        ("openapi: >-\n  GET\n  /agent-profile-pools\n", 3),
        ("openapi:\n  'GET /agent-profile-pools'\nicon: x\n", 3),
        ("openapi: \"openapi.yaml GET\n  /agent-profile-pools\"\n", 3),
        ("description: |\n  openapi: none\nopenapi: |\n\n  get /agent-profile-pools\n", 5),
        ("description: not: YAML\nopenapi: get /agent-profile-pools\n", 4),
    ] {
        let text = format!("---\ntitle: List\n{openapi}---\n\nText.\n");
        assert_matches(openapi, &text);
        assert_matches(openapi, text.replace('\n', "\r\n"));
        let unknown = text.replace("-pools", "-groups");
        assert_finding(openapi, unknown, "operation-only-in-docs", line);
    }
    let malformed = "---\ntitle: List\nopenapi: 'list the pools'\n---\n";
    assert_finding("front matter", malformed, "page-unreadable", 3);
    let unknown = "---\nopenapi: 'GET /nowhere'\n---\n";
    assert_finding("front matter", unknown, "operation-only-in-docs", 2);
}

#[test]
fn malformed_pages_are_findings_with_a_line() {
    let line = 1 + PAGE.lines().position(|line| line == INFO).unwrap();
    assert_finding("no operation", with_info("````yaml openapi.yaml"), "page-unreadable", line);
    assert_finding(
        "no path",
        with_info("````yaml openapi.yaml get pools"),
        "page-unreadable",
        line,
    );
    let other = with_info("````yaml openapi.yaml post /agent-profile-pools");
    assert_finding("another operation", other, "page-unreadable", line);
    let broken = PAGE.replace("  version: v1\n", "  version: [v1\n");
    let pages = Pages::with("page.md", broken);
    let output = check("1.8.7", &["--from", pages.path()]);
    assert_eq!(output.kinds(), ["page-unreadable"], "{output:?}");
    assert!(output.findings()[0]["line"].as_u64().unwrap() > line as u64, "{output:?}");
    let prose = format!("# A page\n\n{INFO}\nThis isn't OpenAPI at all.\n````\n");
    assert_finding("prose", prose, "page-unreadable", 4);
    let latin = [PAGE.as_bytes(), b"\n\xe9\n"].concat();
    let pages = Pages::with("page.md", latin);
    let output = check("1.8.7", &["--from", pages.path()]);
    assert_eq!(output.kinds(), ["page-unreadable"], "{output:?}");
    assert!(output.findings()[0]["message"].as_str().unwrap().contains("UTF-8"), "{output:?}");
}

#[test]
fn pages_without_operations_or_of_other_documents_are_ignored() {
    let pages = Pages::with("page.md", PAGE);
    pages.write("guides/start.mdx", "# Start\n\n```bash\ncurl https://x.example\n```\n");
    pages.write("webhooks/order.md", "---\nopenapi: webhook order.created\n---\n");
    pages.write(
        "webhooks/paid.md",
        "# Paid\n\n````yaml webhooks/openapi.json webhook order.paid\nopenapi: 3.1.0\n````\n",
    );
    let other = PAGE.replace("Agent Service", "Webhooks");
    let named = |info: &str| other.replace(INFO, info);
    pages.write("hooks/a.md", named("````yaml webhooks/openapi.json get /agent-profile-pools"));
    pages.write("hooks/b.md", named("````yaml webhooks/openapi.json get /agent-profile-pools"));
    pages.write(
        "v1.md",
        with_info(
            "````yaml https://odyssey.asteroid.ai/api/v1/openapi.yaml get /agent-profile-pools",
        ),
    );
    pages.write("picture.png", [0xff, 0xd8]);
    let output = check("1.8.7", &["--from", pages.path()]);
    assert_eq!(output.code, 0, "{output:?}");
    let json = output.json();
    assert_eq!((&json["pages"], &json["matching"]), (&1.into(), &1.into()));
    assert_eq!(
        json["other_documents"],
        serde_json::json!({
            "https://odyssey.asteroid.ai/api/v1/openapi.yaml": 1,
            "webhooks/openapi.json": 2,
        })
    );
}

/// A page of two operations in a form, the second of which differs.
fn page_of_two(form: Form) -> String {
    let document = document("1.8.7");
    let mut pools = fragment(&document, "/agent-profile-pools", "get");
    let agents = fragment(&document, "/agents", "get");
    set(&mut pools, "/components/schemas/Common.uuid/format", "date".into());
    page_in(form, &agents, "/agents", "get") + &page_in(form, &pools, "/agent-profile-pools", "get")
}

#[test]
fn a_page_may_have_several_blocks_in_several_forms() {
    for (form, line) in [
        (Form::ReadMe, "\"Common.uuid\": {"),
        (Form::GitBook, "{\"openapi\":"),
        (Form::ExpressPaths, "Common.uuid:"),
    ] {
        let text = page_of_two(form);
        let line = 1 + text
            .lines()
            .collect::<Vec<_>>()
            .iter()
            .rposition(|text| text.trim().starts_with(line))
            .unwrap();
        let pages = Pages::with("page.md", &text);
        let output = check("1.8.7", &["--from", pages.path()]);
        assert_eq!(output.kinds(), ["type-differs"], "{form:?}: {output:?}");
        let finding = &output.findings()[0];
        assert_eq!(finding["operation"], "AgentProfilePoolsList", "{form:?}");
        assert_eq!(finding["line"], line, "{form:?}: {text}");
        let json = output.json();
        assert_eq!(
            (&json["pages"], json["undocumented"].as_array().unwrap().len()),
            (&1.into(), 53)
        );
    }
}

#[test]
fn mintlifys_older_blocks_are_explained() {
    let document = document("1.8.7");
    let (path, method) = ("/agent-profile-pools", "get");
    let text = page_in(Form::OlderMintlify, &fragment(&document, path, method), path, method);
    let line = 1 + text.lines().position(|line| line.starts_with("````yaml")).unwrap();
    assert_finding("older", &text, "page-unreadable", line);
    // Its newer blocks have no name of the document.
    let info = "````yaml get /agent-profile-pools";
    let unnamed = text.lines().map(|text| if text.starts_with("````yaml") { info } else { text });
    let unnamed = unnamed.collect::<Vec<_>>().join("\n");
    assert_finding("older", &unnamed, "page-unreadable", line);
    let pages = Pages::with("page.md", text);
    let finding = check("1.8.7", &["--from", pages.path()]).findings()[0].clone();
    let message = finding["message"].as_str().unwrap();
    assert!(
        message.contains("Mintlify's older format") && message.contains("rebuild"),
        "{message}"
    );
}

#[test]
fn examples_of_openapi_are_not_pages_of_operations() {
    let pages = Pages::with("page.md", PAGE);
    pages.write(
        "setup.md",
        "# Setup\n\n```json docs.json\n{ \"openapi\": \"openapi.json\" }\n```\n",
    );
    pages.write("write.md", "# Write\n\n```yaml\nopenapi: 3.1.0\ninfo: { title: Yours }\n```\n");
    pages.write("call.md", "# Call\n\n```json POST /agents\n{ \"name\": \"x\" }\n```\n");
    let output = check("1.8.7", &["--from", pages.path()]);
    assert_eq!((output.code, &output.json()["pages"]), (0, &1.into()), "{output:?}");
    // A whole document that can't be read isn't an example.
    let cut = "# Pools\n\n```json\n{ \"openapi\": \"3.1.0\", \"paths\": {\n```\n";
    assert_finding("JSON", cut, "page-unreadable", 5);
}
