//! The documentation of generated code: no text of a document becomes code that rustdoc runs.

use openapi_lower::Document;
use proptest::{prelude::*, sample::select};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use serde_json::{Map, json};
use syn::{Expr, ExprLit, Lit, Meta, parse::Parser as _, punctuated::Punctuated};

use crate::{document, generate, wire_document};

/// The documentation of each item in generated code, those in macros included.
fn documentation(code: &str) -> Vec<String> {
    let file: proc_macro2::TokenStream = code.parse().expect("the code is Rust");
    let mut docs = Vec::new();
    collect(file, &mut docs);
    docs
}

fn collect(stream: proc_macro2::TokenStream, docs: &mut Vec<String>) {
    let mut continues = false;
    for token in stream {
        match token {
            proc_macro2::TokenTree::Group(group) => match doc_text(group.stream()) {
                Some(text) => {
                    match docs.last_mut().filter(|_| continues) {
                        Some(last) => *last += &format!("\n{text}"),
                        None => docs.push(text),
                    }
                    continues = true;
                }
                None => {
                    continues = false;
                    collect(group.stream(), docs);
                }
            },
            proc_macro2::TokenTree::Punct(punct) if punct.as_char() == '#' => {}
            _ => continues = false,
        }
    }
}

/// The text of `doc = "…"`.
fn doc_text(attribute: proc_macro2::TokenStream) -> Option<String> {
    let metas = Punctuated::<Meta, syn::Token![,]>::parse_terminated.parse2(attribute).ok()?;
    let [Meta::NameValue(meta)] = metas.iter().collect::<Vec<_>>()[..] else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &meta.value else { return None };
    meta.path.is_ident("doc").then(|| text.value())
}

/// The code blocks that rustdoc would run.
fn doc_tests(text: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let blocks = Parser::new_ext(text, options).filter_map(|event| match event {
        Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if &*info == "text" => None,
        Event::Start(Tag::CodeBlock(kind)) => Some(format!("{kind:?} in {text:?}")),
        Event::Start(Tag::HtmlBlock) | Event::Html(_) | Event::InlineHtml(_) => {
            Some(format!("HTML in {text:?}"))
        }
        _ => None,
    });
    blocks.collect()
}

fn assert_no_doc_tests(code: &str) {
    let docs = documentation(code);
    assert!(docs.len() > 2, "{code}");
    for text in docs {
        assert_eq!(doc_tests(&text), Vec::<String>::new());
        // rustc refuses these in comments.
        let refused = |c: char| c == '\r' || ('\u{202a}'..='\u{202e}').contains(&c);
        assert!(!text.contains(refused), "{text:?}");
    }
}

#[test]
fn hostile_texts_are_not_run() {
    for name in ["code-in-a-list", "code-in-texts", "carriage-return", "bidirectional-text"] {
        assert_no_doc_tests(&generate(&wire_document(name)));
    }
}

#[test]
fn the_test_finds_code_that_would_run() {
    for text in ["    code()", "```\ncode()\n```", "- ```\n  code()\n  ```", "-     code()", "<b>"]
    {
        assert_eq!(doc_tests(text).len().min(1), 1, "{text:?}");
    }
    assert_eq!(doc_tests("```text\ncode()\n```"), Vec::<String>::new());
    assert_eq!(documentation("/// a\n/// b\nstruct A;\nm! { #[doc = \"c\"] B }"), [" a\n b", "c"]);
}

#[test]
fn fences_and_lists_keep_their_text() {
    let described = |description: &str| {
        let schema = json!({ "type": "object", "description": description });
        let code = generate(&document(&format!(
            "paths: {{ /a: {{ get: {{ responses: {{ '200': {{ description: ok, content: {{ \
             application/json: {{ schema: {{ $ref: '#/components/schemas/A' }} }} }} }} }} }} }} }}\n\
             components: {{ schemas: {{ A: {{ properties: {{ b: {schema} }} }} }} }}"
        )));
        let docs = documentation(&code);
        docs.into_iter().find(|doc| doc.contains("one")).expect("the description")
    };
    assert_eq!(described("```rust\none()\n```").trim(), "```text\none()\n```");
    assert_eq!(described("-   one\n    1)  two\n* * *").trim(), "- one\n   1) two\n***");
    assert_eq!(described("one `a[0]` [b]").trim(), "one `a[0]` \\[b\\]");
}

/// Pieces of Markdown whose combinations begin and end blocks.
const PIECES: [&str; 26] = [
    "-", "+", "*", "1.", "2)", ">", "`", "```", "~~~", "    ", "  ", " ", "\t", "\n", "\r", "\r\n",
    "\n\n", "rust", "code()", "<b>", "[a]", "|", "#", "=", "\u{202e}", "\\",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_becomes_a_doc_test(
        texts in prop::collection::vec(prop::collection::vec(select(&PIECES[..]), 1..14), 300),
    ) {
        let mut properties = Map::new();
        for (index, pieces) in texts.iter().enumerate() {
            let text = pieces.concat();
            let schema = match index % 3 {
                0 => json!({ "type": "string", "description": text }),
                1 => json!({ "type": "string", "pattern": text, "description": "a" }),
                _ => json!({ "type": "string", "enum": [text, "other"] }),
            };
            properties.insert(format!("p{index}{}", if index % 5 == 0 { &*text } else { "" }), schema);
        }
        let thing = json!({ "type": "object", "properties": properties });
        let root = json!({
            "openapi": "3.1.0",
            "info": { "title": texts[0].concat(), "version": "1" },
            "paths": { "/a": { "get": {
                "tags": [texts[1].concat()],
                "summary": texts[2].concat(),
                "parameters": [{ "name": format!("q{}", texts[3].concat()), "in": "query", "schema": { "type": "string" } }],
                "responses": { "200": { "description": "ok", "content": { "application/json": { "schema": thing } } } },
            } } },
        });
        let document = Document::from_value(root).unwrap();
        match crate::config().generate_from(&document) {
            Ok(generated) => assert_no_doc_tests(&generated.code),
            // Two names may give one Rust name.
            Err(refusals) => prop_assert!(!refusals.to_string().is_empty()),
        }
    }
}

#[test]
fn scopes_and_alternatives_are_documented() {
    let docs = |security: &str| {
        let document = crate::document(&format!(
            "
paths: {{ /a: {{ get: {{ operationId: a, security: {security}, responses: {{}} }} }} }}
components:
  securitySchemes:
    Key: {{ type: apiKey, in: header, name: k }}
    Login: {{ type: oauth2, flows: {{}} }}"
        ));
        let code = crate::config().generate_from(&document).unwrap().code;
        let start = code.find("Sends `GET /a`").unwrap();
        code[start..].lines().next().unwrap().to_owned()
    };
    assert_eq!(docs("[{ Key: [] }]"), "Sends `GET /a`.");
    let scopes = docs("[{ Login: ['a:read', b] }]");
    assert_eq!(scopes, "Sends `GET /a`. Credentials: `Login` with `a:read`, `b`.");
    let alternatives = docs("[{ Key: [], Login: [] }, { Key: [] }, {}]");
    let expected = "Sends `GET /a`. Credentials: `Key` and `Login`, or `Key`, or none.";
    assert_eq!(alternatives, expected);
}
