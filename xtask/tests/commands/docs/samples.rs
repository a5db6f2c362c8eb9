//! `check-docs --examples`: examples of pages and document, and samples of calls.

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    Pages,
    drift::{remove, set},
    generator::Form,
    generator::page_in,
    run,
};
use crate::support::CommandOutput;

/// A document with valid examples in all places.
fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Pets", "version": "1" },
        "servers": [{ "url": "https://api.pets.example/v1" }],
        "security": [{ "Key": [] }],
        "paths": { "/pets/{id}": { "put": {
            "operationId": "putPet",
            "parameters": [
                { "name": "id", "in": "path", "required": true, "example": 7, "schema": { "type": "integer" } },
                { "name": "tags", "in": "query", "examples": { "two": { "value": ["a", "b"] } },
                  "schema": { "type": "array", "items": { "type": "string" } } },
            ],
            "requestBody": { "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Pet" },
                "examples": { "cat": { "$ref": "#/components/examples/Cat" } },
            } } },
            "responses": { "200": { "description": "ok", "content": { "application/json": {
                "schema": { "type": "array", "items": { "$ref": "#/components/schemas/Pet" } },
                "example": [{ "id": 1, "name": "Tom" }],
            } } } },
        } } },
        "components": {
            "schemas": { "Pet": {
                "type": "object",
                "required": ["id", "name"],
                "properties": {
                    "id": { "type": "integer", "readOnly": true },
                    "name": { "type": "string", "maxLength": 5, "example": "Kitty" },
                    "born": { "type": ["string", "null"], "format": "date", "examples": ["2020-02-29", null] },
                    "friend": { "$ref": "#/components/schemas/Pet" },
                },
                "example": { "name": "Felix" },
            } },
            "examples": { "Cat": { "value": { "name": "Tom" } } },
            "securitySchemes": { "Key": { "type": "apiKey", "in": "header", "name": "X-Pets-Key" } },
        },
    })
}

/// A document, and a page that shows another one, followed by further text.
struct Site(TempDir, Pages);

impl Site {
    fn new(document: &Value, shown: &Value, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("pets.yaml"), serde_yaml::to_string(document).unwrap())
            .unwrap();
        let page = page_in(Form::Mintlify("pets.yaml"), shown, "/pets/{id}", "put");
        Self(folder, Pages::with("pet.md", page + more))
    }

    fn check(&self, arguments: &[&str]) -> CommandOutput {
        let spec = self.0.path().join("pets.yaml");
        let all = ["--spec", spec.to_str().unwrap(), "--from", self.1.path()];
        run(&[&all[..], arguments].concat())
    }

    /// The findings with `--examples`.
    fn findings(&self) -> Vec<Value> {
        self.check(&["--examples", "--format", "json"]).findings()
    }

    /// The text of a line of the page, or of the document.
    fn line(&self, finding: &Value) -> String {
        let file = match finding["page"].as_str().unwrap() {
            "" => self.0.path().join("pets.yaml"),
            page => self.1.folder().join(page),
        };
        let line = finding["line"].as_u64().unwrap() as usize;
        std::fs::read_to_string(file).unwrap().lines().nth(line - 1).unwrap().trim().to_owned()
    }
}

const BODY: &str = "/paths/~1pets~1{id}/put/requestBody/content/application~1json";
const RESPONSE: &str = "/paths/~1pets~1{id}/put/responses/200/content/application~1json";
const PARAMETERS: &str = "/paths/~1pets~1{id}/put/parameters";

#[test]
fn valid_examples_are_counted() {
    let site = Site::new(&document(), &document(), "");
    let output = site.check(&["--examples"]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.out.contains("; 8 examples validated\n"), "{}", output.out);
    let output = site.check(&[]);
    assert!(!output.out.contains("examples"), "{}", output.out);
}

