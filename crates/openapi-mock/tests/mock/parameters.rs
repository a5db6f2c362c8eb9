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
const TEXTS: &str = "schema: { type: array, items: { type: string } }";
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
    assert_eq!(query("explode: false,", OBJECT, "p=").await, json!({}));
    let tags =
        "schema: { type: object, properties: { t: { type: array, items: { type: string } } } }";
    assert_eq!(query("", tags, "t=a&t=b").await, json!({ "t": ["a", "b"] }));
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
    assert_eq!(path("style: matrix,", OBJECT, ";p=R,1,name,x").await, object);
    assert_eq!(path("style: label, explode: true,", OBJECT, ".R=1.name=x").await, object);
    assert_eq!(path("style: label,", "schema: { type: string }", ".a%2Eb").await, json!("a.b"));
    assert_eq!(path("style: matrix,", "schema: { type: string }", ";p=a%3Bb").await, json!("a;b"));
    // What is percent-encoded doesn't separate.
    assert_eq!(path("", TEXTS, "a%2Cb,c").await, json!(["a,b", "c"]));
    assert_eq!(path("style: label, explode: true,", TEXTS, ".a%2Eb.c").await, json!(["a.b", "c"]));
    assert_eq!(
        path("style: matrix, explode: true,", TEXTS, ";p=a%3Bb;p=c").await,
        json!(["a;b", "c"])
    );
    let json_text = "content: { application/json: { schema: { type: array } } }";
    assert_eq!(path("", json_text, "%5B%22a%2Cb%22%5D").await, json!(["a,b"]));
}

#[tokio::test]
async fn header_and_cookie_parameters_are_decoded() {
    let declared = format!("{{ name: X-P, in: header, {ARRAY} }}");
    assert_eq!(decoded(&declared, "/a", "/a", ("X-P", "1,2")).await, json!([1, 2]));
    let header = async |explode: &str, schema: &str, sent: &str| {
        let declared = format!("{{ name: X-P, in: header, {explode} {schema} }}");
        decoded(&declared, "/a", "/a", ("X-P", sent)).await
    };
    let object = json!({ "R": 1, "name": "x y" });
    assert_eq!(header("", ARRAY, "1, 2").await, json!([1, 2]));
    assert_eq!(header("", OBJECT, "R,1, name,x y").await, object);
    assert_eq!(header("explode: true,", OBJECT, "R=1, name=x y").await, object);
    // Header fields aren't percent-encoded.
    assert_eq!(header("", TEXTS, "a%2Cb,c").await, json!(["a%2Cb", "c"]));
    let cookie = async |explode: &str, schema: &str, sent: &str| {
        let declared = format!("{{ name: p, in: cookie, {explode} {schema} }}");
        decoded(&declared, "/a", "/a", ("Cookie", sent)).await
    };
    assert_eq!(cookie("", "schema: { type: integer }", "q=1; p=7").await, json!(7));
    assert_eq!(cookie("", "schema: { type: string }", "p=a%3Bb").await, json!("a;b"));
    for sent in ["p=1; p=2", "p=1&p=2", "p=1,2"] {
        assert_eq!(cookie("", ARRAY, sent).await, json!([1, 2]), "{sent}");
    }
    assert_eq!(cookie("explode: false,", TEXTS, "p=a%2Cb,c").await, json!(["a,b", "c"]));
    for sent in ["R=1; name=x%20y", "p=R=1&name=x%20y", "p=R,1,name,x%20y"] {
        assert_eq!(cookie("", OBJECT, sent).await, object, "{sent}");
    }
    let json_text = "content: { application/json: { schema: { type: array } } }";
    assert_eq!(cookie("", json_text, "p=%5B1%5D").await, json!([1]));
}

