//! Parsing: errors name their place, and nothing is ignored silently.

use openapi_lower::{Document, ParseError};
use serde_json::json;

const HEAD: &str = "openapi: 3.1.0\ninfo: { title: T, version: '1' }\n";

fn parse(rest: &str) -> Result<Document, ParseError> {
    Document::parse(&format!("{HEAD}{rest}"))
}

fn syntax_error(text: &str) -> String {
    match Document::parse(text) {
        Err(ParseError::Syntax(message)) => message,
        other => panic!("{other:?}"),
    }
}

fn refusal(text: &str) -> String {
    match Document::parse(text) {
        Err(ParseError::Refused(refusals)) => refusals.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn yaml_and_json_are_the_same_document() {
    let yaml =
        parse("paths: { /a: { get: { responses: { 200: { description: ok } } } } }").unwrap();
    let json = r#"{
	"openapi": "3.1.0", "info": {"title": "T", "version": "1"},
	"paths": {"/a": {"get": {"responses": {"200": {"description": "ok"}}}}}}"#;
    assert_eq!(Document::parse(json).unwrap(), yaml);
    assert_eq!(Document::parse(&format!("\u{feff}{json}")).unwrap(), yaml);
}

#[test]
fn escapes_in_json_strings_are_decoded() {
    let json = r#"{"openapi":"3.1.0","info":{"title":"\ud83d\ude80\/","version":"1"},"paths":{}}"#;
    assert_eq!(Document::parse(json).unwrap().root()["info"]["title"], json!("\u{1f680}/"));
}

#[test]
fn syntax_errors_name_line_and_column() {
    for text in
        ["openapi: 3.1.0\npaths: [\n", "openapi: 3.1.0\n a: b: c\n", "{\n\"openapi\": 3.1.0\n}"]
    {
        let message = syntax_error(text);
        assert!(message.contains("line ") && message.contains("column "), "{message}");
    }
}

#[test]
fn duplicate_keys_name_line_and_column() {
    let message = syntax_error(&format!("{HEAD}paths:\n  /a: {{}}\n  /a: {{}}\n"));
    assert!(message.contains("duplicate key `/a`") && message.contains("line 4"), "{message}");
    let message = syntax_error("{\"paths\": {},\n\"paths\": {}}");
    assert!(message.contains("duplicate key `paths`") && message.contains("line 2"), "{message}");
    // A status as a number and as a string are one key in JSON.
    let responses = "200: { description: a }, '200': { description: b }";
    let text = format!("{HEAD}paths: {{ /a: {{ get: {{ responses: {{ {responses} }} }} }} }}");
    assert!(syntax_error(&text).contains("duplicate key `200`"));
}

#[test]
fn values_without_a_json_equivalent_are_errors() {
    for (value, expected) in
        [("!tag x", "no YAML tag"), (".inf", ".inf"), (".nan", ".nan"), ("{ ? [a] : b }", "key")]
    {
        let message = syntax_error(&format!("{HEAD}paths: {{}}\nx-value: {value}\n"));
        assert!(message.contains(expected) && message.contains("line "), "{value}: {message}");
    }
}

#[test]
fn merge_keys_are_applied() {
    let text = "x-one: &one { a: 1, b: 1 }\nx-two: &two { b: 2, c: 2 }\nx-all: { <<: [*one, *two], c: 3 }\npaths: {}\n";
    let document = parse(text).unwrap();
    assert_eq!(document.root()["x-all"], json!({ "c": 3, "a": 1, "b": 1 }));
    let message = syntax_error(&format!("{HEAD}x-bad: {{ <<: 1 }}\npaths: {{}}\n"));
    assert!(message.contains("merge key"), "{message}");
}

#[test]
fn anchor_expansion_is_bounded() {
    let mut text = format!("{HEAD}paths: {{}}\nx-0: &x0 [a, a, a, a, a, a, a, a, a, a]\n");
    for level in 1..12 {
        let items = vec![format!("*x{}", level - 1); 10].join(", ");
        text += &format!("x-{level}: &x{level} [{items}]\n");
    }
    let message = syntax_error(&text);
    assert!(message.contains("nodes") || message.contains("repetition limit"), "{message}");
}

#[test]
fn deep_nesting_is_bounded() {
    for (open, close) in [("[", "]"), ("{a: ", "}")] {
        let text =
            format!("{HEAD}paths: {{}}\nx-deep: {}{}", open.repeat(50_000), close.repeat(50_000));
        assert!(syntax_error(&text).contains("recursion limit"));
    }
    let mut value = json!({});
    for _ in 0..500 {
        value = json!([value]);
    }
    let root = json!({ "openapi": "3.1.0", "paths": {}, "x-deep": value });
    assert!(Document::from_value(root).unwrap_err().to_string().contains("nested deeper than"));
}

#[test]
fn other_documents_are_refused() {
    for (text, expected) in [
        ("<html></html>", "missing `openapi` version"),
        ("just text", "missing `openapi` version"),
        ("swagger: '2.0'\npaths: {}", "Swagger 2.0"),
        ("openapi: 4.0.0\npaths: {}", "openapi: 4.0.0"),
        ("openapi: 3.1.0\npaths: []", "missing `paths`"),
        ("openapi: 3.1.0\ninfo: {}", "missing `paths`"),
    ] {
        let message = refusal(text);
        assert!(message.starts_with("#: ") && message.contains(expected), "{message}");
    }
}

#[test]
fn every_dangling_reference_is_named() {
    let message = refusal(&format!(
        "{HEAD}
paths:
  /a:
    get:
      parameters: [{{ $ref: '#/components/parameters/Removed' }}]
      responses:
        '200': {{ $ref: 'other.yaml#/Ok' }}
components:
  schemas:
    A: {{ properties: {{ b: {{ $ref: '#/components/schemas/B~1C' }} }} }}
    D: {{ $ref: '#anchor' }}
    E: {{ oneOf: [], discriminator: {{ propertyName: t, mapping: {{ x: Missing }} }} }}
"
    ));
    let lines: Vec<_> = message.lines().collect();
    assert_eq!(
        lines,
        [
            "#/components/schemas/A/properties/b/$ref: $ref: \"#/components/schemas/B~1C\": target not found",
            "#/components/schemas/D/$ref: $ref: \"#anchor\": no schema has this `$anchor`, or several have it",
            "#/components/schemas/E/discriminator/mapping/x: mapping to \"Missing\": target not found",
            "#/paths/~1a/get/parameters/0/$ref: $ref: \"#/components/parameters/Removed\": target not found",
            "#/paths/~1a/get/responses/200/$ref: $ref: \"other.yaml#/Ok\": another file: load the document from its path, or bundle the files into one",
        ]
    );
}

#[test]
fn references_in_examples_are_not_resolved() {
    parse(
        "
paths: {}
components:
  schemas:
    A:
      properties: { $ref: { type: string }, items: { type: string } }
      example: { $ref: nowhere }
      default: { $ref: nowhere }
      enum: [{ $ref: nowhere }]
      x-extension: { $ref: nowhere }
",
    )
    .unwrap();
}

#[test]
fn a_document_of_several_files_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    std::fs::write(
        folder.path().join("Pet.yaml"),
        "type: object\nproperties: { a: { type: string } }",
    )
    .unwrap();
    let document = "openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /pets: { get: { operationId: pets, responses: { '200': { description: ok, content: { application/json: { schema: { $ref: Pet.yaml } } } } } } }";
    std::fs::write(&path, document).unwrap();
    let generated = openapi_lower::Config::new(&path).generate().unwrap();
    assert!(generated.code.contains("pub struct Pet {"));
    let files: Vec<_> = generated.files().map(|file| file.file_name().unwrap()).collect();
    assert_eq!(files, ["openapi.yaml", "Pet.yaml"]);
}
