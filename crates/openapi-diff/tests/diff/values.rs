//! The verdict for deployed programs by sets of values: pairs of schemas in each direction.

use openapi_diff::{Report, Severity};
use serde_json::{Value, json};

use crate::compare_sides;

use Severity::{Major, None};

/// The rules and the verdict for deployed programs.
fn verdict(report: &Report) -> (Vec<&str>, Severity) {
    (report.changes.iter().map(|change| change.rule.name).collect(), report.wire())
}

/// Compares two schemas of a parameter.
fn parameter(location: &str, old: Value, new: Value) -> Report {
    let side = |schema| {
        let parameter = json!({ "in": location, "name": "a", "schema": schema });
        json!({ "parameter": parameter })
    };
    compare_sides(&json!({ "old": side(old), "new": side(new) }))
}

/// Compares two schemas of a property in requests.
fn property(old: Value, new: Value) -> Report {
    let side = |schema| json!({ "body": { "type": "object", "properties": { "a": schema } } });
    compare_sides(&json!({ "old": side(old), "new": side(new) }))
}

/// Compares two schemas of the body of a webhook.
fn webhook(old: Value, new: Value) -> Report {
    let side = |schema| {
        let content = json!({ "application/json": { "schema": schema } });
        let operation = json!({ "requestBody": { "content": content }, "responses": {} });
        json!({ "document": { "webhooks": { "made": { "post": operation } } } })
    };
    compare_sides(&json!({ "old": side(old), "new": side(new) }))
}

#[test]
fn parameters_take_whatever_is_written_alike() {
    let integer = || json!({ "type": "integer" });
    let string = || json!({ "type": "string" });
    let list = |items: Value| json!({ "type": "array", "items": items });
    let widened = (vec!["request-type-widened"], None);
    for location in ["query", "header"] {
        assert_eq!(verdict(&parameter(location, integer(), string())), widened);
        let (old, new) = (list(integer()), list(string()));
        assert_eq!(verdict(&parameter(location, old, new)), widened);
        let (old, new) = (json!({ "enum": [1, 2] }), json!({ "enum": ["1", "2", "all"] }));
        assert_eq!(verdict(&parameter(location, old, new)), widened);
        let changed = (vec!["type-changed"], Major);
        assert_eq!(verdict(&parameter(location, string(), integer())), changed);
        // Not every integer is a UUID, and the text may be too short.
        let uuid = json!({ "type": "string", "format": "uuid" });
        assert_eq!(verdict(&parameter(location, integer(), uuid)).1, Major);
        let long = json!({ "type": "string", "minLength": 3 });
        assert_eq!(verdict(&parameter(location, integer(), long)).1, Major);
    }
    // In JSON a number isn't a string.
    assert_eq!(verdict(&property(integer(), string())), (vec!["type-changed"], Major));
}

#[test]
fn parameters_with_json_are_json() {
    let side = |ty: &str| {
        let content = json!({ "application/json": { "schema": { "type": ty } } });
        json!({ "parameter": { "in": "query", "name": "a", "content": content } })
    };
    let report = compare_sides(&json!({ "old": side("integer"), "new": side("string") }));
    assert_eq!(verdict(&report), (vec!["type-changed"], Major));
}