#[tokio::test]
async fn parameters_of_unions_are_decoded() {
    let query = async |style: &str, schema: &str, sent: &str| {
        let declared = format!("{{ name: p, in: query, {style} schema: {schema} }}");
        decoded(&declared, "/a", &format!("/a?{sent}"), ("", "")).await
    };
    let one_or_many =
        "{ anyOf: [{ type: string }, { type: array, items: { type: string } }, { type: 'null' }] }";
    assert_eq!(query("", one_or_many, "p=a&p=b").await, json!(["a", "b"]));
    assert_eq!(query("", one_or_many, "p=a").await, json!(["a"]));
    let deep =
        "{ anyOf: [{ type: object, properties: { gt: { type: integer } } }, { type: integer }] }";
    assert_eq!(query("style: deepObject,", deep, "p[gt]=1").await, json!({ "gt": 1 }));
    assert_eq!(query("style: deepObject,", deep, "p=1").await, json!(1));
    let rows = "{ type: array, items: { type: object, properties: { by: { type: string } } } }";
    let list = json!([{ "by": "a" }, { "by": "b" }]);
    assert_eq!(query("style: deepObject,", rows, "p[0][by]=a&p[1][by]=b").await, list);
    // Without `deepObject`, brackets are for what is nested only.
    assert_eq!(query("", rows, "p[0][by]=a&p%5B1%5D[by]=b").await, list);
    let matrix = "{ type: array, items: { type: array, items: { type: integer } } }";
    assert_eq!(query("", matrix, "p[0][]=1&p[0][]=2&p[1][]=3").await, json!([[1, 2], [3]]));
    let members = "{ type: object, properties: { t: { type: array, items: { type: string } }, \
        o: { type: object, properties: { x: { type: integer } } }, rows: RRR } }"
        .replace("RRR", rows);
    let nested = json!({ "t": ["a", "b"], "o": { "x": 1 }, "rows": [{ "by": "c" }] });
    assert_eq!(query("", &members, "t=a&t=b&o[x]=1&rows[0][by]=c").await, nested);
    let object = json!({ "R": 1, "name": "x" });
    let schema = OBJECT.trim_start_matches("schema: ");
    assert_eq!(query("style: pipeDelimited,", schema, "p=R%7C1%7Cname%7Cx").await, object);
    assert_eq!(query("style: spaceDelimited,", schema, "p=R%201%20name%20x").await, object);
    let array = ARRAY.trim_start_matches("schema: ");
    assert_eq!(
        query("style: pipeDelimited, explode: true,", array, "p=1&p=2").await,
        json!([1, 2])
    );
}

#[tokio::test]
async fn a_parameter_may_be_a_part_of_a_path_segment() {
    let declared = "{ name: p, in: path, required: true, schema: { type: string } }";
    assert_eq!(decoded(declared, "/a/x-{p}.json", "/a/x-1.json", ("", "")).await, json!("1"));
}

/// An object whose properties are scalars, objects and arrays.
const NESTED: &str = "schema: { type: object, required: [a], properties: { \
    a: { type: object, required: [b], properties: { b: { type: integer }, \
        c: { type: array, items: { type: integer } }, d: { $ref: '#/components/schemas/D' } } }, \
    list: { type: array, items: { type: object, properties: { n: { type: integer } } } }, \
    map: { type: object, additionalProperties: { type: boolean } }, s: { type: string }, \
    either: { anyOf: [{ type: object, properties: { x: { type: integer } } }, { type: 'null' }] } } }";

/// Sends a query to an operation with the parameter `f` in the style `deepObject`, and `g`.
async fn deep_object(query: &str) -> openapi_mock::Exchange {
    let text = format!(
        "openapi: 3.1.0
info: {{ title: t, version: '1' }}
paths:
  /a:
    get:
      operationId: get
      parameters:
        - {{ name: f, in: query, style: deepObject, {NESTED} }}
        - {{ name: 'g[]', in: query, schema: {{ type: array, items: {{ type: integer }} }} }}
      responses: {{ '204': {{ description: ok }} }}
components: {{ schemas: {{ D: {{ type: object, properties: {{ e: {{ type: number }} }} }} }} }}
"
    );
    let mock = MockServer::start(Api::parse(&text).expect("a document")).expect("a server");
    execute(&mock, client().get(format!("{}/a?{query}", mock.url()))).await.exchange
}

