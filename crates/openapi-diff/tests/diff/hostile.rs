//! Reports on documents whose names and texts try to leave their line, table cell, code span or
//! fence.

use std::collections::BTreeMap;

use openapi_diff::{Report, markdown, text};
use openapi_document::Document;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};

/// Texts that mean something to terminals and to Markdown.
const HOSTILE: [&str; 6] = [
    "`\n```\n</details>\n\n# A heading\n![x](https://other.example/p.png)\n<!--",
    "esc\u{1b}]0;TITLE\u{7}\u{1b}[2J\u{1b}[31mred",
    "right\u{202e}left\u{2066}\r# heading\u{2028}- item",
    "` | a | b |\n| --- | --- |\n~~~",
    "``` [link](https://other.example) @name <img src=x>",
    "",
];

/// A document whose names and texts are hostile.
fn hostile(description: &str) -> Value {
    let mut paths = serde_json::Map::new();
    let mut schemas = serde_json::Map::new();
    for (index, text) in HOSTILE.iter().enumerate() {
        let properties = json!({ *text: { "type": "string", "enum": [text] } });
        schemas.insert(format!("S{index}{text}"), json!({ "properties": properties }));
        let parameter = json!({
            "name": text, "in": "query", "description": format!("{text}{description}"),
            "schema": { "type": "string", "pattern": text, "default": text },
        });
        let operation = json!({
            "operationId": text, "summary": text, "parameters": [parameter],
            "responses": { "200": { "description": text, "content": { "application/json": {
                "schema": { "properties": { *text: { "const": text, "title": description } } },
            } } } },
        });
        paths.insert(format!("/p{index}{text}"), json!({ "get": operation }));
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": HOSTILE[0], "version": HOSTILE[1] },
        "paths": paths,
        "components": { "schemas": schemas },
    })
}

/// The reports between a plain document, two hostile ones and the one of the shared faults, in
/// both directions.
fn reports() -> Vec<Report> {
    let plain = json!({
        "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": {},
    });
    let documents = [
        plain.to_string(),
        hostile("").to_string(),
        hostile(" changed").to_string().replace("\"string\"", "\"integer\""),
        include_str!("report-injection.yaml").to_owned(),
    ]
    .map(|text| Document::parse_lenient(&text).unwrap());
    let mut reports = Vec::new();
    for old in &documents {
        for new in &documents {
            reports.push(openapi_diff::diff(old, new, &BTreeMap::new()));
        }
    }
    assert!(reports.iter().map(|report| report.changes.len()).sum::<usize>() > 100);
    reports
}

#[test]
fn text_holds_no_control_character_and_no_line_of_a_document() {
    for report in reports() {
        let text = anstream::adapter::strip_str(&text::render(&report)).to_string();
        // Stripping removes escape sequences, so those of the document are looked for before.
        let raw = text::render(&report);
        assert!(!raw.contains("\u{1b}]") && !raw.contains("\u{1b}[2J"), "{raw:?}");
        for character in text.chars().filter(|character| *character != '\n') {
            assert!(
                !character.is_control() && !"\u{202e}\u{2066}\u{2028}".contains(character),
                "{character:?} in {text:?}"
            );
        }
        assert!(!text.lines().any(|line| line.starts_with("# A heading")), "{text}");
    }
}

#[test]
fn markdown_has_no_structure_of_a_document() {
    for report in reports() {
        let markdown = markdown::render(&report, 0);
        let (mut headings, mut columns) = (0, 0);
        for event in Parser::new_ext(&markdown, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Heading { .. }) => headings += 1,
                Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
                Event::Start(Tag::Image { .. } | Tag::Link { .. } | Tag::CodeBlock(_)) => {
                    panic!("{event:?} in\n{markdown}")
                }
                Event::Html(html) | Event::InlineHtml(html) => {
                    let own = ["<details>", "</details>", "<br>"];
                    assert!(own.iter().any(|tag| html.starts_with(tag)), "{html} in\n{markdown}");
                }
                _ => {}
            }
        }
        let own = markdown.lines().filter(|line| line.starts_with("### m")).count();
        assert_eq!(headings, own, "{markdown}");
        // GFM ignores cells beyond the header's, so they are counted in the source.
        for row in markdown.lines().filter(|line| line.starts_with('|')) {
            assert_eq!(row.matches('|').count(), columns + 1, "{row}");
        }
    }
}