#[test]
fn patterns_are_compared_by_their_strings() {
    let change = |old: &str, new: &str| {
        let schema = |pattern: &str| json!({ "type": "string", "pattern": pattern });
        let report = property(schema(old), schema(new));
        let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
        change.rule.name.strip_prefix("request-").unwrap().to_owned()
    };
    for (narrow, wide) in [
        ("^[a-z]+$", "^[a-z0-9]+$"),
        ("^[a-z]{1,5}$", "^[a-z]{1,10}$"),
        ("^abc", "abc"),
        ("^abc$", "^abc"),
        (r"^\d{4}$", r"^\w+$"),
        ("^(a|b)$", "^[a-c]$"),
        ("^[a-z]+$", ""),
        ("^a.c$", "^a[^\n]c$"),
        (r"^a\.b$", "^a.b$"),
        ("^a[&]$", "^a[&-/]$"),
    ] {
        assert_eq!(change(narrow, wide), "constraint-loosened", "{narrow} {wide}");
        assert_eq!(change(wide, narrow), "constraint-tightened", "{narrow} {wide}");
    }
    for (one, other) in [
        ("^[a-z]+$", "^[0-9]+$"),
        ("^ab", "bc$"),
        // Look-around, back references and classes of Unicode aren't compared.
        ("^(?=a)a$", "^a$"),
        (r"^(a)\1$", "^aa$"),
        (r"^\s$", r"^[\s]$"),
        // Beside a class, `-` is no range there; another brace than a quantifier's is text.
        (r"^[+-\d]+$", "^[+,./09-]+$"),
        ("^a{2, 3}$", "^a{2,3}$"),
        ("^a{1000}{1000}$", "^a{1000}{1001}$"),
        // An empty class matches nothing, but is an error elsewhere.
        ("[]", "a"),
    ] {
        assert_eq!(change(one, other), "pattern-changed", "{one} {other}");
        assert_eq!(change(other, one), "pattern-changed", "{one} {other}");
    }
}

#[test]
fn what_programs_receive_may_only_get_narrower() {
    let object = |properties: Value, required: Value| json!({ "type": "object", "properties": properties, "required": required });
    let name = || json!({ "name": { "type": "string" } });
    let two = || json!({ "name": { "type": "string" }, "age": { "type": "integer" } });
    let report = webhook(object(name(), json!(["name"])), object(two(), json!(["name", "age"])));
    assert_eq!(verdict(&report), (vec!["response-property-added"], None));
    let [change] = report.changes.as_slice() else { unreachable!() };
    assert_eq!(change.operations, ["webhook made POST"]);
    assert_eq!(change.message, "request body: property `age` added (required)");
    let report = webhook(object(two(), json!(["age"])), object(name(), json!([])));
    assert_eq!(verdict(&report), (vec!["response-property-removed"], Major));
}

#[test]
fn documents_of_webhooks_are_compared() {
    let document = |ty: &str| {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{ title: t, version: '1' }}\nwebhooks: {{ made: {{ post: {{ requestBody: {{ content: {{ application/json: {{ schema: {{ type: {ty} }} }} }} }}, responses: {{}} }} }} }}"
        );
        openapi_document::Document::parse(&text).unwrap()
    };
    let report = openapi_diff::diff(&document("integer"), &document("number"), &Default::default());
    assert_eq!(verdict(&report), (vec!["type-changed"], Major));
    assert_eq!(report.rust_unavailable, Option::None);
}

#[cfg(feature = "rust")]
#[test]
fn operations_of_the_configuration_are_received() {
    let document = |required: &str| {
        let text = format!(
            "openapi: 3.1.0\ninfo: {{ title: t, version: '1' }}\npaths: {{ /other: {{ get: {{ responses: {{}} }} }}, /made: {{ post: {{ operationId: onMade, requestBody: {{ content: {{ application/json: {{ schema: {{ type: object, required: [{required}], properties: {{ a: {{ type: string }} }} }} }} }} }}, responses: {{}} }} }} }}"
        );
        openapi_document::Document::parse(&text).unwrap()
    };
    let sent = openapi_lower::Config::new("document.yaml");
    let received = sent.clone().received(["onMade"]);
    // What is sent may not become required, and what is received may not become optional.
    for (old, new, config, wire) in [
        ("", "a", &sent, Major),
        ("a", "", &sent, None),
        ("", "a", &received, None),
        ("a", "", &received, Major),
    ] {
        let report = openapi_diff::diff_clients(&document(old), &document(new), config);
        assert_eq!(report.wire(), wire, "{old} {new}");
        assert_eq!(report.rust_unavailable, Option::None);
    }
    let other = openapi_document::Document::parse(
        "openapi: 3.1.0\ninfo: { title: t, version: '1' }\npaths: { /other: { get: { responses: {} } } }",
    )
    .unwrap();
    let report = openapi_diff::diff_clients(&document("a"), &other, &received);
    assert_eq!(verdict(&report), (vec!["webhook-removed"], Severity::Minor));
}

