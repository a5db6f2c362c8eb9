//! Lowered schemas, and the names of their types.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{components, document, lower, with_schemas};

const THING: &str = "#/components/schemas/Thing";

#[test]
fn scalar_components_are_inlined() {
    let document = with_schemas(
        "
Thing: { type: object, required: [id], properties: { id: { $ref: '#/components/schemas/Id' }, ids: { $ref: '#/components/schemas/Ids' } } }
Id: { type: string, format: uuid, description: An id }
Ids: { type: array, items: { $ref: '#/components/schemas/Id' } }",
    );
    let schemas = components(&document);
    assert_eq!(
        schemas["Thing"]["properties"]["id"],
        json!({ "type": "string", "format": "uuid", "description": "An id" })
    );
    assert_eq!(schemas["Thing"]["properties"]["ids"]["items"]["format"], "uuid");
    assert_eq!(schemas.as_object().unwrap().len(), 1);
}

#[test]
fn a_nullable_component_is_optional_where_it_is_used() {
    let document = with_schemas(
        "
Thing: { type: object, required: [a], properties: { a: { $ref: '#/components/schemas/Maybe' } } }
Maybe: { type: [string, 'null'], enum: [x, null] }",
    );
    let schemas = components(&document);
    assert_eq!(schemas["Maybe"], json!({ "type": "string", "enum": ["x"] }));
    let used = json!({ "allOf": [{ "$ref": "#/components/schemas/Maybe" }], "nullable": true });
    assert_eq!(schemas["Thing"]["properties"]["a"], used);
}

#[test]
fn a_nullable_component_is_optional_inside_an_alias_too() {
    let document = with_schemas(
        "
Thing: { type: object, required: [a], properties: { a: { $ref: '#/components/schemas/List' } } }
List: { type: array, items: { $ref: '#/components/schemas/Maybe' } }
Maybe: { type: [string, 'null'], enum: [x, null] }",
    );
    let items = json!({ "allOf": [{ "$ref": "#/components/schemas/Maybe" }], "nullable": true });
    assert_eq!(components(&document)["Thing"]["properties"]["a"]["items"], items);
}

#[test]
fn recursive_components_are_not_inlined() {
    let document = with_schemas(
        "
Thing: { type: object, properties: { next: { $ref: '#/components/schemas/Thing' }, tree: { $ref: '#/components/schemas/Tree' } } }
Tree: { type: array, items: { $ref: '#/components/schemas/Tree' } }",
    );
    let schemas = components(&document);
    assert_eq!(schemas["Thing"]["properties"]["next"], json!({ "$ref": THING }));
    assert_eq!(schemas["Tree"]["items"], json!({ "$ref": "#/components/schemas/Tree" }));
}

#[test]
fn constraints_are_documented_and_not_enforced() {
    let document = with_schemas(
        "
Thing:
  type: object
  additionalProperties: false
  properties:
    name: { type: string, description: The name, minLength: 1, maxLength: 9, pattern: '^[a-z]+$' }
    size: { type: integer, exclusiveMinimum: 0, maximum: 5 }
    code: { type: number, enum: [404] }
    tags: { type: array, minItems: 1, uniqueItems: true, items: { type: string, maxLength: 3 } }",
    );
    let thing = &components(&document)["Thing"];
    let properties = &thing["properties"];
    assert!(thing.get("additionalProperties").is_none());
    assert_eq!(
        properties["name"],
        json!({
            "type": "string",
            "description": "The name\n\nConstraints: at least 1 character; at most 9 characters; matches `^[a-z]+$`.",
        })
    );
    assert_eq!(
        properties["size"],
        json!({ "type": "integer", "description": "Constraints: more than 0; at most 5." })
    );
    assert_eq!(
        properties["code"],
        json!({ "type": "integer", "description": "Constraints: one of `[404]`." })
    );
    let tags = "Constraints: at least 1 item; items are unique; each item: at most 3 characters.";
    assert_eq!(properties["tags"]["description"], tags);
    assert_eq!(properties["tags"]["items"], json!({ "type": "string" }));
}

