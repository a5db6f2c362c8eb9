//! Decoding of parameters in each style.

use openapi_mock::{Api, MockServer};
use serde_json::{Value, json};

use crate::request::{client, execute};

/// Sends a request to an operation with one parameter and returns the decoded value.
async fn decoded(declared: &str, template: &str, sent: &str, header: (&str, &str)) -> Value {
    let text = format!(
        "openapi: 3.1.0
info: {{ title: t, version: '1' }}
paths:
  '{template}':
    get:
      operationId: get
      parameters: [{declared}]
      responses: {{ '204': {{ description: ok }} }}
"
    );
    let mock = MockServer::start(Api::parse(&text).expect("a document")).expect("a server");
    let request = client().get(format!("{}{sent}", mock.url()));
    let request = if header.0.is_empty() { request } else { request.header(header.0, header.1) };
    let response = execute(&mock, request).await;
    assert_eq!(response.exchange.violations, [], "{declared} {sent}");
    assert_eq!(response.status, 204);
    response.exchange.parameters.into_values().next().unwrap_or_default()
}

const ARRAY: &str = "schema: { type: array, items: { type: integer } }";
const OBJECT: &str =
    "schema: { type: object, properties: { R: { type: integer }, name: { type: string } } }";

#[tokio::test]
async fn query_parameters_are_decoded() {
    let query = async |style: &str, schema: &str, sent: &str| {
        let declared = format!("{{ name: p, in: query, {style} {schema} }}");
        decoded(&declared, "/a", &format!("/a?{sent}"), ("", "")).await
    };
    let list = json!([1, 2]);
    let object = json!({ "R": 1, "name": "a b" });
    assert_eq!(query("", ARRAY, "p=1&p=2").await, list);
    assert_eq!(query("explode: false,", ARRAY, "p=1,2").await, list);
    assert_eq!(query("style: spaceDelimited, explode: false,", ARRAY, "p=1%202").await, list);
    assert_eq!(query("style: pipeDelimited, explode: false,", ARRAY, "p=1|2").await, list);
    assert_eq!(query("", OBJECT, "R=1&name=a+b").await, object);
    assert_eq!(query("explode: false,", OBJECT, "p=R,1,name,a%20b").await, object);
    assert_eq!(query("style: deepObject,", OBJECT, "p[R]=1&p%5Bname%5D=a%20b").await, object);
    let text = "schema: { type: array, items: { type: string } }";
    assert_eq!(query("explode: false,", text, "p=a%2Cb,c").await, json!(["a,b", "c"]));
    let json_text = "content: { application/json: { schema: { type: object } } }";
    assert_eq!(query("", json_text, "p=%7B%22a%22:1%7D").await, json!({ "a": 1 }));
    assert_eq!(query("", "schema: { type: string }", "p=1").await, json!("1"));
    assert_eq!(query("", "schema: { type: [integer, string] }", "p=1").await, json!(1));
    assert_eq!(query("", "schema: { type: boolean }", "p=true").await, json!(true));
}

#[tokio::test]
async fn path_parameters_are_decoded() {
    let path = async |style: &str, schema: &str, sent: &str| {
        let declared = format!("{{ name: p, in: path, required: true, {style} {schema} }}");
        decoded(&declared, "/a/{p}/b", &format!("/a/{sent}/b"), ("", "")).await
    };
    let list = json!([1, 2]);
    let object = json!({ "R": 1, "name": "x" });
    assert_eq!(path("", ARRAY, "1,2").await, list);
    assert_eq!(path("", "schema: { type: string }", "a%2Fb").await, json!("a/b"));
    assert_eq!(path("", OBJECT, "R,1,name,x").await, object);
    assert_eq!(path("explode: true,", OBJECT, "R=1,name=x").await, object);
    assert_eq!(path("style: label,", ARRAY, ".1,2").await, list);
    assert_eq!(path("style: label, explode: true,", ARRAY, ".1.2").await, list);
    assert_eq!(path("style: matrix,", ARRAY, ";p=1,2").await, list);
    assert_eq!(path("style: matrix, explode: true,", ARRAY, ";p=1;p=2").await, list);
    assert_eq!(path("style: matrix, explode: true,", OBJECT, ";R=1;name=x").await, object);
}

#[tokio::test]
async fn header_and_cookie_parameters_are_decoded() {
    let declared = format!("{{ name: X-P, in: header, {ARRAY} }}");
    assert_eq!(decoded(&declared, "/a", "/a", ("X-P", "1,2")).await, json!([1, 2]));
    let declared = "{ name: p, in: cookie, schema: { type: integer } }";
    assert_eq!(decoded(declared, "/a", "/a", ("Cookie", "q=1; p=7")).await, json!(7));
}

#[tokio::test]
async fn a_parameter_may_be_a_part_of_a_path_segment() {
    let declared = "{ name: p, in: path, required: true, schema: { type: string } }";
    assert_eq!(decoded(declared, "/a/x-{p}.json", "/a/x-1.json", ("", "")).await, json!("1"));
}