#[test]
fn callbacks_are_compared_within_their_operation() {
    let side = |ty: &str| {
        let schema = json!({ "type": ty });
        let content = json!({ "application/json": { "schema": schema } });
        let operation = json!({ "requestBody": { "content": content }, "responses": {} });
        let callback = json!({ "{$request.body#/url}": { "post": operation } });
        let components = json!({ "callbacks": { "Made": callback } });
        let reference = json!({ "made": { "$ref": "#/components/callbacks/Made" } });
        json!({ "operation": { "callbacks": reference }, "document": { "components": components } })
    };
    let report = compare_sides(&json!({ "old": side("integer"), "new": side("number") }));
    assert_eq!(verdict(&report), (vec!["type-changed"], Major));
    let [change] = report.changes.as_slice() else { unreachable!() };
    assert_eq!(change.message, "request body: type changed from integer to number");
    let report = compare_sides(&json!({ "old": side("number"), "new": side("integer") }));
    assert_eq!(verdict(&report), (vec!["response-type-narrowed"], None));
}

#[test]
fn security_is_compared_by_what_programs_send() {
    let compare = |old: Value, new: Value| {
        let schemes = json!({
            "Login": { "type": "oauth2", "flows": {} },
            "Key": { "type": "apiKey", "in": "header", "name": "X-Key" },
        });
        let side = |security: Value| {
            let document = json!({ "components": { "securitySchemes": schemes } });
            json!({ "operation": { "security": security }, "document": document })
        };
        let report = compare_sides(&json!({ "old": side(old), "new": side(new) }));
        let [change] = report.changes.as_slice() else { panic!("{report:#?}") };
        (change.rule.name, change.message.clone())
    };
    let (rule, message) =
        compare(json!([{ "Login": ["read"] }]), json!([{ "Login": ["read", "write"] }]));
    assert_eq!(rule, "auth-scopes-added");
    assert_eq!(message, "security requirements changed from oauth2 (read) to oauth2 (read, write)");
    let (rule, _) =
        compare(json!([{ "Login": ["read", "write"] }]), json!([{ "Login": ["read"] }]));
    assert_eq!(rule, "auth-loosened");
    // A part of what programs send is enough now.
    let (rule, _) = compare(json!([{ "Login": [], "Key": [] }]), json!([{ "Key": [] }]));
    assert_eq!(rule, "auth-loosened");
    let (rule, _) = compare(json!([{ "Key": [] }]), json!([{ "Login": [], "Key": [] }]));
    assert_eq!(rule, "auth-changed");
    let (rule, _) = compare(json!([{ "Key": [] }, { "Login": [] }]), json!([{ "Key": [] }]));
    assert_eq!(rule, "auth-changed");
}

#[test]
fn a_renamed_key_is_reported_first_with_both_names() {
    let side = |header: &str, required: bool| {
        json!({
            "operation": { "security": [{ "Key": [] }] },
            "parameter": { "in": "query", "name": "a", "required": required, "schema": {} },
            "document": { "components": { "securitySchemes": {
                "Key": { "type": "apiKey", "in": "header", "name": header },
            } } },
        })
    };
    let report =
        compare_sides(&json!({ "old": side("X-Api-Key", false), "new": side("X-Key", true) }));
    let messages: Vec<_> = report.changes.iter().map(|change| change.message.as_str()).collect();
    assert_eq!(
        messages,
        ["API key renamed: header `x-api-key` → `x-key`", "parameter `a` is now required"]
    );
}