#[test]
fn defaults_that_do_not_match_are_ignored_with_a_warning() {
    let document = with_schemas(
        "
Thing:
  type: object
  properties:
    good: { type: boolean, default: true }
    none: { type: [array, 'null'], items: { type: string }, default: null }
    bad: { type: integer, default: many }
    choice: { allOf: [{ $ref: '#/components/schemas/Choice' }], default: b }
    wrong: { allOf: [{ $ref: '#/components/schemas/Choice' }], default: z }
Choice: { type: string, enum: [a, b] }",
    );
    let lowered = lower(&document).unwrap();
    let properties = &components(&document)["Thing"]["properties"];
    assert_eq!(
        properties["good"],
        json!({ "type": "boolean", "default": true, "description": "Constraints: default `true`." })
    );
    assert!(properties["none"].get("default").is_none());
    // The default of an enum is documented only.
    assert_eq!(properties["choice"]["description"], "Constraints: default `\"b\"`.");
    assert!(properties["choice"].get("default").is_none());
    assert!(
        properties["bad"].get("default").is_none() && properties["wrong"].get("default").is_none()
    );
    let warnings: Vec<_> = lowered.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(
        warnings[0].starts_with("#/components/schemas/Thing/properties/bad: the default \"many\""),
        "{warnings:?}"
    );
}

#[test]
fn values_that_are_equal_by_json_schema_are_one_value() {
    let document = with_schemas(
        "
Thing:
  type: object
  properties:
    own: { type: object, enum: [{ a: 1, b: [2] }], default: { b: [2.0], a: 1.0 } }
    shared: { allOf: [{ $ref: '#/components/schemas/Choice' }], default: { b: [2.0], a: 1.0 } }
    other: { allOf: [{ $ref: '#/components/schemas/Choice' }], default: { b: [2.5], a: 1.0 } }
Choice: { type: object, enum: [{ a: 1, b: [2] }] }",
    );
    let lowered = lower(&document).unwrap();
    let warnings: Vec<_> = lowered.warnings.iter().map(ToString::to_string).collect();
    let [other] = warnings.as_slice() else { panic!("{warnings:#?}") };
    assert!(
        other.starts_with("#/components/schemas/Thing/properties/other: the default"),
        "{other}"
    );
}