#[test]
fn invalid_examples_of_a_page_have_pointer_and_line() {
    let document = document();
    for (edit, value, subject, reason, line) in [
        (
            format!("{PARAMETERS}/0/example"),
            json!("seven"),
            "example of parameter `id`",
            "\"seven\" is not of type \"integer\"",
            "example: seven",
        ),
        (
            format!("{PARAMETERS}/1/examples/two/value/1"),
            json!(2),
            "example of parameter `tags`",
            "2 is not of type \"string\" at `/1`",
            "- 2",
        ),
        (
            format!("{RESPONSE}/example/0/name"),
            json!(3),
            "example of response 200",
            "3 is not of type \"string\" at `/0/name`",
            "name: 3",
        ),
        (
            format!("{RESPONSE}/example/0"),
            json!({ "name": "Tom" }),
            "example of response 200",
            "\"id\" is a required property at `/0`",
            "- name: Tom",
        ),
        (
            "/components/examples/Cat/value/name".to_owned(),
            json!("Tommy-O"),
            "example of request body",
            "\"Tommy-O\" is longer than 5 characters at `/name`",
            "name: Tommy-O",
        ),
        (
            "/components/schemas/Pet/properties/name/example".to_owned(),
            json!(1),
            "example of schema `Pet`",
            "1 is not of type \"string\"",
            "example: 1",
        ),
        (
            "/components/schemas/Pet/properties/born/examples/0".to_owned(),
            json!("2021-02-29"),
            "example of schema `Pet`",
            "\"2021-02-29\" is not a \"date\"",
            "- 2021-02-29",
        ),
    ] {
        let mut shown = document.clone();
        set(&mut shown, &edit, value);
        let site = Site::new(&document, &shown, "");
        let findings = site.findings();
        let [finding] = findings.as_slice() else { panic!("{edit}: {findings:#?}") };
        assert_eq!(finding["kind"], "example-invalid");
        assert_eq!(finding["message"], format!("{subject}: {reason}"), "{edit}");
        assert_eq!((&finding["page"], &finding["operation"]), (&json!("pet.md"), &json!("putPet")));
        assert_eq!(site.line(finding), line, "{edit}: {finding}");
        let docs_pointer = finding["docs_pointer"].as_str().unwrap();
        assert!(docs_pointer.starts_with(&format!("#{edit}")), "{docs_pointer}");
        assert_eq!(site.check(&["--format", "json"]).findings(), Vec::<Value>::new());
    }
    // A schema that the page shows otherwise is no excuse.
    let mut shown = document.clone();
    set(&mut shown, "/components/schemas/Pet/properties/name/maxLength", 9.into());
    set(&mut shown, "/components/schemas/Pet/properties/name/example", "Kitty-Cat".into());
    let kinds: Vec<Value> = Site::new(&document, &shown, "")
        .findings()
        .iter()
        .map(|finding| finding["kind"].clone())
        .collect();
    assert_eq!(kinds, ["constraint-differs", "example-invalid"]);
}

#[test]
fn an_invalid_example_of_the_document_is_one_finding() {
    let mut document = document();
    set(&mut document, &format!("{BODY}/example"), json!({ "name": true }));
    // Also on the page, which shows what the document has.
    let site = Site::new(&document, &document, "");
    let findings = site.findings();
    let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(
        finding["message"],
        "example of request body: true is not of type \"string\" at `/name`"
    );
    assert_eq!((&finding["page"], &finding["spec"]), (&json!(""), &json!("true")));
    assert_eq!(finding["pointer"], format!("#{BODY}/example/name"));
    assert_eq!(site.line(finding), "name: true");
    let text = site.check(&["--examples"]).out;
    let line = finding["line"].as_u64().unwrap();
    assert!(text.contains(&format!("pets.yaml:{line}\n      document: #/paths")), "{text}");
    let github = site.check(&["--examples", "--format", "github"]).out;
    assert!(
        github.contains(&format!("pets.yaml,line={line}::example of request body")),
        "{github}"
    );
    let markdown = site.check(&["--examples", "--format", "markdown"]).out;
    assert!(
        markdown.contains(&format!("- [ ] line {line}: example of request body")),
        "{markdown}"
    );
}

