//! Refusals: all of a document in one run, each with its JSON pointer.

use openapi_lower::Document;

use crate::{document, lower, with_operations, with_schemas};

#[track_caller]
fn refused(document: &Document, expected: &[&str]) {
    let refusals = lower(document).expect_err("the document is refused");
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
        - { name: session, in: cookie, style: simple, schema: { type: array, items: { type: string } } }
        - { name: filter, in: header, schema: { type: array, items: { type: object, properties: { a: { type: string } } } } }
        - { name: xml, in: query, required: true, content: { application/xml: {} } }
      responses: { '101': { description: upgrade }, often: { description: when } }
    additionalOperations:
      CONNECT: { responses: { '200': { description: ok } } }
  /b:
    post:
      requestBody: { content: { multipart/form-data: { schema: { type: string } } } }
      responses: { '200': { description: ok } }
",
    );
    let connect = "#/paths/~1a~1{id}/additionalOperations/CONNECT: method CONNECT";
    refused(&document, &[connect]);
    let text = serde_json::to_string(document.root()).unwrap().replace("CONNECT", "MOVE");
    let document = Document::parse(&text).unwrap();
    refused(
        &document,
        &[
            "#/paths/~1a~1{id}/get/parameters/0: an array as a cookie parameter of style simple",
            "#/paths/~1a~1{id}/get/parameters/1: a nested value as a header parameter of style simple",
            "#/paths/~1a~1{id}/get/parameters/2: a parameter of the media type `application/xml`",
            "#/paths/~1a~1{id}/get/responses/101: status 101",
            "#/paths/~1a~1{id}/get/responses/often: status `often`",
            "#/paths/~1b/post/requestBody/content/multipart~1form-data: multipart/form-data without properties",
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
        ["#/components/schemas/A: reference cycle", "#/components/schemas/B: reference cycle"];
    refused(&with_schemas(references), &cycle);
    let members = "
Thing: { type: object, properties: { c: { $ref: '#/components/schemas/C' } } }
C: { allOf: [{ $ref: '#/components/schemas/D' }, { properties: { x: { type: string } } }] }
D: { allOf: [{ $ref: '#/components/schemas/C' }, { properties: { y: { type: string } } }] }";
    let cycle = ["#/components/schemas/C: `allOf` cycle", "#/components/schemas/D: `allOf` cycle"];
    refused(&with_schemas(members), &cycle);
}

#[test]
fn a_union_without_other_members_than_itself_is_refused() {
    let document = with_schemas(
        "
Thing: { oneOf: [{ $ref: '#/components/schemas/Thing' }], discriminator: { propertyName: a } }",
    );
    refused(&document, &["#/components/schemas/Thing: recursive union"]);
}

#[test]
fn members_by_which_unions_contain_themselves_are_ignored_with_a_warning() {
    let document = with_schemas(
        "
Thing: { oneOf: [{ $ref: '#/components/schemas/Other' }, { type: string }] }
Other: { anyOf: [{ $ref: '#/components/schemas/Thing' }, { type: integer }, { type: boolean }] }",
    );
    let lowered = lower(&document).unwrap();
    let warnings: Vec<_> = lowered.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        ["#/components/schemas/Other: the member `Thing` is ignored: this union is a member of it"]
    );
    let members = |rust: &str| {
        let union = lowered.model.untagged_unions.iter().find(|union| union.rust == rust).unwrap();
        union.members.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(members("Thing"), ["Other", "Text"]);
    assert_eq!(members("Other"), ["Integer", "Boolean"]);
}

#[test]
fn dynamic_references_are_refused() {
    let document = with_schemas("Thing: { $dynamicRef: '#node' }");
    refused(&document, &["#/components/schemas/Thing/$dynamicRef: $dynamicRef"]);
}

#[test]
fn a_schema_must_be_an_object_or_a_boolean() {
    let document = with_schemas("Thing: { type: object, properties: { a: text } }");
    refused(&document, &["#/components/schemas/Thing/properties/a: \"text\""]);
}

#[test]
fn path_items_operations_and_parameters_must_be_objects() {
    let document = document(
        "
paths:
  /a: text
  /b: { parameters: [null], get: 5, post: { parameters: [true], responses: { '204': { description: ok } } } }",
    );
    refused(
        &document,
        &[
            "#/paths/~1a: \"text\"",
            "#/paths/~1b/get: 5",
            "#/paths/~1b/parameters/0: null",
            "#/paths/~1b/post/parameters/0: true",
        ],
    );
}

/// progenitor has no OPTIONS: the operation is moved, which doesn't make it invalid.
#[test]
fn an_invalid_schema_does_not_refuse_moved_operations() {
    let document = document(
        "
paths:
  /a:
    get:
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Thing' } } } } }
    options: { responses: { '204': { description: ok } } }
components: { schemas: { Thing: { type: object, properties: { a: { type: string, discriminator: {} } } } } }",
    );
    assert_eq!(
        lower(&document).unwrap_err().to_string(),
        "#/components/schemas/Thing: invalid value: `properties/a/discriminator/propertyName` must \
         be a string"
    );
}

#[test]
fn invalid_values_are_refused() {
    let document = with_schemas(
        "Thing: { type: object, properties: { a: { type: object, discriminator: text } } }",
    );
    assert_eq!(
        lower(&document).unwrap_err().to_string(),
        "#/components/schemas/Thing: invalid value: `properties/a/discriminator` must be an object"
    );
    let lowered = lower(&with_schemas(
        "Thing: { type: object, properties: { a: { type: string, required: true } } }",
    ));
    assert!(lowered.unwrap().warnings[0].to_string().contains("a boolean `required` is ignored"));
}

#[test]
fn the_method_connect_is_refused() {
    let document = document(
        "paths: { /a: { additionalOperations: { CONNECT: { responses: {} }, MOVE: { responses: {} } } } }",
    );
    refused(&document, &["#/paths/~1a/additionalOperations/CONNECT: method CONNECT"]);
}

/// A document with these requirements.
fn secured(security: &str) -> Document {
    document(&format!(
        "
paths: {{ /a: {{ get: {{ operationId: a, responses: {{}} }} }} }}
security: {security}
components:
  securitySchemes:
    Cookie: {{ type: apiKey, in: cookie, name: 'c d' }}
    Digest: {{ type: http, scheme: digest }}
    Key: {{ type: apiKey, in: header, name: k }}
    Token: {{ type: http, scheme: bearer }}
    Login: {{ type: http, scheme: basic }}
"
    ))
}

#[test]
fn unsupported_credentials_are_refused() {
    refused(&secured("[{ Cookie: [] }]"), &["#/security: security scheme `Cookie`: cookie `c d`"]);
    refused(&secured("[{ Digest: [] }]"), &["#/security: security scheme `Digest`: digest"]);
    refused(
        &secured("[{ Key: [], Digest: [] }]"),
        &["#/security: security scheme `Digest`: digest"],
    );
    refused(
        &secured("[{ Token: [], Login: [] }]"),
        &["#/security: security schemes `Token` and `Login`"],
    );
}

#[test]
fn unsupported_and_undefined_alternatives_are_warnings() {
    for (security, warning) in [
        ("[{ Cookie: [] }, {}]", "not offered: security scheme `Cookie`: cookie `c d`: "),
        ("[{ Digest: [] }, { Key: [] }]", "not offered: security scheme `Digest`: digest: "),
        ("[{ Missing: [] }]", "security scheme `Missing` isn't in `components/securitySchemes`"),
    ] {
        let warnings = lower(&secured(security)).unwrap().warnings;
        let [only] = warnings.as_slice() else { panic!("{security}: {warnings:?}") };
        assert!(only.to_string().starts_with(&format!("#/security: {warning}")), "{only}");
    }
}

#[test]
fn a_path_must_begin_with_a_slash() {
    let document = document("paths: { a: { get: { responses: { '200': { description: ok } } } } }");
    refused(&document, &["#/paths/a: path `a`"]);
}

#[test]
fn invalid_runtime_and_client_paths_are_refused() {
    let document = with_operations("get: { responses: { '200': { description: ok } } }");
    let refusals = crate::config().runtime("not a path").generate_from(&document).unwrap_err();
    assert!(refusals.to_string().contains("the path of the runtime: `not a path`"), "{refusals}");
    let refusals = crate::config().client("Vec<T").generate_from(&document).unwrap_err();
    assert!(refusals.to_string().contains("the path of the client: `Vec<T`"), "{refusals}");
}

/// Nested schemas are lowered or refused in bounded time: the work doesn't double with each level.
#[test]
fn deeply_nested_schemas_are_refused_in_bounded_time() {
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
        assert!(refusals.contains("nested too deeply"), "{refusals}");
    }
}