#[test]
fn items_values_and_members_of_defaults_that_do_not_match_are_ignored_with_a_warning() {
    let document = with_schemas(
        "
Thing:
  type: object
  properties:
    choices: { type: array, items: { $ref: '#/components/schemas/Choice' }, default: [a, z] }
    some: { type: array, items: { $ref: '#/components/schemas/Choice' }, default: [a] }
    names: { type: array, items: { type: string }, default: [1] }
    sizes: { type: object, additionalProperties: { type: integer }, default: { a: b } }
    size: { type: object, additionalProperties: { type: integer }, default: { a: 1 } }
    either: { oneOf: [{ type: string }, { type: integer }], default: true }
    text: { oneOf: [{ type: string }, { type: integer }], default: auto }
    object: { oneOf: [{ $ref: '#/components/schemas/O' }, { type: integer }], default: { a: b } }
Choice: { type: string, enum: [a, b] }
O: { type: object, properties: { a: { type: string } } }",
    );
    let warnings = lower(&document).unwrap().warnings;
    let shown: Vec<_> = warnings.iter().map(ToString::to_string).collect();
    let ignored = |name: &str, default: &str| {
        format!(
            "#/components/schemas/Thing/properties/{name}: the default {default} does not match \
             the schema and is ignored"
        )
    };
    assert_eq!(
        shown,
        [
            ignored("choices", r#"["a","z"]"#),
            ignored("names", "[1]"),
            ignored("sizes", r#"{"a":"b"}"#),
            ignored("either", "true"),
        ]
    );
    let properties = &components(&document)["Thing"]["properties"];
    assert_eq!(properties["some"]["description"], "Constraints: default `[\"a\"]`.");
    assert!(properties["choices"].get("description").is_none());
}

#[test]
fn all_of_objects_are_merged() {
    let document = with_schemas(
        "
Thing:
  description: A thing
  allOf:
    - $ref: '#/components/schemas/Base'
    - { type: object, required: [b], properties: { b: { type: integer }, kind: { type: string, enum: [thing] } } }
Base: { type: object, required: [a], properties: { a: { type: string }, kind: { type: string } } }",
    );
    let schemas = components(&document);
    assert_eq!(
        schemas["Thing"],
        json!({
            "description": "A thing",
            "type": "object",
            "properties": {
                "a": { "type": "string" },
                "kind": { "$ref": "#/components/schemas/ThingKind" },
                "b": { "type": "integer" },
            },
            "required": ["a", "b"],
        })
    );
}

#[test]
fn inline_schemas_are_named_after_their_location() {
    let document = document(
        "
paths:
  /thing:
    post:
      operationId: makeThing
      parameters: [{ name: sort, in: query, schema: { type: string, enum: [a, b] } }]
      requestBody:
        required: true
        content: { application/json: { schema: { type: object, properties: { part: { type: object, properties: { x: { type: string } } } } } } }
      responses:
        '200':
          description: Made
          content: { application/json: { schema: { type: array, items: { type: object, properties: { y: { oneOf: [{ type: string }, { type: integer }] } } } } } }
        '400':
          description: Bad
          content: { application/json: { schema: { type: object, properties: { z: { type: string } } } } }
",
    );
    let lowered = lower(&document).unwrap();
    let names: Vec<_> = lowered.model.types.iter().map(|name| name.rust.as_str()).collect();
    assert_eq!(
        names,
        [
            "MakeThingSort",
            "MakeThingBody",
            "MakeThingBodyPart",
            "MakeThingResponseItem",
            "MakeThingResponseItemY",
            "MakeThingResponse400",
        ]
    );
}

/// The Rust names of schemas with these names in the document.
fn names(schema_names: &[&str]) -> Vec<String> {
    let schemas: String = schema_names
        .iter()
        .map(|name| {
            format!("{name}: {{ type: object, properties: {{ a: {{ type: string }} }} }}\n")
        })
        .collect();
    let properties: String = schema_names
        .iter()
        .enumerate()
        .map(|(index, name)| format!("p{index}: {{ $ref: '#/components/schemas/{name}' }}, "))
        .collect();
    let document = with_schemas(&format!(
        "{schemas}Thing: {{ type: object, properties: {{ {properties} }} }}"
    ));
    let types = lower(&document).unwrap().model.types;
    let name = |schema_name: &&str| {
        let named = types.iter().find(|name| name.component.as_deref() == Some(schema_name));
        named.map(|name| name.rust.clone()).unwrap()
    };
    schema_names.iter().map(name).collect()
}

#[test]
fn types_are_named_without_their_namespace() {
    assert_eq!(
        names(&[
            "Agents.Profile.AgentProfilePool",
            "Agents.APITriggerContext",
            "Common.BadRequestErrorBody"
        ]),
        ["AgentProfilePool", "ApiTriggerContext", "BadRequestErrorBody"]
    );
}

#[test]
fn generic_names_are_prefixed_with_their_namespace() {
    assert_eq!(
        names(&[
            "Agents.Agent.Base",
            "Agents.Execution.Status",
            "Agents.Execution.ListItem",
            "Agents.Profile.Credential",
            "Version"
        ]),
        ["AgentBase", "ExecutionStatus", "ExecutionListItem", "ProfileCredential", "Version"]
    );
}

#[test]
fn clashing_names_are_prefixed_until_unique() {
    assert_eq!(
        names(&[
            "A.X.PoolOwner",
            "A.Y.PoolOwner",
            "B.X.PoolOwner",
            "A.X.Other-Name",
            "A.X.Other_Name"
        ]),
        ["AxPoolOwner", "YPoolOwner", "BxPoolOwner", "AxOtherName", "AxOtherName2"]
    );
}

#[test]
fn a_published_name_is_reserved() {
    let document = with_schemas(
        "
Thing: { type: object, properties: { a: { $ref: '#/components/schemas/A.PoolOwner' }, b: { $ref: '#/components/schemas/B.PoolOwner' } } }
A.PoolOwner: { type: object, properties: { a: { type: string } } }
B.PoolOwner: { type: object, properties: { a: { type: string } } }",
    );
    let published = [("B.PoolOwner".to_owned(), "PoolOwner".to_owned())].into();
    let types = openapi_lower::lower(&document, &published).unwrap().model.types;
    let named = |document| types.iter().find(|name| name.component.as_deref() == Some(document));
    assert_eq!(named("B.PoolOwner").unwrap().rust, "PoolOwner");
    assert_eq!(named("A.PoolOwner").unwrap().rust, "APoolOwner");
}

#[test]
fn unreachable_schemas_are_skipped() {
    let document = with_schemas(
        "
Thing: { type: object, properties: { a: { oneOf: [{ $ref: '#/components/schemas/Used' }], discriminator: { propertyName: t, mapping: { m: Mapped } } } } }
Used: { type: object, properties: { t: { type: string } } }
Mapped: { type: object, properties: { t: { type: string } } }
Unused: { type: object, properties: { t: { type: string } } }",
    );
    let schemas: Value = components(&document);
    let mut names: Vec<_> = schemas.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["Mapped", "Thing", "ThingA", "Used"]);
}

#[test]
fn conditions_are_not_unions() {
    let document = with_schemas(
        "Thing: { type: object, properties: { a: { type: string }, b: { type: string } }, anyOf: [{ required: [a] }, { required: [b] }] }",
    );
    let thing = &components(&document)["Thing"];
    assert_eq!(thing["type"], "object");
    assert!(thing.get("anyOf").is_none());
    let expected =
        r#"Constraints: must satisfy anyOf of `[{"required":["a"]},{"required":["b"]}]`."#;
    assert_eq!(thing["description"], expected);
}

#[test]
fn enum_variants_have_unique_names() {
    let document = with_schemas(
        "Thing: { type: string, enum: [a-b, a_b, A, a, '', '404', -name, name, '<', fn, unrecognized, Self] }",
    );
    let enums = lower(&document).unwrap().model.enums;
    let names: Vec<_> = enums[0].variants.iter().map(|one| one.rust_name.as_str()).collect();
    assert_eq!(
        names,
        [
            "AB",
            "AB2",
            "A",
            "A2",
            "Empty",
            "X404",
            "MinusName",
            "Name",
            "U3C",
            "Fn",
            "Unrecognized2",
            "Self_",
        ]
    );
}

#[test]
fn published_names_of_inline_types_and_variants_are_reused() {
    let schemas = "
Thing: { type: object, properties: { kind: { type: string, enum: [a-b, a_b, c] }, shape: { oneOf: [{ $ref: '#/components/schemas/A.One' }, { type: string }] } } }
A.One: { type: object, properties: { x: { type: string } } }";
    let names = |schemas: &str, published: &BTreeMap<String, String>| {
        openapi_lower::lower(&with_schemas(schemas), published).unwrap().model.published_names()
    };
    let first = names(schemas, &BTreeMap::new());
    let name = |names: &BTreeMap<String, String>, key: &str| names[key].clone();
    let (kind, value) = ("Thing#/properties/kind", "Thing#/properties/kind::a_b");
    assert_eq!((name(&first, kind).as_str(), name(&first, value).as_str()), ("ThingKind", "AB2"));
    assert_eq!(name(&first, "Thing#/properties/shape::A.One"), "AOne");
    assert_eq!(name(&first, "Thing#/properties/shape::Text"), "Text");

    // In the later document, the variant, the type and the member of the union would each have
    // another name without the published ones.
    let later = schemas.replace("a-b, ", "")
        + "
ThingKind: { type: object, properties: { y: { $ref: '#/components/schemas/B.One' } } }
B.One: { type: object, properties: { y: { type: integer } } }";
    let later = later.replace(
        "properties: { kind:",
        "properties: { new: { $ref: '#/components/schemas/ThingKind' }, kind:",
    );
    let renamed = names(&later, &BTreeMap::new());
    assert_ne!(
        (name(&renamed, kind), name(&renamed, value)),
        (name(&first, kind), name(&first, value))
    );
    let reused = names(&later, &first);
    for (key, rust) in &first {
        assert!(reused.get(key).is_none_or(|name| name == rust), "{key}: {reused:?}");
    }
    assert_eq!((name(&reused, kind).as_str(), name(&reused, value).as_str()), ("ThingKind", "AB2"));
    assert_eq!(name(&reused, "ThingKind"), "ThingKind2");
}

#[test]
fn integers_beyond_i64_are_unsigned() {
    let document = with_schemas(
        "
Thing:
  type: object
  properties:
    byFormat: { type: integer, format: uint64, default: 18446744073709551615 }
    byBounds: { type: integer, minimum: 0, maximum: 18446744073709551615 }
    exclusive: { type: integer, format: int64, exclusiveMinimum: -1, exclusiveMaximum: 1.8446744073709552e+19 }
    signed: { type: integer, minimum: -9223372036854776000, maximum: 18446744073709551615 }
    small: { type: integer, minimum: 0, maximum: 9223372036854775807, exclusiveMaximum: 9223372036854775808 }
    unbounded: { type: integer, minimum: 0, default: 18446744073709551615 }
    listed: { type: integer, enum: [1, 18446744073709551615] }
    negative: { type: integer, format: uint64, minimum: -5 }
    negativeByte: { type: integer, format: uint8, minimum: -1 }
    byte: { type: integer, format: uint8, exclusiveMinimum: -1 }",
    );
    let lowered = lower(&document).unwrap();
    let formats: Vec<_> = lowered.model.objects[0]
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.schema["format"].as_str()))
        .collect();
    assert_eq!(
        formats,
        [
            ("byFormat", Some("uint64")),
            ("byBounds", Some("uint64")),
            ("exclusive", Some("uint64")),
            ("signed", None),
            ("small", None),
            ("unbounded", None),
            ("listed", Some("uint64")),
            ("negative", None),
            ("negativeByte", None),
            ("byte", Some("uint8")),
        ]
    );
    let warnings: Vec<_> = lowered.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        ["#/components/schemas/Thing/properties/unbounded: the default 18446744073709551615 does \
             not match the schema and is ignored"]
    );
}

