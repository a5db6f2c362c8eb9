//! Instances of schemas whose alternatives overlap, depend on each other or exclude each other.

use openapi_mock::{Api, Fill, MockServer};
use serde_json::Value;

use crate::request::{client, execute};

/// Returns a document with a schema for each line of `schemas`, which `GET /{name}` responds with.
fn document(schemas: &str) -> Api {
    let named = || schemas.lines().map(str::trim).filter_map(|line| line.split_once(": "));
    let paths = named().map(|(name, _)| {
        let reference = format!("{{ $ref: '#/components/schemas/{name}' }}");
        format!(
            "  /{name}: {{ get: {{ operationId: {name}, responses: {{ '200': {{ description: ok, \
             content: {{ application/json: {{ schema: {reference} }} }} }} }} }} }}\n"
        )
    });
    let schemas = named().map(|(name, schema)| format!("    {name}: {schema}\n"));
    let text = format!(
        "openapi: 3.1.0\ninfo: {{ title: t, version: '1' }}\npaths:\n{}components:\n  schemas:\n{}",
        paths.collect::<String>(),
        schemas.collect::<String>()
    );
    Api::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Returns the names of a document's schemas.
fn names(api: &Api) -> Vec<String> {
    api.operations().iter().map(|operation| operation.id.clone()).collect()
}

fn schema(name: &str) -> String {
    format!("/components/schemas/{name}")
}

/// Schemas that have instances, although most values that come to mind violate them.
const SATISFIABLE: &str = "
    IntegerOrNumber: { oneOf: [{ type: integer }, { type: number }] }
    Optional: { oneOf: [{ type: object, properties: { a: { type: string } } }, { type: object, properties: { b: { type: integer } } }] }
    SameNames: { oneOf: [{ type: object, properties: { n: { type: integer } } }, { type: object, properties: { n: { type: string } } }] }
    Subset: { oneOf: [{ type: object, required: [a], properties: { a: { type: string } } }, { type: object, required: [a, b], properties: { a: { type: string }, b: { type: string } } }] }
    Lists: { oneOf: [{ type: array, items: { type: string } }, { type: array, items: { type: integer } }] }
    Either: { type: object, properties: { a: { type: string }, b: { type: string } }, oneOf: [{ required: [a] }, { required: [b] }] }
    EitherOfThree: { type: object, properties: { a: {}, b: {}, c: {}, d: {} }, oneOf: [{ required: [a] }, { required: [b] }, { required: [c] }] }
    NullTwice: { oneOf: [{ type: 'null' }, { type: [string, 'null'] }] }
    Formats: { oneOf: [{ type: string, format: uuid }, { type: string }] }
    Enums: { oneOf: [{ enum: [a, b, c] }, { enum: [b, c, d] }, { enum: [c, d, e] }] }
    Ranges: { oneOf: [{ type: integer, minimum: 0, maximum: 11 }, { type: integer, minimum: 1, maximum: 12 }] }
    AnyOfWithType: { type: integer, anyOf: [{ type: string }, { type: boolean }, { type: object }, { minimum: 3 }] }
    NotRequired: { type: object, properties: { a: {}, b: {} }, not: { required: [a] } }
    NotBoth: { type: object, properties: { a: {}, b: {} }, required: [b], not: { required: [a, b] } }
    NotObject: { not: { type: object } }
    FewProperties: { type: object, maxProperties: 2, required: [e], properties: { a: {}, b: {}, c: {}, d: {}, e: {} } }
    Closed: { allOf: [{ type: object, properties: { a: { type: string } }, additionalProperties: false }, { properties: { b: { type: string } } }] }
    ClosedUnion: { type: object, properties: { k: { type: string } }, required: [k], oneOf: [{ properties: { k: {}, a: { type: string } }, additionalProperties: false }, { properties: { k: {}, b: { type: string } }, required: [b], additionalProperties: false }] }
    Additional: { allOf: [{ type: object, properties: { a: {} }, additionalProperties: { type: integer } }, { required: [b], properties: { b: { type: [string, integer] } } }] }
    Conditional: { type: object, required: [kind], properties: { kind: { enum: [x, y] } }, if: { properties: { kind: { const: x } } }, then: { required: [ex], properties: { ex: { type: integer } } }, else: { required: [why], properties: { why: { type: string, minLength: 2 } } } }
    DependentSchemas: { type: object, required: [a], properties: { a: {} }, dependentSchemas: { a: { required: [b], properties: { b: { type: integer } } } } }
    Undeclared: { type: object, properties: { a: {} }, dependentRequired: { a: [b] } }
    Several: { type: array, contains: { const: 7 }, minContains: 3, items: { type: integer } }
    None: { type: array, contains: { const: 7 }, minContains: 0, maxContains: 0, items: { type: integer } }
    Exclusive: { allOf: [{ oneOf: [{ required: [a] }, { required: [b] }] }, { oneOf: [{ required: [c] }, { required: [d] }] }], type: object, properties: { a: {}, b: {}, c: {}, d: {} } }
    Tree: { type: object, required: [a, b, c, d, e], properties: { a: { $ref: '#/components/schemas/Leaf' }, b: { $ref: '#/components/schemas/Leaf' }, c: { $ref: '#/components/schemas/Leaf' }, d: { $ref: '#/components/schemas/Leaf' }, e: { $ref: '#/components/schemas/Leaf' } } }
    Leaf: { anyOf: [{ $ref: '#/components/schemas/Tree' }, { type: 'null' }] }
    Expression: { oneOf: [{ type: object, required: [and], properties: { and: { type: array, minItems: 2, items: { $ref: '#/components/schemas/Expression' } } } }, { type: object, required: [or], properties: { or: { type: array, minItems: 2, items: { $ref: '#/components/schemas/Expression' } } } }, { type: string }] }
    Wide: { type: array, minItems: 30, items: { $ref: '#/components/schemas/Either' } }
    Deep: { type: object, required: [list], properties: { list: { type: array, minItems: 3, items: { type: object, required: [one, other], properties: { one: { $ref: '#/components/schemas/Optional' }, other: { $ref: '#/components/schemas/NullTwice' } } } } } }
    Avoidable: { type: object, required: [id], properties: { id: { type: string }, same: { oneOf: [{ type: string }, { type: string }] } } }
    Filtered: { oneOf: [{ type: string, not: { enum: [x] } }, { const: x }] }
";

#[test]
fn instances_meet_schemas_whose_alternatives_overlap() {
    let api = document(SATISFIABLE);
    let mut failed = Vec::new();
    for name in names(&api) {
        for seed in 0..8 {
            for fill in [Fill::Minimal, Fill::Full] {
                match api.instances().generate(&schema(&name), seed, fill) {
                    Ok(value) => {
                        let valid = api.validator().accepts(&schema(&name), &value).ok();
                        assert_eq!(valid, Some(true), "{name}: {value}");
                    }
                    Err(error) => failed.push(format!("{name}, seed {seed}, {fill:?}: {error}")),
                }
            }
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}

/// Schemas that no value meets by the letter, since what one member accepts, another one does too.
const AMBIGUOUS: &str = "
    Twins: { oneOf: [{ type: string }, { type: string }] }
    TwinObjects: { oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }] }
    Cat: { type: object, required: [name], properties: { name: { type: string } }, additionalProperties: false }
    Dog: { type: object, required: [name], properties: { name: { type: string } }, additionalProperties: false }
    Pets: { type: array, minItems: 2, items: { $ref: '#/components/schemas/TwinObjects' } }
    Owner: { type: object, required: [pet], properties: { pet: { $ref: '#/components/schemas/TwinObjects' } } }
    Nested: { oneOf: [{ type: integer }, { type: object, required: [in], properties: { in: { $ref: '#/components/schemas/Twins' } } }] }
    Maybe: { anyOf: [{ type: object, required: [in], properties: { in: { $ref: '#/components/schemas/Twins' } } }] }
    Both: { allOf: [{ $ref: '#/components/schemas/Owner' }, { type: object, required: [n], properties: { n: { $ref: '#/components/schemas/Either' } } }] }
    Either: { type: object, properties: { a: { type: string }, b: { type: string } }, oneOf: [{ required: [a] }, { required: [b] }] }
";

#[tokio::test]
async fn an_instance_of_several_members_is_served_if_none_fits_only_one() {
    let mock = MockServer::start(document(AMBIGUOUS)).expect("a server");
    let mut failed = Vec::new();
    for name in names(mock.api()) {
        for prefer in ["seed=0", "seed=1", "seed=2, fill=minimal"] {
            let get = client().get(format!("{}/{name}", mock.url())).header("prefer", prefer);
            let response = execute(&mock, get).await;
            if response.status != 200 {
                failed.push(format!("{name}: {} {}", response.status, response.body));
                continue;
            }
            let body: Value = serde_json::from_str(&response.body).expect("JSON");
            assert_eq!(response.exchange.mock_error, None);
            match name.as_str() {
                "Twins" => assert!(body.is_string(), "{body}"),
                "Pets" => assert!(body[0]["name"].is_string(), "{body}"),
                "Owner" => assert!(body["pet"]["name"].is_string(), "{body}"),
                "Both" => {
                    assert!(body["pet"]["name"].is_string(), "{body}");
                    let valid = mock.api().validator().accepts(&schema("Either"), &body["n"]);
                    assert_eq!(valid.ok(), Some(true), "{body}");
                }
                _ => {}
            }
        }
    }
    assert!(failed.is_empty(), "{} failed:\n{}", failed.len(), failed.join("\n"));
}

#[tokio::test]
async fn errors_and_examples_may_fit_several_members() {
    let api = Api::parse(
        "
openapi: 3.1.0
info: { title: t, version: '1' }
paths:
  /a:
    get:
      operationId: get
      parameters: [{ name: n, in: query, required: true, schema: { type: integer } }]
      responses:
        '200': { description: ok, headers: { X-Kind: { required: true, schema: { oneOf: [{ enum: [a] }, { const: a }] } } }, content: { application/json: { schema: { $ref: '#/components/schemas/Either' }, example: { message: both } } } }
        '400': { description: bad, content: { application/json: { schema: { $ref: '#/components/schemas/Either' } } } }
components:
  schemas:
    Either: { oneOf: [{ $ref: '#/components/schemas/One' }, { $ref: '#/components/schemas/Other' }] }
    One: { type: object, required: [message], properties: { message: { type: string } } }
    Other: { type: object, required: [message], properties: { message: { type: string } } }
",
    )
    .expect("a document");
    let mock = MockServer::start(api).expect("a server");
    let get = |query: &str| client().get(format!("{}/a{query}", mock.url()));
    let response = execute(&mock, get("?n=1").header("prefer", "dynamic=false")).await;
    assert_eq!((response.status, response.body.as_str()), (200, r#"{"message":"both"}"#));
    let kind = response.exchange.response.as_ref().expect("a response").header("x-kind");
    assert_eq!(kind, Some("a"));
    let response = execute(&mock, get("")).await;
    assert_eq!(response.status, 400, "{}", response.body);
    assert!(response.message().contains("query parameter `n`"), "{}", response.body);
}

/// Schemas without any instance.
const UNSATISFIABLE: &str = "
    Contradiction: { oneOf: [{ type: string, minLength: 3, maxLength: 2 }, { type: integer, minimum: 2, maximum: 1 }] }
    Endless: { type: object, required: [a, b, c], properties: { a: { $ref: '#/components/schemas/Endless' }, b: { $ref: '#/components/schemas/Endless' }, c: { $ref: '#/components/schemas/Endless' } } }
    EndlessUnion: { oneOf: [{ type: object, required: [a], properties: { a: { type: array, minItems: 3, items: { $ref: '#/components/schemas/EndlessUnion' } } } }, { type: object, required: [b], properties: { b: { type: array, minItems: 3, items: { $ref: '#/components/schemas/EndlessUnion' } } } }] }
    Nothing: { not: {} }
    OnlyNot: { type: string, enum: [a], not: { const: a } }
    Late: { type: object, required: [a, b, c, d], properties: { a: { $ref: '#/components/schemas/Big' }, b: { $ref: '#/components/schemas/Big' }, c: { $ref: '#/components/schemas/Big' }, d: { $ref: '#/components/schemas/OnlyNot' } } }
    Big: { type: array, minItems: 40, items: { type: object, required: [x, y, z], properties: { x: { type: string }, y: { oneOf: [{ type: string }, { type: integer }] }, z: { type: array, minItems: 5, items: { type: string } } } } }
";

#[test]
fn schemas_without_instances_fail_soon() {
    let api = document(UNSATISFIABLE);
    for name in names(&api) {
        let started = std::time::Instant::now();
        let result = api.instances().generate(&schema(&name), 0, Fill::Full);
        let elapsed = started.elapsed();
        println!("{name}: {elapsed:?}");
        match name.as_str() {
            "Big" => drop(result.expect("an instance")),
            _ => drop(result.expect_err(&name)),
        }
        // A few seconds at most; without a limit it would take hours.
        assert!(elapsed.as_secs() < 60, "{name}: {elapsed:?}");
    }
}
