//! Verdicts that a reviewer found wrong once.

use std::collections::BTreeMap;

use openapi_diff::{Report, Severity, propose_successors};
use openapi_document::Document;
use serde_json::{Map, Value, json};

use crate::{compare_sides, document};

use Severity::{Major, Minor, None};

/// Compares two schemas of the body of requests (`body`) or responses (`response`).
fn compare(place: &str, old: Value, new: Value, schemas: (Value, Value)) -> Report {
    let side = |schema, schemas| json!({ place: schema, "schemas": schemas });
    compare_sides(&json!({ "old": side(old, schemas.0), "new": side(new, schemas.1) }))
}

/// The verdicts for requests and for responses.
fn verdicts(old: Value, new: Value) -> (Severity, Severity) {
    let wire = |place| compare(place, old.clone(), new.clone(), (json!({}), json!({}))).wire();
    (wire("body"), wire("response"))
}

fn object(properties: Value, required: Value) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

#[test]
fn values_of_a_discriminator_are_values() {
    let member = || object(json!({ "k": { "type": "string" } }), json!(["k"]));
    let schemas = || json!({ "A": member(), "B": member() });
    let members =
        || json!([{ "$ref": "#/components/schemas/A" }, { "$ref": "#/components/schemas/B" }]);
    let union = |tag: &str, mapping: Option<[&str; 2]>| {
        let mut discriminator = json!({ "propertyName": tag });
        if let Some([a, b]) = mapping {
            discriminator["mapping"] =
                json!({ a: "#/components/schemas/A", b: "#/components/schemas/B" });
        }
        json!({ "oneOf": members(), "discriminator": discriminator })
    };
    let wire = |old, new| compare("body", old, new, (schemas(), schemas())).wire();
    let old = || union("k", Some(["a", "b"]));
    assert_eq!(wire(old(), old()), None);
    assert_eq!(wire(old(), union("k", Some(["x", "y"]))), Major);
    assert_eq!(wire(old(), union("k", Option::None)), Major);
    assert_eq!(wire(old(), union("kind", Some(["a", "b"]))), Major);
    assert_eq!(wire(json!({ "oneOf": members() }), union("k", Some(["a", "b"]))), Major);
    assert_eq!(wire(json!({ "oneOf": members() }), union("k", Option::None)), Major);
    assert_eq!(wire(json!({ "$ref": "#/components/schemas/A" }), union("k", Option::None)), Major);
}

#[test]
fn all_uses_of_a_component_count_whatever_their_order() {
    let c = || json!({ "$ref": "#/components/schemas/C" });
    let nullable = || json!({ "anyOf": [c(), { "type": "null" }] });
    let schemas = || {
        let union = json!({ "anyOf": [{ "type": "integer" }, { "type": "string" }] });
        (json!({ "C": union }), json!({ "C": { "type": "integer" } }))
    };
    for (first, second) in [("a", "b"), ("b", "a")] {
        let old = object(json!({ first: c(), second: c() }), json!(["a", "b"]));
        let new = object(json!({ first: c(), second: nullable() }), json!(["a", "b"]));
        assert_eq!(compare("response", old, new, schemas()).wire(), Major, "{second}");
    }
}

#[test]
fn enums_are_compared_with_formats() {
    let text = |format: &str| json!({ "type": "string", "format": format });
    for format in ["uuid", "date", "date-time"] {
        assert_eq!(verdicts(text(format), json!({ "type": "string", "enum": ["foo"] })).1, Major);
        assert_eq!(verdicts(json!({ "enum": ["foo"] }), text(format)).0, Major);
    }
    assert_eq!(verdicts(json!({ "type": "string" }), json!({ "enum": ["foo"] })), (Major, None));
    assert_eq!(verdicts(json!({ "type": "integer" }), json!({ "enum": [1.5] })).1, Major);
    assert_eq!(verdicts(json!({ "enum": [1.5, 2] }), json!({ "type": "integer" })).0, Major);
    let int32 = || json!({ "type": "integer", "format": "int32" });
    assert_eq!(verdicts(json!({ "enum": [5_000_000_000_u64] }), int32()).0, Major);
    assert_eq!(verdicts(json!({ "enum": [5] }), int32()).0, None);
    // Formats without a Rust type.
    let changed = verdicts(json!({ "type": "string" }), text("email"));
    assert_eq!(changed, (Minor, Minor));
}

