//! Decoding and validation of request bodies.

use openapi_mock::{Api, MockServer};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::request::{RecordedResponse, client, execute};

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: { title: Bodies, version: '1' }
paths:
  /optional:
    post:
      operationId: optional
      requestBody: { content: { application/json: { schema: { type: object, required: [a] } }, text/plain: { schema: { type: string, minLength: 1 } }, application/x-www-form-urlencoded: { schema: { type: object, required: [a] } }, multipart/form-data: { schema: { type: object, required: [a], properties: { a: { type: string } } } } } }
      responses: { '204': { description: done } }
  /required:
    post:
      operationId: required
      requestBody: { required: true, content: { application/json: { schema: { type: object } }, text/plain: { schema: { type: string } }, application/x-www-form-urlencoded: { schema: { type: object } }, multipart/form-data: { schema: { type: object } }, application/octet-stream: {} } }
      responses: { '204': { description: done } }
  /none: { post: { operationId: none, responses: { '204': { description: done } } } }
  /parts:
    post:
      operationId: parts
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                inline: { type: string, enum: [a, b] }
                untyped: { enum: [a, b] }
                component: { $ref: '#/components/schemas/Kind' }
                wrapped: { allOf: [{ $ref: '#/components/schemas/Kind' }], default: a }
                nullable: { anyOf: [{ $ref: '#/components/schemas/Kind' }, { type: 'null' }] }
                list: { type: array, items: { $ref: '#/components/schemas/Kind' } }
                optionalList: { anyOf: [{ type: array, items: { $ref: '#/components/schemas/Kind' } }, { type: 'null' }] }
                constant: { const: a }
                or: { anyOf: [{ $ref: '#/components/schemas/Kind' }, { type: object, required: [x] }] }
                orList: { oneOf: [{ $ref: '#/components/schemas/Kind' }, { type: array, items: { type: integer } }] }
                date: { type: string, format: date }
                number: { enum: [1, 2] }
                declared: { $ref: '#/components/schemas/Kind' }
              patternProperties: { '^x-': { $ref: '#/components/schemas/Kind' } }
            encoding: { declared: { contentType: application/json } }
      responses: { '204': { description: done } }
  /form:
    post:
      operationId: form
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              additionalProperties: { type: string }
              properties:
                n: { type: integer }
                tags: { type: array, items: { type: string } }
                csv: { type: array, items: { type: integer } }
                deep: { $ref: '#/components/schemas/Deep' }
                json: { $ref: '#/components/schemas/Deep' }
                text: { type: string, enum: [a, '"a"'] }
                kind: { $ref: '#/components/schemas/Kind' }
            encoding: { csv: { style: form, explode: false }, deep: { style: deepObject } }
      responses: { '204': { description: done } }
components:
  schemas:
    Kind: { type: string, enum: [a, b] }
    Deep: { type: object, properties: { x: { type: integer }, y: { type: object, properties: { z: { type: boolean } } } } }
"##;

fn mock() -> MockServer {
    MockServer::start(Api::parse(DOCUMENT).expect("a document")).expect("a server")
}

/// Sends a body with a media type.
async fn post(mock: &MockServer, path: &str, media_type: &str, body: &str) -> RecordedResponse {
    let request = client().post(format!("{}{path}", mock.url())).body(body.to_owned());
    execute(mock, request.header("content-type", media_type)).await
}

#[tokio::test]
async fn an_empty_body_is_no_body() {
    let mock = mock();
    let media_types = [
        "application/json",
        "application/json; charset=utf-8",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/pdf",
    ];
    for media_type in media_types {
        for path in ["/optional", "/none"] {
            let response = post(&mock, path, media_type, "").await;
            assert_eq!(response.exchange.violations, [], "{path} {media_type}");
            assert_eq!(response.status, 204, "{path} {media_type}");
            assert_eq!(response.exchange.body_value, None, "{path} {media_type}");
        }
    }
    // A required body must not be empty, unless the media type has an empty representation.
    for (media_type, keyword) in [
        ("application/json", Some("required")),
        ("multipart/form-data; boundary=x", Some("required")),
        ("application/pdf", Some("content-type")),
        ("text/plain", None),
        ("application/x-www-form-urlencoded", None),
        ("application/octet-stream", None),
    ] {
        let response = post(&mock, "/required", media_type, "").await;
        assert_eq!(response.keywords(), keyword.into_iter().collect::<Vec<_>>(), "{media_type}");
    }
    // A body that isn't empty is validated.
    assert_eq!(post(&mock, "/optional", "application/json", " ").await.keywords(), ["json"]);
    assert_eq!(post(&mock, "/optional", "application/json", "{}").await.keywords(), ["required"]);
}

