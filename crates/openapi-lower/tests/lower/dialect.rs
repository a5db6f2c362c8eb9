//! Conversion of each construct from OpenAPI 3.1 to 3.0.3.

use openapi_lower::to_openapi_30;
use serde_json::{Value, json};

use crate::{document, lower, with_schemas};

/// Asserts that a schema of OpenAPI 3.1, in YAML, is converted to this one of 3.0.3.
#[track_caller]
fn becomes(schema: &str, expected: Value) {
    let other = "Other: { type: object, properties: { a: { type: string } } }";
    let document = with_schemas(&format!("Thing: {schema}\n{other}"));
    let lowered = to_openapi_30(&document).unwrap();
    assert_eq!(lowered["components"]["schemas"]["Thing"], expected, "{schema}");
    assert_eq!(lowered["openapi"], "3.0.3");
}

const OTHER: &str = "#/components/schemas/Other";

#[test]
fn null_in_a_type_list_becomes_nullable() {
    becomes("{ type: [string, 'null'] }", json!({ "type": "string", "nullable": true }));
    becomes("{ type: [string] }", json!({ "type": "string" }));
    becomes("{ type: 'null' }", json!({ "nullable": true }));
}

#[test]
fn a_list_of_types_becomes_a_union_with_keywords_by_type() {
    becomes(
        "{ type: [string, array, 'null'], description: D, minLength: 1, items: { type: integer } }",
        json!({
            "description": "D",
            "nullable": true,
            "anyOf": [
                { "type": "string", "minLength": 1 },
                { "type": "array", "items": { "type": "integer" } },
            ],
        }),
    );
    becomes("{ type: [integer, number] }", json!({ "type": "number" }));
}

#[test]
fn null_in_a_union_becomes_nullable() {
    let wrapped = json!({ "nullable": true, "allOf": [{ "$ref": OTHER }] });
    for union in ["anyOf", "oneOf"] {
        becomes(
            &format!("{{ {union}: [{{ $ref: '{OTHER}' }}, {{ type: 'null' }}] }}"),
            wrapped.clone(),
        );
        becomes(
            &format!("{{ {union}: [{{ type: 'null' }}, {{ $ref: '{OTHER}' }}] }}"),
            wrapped.clone(),
        );
    }
    becomes(
        "{ description: D, anyOf: [{ type: string, format: uuid }, { type: 'null' }] }",
        json!({ "description": "D", "nullable": true, "type": "string", "format": "uuid" }),
    );
    becomes(
        &format!(
            "{{ oneOf: [{{ type: string }}, {{ $ref: '{OTHER}' }}, {{ type: 'null' }}, {{ type: string }}] }}"
        ),
        json!({ "nullable": true, "oneOf": [{ "type": "string" }, { "$ref": OTHER }] }),
    );
}

#[test]
fn null_in_an_enum_becomes_nullable() {
    becomes(
        "{ type: [string, 'null'], enum: [a, null] }",
        json!({ "type": "string", "enum": ["a"], "nullable": true }),
    );
    becomes("{ enum: [a, null] }", json!({ "enum": ["a"], "type": "string", "nullable": true }));
    becomes("{ enum: [null] }", json!({ "nullable": true }));
}

#[test]
fn a_nullable_enum_without_null_accepts_null_with_a_warning() {
    let document = with_schemas("Thing: { type: [string, 'null'], enum: [a] }");
    let warnings = lower(&document).unwrap().warnings;
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].to_string().starts_with("#/components/schemas/Thing: "), "{}", warnings[0]);
}

#[test]
fn const_becomes_an_enum_with_a_type() {
    for (value, kind) in [("a", "string"), ("1", "integer"), ("1.5", "number"), ("true", "boolean")]
    {
        let expected: Value = serde_json::from_str(&format!(
            r#"{{ "enum": [{}], "type": "{kind}" }}"#,
            if kind == "string" { "\"a\"" } else { value }
        ))
        .unwrap();
        becomes(&format!("{{ const: {value} }}"), expected);
    }
    becomes("{ type: string, const: a }", json!({ "type": "string", "enum": ["a"] }));
    becomes("{ const: null }", json!({ "nullable": true }));
}

#[test]
fn exclusive_bounds_become_flags() {
    becomes(
        "{ type: integer, exclusiveMinimum: 0, exclusiveMaximum: 9 }",
        json!({
            "type": "integer",
            "exclusiveMinimum": true, "exclusiveMaximum": true, "minimum": 0, "maximum": 9,
        }),
    );
    // The stricter bound is used.
    becomes(
        "{ type: integer, minimum: 5, exclusiveMinimum: 0 }",
        json!({ "type": "integer", "minimum": 5 }),
    );
    becomes(
        "{ type: integer, minimum: 5, exclusiveMinimum: 5 }",
        json!({ "type": "integer", "minimum": 5, "exclusiveMinimum": true }),
    );
    // The form of 3.0 is unchanged.
    becomes(
        "{ type: integer, minimum: 5, exclusiveMinimum: true }",
        json!({ "type": "integer", "minimum": 5, "exclusiveMinimum": true }),
    );
}

