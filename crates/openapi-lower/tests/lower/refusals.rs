//! What can't be lowered: all of it in one run, each with its place.

use crate::{document, lower, with_operations, with_schemas};

#[track_caller]
fn refused(document: &openapi_lower::Document, expected: &[&str]) {
    let refusals = lower(document).expect_err("it is to be refused");
    let shown: Vec<_> =
        refusals.iter().map(|one| format!("{}: {}", one.pointer, one.construct)).collect();
    assert_eq!(shown, expected);
    assert!(refusals.iter().all(|refusal| !refusal.reason.is_empty()));
}

#[test]
fn all_refusals_of_a_document_are_found_in_one_run() {
    let document = document(
        "
paths:
  /a/{id}:
    get:
      parameters:
        - { name: session, in: cookie, schema: { type: array, items: { type: string } } }
        - { name: filter, in: query, schema: { type: array, items: { type: object, properties: { a: { type: string } } } } }
        - { name: X-Agent, in: header, schema: { type: string } }
        - { name: x_agent, in: header, schema: { type: string } }
        - { name: json, in: query, content: { application/json: {} } }
      responses: { '101': { description: upgrade }, often: { description: when } }
    post:
      servers: [{ url: https://other.example }]
      responses: { '200': { description: ok } }
  /b:
    post:
      requestBody: { content: { multipart/form-data: { schema: { type: string } } } }
      responses: { '200': { description: ok } }
",
    );
    refused(&document, &["#/paths/~1a~1{id}/post/servers: an operation with servers of its own"]);
    let text = serde_json::to_string(document.root()).unwrap().replace("servers", "x-servers");
    let document = openapi_lower::Document::parse(&text).unwrap();
    refused(
        &document,
        &[
            "#/paths/~1a~1{id}/get/parameters/filter: a nested value or a union as a query parameter of style form",
            "#/paths/~1a~1{id}/get/parameters/json: a parameter without `schema`",
            "#/paths/~1a~1{id}/get/parameters/session: an array as a cookie parameter of style form",
            "#/paths/~1a~1{id}/get/parameters/x_agent: parameter `x_agent`",
            "#/paths/~1a~1{id}/get/responses/101: status 101",
            "#/paths/~1a~1{id}/get/responses/often: status `often`",
            "#/paths/~1b/post/requestBody: multipart/form-data without properties",
        ],
    );
}

#[test]
fn cycles_are_refused() {
    let references = "
Thing: { type: object, properties: { a: { $ref: '#/components/schemas/A' } } }
A: { $ref: '#/components/schemas/B' }
B: { $ref: '#/components/schemas/A' }";
    let cycle =
        ["#/components/schemas/A: a reference cycle", "#/components/schemas/B: a reference cycle"];
    refused(&with_schemas(references), &cycle);
    let members = "
Thing: { type: object, properties: { c: { $ref: '#/components/schemas/C' } } }
C: { allOf: [{ $ref: '#/components/schemas/D' }, { properties: { x: { type: string } } }] }
D: { allOf: [{ $ref: '#/components/schemas/C' }, { properties: { y: { type: string } } }] }";
    let cycle =
        ["#/components/schemas/C: an `allOf` cycle", "#/components/schemas/D: an `allOf` cycle"];
    refused(&with_schemas(members), &cycle);
}

#[test]
fn a_union_that_is_a_member_of_itself_is_refused() {
    let document = with_schemas(
        "
Thing: { oneOf: [{ $ref: '#/components/schemas/Other' }, { type: string }] }
Other: { anyOf: [{ $ref: '#/components/schemas/Thing' }, { type: integer }] }",
    );
    refused(
        &document,
        &[
            "#/components/schemas/Other: a union that is a member of itself",
            "#/components/schemas/Thing: a union that is a member of itself",
        ],
    );
}

#[test]
fn a_parameter_that_is_part_of_itself_is_refused() {
    let document = document(
        "
paths:
  /a:
    get:
      parameters: [{ name: a, in: query, schema: { $ref: '#/components/schemas/A' } }]
      responses: { '200': { description: ok } }
components: { schemas: { A: { anyOf: [{ $ref: '#/components/schemas/A' }, { type: string }] } } }",
    );
    refused(&document, &["#/components/schemas/A: a union that is a member of itself"]);
}

#[test]
fn references_that_depend_on_the_path_are_refused() {
    let document = with_schemas("Thing: { $dynamicRef: '#node' }");
    refused(&document, &["#/components/schemas/Thing/$dynamicRef: $dynamicRef"]);
}

#[test]
fn a_schema_that_is_none_is_refused() {
    let document = with_schemas("Thing: { type: object, properties: { a: text } }");
    refused(&document, &["#/components/schemas/Thing/properties/a: \"text\""]);
}

#[test]
fn values_that_openapi_does_not_know_are_refused_where_they_stand() {
    let document = with_schemas(
        "Thing: { type: object, properties: { a: { type: object, discriminator: text } } }",
    );
    refused(&document, &["#/components/schemas/Thing: a value that OpenAPI doesn't know here"]);
    let lowered = lower(&with_schemas(
        "Thing: { type: object, properties: { a: { type: string, required: true } } }",
    ));
    assert!(lowered.unwrap().warnings[0].to_string().contains("`required` is a list of names"));
}

#[test]
fn methods_that_can_not_be_sent_are_refused() {
    let document = document(
        "paths: { /a: { options: { responses: { '200': { description: ok } } }, head: { responses: { '200': { description: ok } } } } }",
    );
    refused(&document, &["#/paths/~1a/options: an operation of the method OPTIONS"]);
}

#[test]
fn credentials_that_a_client_has_not_are_refused() {
    let secured = |security: &str| {
        document(&format!(
            "
paths: {{}}
security: {security}
components:
  securitySchemes:
    Cookie: {{ type: apiKey, in: cookie, name: c }}
    Digest: {{ type: http, scheme: digest }}
    Key: {{ type: apiKey, in: header, name: k }}
"
        ))
    };
    refused(
        &secured("[{ Cookie: [] }]"),
        &["#/security: security scheme `Cookie`: a key in a cookie"],
    );
    refused(&secured("[{ Digest: [] }]"), &["#/security: security scheme `Digest`: digest"]);
    refused(
        &secured("[{ Cookie: [], Key: [] }]"),
        &["#/security: several security schemes at once"],
    );
    refused(&secured("[{ Missing: [] }]"), &["#/security: security scheme `Missing`"]);
    lower(&secured("[{ Cookie: [] }, {}]")).unwrap();
}

#[test]
fn a_failure_of_the_generator_is_a_refusal_of_the_operation_it_fails_on() {
    let document = document(
        "paths: { '/a/{': { get: { responses: { '200': { description: ok } } } }, /b: { get: { responses: { '200': { description: ok } } } } }",
    );
    let text = crate::config().generate_from(&document).unwrap_err().to_string();
    assert!(
        text.starts_with("#/paths/~1a~1{/get: a construct that the generator fails on: "),
        "{text}"
    );
}

#[test]
fn properties_that_give_one_field_are_refused() {
    let document = with_schemas(
        "Thing: { type: object, properties: { agentId: { type: string }, agent_id: { type: string } } }",
    );
    refused(&document, &["#/components/schemas/Thing/properties/agent_id: property `agent_id`"]);
}

#[test]
fn a_path_begins_with_a_slash() {
    let document = document("paths: { a: { get: { responses: { '200': { description: ok } } } } }");
    refused(&document, &["#/paths/a: path `a`"]);
}

#[test]
fn the_paths_of_the_runtime_and_the_client_must_be_some() {
    let document = with_operations("get: { responses: { '200': { description: ok } } }");
    let refusals = crate::config().runtime("not a path").generate_from(&document).unwrap_err();
    assert!(refusals.to_string().contains("the path of the runtime: `not a path`"), "{refusals}");
    let refusals = crate::config().client("Vec<T").generate_from(&document).unwrap_err();
    assert!(refusals.to_string().contains("the path of the client: `Vec<T`"), "{refusals}");
}

/// Schemas that are made of others level by level: as many as are put into each other, or a
/// refusal, and never twice the work for each level.
#[test]
fn schemas_of_many_levels_are_refused_in_bounded_time() {
    let chain = |levels: usize, member: &dyn Fn(&str) -> String| {
        let schema = |index: usize| {
            let next = format!("{{ $ref: '#/components/schemas/Level{}' }}", index + 1);
            let name = if index == 0 { "Thing".to_owned() } else { format!("Level{index}") };
            format!("{name}: {}", member(&next))
        };
        let mut schemas: Vec<String> = (0..levels).map(schema).collect();
        schemas.push(format!(
            "Level{levels}: {{ type: object, properties: {{ a: {{ type: string }} }} }}"
        ));
        with_schemas(&schemas.join("\n"))
    };
    let twice = |next: &str| format!("{{ allOf: [{next}, {next}] }}");
    assert!(lower(&chain(60, &twice)).is_ok());
    let list = |next: &str| format!("{{ type: array, items: {next} }}");
    assert!(lower(&chain(60, &list)).is_ok());
    for (levels, member) in [(400, &twice as &dyn Fn(&str) -> String), (3_000, &list)] {
        let refusals = lower(&chain(levels, member)).unwrap_err().to_string();
        assert!(refusals.contains("#/components/schemas/Thing: "), "{refusals}");
        assert!(refusals.contains("of many levels"), "{refusals}");
    }
}