#[test]
fn schemas_of_openapi_3_0_allow_null() {
    let mut document = document();
    document["openapi"] = "3.0.3".into();
    set(
        &mut document,
        "/components/schemas/Pet/properties/born",
        json!({ "type": "string", "nullable": true, "example": null }),
    );
    set(
        &mut document,
        "/components/schemas/Pet/properties/age",
        json!({ "type": "number", "minimum": 0, "exclusiveMinimum": true, "example": 1 }),
    );
    let site = Site::new(&document, &document, "");
    assert_eq!(site.findings(), Vec::<Value>::new());
    set(&mut document, "/components/schemas/Pet/properties/age/example", 0.into());
    assert_eq!(Site::new(&document, &document, "").findings().len(), 1);
}

/// A call in a code block.
fn sample(call: &str) -> String {
    format!("\n```bash Request\n{call}\n```\n")
}

#[test]
fn the_curl_sample_of_a_page_is_compared() {
    let document = document();
    for call in [
        "curl --request PUT \\\n  --url https://api.pets.example/v1/pets/7 \\\n  --header 'X-Pets-Key: <key>'",
        "curl -X PUT 'https://api.pets.example/v1/pets/{id}?tags=a' -H \"x-pets-key: $KEY\" -d '{\"name\": \"it''s\"}'",
        "# first\ncurl -s -XPUT \"$BASE_URL/pets/$ID\" -H 'X-Pets-Key: k' --json @pet.json | jq .",
    ] {
        assert_eq!(
            Site::new(&document, &document, &sample(call)).findings(),
            Vec::<Value>::new(),
            "{call}"
        );
    }
    for (call, kind, docs, line) in [
        (
            "curl -X POST \\\n  https://api.pets.example/v1/pets/7 \\\n  -H 'X-Pets-Key: k'",
            "sample-method-differs",
            "POST",
            0,
        ),
        (
            "curl -X PUT \\\n  https://api.pets.example/v2/pets/7?x=1 \\\n  -H 'X-Pets-Key: k'",
            "sample-url-differs",
            "https://api.pets.example/v2/pets/7",
            1,
        ),
        (
            "curl -X PUT \\\n  https://pets.example/v1/pets/7 \\\n  -H 'X-Pets-Key: k'",
            "sample-url-differs",
            "https://pets.example/v1/pets/7",
            1,
        ),
        (
            "curl -X PUT \\\n  https://api.pets.example/v1/pets/7 \\\n  -H 'Accept: */*' -H 'X-Key: k'",
            "sample-auth-differs",
            "header X-Key",
            2,
        ),
        (
            "curl -X PUT \\\n  https://api.pets.example/v1/pets/7",
            "sample-auth-differs",
            "no credentials",
            0,
        ),
    ] {
        let site = Site::new(&document, &document, &sample(call));
        let findings = site.findings();
        let [finding] = findings.as_slice() else { panic!("{call}: {findings:#?}") };
        assert_eq!((&finding["kind"], &finding["docs"]), (&json!(kind), &json!(docs)), "{call}");
        assert_eq!(site.line(finding), call.lines().nth(line).unwrap().trim(), "{call}");
        assert_ne!(finding["spec"], finding["docs"]);
    }
    // The first call counts, and no key is needed where the document has none.
    let first = "curl -X PUT https://api.pets.example/v1/pets/7";
    let mut open = document.clone();
    remove(&mut open, "/security");
    let two = sample(first) + &sample("curl https://elsewhere.example/");
    assert_eq!(Site::new(&open, &open, &two).findings(), Vec::<Value>::new());
}

#[test]
fn response_bodies_of_a_page_are_validated() {
    let document = document();
    let block = |json: &str| format!("\n```json 200\n{json}\n```\n");
    let site = Site::new(&document, &document, &block("[\n  { \"id\": 1, \"name\": \"Tom\" }\n]"));
    assert_eq!(site.findings(), Vec::<Value>::new());
    let site = Site::new(
        &document,
        &document,
        &block("[\n  { \"id\": 1, \"name\": \"Tom\" },\n  { \"id\": 2 }\n]"),
    );
    let findings = site.findings();
    let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(
        finding["message"],
        "example of response 200: \"name\" is a required property at `/1`"
    );
    assert_eq!(site.line(finding), "{ \"id\": 2 }");
}