#[test]
fn siblings_of_a_reference_become_all_of() {
    becomes(
        &format!("{{ $ref: '{OTHER}', description: D, deprecated: true }}"),
        json!({ "description": "D", "deprecated": true, "allOf": [{ "$ref": OTHER }] }),
    );
    becomes(
        &format!("{{ $ref: '{OTHER}', required: [a] }}"),
        json!({ "allOf": [{ "$ref": OTHER }, { "required": ["a"] }] }),
    );
    becomes(&format!("{{ $ref: '{OTHER}', type: object }}"), json!({ "$ref": OTHER }));
}

#[test]
fn siblings_of_a_reference_are_lowered() {
    let beside = |siblings: &str, rest: serde_json::Value| {
        becomes(
            &format!("{{ $ref: '{OTHER}', {siblings} }}"),
            json!({ "allOf": [{ "$ref": OTHER }, rest] }),
        );
    };
    beside("const: a", json!({ "type": "string", "enum": ["a"] }));
    beside("exclusiveMinimum: 3", json!({ "minimum": 3, "exclusiveMinimum": true }));
    beside(
        "unevaluatedProperties: { type: integer }",
        json!({ "type": "object", "additionalProperties": { "type": "integer" } }),
    );
}

#[test]
fn null_next_to_a_reference_is_nullable_with_a_warning() {
    becomes(
        &format!("{{ $ref: '{OTHER}', type: [object, 'null'] }}"),
        json!({ "nullable": true, "allOf": [{ "$ref": OTHER }] }),
    );
}

#[test]
fn unevaluated_properties_become_additional_properties() {
    becomes(
        "{ type: object, unevaluatedProperties: { type: integer } }",
        json!({ "type": "object", "additionalProperties": { "type": "integer" } }),
    );
    becomes(
        "{ unevaluatedProperties: {} }",
        json!({ "type": "object", "additionalProperties": {} }),
    );
    becomes("{ type: object, unevaluatedProperties: false }", json!({ "type": "object" }));
    becomes(
        "{ type: object, additionalProperties: { type: string }, unevaluatedProperties: { type: integer } }",
        json!({ "type": "object", "additionalProperties": { "type": "string" } }),
    );
}

#[test]
fn boolean_schemas_become_objects() {
    becomes("true", json!({}));
    becomes("false", json!({ "not": {} }));
    becomes(
        "{ type: object, additionalProperties: false }",
        json!({ "type": "object", "additionalProperties": false }),
    );
    becomes("{ type: array, items: true }", json!({ "type": "array", "items": {} }));
}

#[test]
fn tuples_become_arrays() {
    becomes(
        "{ type: array, prefixItems: [{ type: string }], items: false }",
        json!({ "type": "array", "items": { "type": "string" } }),
    );
    becomes(
        "{ prefixItems: [{ type: string }, { type: integer }] }",
        json!({ "type": "array", "items": {} }),
    );
    becomes("{ type: array }", json!({ "type": "array", "items": {} }));
}

#[test]
fn encoded_content_becomes_a_format() {
    becomes(
        "{ type: string, contentEncoding: base64 }",
        json!({ "type": "string", "format": "byte" }),
    );
    becomes(
        "{ type: string, contentMediaType: image/png }",
        json!({ "type": "string", "format": "binary" }),
    );
    becomes("{ contentMediaType: image/png }", json!({ "type": "string", "format": "binary" }));
}

#[test]
fn references_to_other_components_are_resolved() {
    let document = document(
        "
paths:
  /a: { $ref: '#/components/pathItems/A' }
components:
  pathItems:
    A:
      get:
        parameters: [{ $ref: '#/components/parameters/P' }]
        requestBody: { $ref: '#/components/requestBodies/B' }
        responses: { '200': { $ref: '#/components/responses/R' } }
  parameters: { P: { name: p, in: query, schema: { type: string } } }
  requestBodies: { B: { content: { text/plain: { schema: { type: string } } } } }
  responses:
    R: { $ref: '#/components/responses/S' }
    S: { description: S, headers: { H: { $ref: '#/components/headers/H' } } }
  headers: { H: { schema: { type: integer } } }
",
    );
    let lowered = to_openapi_30(&document).unwrap();
    assert_eq!(
        lowered["paths"]["/a"]["get"],
        json!({
            "parameters": [{ "name": "p", "in": "query", "schema": { "type": "string" } }],
            "requestBody": { "content": { "text/plain": { "schema": { "type": "string" } } } },
            "responses": { "200": { "description": "S", "headers": { "H": { "schema": { "type": "integer" } } } } },
        })
    );
    assert_eq!(lowered["components"], json!({}));
}

#[test]
fn referenced_inline_schemas_become_components() {
    let document = with_schemas(
        "
Thing:
  type: object
  properties:
    inner: { type: object, properties: { a: { type: string } } }
    again: { $ref: '#/components/schemas/Thing/properties/inner' }
    local: { $ref: '#/components/schemas/Thing/$defs/Local' }
  $defs: { Local: { type: string, enum: [x] } }",
    );
    let schemas = to_openapi_30(&document).unwrap()["components"]["schemas"].take();
    assert_eq!(
        schemas["Thing"]["properties"]["again"],
        json!({ "$ref": "#/components/schemas/Thing.inner" })
    );
    assert_eq!(schemas["Thing.inner"]["properties"]["a"], json!({ "type": "string" }));
    assert_eq!(schemas["Thing.Local"], json!({ "type": "string", "enum": ["x"] }));
}

#[test]
fn a_3_0_document_is_unchanged() {
    becomes("{ type: string, nullable: true }", json!({ "type": "string", "nullable": true }));
}