#[test]
fn additional_properties_are_of_their_type() {
    let map = |properties: Value, additional: Option<Value>| {
        let mut schema = json!({ "type": "object", "properties": properties });
        if let Some(additional) = additional {
            schema["additionalProperties"] = additional;
        }
        schema
    };
    let text = || Some(json!({ "type": "string" }));
    let n = |ty: &str| json!({ "a": { "type": "string" }, "n": { "type": ty } });
    let a = || json!({ "a": { "type": "string" } });
    // A property of another type than the additional ones of before, and the reverse.
    assert_eq!(verdicts(map(a(), text()), map(n("integer"), text())).1, Major);
    assert_eq!(verdicts(map(a(), text()), map(n("string"), text())).1, None);
    assert_eq!(verdicts(map(n("integer"), text()), map(a(), text())), (Major, Major));
    assert_eq!(verdicts(map(n("string"), text()), map(a(), text())), (Minor, Minor));
    // Any value is possible without the keyword.
    assert_eq!(verdicts(map(a(), text()), map(a(), Option::None)).1, Major);
    assert_eq!(verdicts(map(a(), Some(json!(true))), map(a(), Option::None)), (None, None));
    let empty = || json!({});
    assert_eq!(verdicts(map(empty(), Some(json!(true))), map(empty(), text())), (Major, None));
    assert_eq!(verdicts(map(empty(), text()), map(empty(), Some(json!(true)))), (None, Major));
}

#[test]
fn null_is_read_in_properties_that_nothing_requires() {
    let text = || json!({ "type": "string" });
    let nullable = || json!({ "type": ["string", "null"] });
    let base = |x: Value| json!({ "Base": { "type": "object", "properties": { "x": x } } });
    let reference = || json!({ "$ref": "#/components/schemas/Base" });
    for schema in [
        json!({ "allOf": [reference(), { "required": ["x"] }] }),
        json!({ "allOf": [reference()], "required": ["x"] }),
        json!({ "$ref": "#/components/schemas/Base", "required": ["x"] }),
    ] {
        let schemas = (base(text()), base(nullable()));
        assert_eq!(compare("response", schema.clone(), schema, schemas).wire(), Major);
    }
    let part = |x: Value| json!({ "allOf": [{ "properties": { "x": x } }, { "required": ["x"] }] });
    assert_eq!(verdicts(part(text()), part(nullable())).1, Major);
    // Beside a reference.
    let color = || json!({ "$ref": "#/components/schemas/Color" });
    let optional = |required: Value, x: Value| object(json!({ "x": x }), required);
    let schemas = || json!({ "Color": { "enum": ["red"] } });
    let or_null = || json!({ "anyOf": [color(), { "type": "null" }] });
    for (required, expected) in [(json!([]), None), (json!(["x"]), Major)] {
        let (old, new) = (optional(required.clone(), color()), optional(required, or_null()));
        assert_eq!(compare("response", old, new, (schemas(), schemas())).wire(), expected);
    }
}

#[test]
fn access_changes_what_is_required() {
    let id = |access: &str, value: bool| {
        object(json!({ "id": { "type": "string", access: value } }), json!(["id"]))
    };
    assert_eq!(verdicts(id("readOnly", true), id("readOnly", false)), (Major, Minor));
    assert_eq!(verdicts(id("readOnly", false), id("readOnly", true)), (Minor, Minor));
    assert_eq!(verdicts(id("writeOnly", false), id("writeOnly", true)), (Minor, Major));
}

#[test]
fn keywords_of_members_forbid() {
    let integer = json!({ "type": "integer" });
    let union = json!({ "anyOf": [
        { "type": "integer", "not": { "minimum": 0 } }, { "type": "string" },
    ] });
    assert_eq!(verdicts(integer, union).0, Major);
}

#[test]
fn parameters_of_other_notations() {
    let parameter = |parameter: Value| json!({ "parameter": parameter });
    let content = |media_type: &str| {
        let schema = json!({ "schema": { "type": "string" } });
        parameter(json!({ "in": "query", "name": "a", "content": { media_type: schema } }))
    };
    let wire = |old, new| compare_sides(&json!({ "old": old, "new": new })).wire();
    assert_eq!(wire(content("application/json"), content("application/xml")), Major);
    assert_eq!(wire(content("application/json"), content("application/vnd.a+json")), None);
    let query = |schema: Value| parameter(json!({ "in": "query", "name": "a", "schema": schema }));
    let text = || json!({ "type": "string" });
    let one_or_many = json!({ "anyOf": [text(), { "type": "array", "items": text() }] });
    assert_eq!(wire(query(text()), query(one_or_many)), None);
}

