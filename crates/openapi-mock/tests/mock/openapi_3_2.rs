//! Requests and responses of OpenAPI 3.2.

use openapi_mock::{Api, MockServer};
use reqwest::Method;
use serde_json::json;

use crate::request::{client, execute};

const DOCUMENT: &str = "
openapi: 3.2.0
info: { title: Search, version: '1' }
paths:
  /search:
    query:
      operationId: search
      requestBody: { required: true, content: { application/json: { $ref: '#/components/mediaTypes/Terms' } } }
      responses: { '204': { summary: found } }
    additionalOperations:
      COPY: { operationId: copy, responses: { '204': { summary: copied } } }
    options: { operationId: options, responses: { '204': { summary: ok } } }
    trace: { operationId: trace, responses: { '204': { summary: ok } } }
    get:
      operationId: find
      security: [{ key: [] }, {}]
      parameters:
        - { name: q, in: querystring, content: { application/x-www-form-urlencoded: { schema: { type: object, required: [a], properties: { a: { type: string }, b: { type: integer } } } } } }
      responses: { '204': { summary: ok } }
  /json:
    get:
      operationId: json
      parameters: [{ name: q, in: querystring, required: true, content: { application/json: { schema: { type: array, items: { type: integer } } } } }]
      responses: { '204': { summary: ok } }
  /text:
    get:
      operationId: text
      parameters: [{ name: q, in: querystring, content: { text/plain: { schema: { type: string, maxLength: 5 } } } }]
      responses: { '204': { summary: ok } }
components:
  securitySchemes: { key: { type: apiKey, in: query, name: key } }
  mediaTypes: { Terms: { schema: { type: object, properties: { q: { type: string } } } } }
";

fn mock() -> MockServer {
    MockServer::start(Api::parse(DOCUMENT).expect("a document")).expect("a server")
}

#[tokio::test]
async fn all_methods_are_served() {
    let mock = mock();
    for (method, operation) in [("OPTIONS", "options"), ("TRACE", "trace"), ("COPY", "copy")] {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let request = client().request(method, format!("{}/search", mock.url()));
        let response = execute(&mock, request).await;
        assert_eq!(response.exchange.operation.as_deref(), Some(operation));
        assert_eq!((response.status, response.exchange.violations), (204, vec![]));
    }
    let query = |body: &'static str| {
        let method = Method::from_bytes(b"QUERY").expect("a method");
        let request = client().request(method, format!("{}/search", mock.url()));
        request.header("content-type", "application/json").body(body)
    };
    let response = execute(&mock, query(r#"{"q": "x"}"#)).await;
    assert_eq!((response.status, response.exchange.violations), (204, vec![]));
    let response = execute(&mock, query(r#"{"q": 1}"#)).await;
    assert_eq!(response.status, 400);
    assert_eq!(response.exchange.violations[0].pointer, "/q");
    // Methods are case-sensitive, and `Allow` lists them.
    let method = Method::from_bytes(b"copy").expect("a method");
    let response = client().request(method, format!("{}/search", mock.url())).send().await;
    let response = response.expect("a response");
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["allow"], "GET, OPTIONS, TRACE, QUERY, COPY");
}

#[tokio::test]
async fn a_querystring_parameter_is_the_whole_query() {
    let mock = mock();
    let get = async |path: &str| {
        let response = execute(&mock, client().get(format!("{}{path}", mock.url()))).await;
        let value = response.exchange.parameters.into_values().next();
        let keywords: Vec<_> =
            response.exchange.violations.into_iter().map(|violation| violation.keyword).collect();
        (value, keywords)
    };
    let object = json!({ "a": "x y", "b": 1 });
    assert_eq!(get("/search?a=x+y&b=1").await, (Some(object.clone()), vec![]));
    // The key of a security scheme isn't part of it.
    assert_eq!(get("/search?key=k&a=x%20y&b=1").await, (Some(object), vec![]));
    assert_eq!(get("/search?b=c").await.1, ["required", "type"]);
    assert_eq!(get("/search").await, (None, vec![]));
    assert_eq!(get("/json?%5B1,2%5D").await, (Some(json!([1, 2])), vec![]));
    assert_eq!(get("/json?%5B%22a%22%5D").await.1, ["type"]);
    assert_eq!(get("/json").await.1, ["required"]);
    assert_eq!(get("/text?a%20+b").await, (Some(json!("a +b")), vec![]));
    assert_eq!(get("/text?a=b&cd").await.1, ["maxLength"]);
}

#[test]
fn other_values_of_a_discriminator_have_the_default_variant() {
    let text = "
openapi: 3.2.0
info: { title: t, version: '1' }
paths: {}
components:
  schemas:
    Pet:
      anyOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Other' }]
      discriminator: { propertyName: kind, mapping: { cat: Cat }, defaultMapping: Other }
    Cat: { type: object, required: [kind, lives], properties: { kind: { const: cat }, lives: { type: integer } } }
    Other: { type: object, properties: { kind: { type: string } } }
";
    let api = Api::parse(text).expect("a document");
    let accepts =
        |value| api.validator().accepts("/components/schemas/Pet", &value).expect("valid");
    assert!(accepts(json!({ "kind": "cat", "lives": 9 })));
    assert!(accepts(json!({ "kind": "bird" })) && accepts(json!({})));
    let strict = Api::parse(&text.replace(", defaultMapping: Other", "")).expect("a document");
    let accepts =
        |value| strict.validator().accepts("/components/schemas/Pet", &value).expect("valid");
    assert!(!accepts(json!({ "kind": "bird" })) && !accepts(json!({})));
}