#[test]
fn other_formats_of_text_are_strings() {
    let document = with_schemas(
        "
Thing:
  type: object
  properties:
    ip: { type: string, format: ip }
    ipv4: { type: string, format: ipv4, description: An address }
    list: { type: array, items: { type: string, format: ipv6 } }
    uri: { type: string, format: uri }
    byte: { type: string, format: byte }
    decimal: { type: string, format: decimal }",
    );
    let lowered = lower(&document).unwrap();
    let described: Vec<_> = lowered.model.objects[0]
        .fields
        .iter()
        .map(|field| (field.name.as_str(), field.description.as_deref()))
        .collect();
    assert_eq!(
        described,
        [
            ("ip", Some("Constraints: format `ip`.")),
            ("ipv4", Some("An address\n\nConstraints: format `ipv4`.")),
            ("list", Some("Constraints: each item: format `ipv6`.")),
            ("uri", None),
            ("byte", None),
            ("decimal", None),
        ]
    );
    let code = crate::generate(&document);
    assert!(!code.contains("::net::"), "{code}");
    for field in ["ip", "ipv4", "uri", "byte", "decimal"] {
        let declaration = format!("pub {field}: Option<String>");
        assert!(code.contains(&declaration), "{field}");
    }
}

#[test]
fn properties_with_one_rust_name_are_numbered_whatever_their_order() {
    for properties in [["agentId", "agent_id", "agent-id"], ["agent-id", "agent_id", "agentId"]] {
        let list = properties.map(|name| format!("{name}: {{ type: string }}")).join(", ");
        let schemas = format!("Thing: {{ type: object, properties: {{ {list} }} }}");
        let document = with_schemas(&schemas);
        let lowered = lower(&document).unwrap();
        let fields = &lowered.model.objects[0].fields;
        let mut names: Vec<_> =
            fields.iter().map(|field| (field.name.as_str(), field.rust_name.as_str())).collect();
        names.sort_unstable();
        let expected =
            [("agent-id", "agent_id2"), ("agentId", "agent_id3"), ("agent_id", "agent_id")];
        assert_eq!(names, expected);
        assert_eq!(lowered.warnings.len(), 2);
    }
}