#[test]
fn a_removed_member_may_be_one_of_another() {
    let union = |types: &[&str]| json!({ "anyOf": types.iter().map(|ty| json!({ "type": ty })).collect::<Vec<_>>() });
    let old = || union(&["integer", "number", "string"]);
    assert_eq!(verdicts(old(), union(&["number", "string"])).0, None);
    assert_eq!(verdicts(old(), union(&["integer", "string"])).0, Major);
    let query =
        |schema: Value| json!({ "parameter": { "in": "query", "name": "a", "schema": schema } });
    let wire = |old, new| compare_sides(&json!({ "old": query(old), "new": query(new) })).wire();
    assert_eq!(wire(union(&["integer", "boolean", "string"]), union(&["boolean", "string"])), None);
    assert_eq!(wire(old(), union(&["integer", "number"])), Major);
}

#[test]
fn programs_respond_to_webhooks() {
    let webhook =
        |operation: Value| json!({ "document": { "webhooks": { "made": { "post": operation } } } });
    let responses = |responses: Value| webhook(json!({ "responses": responses }));
    let wire = |old, new| compare_sides(&json!({ "old": old, "new": new })).wire();
    let json = |ty: &str| json!({ "description": "ok", "content": { "application/json": { "schema": { "type": ty } } } });
    let text = || json!({ "description": "ok", "content": { "text/plain": {} } });
    let plain = || json!({ "description": "ok" });
    let of = |status: &str, response: Value| responses(json!({ status: response }));
    assert_eq!(wire(of("200", plain()), of("200", json("object"))), Major);
    assert_eq!(wire(of("200", json("object")), of("200", text())), Major);
    assert_eq!(wire(of("200", json("object")), of("200", plain())), None);
    assert_eq!(wire(of("200", json("integer")), of("2XX", json("boolean"))), Major);
    assert_eq!(wire(of("200", plain()), of("default", plain())), None);
    let sunset = webhook(json!({ "responses": {}, "x-sunset": "2027-01-01" }));
    assert_eq!(wire(webhook(json!({ "responses": {} })), sunset), Minor);
}

#[test]
fn callbacks_have_ids_of_their_own() {
    let callback = |names: &[&str]| -> Value {
        let operation = json!({ "responses": { "200": { "description": "ok" } } });
        let callbacks: Map<_, _> = names
            .iter()
            .map(|name| {
                ((*name).to_owned(), json!({ "{$request.body#/url}": { "post": operation } }))
            })
            .collect();
        json!({ "operation": { "callbacks": callbacks } })
    };
    let report = compare_sides(&json!({ "old": callback(&["a", "b"]), "new": callback(&[]) }));
    let ids: Vec<_> = report.changes.iter().flat_map(|change| &change.operations).collect();
    assert_eq!(
        ids,
        [
            "callback thing a {$request.body#/url} POST",
            "callback thing b {$request.body#/url} POST"
        ]
    );
}

#[test]
fn schemes_that_are_described_alike_are_two() {
    let side = |scopes: [&[&str]; 2]| {
        let schemes = json!({
            "A": { "type": "oauth2", "flows": {} }, "B": { "type": "oauth2", "flows": {} },
        });
        json!({
            "operation": { "security": [{ "A": scopes[0], "B": scopes[1] }] },
            "document": { "components": { "securitySchemes": schemes } },
        })
    };
    let (old, new) = (side([&["r"], &["w"]]), side([&["r", "x"], &["w"]]));
    let report = compare_sides(&json!({ "old": old, "new": new }));
    assert_eq!(report.wire(), Major, "{report:#?}");
}

#[test]
fn a_base_path_in_the_server_url_has_to_be_added() {
    let side = |server: &str, path: &str| {
        let operation =
            json!({ "operationId": "a", "responses": { "200": { "description": "ok" } } });
        let paths = json!({ path: { "get": operation } });
        let servers = json!([{ "url": server }]);
        json!({ "without": true, "document": { "servers": servers, "paths": paths } })
    };
    let change = |old, new| {
        let report = compare_sides(&json!({ "old": old, "new": new }));
        let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
        (change.rule.name, change.wire, change.rust)
    };
    let (bare, based) = (side("https://h.example", "/v2/a"), side("https://h.example/v2", "/a"));
    assert_eq!(change(bare.clone(), based.clone()), ("base-path-added", None, Minor));
    assert_eq!(change(based, bare), ("base-path-moved", None, Severity::Patch));
}