#[tokio::test]
async fn nested_brackets_are_nested_objects() {
    let decoded = async |query: &str| {
        let exchange = deep_object(query).await;
        assert_eq!(exchange.violations, [], "{query}");
        exchange.parameters.into_values().next().unwrap_or_default()
    };
    assert_eq!(decoded("f[a][b]=1").await, json!({ "a": { "b": 1 } }));
    assert_eq!(decoded("f%5Ba%5D%5Bb%5D=1&f[s]=1").await, json!({ "a": { "b": 1 }, "s": "1" }));
    let deep = json!({ "a": { "b": 1, "d": { "e": 1.5 } } });
    assert_eq!(decoded("f[a][d][e]=1.5&f[a][b]=1").await, deep);
    // Arrays: a repeated name, empty brackets or indices.
    let list = json!({ "a": { "b": 1, "c": [7, 8] } });
    assert_eq!(decoded("f[a][b]=1&f[a][c]=7&f[a][c]=8").await, list);
    assert_eq!(decoded("f[a][b]=1&f[a][c][]=7&f[a][c][]=8").await, list);
    assert_eq!(decoded("f[a][b]=1&f[a][c][0]=7&f[a][c][1]=8").await, list);
    assert_eq!(decoded("f[a][b]=1&f[a][c]=7").await, json!({ "a": { "b": 1, "c": [7] } }));
    let objects = json!({ "list": [{ "n": 1 }, { "n": 2 }], "a": { "b": 1 } });
    assert_eq!(decoded("f[list][0][n]=1&f[list][1][n]=2&f[a][b]=1").await, objects);
    let map = json!({ "a": { "b": 1 }, "map": { "x.y": true, "z": false } });
    assert_eq!(decoded("f[a][b]=1&f[map][x.y]=true&f[map][z]=false").await, map);
    let either = json!({ "a": { "b": 1 }, "either": { "x": 1 } });
    assert_eq!(decoded("f[a][b]=1&f[either][x]=1").await, either);
    // Whatever the schema doesn't declare is text.
    let other = json!({ "a": { "b": 1 }, "o": { "p": { "q": "1" } } });
    assert_eq!(decoded("f[a][b]=1&f[o][p][q]=1").await, other);
    assert_eq!(decoded("g[]=1&g[]=2").await, json!([1, 2]));
}

#[tokio::test]
async fn invalid_brackets_are_violations() {
    let deepest = "[a]".repeat(5_000);
    for (query, location, pointer, keyword) in [
        ("f[a][b]=x", "query parameter `f`", "/a/b", "type"),
        ("f[a][c]=1", "query parameter `f`", "/a", "required"),
        ("f[s]=1", "query parameter `f`", "", "required"),
        ("f[a]=1", "query parameter `f`", "/a", "type"),
        ("f[a][b]=1&f[a][b]=2", "query parameter `f`", "/a/b", "type"),
        ("f[a][b]=1&f[a][b][c]=2", "query parameter `f`", "/a/b", "type"),
        ("f[a][b][c]=1&f[a][b]=2", "query parameter `f`", "/a/b", "type"),
        ("f[a][b]=1&f[a]=2", "query parameter `f`", "/a", "type"),
        ("f[s][x]=1&f[a][b]=1", "query parameter `f`", "/s", "type"),
        ("f[a][b]=1&f[a][c][x]=1", "query parameter `f`", "/a/c", "type"),
        ("f[a][b]=1&f[a][c][9]=1", "query parameter `f`", "/a/c", "type"),
        ("f[a][b]=1&f=1", "query parameter `f`", "", "unknown"),
        ("f[a][b]=1&f[a=1", "query parameter `f[a`", "", "unknown"),
        ("f[a][b]=1&f[a]b=1", "query parameter `f[a]b`", "", "unknown"),
        ("f[a][b]=1&f[a][b=1", "query parameter `f[a][b`", "", "unknown"),
        ("f[a][b]=1&f]=1", "query parameter `f]`", "", "unknown"),
        ("f[a][b]=1&f[a[c]]=1", "query parameter `f[a[c]]`", "", "unknown"),
        ("h[a]=1", "query parameter `h[a]`", "", "unknown"),
        (
            &format!("f[a][b]=1&f{deepest}=1"),
            &format!("query parameter `f{deepest}`"),
            "",
            "unknown",
        ),
    ] {
        let violations = deep_object(query).await.violations;
        let expected = violations.iter().any(|violation| {
            violation.location == location
                && violation.pointer == pointer
                && violation.keyword == keyword
        });
        let query: String = query.chars().take(80).collect();
        assert!(expected, "{query}: {violations:?}");
    }
}

#[tokio::test]
async fn a_scalar_that_is_sent_twice_is_a_violation() {
    let text = format!(
        "openapi: 3.1.0
info: {{ title: t, version: '1' }}
paths:
  /a:
    get:
      operationId: get
      parameters:
        - {{ name: p, in: query, {OBJECT} }}
        - {{ name: q, in: query, explode: false, {OBJECT} }}
        - {{ name: l, in: query, explode: false, {ARRAY} }}
      responses: {{ '204': {{ description: ok }} }}
"
    );
    let mock = MockServer::start(Api::parse(&text).expect("a document")).expect("a server");
    for (query, keyword) in [
        ("R=1&R=2", "type"),
        ("name=a&name=a", "type"),
        ("name[]=a", "unknown"),
        ("q=R,1,R,2", "type"),
        ("q=R,1&q=R,2", "number"),
        ("l=1,2&l=3", "number"),
    ] {
        let request = client().get(format!("{}/a?{query}", mock.url()));
        assert_eq!(execute(&mock, request).await.keywords(), [keyword], "{query}");
    }
}