/// A document of `tests/hostile`.
fn hostile(name: &str) -> openapi_lower::Document {
    let path = format!("{}/tests/hostile/{name}", env!("CARGO_MANIFEST_DIR"));
    openapi_lower::Document::parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// RFC 9110, section 5.1; RFC 6265, section 4.1.1.
#[test]
fn names_that_no_header_can_have_are_refused() {
    refused(
        &hostile("header-name-no-token.yaml"),
        &["#/paths/~1v/get/parameters/0: header `X-Trace `"],
    );
    refused(
        &hostile("bad-header-param.json"),
        &["#/paths/~1a/get/parameters/0: header `X Bad\nName`"],
    );
    refused(
        &hostile("bad-auth-header.json"),
        &["#/security: security scheme `A`: header `X Api Key`"],
    );
    let document = document(
        "
paths:
  /a:
    parameters: [{ name: 'a=b', in: cookie, schema: { type: string } }]
    get:
      parameters: [{ name: ok, in: cookie, schema: { type: string } }, { name: '', in: header, schema: { type: string } }]
      security: [{ Length: [] }]
      responses: { '204': { description: ok } }
components: { securitySchemes: { Length: { type: apiKey, in: header, name: Content-Length } } }",
    );
    refused(
        &document,
        &[
            "#/paths/~1a/get/parameters/1: header ``",
            "#/paths/~1a/get/security: security scheme `Length`: header `Content-Length`",
            "#/paths/~1a/parameters/0: cookie `a=b`",
        ],
    );
}

#[test]
fn headers_that_are_derived_from_the_request_are_skipped_with_a_warning() {
    let document = with_operations(
        "
put:
  parameters:
    - { name: Content-Length, in: header, required: true, schema: { type: integer } }
    - { name: host, in: header, schema: { type: string } }
    - { name: Content-Language, in: header, schema: { type: string } }
  responses: { '200': { description: ok } }",
    );
    let lowered = lower(&document).unwrap();
    let names: Vec<_> =
        lowered.model.operations[0].parameters.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Content-Language"]);
    let warnings: Vec<_> = lowered.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "#/paths/~1thing/put/parameters/0: parameter skipped: `Content-Length` is derived from \
             the request",
            "#/paths/~1thing/put/parameters/1: parameter skipped: `host` is derived from the request",
        ]
    );
}