#[test]
fn preferred_media_types_do_not_depend_on_the_order_of_keys() {
    let side = |types: [&str; 2]| {
        let content: Map<_, _> = types
            .into_iter()
            .map(|name| {
                let properties = json!({ name: { "type": "string" } });
                (
                    name.to_owned(),
                    json!({ "schema": { "type": "object", "properties": properties } }),
                )
            })
            .collect();
        let ok = json!({ "200": { "description": "ok", "content": content } });
        document(&json!({ "operation": { "responses": ok } }))
    };
    let (one, other) = ("application/json; v=1", "application/json; v=2");
    let [old, new] = [side([one, other]), side([other, one])]
        .map(|document| Document::parse_lenient(&document.to_string()).unwrap());
    assert_eq!(openapi_diff::diff(&old, &new, &BTreeMap::new()).changes, []);
}

/// Unions that could be compared member by member without end.
#[test]
fn nested_unions_are_compared_in_bounded_time() {
    let level = |prefix: &str, level: usize, next: Value| {
        let members: Vec<Value> = vec![next; 40];
        json!({ format!("{prefix}{level}"): { "anyOf": members } })
    };
    let schemas = |prefix: &str, leaf: Value| {
        let mut schemas = json!({});
        for depth in 0..4 {
            let next = match depth {
                3 => leaf.clone(),
                _ => json!({ "$ref": format!("#/components/schemas/{prefix}{}", depth + 1) }),
            };
            crate::merge(&mut schemas, Some(&level(prefix, depth, next)));
        }
        schemas
    };
    let (old, new) =
        (schemas("A", json!({ "type": "string" })), schemas("B", json!({ "type": "integer" })));
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let report = compare("body", reference("A0"), reference("B0"), (old, new));
    assert_eq!(report.wire(), Major);
}

#[test]
fn patterns_and_successors_of_large_documents_are_bounded() {
    let properties = |end: &str| -> Value {
        let property = |n: usize| {
            let pattern = format!("^[a-z]{{0,9}}$|{n}{end}");
            (format!("p{n}"), json!({ "type": "string", "pattern": pattern }))
        };
        object((0..2_000).map(property).collect::<Map<_, _>>().into(), json!([]))
    };
    assert_eq!(verdicts(properties("a"), properties("b")).0, Major);
    // More pairs of operations than are compared.
    let paths: Map<_, _> = (0..4_000)
        .map(|n| {
            let operation = json!({ "operationId": format!("o{n}"), "deprecated": n % 2 == 0, "responses": {} });
            (format!("/p{n}/{{id}}"), json!({ "get": operation }))
        })
        .collect();
    assert_eq!(propose_successors(&json!({}), &json!({ "paths": paths })), []);
    // One schema that is reached in many ways.
    let all_of = |name: &str| json!({ "allOf": vec![json!({ "$ref": format!("#/components/schemas/{name}") }); 3_000] });
    let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/A" } } });
    let operation = |id: &str, deprecated: bool| {
        let ok = json!({ "200": { "description": "ok", "content": content } });
        json!({ "operationId": id, "deprecated": deprecated, "responses": ok })
    };
    let item = |kind: &str, deprecated: bool| {
        let id = |verb: &str| format!("{verb}{kind}");
        json!({
            "get": operation(&id("get"), deprecated),
            "put": operation(&id("put"), deprecated),
            "post": operation(&id("post"), deprecated),
        })
    };
    let document = json!({
        "paths": { "/old": item("Old", true), "/new": item("New", false) },
        "components": { "schemas": {
            "A": all_of("B"), "B": all_of("C"),
            "C": object(json!({ "name": { "type": "string" } }), json!([])),
        } },
    });
    assert_eq!(propose_successors(&json!({}), &document).len(), 3);
}

#[test]
fn what_stood_beside_the_deprecated_operations_does_not_follow_them() {
    let resource = |name: &str, deprecated: bool| {
        let schema =
            object(json!({ "id": { "type": "string" }, "name": { "type": "string" } }), json!([]));
        let content = json!({ "application/json": { "schema": schema } });
        let operation = |verb: &str| {
            let ok = json!({ "200": { "description": "ok", "content": content } });
            json!({ "operationId": format!("{verb}{name}"), "deprecated": deprecated, "responses": ok })
        };
        json!({
            format!("/{name}"): { "get": operation("list"), "post": operation("make") },
            format!("/{name}/{{id}}"): { "delete": operation("delete") },
        })
    };
    let paths = |deprecated: bool| {
        let mut paths = resource("cats", deprecated);
        crate::merge(&mut paths, Some(&resource("dogs", false)));
        json!({ "paths": paths })
    };
    assert_eq!(propose_successors(&paths(false), &paths(true)), []);
}
