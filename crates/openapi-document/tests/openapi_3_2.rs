//! Documents of OpenAPI 3.2.

use openapi_document::{
    Document, METHODS, Method, Operation, Pointer, operation::Location, reference, walk,
};
use serde_json::{Value, json};

const DOCUMENT: &str = "
openapi: 3.2.0
$self: https://example.com/api/openapi.yaml
info: { title: Search, summary: s, version: '1' }
servers: [{ url: https://example.com/v1, name: prod }]
tags: [{ name: a, summary: A, kind: nav }, { name: b, parent: a }]
paths:
  /search:
    query:
      operationId: search
      requestBody: { content: { application/json: { $ref: '#/components/mediaTypes/Terms' } } }
      responses: { '200': { summary: found } }
    additionalOperations:
      COPY: { responses: { '204': { summary: copied } } }
      x-Own: { operationId: own, responses: {} }
    get:
      operationId: find
      parameters:
        - { name: q, in: querystring, content: { application/x-www-form-urlencoded: { schema: { type: object } } } }
      responses:
        '200': { content: { application/jsonl: { itemSchema: { $ref: '#/components/schemas/Hit' } } } }
components:
  mediaTypes: { Terms: { schema: { type: object, properties: { q: { type: string } } } } }
  schemas:
    Hit:
      discriminator: { propertyName: kind, defaultMapping: Page }
      oneOf: [{ $ref: '#/components/schemas/Page' }]
    Page: { type: object }
";

#[test]
fn operations_have_the_methods_of_additional_operations() {
    let document = Document::parse(DOCUMENT).unwrap();
    let operations = Operation::all(&document).unwrap();
    let read: Vec<_> = operations
        .iter()
        .map(|one| (one.id.as_str(), one.method.as_str(), one.pointer.as_str()))
        .collect();
    assert_eq!(
        read,
        [
            ("find", "GET", "/paths/~1search/get"),
            ("search", "QUERY", "/paths/~1search/query"),
            ("COPY /search", "COPY", "/paths/~1search/additionalOperations/COPY"),
            ("own", "x-Own", "/paths/~1search/additionalOperations/x-Own"),
        ]
    );
    let [find, search, ..] = operations.as_slice() else { panic!("{operations:?}") };
    let body = &search.body.as_ref().unwrap().content[0];
    assert_eq!(body.schema.as_deref(), Some("/components/mediaTypes/Terms/schema"));
    let whole = &find.parameters[0];
    assert_eq!((whole.location, whole.json), (Location::Querystring, false));
    let content = whole.content.as_ref().unwrap();
    assert_eq!(content.media_type, "application/x-www-form-urlencoded");
    let items = &find.responses[0].content[0];
    let schema = "/paths/~1search/get/responses/200/content/application~1jsonl/itemSchema";
    assert_eq!((items.schema.as_deref(), items.item_schema.as_deref()), (None, Some(schema)));
}

#[test]
fn methods_are_keys_and_names() {
    let document = Document::parse(DOCUMENT).unwrap();
    let at = Pointer::from_segments(["paths", "/search"]);
    let item = at.resolve(document.root()).unwrap().as_object().unwrap();
    for (method, operation) in Method::operations(item) {
        let pointer = method.pointer(&at);
        assert_eq!(pointer.resolve(document.root()), Some(operation));
        assert_eq!(method.operation(item), Some(operation));
        assert_eq!(Method::split(&pointer.segments()[2..]), Some((method, &[][..])));
    }
    let method = |name: &str| Method::from_field(name).unwrap();
    assert_eq!((method("Query").key(), method("query").to_string()), ("query", "QUERY".to_owned()));
    assert_eq!(Method::from_field("COPY"), None);
    let safe: Vec<_> = METHODS.into_iter().filter(|name| method(name).is_safe()).collect();
    assert_eq!(safe, ["get", "options", "head", "trace", "query"]);
    let unsafe_but_idempotent =
        METHODS.into_iter().filter(|name| method(name).is_idempotent() && !method(name).is_safe());
    assert_eq!(unsafe_but_idempotent.collect::<Vec<_>>(), ["put", "delete"]);
    let (copy, _) = Method::operations(item).find(|(method, _)| method.is_additional()).unwrap();
    assert!(!copy.is_safe() && !copy.is_idempotent());
    assert_eq!(Method::split(&["parameters".to_owned()]), None);
}

/// The first refusal of the document with a text in place of another one.
fn refusal_with(from: &str, to: &str) -> String {
    assert!(DOCUMENT.contains(from), "{from}");
    let text = DOCUMENT.replace(from, to);
    let lenient = Document::parse_lenient(&text).unwrap();
    let error = Document::parse(&text).unwrap_err().to_string();
    assert_eq!(lenient.unresolved()[0].to_string(), error.lines().next().unwrap());
    error
}

#[test]
fn methods_with_a_field_of_their_own_are_no_additional_operations() {
    for (key, reason) in [
        ("GET", "write it as `get`"),
        ("post", "write it as `post`"),
        ("'A B'", "a token"),
        ("''", "a token"),
    ] {
        let error = refusal_with("COPY:", &format!("{key}:"));
        let at = format!("#/paths/~1search/additionalOperations/{}: ", key.trim_matches('\''));
        assert!(error.starts_with(&at) && error.contains(reason), "{error}");
    }
}

#[test]
fn a_querystring_parameter_is_alone_in_the_query() {
    let parameter = "- { name: q, in: querystring, content: { application/x-www-form-urlencoded: { schema: { type: object } } } }";
    let second = parameter.replace("name: q", "name: r");
    for (other, reason) in [
        ("- { name: limit, in: query, schema: {} }", "no parameters in query beside it"),
        (second.as_str(), "may have only one"),
    ] {
        let error = refusal_with(parameter, &format!("{parameter}\n        {other}"));
        assert!(error.starts_with("#/paths/~1search/get/parameters/"), "{error}");
        assert!(error.contains(reason), "{error}");
        // Of the path item.
        let shared = format!("    parameters: [{}]\n    get:\n", other.trim_start_matches("- "));
        let error = refusal_with("    get:\n", &shared);
        assert!(error.contains(reason), "{error}");
    }
    let error = refusal_with(parameter, "- { name: q, in: querystring, schema: {} }");
    assert!(error.contains("needs `content` with one media type"), "{error}");
    // An operation overrides the parameter of its path item.
    let text = DOCUMENT.replace(
        "    get:\n",
        &format!("    parameters: [{}]\n    get:\n", parameter.trim_start_matches("- ")),
    );
    assert!(Document::parse(&text).is_ok());
}

#[test]
fn references_of_openapi_3_2_are_checked_and_visited() {
    for (from, to, at) in [
        (
            "defaultMapping: Page",
            "defaultMapping: Dog",
            "#/components/schemas/Hit/discriminator/defaultMapping: ",
        ),
        (
            "mediaTypes/Terms",
            "mediaTypes/No",
            "#/paths/~1search/query/requestBody/content/application~1json/$ref: ",
        ),
        (
            "schemas/Hit'",
            "schemas/No'",
            "#/paths/~1search/get/responses/200/content/application~1jsonl/itemSchema/$ref: ",
        ),
    ] {
        let error = refusal_with(from, to);
        assert!(error.starts_with(at), "{error}");
    }
    let root = json!({ "openapi": "3.2.0", "paths": { "/a": { "additionalOperations": { "COPY": {
        "requestBody": { "content": { "multipart/mixed": {
            "prefixEncoding": [{ "headers": { "X-A": { "schema": { "const": 1 } } } }],
            "itemEncoding": { "encoding": { "a": { "headers": { "X-B": { "schema": { "const": 2 } } } } } },
            "itemSchema": { "const": 3 },
        } } },
    } } } } });
    let mut constants = Vec::new();
    walk::nodes(&root, &mut |kind, value: &Value, _| {
        if kind == walk::Kind::Schema {
            constants.push(value["const"].clone());
        }
    });
    constants.sort_by_key(|value| value.as_i64());
    assert_eq!(constants, [1, 2, 3]);
    assert!(reference::check(&root).is_empty());
}

#[test]
fn versions_before_3_and_after_3_2_are_refused() {
    for version in ["2.0", "3.3.0", "4.0.0"] {
        let error = Document::parse(&DOCUMENT.replace("3.2.0", version)).unwrap_err().to_string();
        assert!(error.contains("supported versions are 3.0, 3.1 and 3.2"), "{error}");
    }
}
