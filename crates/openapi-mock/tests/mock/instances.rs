//! Generated instances are valid, and reach all values of their schemas.

use std::{collections::BTreeSet, fs, path::Path};

use openapi_mock::{Api, Fill};
use serde_json::Value;

/// The versions of the API's document in `tests/fixtures`.
pub const VERSIONS: [&str; 3] = ["1.8.7", "1.8.77", "1.8.201"];
/// Public documents, tested if the corpus is present.
const PUBLIC: [&str; 8] = [
    "Redocly__museum-openapi-example__openapi.yaml",
    "resend__resend-openapi__resend.yaml",
    "ollama__ollama__docs-openapi.yaml",
    "mintlify__docs__analytics.openapi.json",
    "hey-api__openapi-ts__examples-openapi-ts-nestjs-openapi.json",
    "svix__svix-webhooks__codegen-lib-openapi.json",
    "PrefectHQ__prefect__docs-v3-api-ref-rest-api-server-schema.json",
    "Adyen__adyen-openapi__yaml-CheckoutService-v71.yaml",
];

/// Parses a pinned version of the API's document.
pub fn fixture(version: &str) -> Api {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let path = root.join(format!("agents-{version}.yaml"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    Api::parse(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"))
}

/// Returns the schemas of all responses, each once.
fn response_schemas(api: &Api) -> BTreeSet<String> {
    let responses = api.operations().iter().flat_map(|operation| &operation.responses);
    responses.flat_map(|response| &response.content).filter_map(|c| c.schema.clone()).collect()
}

/// Generates and validates instances of all response schemas, minimal and full. Returns their
/// number.
fn generate_responses(api: &Api, seeds: u64) -> usize {
    let mut generated = 0;
    for schema in response_schemas(api) {
        for seed in 0..seeds {
            for fill in [Fill::Minimal, Fill::Full] {
                let value = api.instances().generate(&schema, seed, fill);
                let value = value.unwrap_or_else(|error| panic!("seed {seed}, {fill:?}: {error}"));
                assert_eq!(api.validator().accepts(&schema, &value).ok(), Some(true), "{schema}");
                generated += 1;
            }
        }
    }
    generated
}

#[test]
fn fifty_seeds_of_every_response_are_valid() {
    let api = fixture("1.8.7");
    let generated = generate_responses(&api, 50);
    println!("{generated} instances of {} schemas", response_schemas(&api).len());
    assert_eq!(generated, response_schemas(&api).len() * 100);
}

#[test]
fn responses_of_later_versions_are_valid() {
    for version in &VERSIONS[1..] {
        assert!(generate_responses(&fixture(version), 5) > 0);
    }
}

#[test]
fn responses_of_public_documents_are_valid() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/openapi-3.1");
    if !corpus.is_dir() {
        println!("skipped: the corpus is absent");
        return;
    }
    for name in PUBLIC {
        let text = fs::read_to_string(corpus.join(name)).expect(name);
        let api = Api::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let generated = generate_responses(&api, 2);
        println!("{name}: {} operations, {generated} instances", api.operations().len());
    }
}

#[test]
fn equal_seeds_generate_equal_instances_and_others_differ() {
    let api = fixture("1.8.7");
    let instance = |seed| {
        let schema = "/components/schemas/Agents.Execution.ListItem";
        api.instances().generate(schema, seed, Fill::Full).expect("an instance")
    };
    assert_eq!(instance(7), instance(7));
    assert_ne!(instance(7), instance(8));
}

#[test]
fn full_instances_have_all_properties_and_minimal_ones_the_required_properties() {
    let api = fixture("1.8.7");
    let schema = "/components/schemas/Agents.Profile.AgentProfile";
    let declared = &api.document().node_at(schema).expect("a schema").value;
    let names = |value: &Value| -> BTreeSet<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    let required: BTreeSet<String> = declared["required"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let instance = |fill| api.instances().generate(schema, 3, fill).expect("an instance");
    assert_eq!(names(&instance(Fill::Full)), names(&declared["properties"]));
    assert_eq!(names(&instance(Fill::Minimal)), required);
    assert!(required.len() < names(&declared["properties"]).len());
}

#[test]
fn every_variant_and_every_enum_value_is_generated() {
    let api = fixture("1.8.7");
    let schemas = api.document().node_at("/components/schemas").expect("schemas");
    let (mut variants, mut values) = (0, 0);
    for (name, schema) in schemas.members() {
        let instance =
            |seed| api.instances().generate(&schema.pointer, seed, Fill::Minimal).expect(name);
        let instances = || (0..600).map(instance);
        if let Some(discriminator) = schema.get("discriminator") {
            let property = discriminator.text("propertyName").expect("a property");
            let mapping = discriminator.get("mapping").expect("a mapping");
            let declared: BTreeSet<_> = mapping.members().map(|(tag, _)| tag.to_owned()).collect();
            let generated: BTreeSet<_> =
                instances().filter_map(|v| v[property].as_str().map(str::to_owned)).collect();
            assert_eq!(generated, declared, "{name}");
            variants += declared.len();
        }
        if let Some(list) = schema.value.get("enum").and_then(Value::as_array) {
            let generated: Vec<_> = instances().collect();
            assert!(list.iter().all(|value| generated.contains(value)), "{name}");
            values += list.len();
        }
    }
    println!("{variants} variants, {values} values");
    assert!(variants > 50 && values > 50);
}

/// One schema for each construct that the API's documents don't have.
#[test]
fn constructs_outside_this_api_are_generated() {
    let api = Api::parse(
        r##"
openapi: 3.1.0
info: { title: t, version: '1' }
paths: {}
components:
  schemas:
    Tree:
      type: object
      required: [children]
      properties: { children: { type: array, items: { $ref: '#/components/schemas/Tree' } } }
    Tuple: { type: array, prefixItems: [{ type: integer }, { type: string }], items: false, minItems: 2 }
    Unique: { type: array, uniqueItems: true, minItems: 2, items: { enum: [a, b, c] } }
    Contains: { type: array, contains: { const: 7 }, items: { type: integer } }
    Keys: { type: object, propertyNames: { pattern: '^k[0-9]$' }, minProperties: 3, additionalProperties: { type: 'null' } }
    Patterned: { type: object, patternProperties: { '^x-[a-z]{3}$': { type: boolean } }, additionalProperties: false }
    Dependent: { type: object, required: [a], properties: { a: true, b: { const: 1 } }, dependentRequired: { a: [b] } }
    Both: { allOf: [{ type: integer, minimum: 3 }, { type: number, maximum: 5 }], multipleOf: 2 }
    Not: { type: integer, minimum: 0, maximum: 3, not: { enum: [0, 1] } }
    Strict: { type: number, exclusiveMinimum: 0, exclusiveMaximum: 1 }
    Nothing: { enum: [null, 'x'], type: 'null' }
    Anything: {}
    Base:
      type: object
      required: [kind]
      properties: { kind: { type: string } }
      discriminator: { propertyName: kind, mapping: { one: '#/components/schemas/One' } }
    One: { allOf: [{ $ref: '#/components/schemas/Base' }, { type: object, required: [n], properties: { n: { type: integer } } }] }
    Look: { type: string, pattern: '^(?!a)(?=.*z)[a-z]{2,4}$' }
    Email: { type: string, format: email }
    Time: { type: string, format: time }
    Duration: { type: string, format: duration }
    Uri: { type: string, format: uri }
    Ip: { type: string, format: ipv6 }
    Byte: { type: string, format: byte, minLength: 4 }
    Lengths: { type: string, minLength: 5, maxLength: 6 }
    Small: { type: integer, format: uint8 }
"##,
    )
    .expect("a document");
    let schemas = api.document().node_at("/components/schemas").expect("schemas");
    for (name, schema) in schemas.members() {
        for seed in 0..40 {
            for fill in [Fill::Minimal, Fill::Full] {
                let value = api.instances().generate(&schema.pointer, seed, fill);
                let value = value.unwrap_or_else(|error| panic!("{name}: {error}"));
                if name == "Base" {
                    assert_eq!(value["kind"], "one", "the only variant");
                    assert!(value["n"].is_i64(), "{value}");
                }
            }
        }
    }
    for schema in ["type: string\n  enum: [1]", "type: integer, minimum: 5, maximum: 4"] {
        let schema = schema.replace("\n ", ",");
        let api = Api::parse(&format!(
            "openapi: 3.1.0\ninfo: {{}}\npaths: {{}}\ncomponents: {{ schemas: {{ X: {{ {schema} }} }} }}"
        ))
        .expect("a document");
        let instance = api.instances().generate("/components/schemas/X", 0, Fill::Full);
        assert!(instance.expect_err(&schema).to_string().contains("#/components/schemas/X"));
    }
}

#[test]
fn strings_of_unbounded_length_are_refused() {
    for schema in [
        "type: string, minLength: 4000000000",
        "type: string, minLength: 18446744073709551615",
        "type: string, pattern: '^a{400000000}$'",
        "type: string, pattern: '^((a*){2000}){2000}$'",
        "type: array, items: { type: string }, minItems: 4000000000",
        "type: object, minProperties: 4000000000",
    ] {
        let api = Api::parse(&format!(
            "openapi: 3.1.0\ninfo: {{}}\npaths: {{}}\ncomponents: {{ schemas: {{ X: {{ {schema} }} }} }}"
        ))
        .expect("a document");
        let instance = api.instances().generate("/components/schemas/X", 0, Fill::Full);
        let error = instance.expect_err(schema).to_string();
        assert!(error.contains("#/components/schemas/X"), "{error}");
    }
}