#[tokio::test]
async fn a_part_in_quotes_is_another_value() {
    let mock = mock();
    let send = async |name: &'static str, text: &'static str, media_type: &str| {
        let part = Part::text(text);
        let part = match media_type {
            "" => part,
            other => part.mime_str(other).expect("a media type"),
        };
        let form = Form::new().part(name, part);
        execute(&mock, client().post(format!("{}/parts", mock.url())).multipart(form)).await
    };
    let names = [
        "inline",
        "untyped",
        "component",
        "wrapped",
        "nullable",
        "list",
        "optionalList",
        "constant",
        "or",
        "orList",
        "x-pattern",
    ];
    let mut failed = Vec::new();
    for name in names {
        // The media type of a scalar is text/plain (OpenAPI 3.1, "Encoding Object").
        for media_type in ["", "text/plain", "application/json"] {
            for (text, is_valid) in [("a", true), ("\"a\"", false), ("c", false)] {
                let response = send(name, text, media_type).await;
                let is_refused = response.status == 400 && response.exchange.violations.len() == 1;
                if is_valid != (response.status == 204) || is_valid == is_refused {
                    let violations = response.exchange.violations;
                    failed.push(format!("{name} {media_type} {text}: {violations:?}"));
                }
            }
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
    assert_eq!(send("date", "\"2026-01-02\"", "").await.keywords(), ["format"]);
    assert_eq!(send("number", "1", "").await.keywords(), [""; 0]);
    assert_eq!(send("number", "\"1\"", "").await.keywords(), ["enum"]);
    assert_eq!(send("or", r#"{"x":1}"#, "application/json").await.keywords(), [""; 0]);
    assert_eq!(send("or", r#"{"y":1}"#, "application/json").await.keywords(), ["required"]);
    // Declared as JSON, the value is in quotes.
    assert_eq!(send("declared", "\"a\"", "application/json").await.keywords(), [""; 0]);
    assert_eq!(send("declared", "\"c\"", "application/json").await.keywords(), ["enum"]);
    assert_eq!(send("declared", "a", "application/json").await.keywords(), ["json"]);
    let response = send("declared", "a", "text/plain").await;
    assert_eq!(response.keywords(), ["content-type"]);
}

#[tokio::test]
async fn fields_of_a_form_are_decoded_by_their_encoding() {
    let mock = mock();
    let send = async |body: &str| {
        post(&mock, "/form", "application/x-www-form-urlencoded", body).await.exchange
    };
    let decoded = async |body: &str| -> Value {
        let exchange = send(body).await;
        assert_eq!(exchange.violations, [], "{body}");
        exchange.body_value.expect("a body")
    };
    assert_eq!(decoded("n=1&tags=a&tags=b%2C+c").await, json!({ "n": 1, "tags": ["a", "b, c"] }));
    assert_eq!(decoded("csv=1,2").await, json!({ "csv": [1, 2] }));
    assert_eq!(decoded("deep%5Bx%5D=1").await, json!({ "deep": { "x": 1 } }));
    let nested = json!({ "deep": { "y": { "z": true } } });
    assert_eq!(decoded("deep[y][z]=true").await, nested);
    assert_eq!(decoded("json=%7B%22x%22%3A1%7D").await, json!({ "json": { "x": 1 } }));
    assert_eq!(decoded("text=a&other=b").await, json!({ "text": "a", "other": "b" }));
    assert_eq!(decoded("text=%22a%22").await, json!({ "text": "\"a\"" }));
    for (body, keyword) in [
        ("n=1&n=2", "type"),
        ("text=a&text=a", "type"),
        ("other=1&other=2", "type"),
        ("deep[x]=a", "type"),
        ("deep[x]=1&deep[x]=2", "type"),
        ("json=a", "type"),
        ("kind=%22a%22", "enum"),
    ] {
        let keywords: Vec<_> =
            send(body).await.violations.into_iter().map(|violation| violation.keyword).collect();
        assert!(keywords.iter().any(|own| own == keyword), "{body}: {keywords:?}");
    }
}

#[tokio::test]
async fn forms_are_decoded_by_their_encoding() {
    let document = "
openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /a:
    post:
      operationId: a
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded: &form
            schema: { type: object, properties: { tags: { type: array, items: { type: string } }, o: { type: object, properties: { x: { type: integer } } }, j: { type: array, items: { type: integer } } } }
            encoding: { tags: { style: pipeDelimited, explode: false }, o: { style: deepObject, explode: true }, j: { contentType: application/json } }
          multipart/form-data: *form
      responses: { '204': { description: ok } }
";
    let mock = MockServer::start(Api::parse(document).expect("a document")).expect("a server");
    let post = || client().post(format!("{}/a", mock.url()));
    let body = "tags=a%7Cb&o[x]=1&j=%5B1%5D";
    let request = post().header("content-type", "application/x-www-form-urlencoded").body(body);
    let response = execute(&mock, request).await;
    assert_eq!(response.exchange.violations, []);
    let expected = json!({ "tags": ["a", "b"], "o": { "x": 1 }, "j": [1] });
    assert_eq!(response.exchange.body_value, Some(expected));
    let part = Part::text("[1]").mime_str("application/json").expect("JSON");
    let form = Form::new().text("tags", "a|b").part("j", part).text("o[x]", "1");
    let response = execute(&mock, post().multipart(form)).await;
    assert_eq!(response.exchange.violations, []);
    let expected = json!({ "tags": ["a", "b"], "o": { "x": 1 }, "j": [1] });
    assert_eq!(response.exchange.body_value, Some(expected));
    let response = execute(&mock, post().multipart(Form::new().text("p[x]", "1"))).await;
    assert_eq!(response.keywords(), ["unknown"]);
    let response = execute(&mock, post().multipart(Form::new().text("o[x]", "a"))).await;
    assert_eq!(response.keywords(), ["type"]);
}
