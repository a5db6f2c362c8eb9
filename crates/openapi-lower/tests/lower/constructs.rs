//! Constructs without a test elsewhere, and the table of all constructs in the README.

use std::fs;

use openapi_lower::{
    Document,
    ir::{BodyContent, ContentKind},
};

use crate::{document, lower, with_operations, with_schemas};

/// Each row of the README's table names an existing test, of this crate or of the crate `wire`.
#[test]
fn every_row_of_the_table_names_a_test() {
    let root = env!("CARGO_MANIFEST_DIR");
    let readme = fs::read_to_string(format!("{root}/README.md")).unwrap();
    let table = readme.split_once("| construct |").unwrap().1;
    let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
    let mut count = 0;
    for row in rows {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [_, outcome, _, test] = cells.as_slice() else { panic!("not four columns: {row}") };
        let outcomes = ["lowered", "emitted", "refused", "documented", "skipped"];
        assert!(outcomes.contains(outcome), "`{outcome}` is none of {outcomes:?}: {row}");
        let test = test.trim_matches('`');
        let (folder, test, head) = match test.strip_prefix("wire::") {
            Some(test) => ("../../tests/wire/tests/wire", test, "#[tokio::test]\nasync fn"),
            None => ("tests/lower", test, "#[test]\nfn"),
        };
        let (module, name) = test.split_once("::").expect(row);
        let file = format!("{folder}/{module}.rs");
        let source = fs::read_to_string(format!("{root}/{file}")).expect(row);
        assert!(source.contains(&format!("{head} {name}()")), "no test `{name}` in {file}: {row}");
        count += 1;
    }
    assert!(count > 40, "{count}");
}

#[test]
fn pattern_properties_become_additional_properties() {
    let model = lower(&with_schemas(
        "Thing: { type: object, properties: { a: { type: string } }, patternProperties: { '^x-': { type: integer } } }",
    ))
    .unwrap()
    .model;
    let (name, schema) = model.objects[0].extra.clone().unwrap();
    assert_eq!((name.as_str(), schema["type"].as_str()), ("extra", Some("integer")));
}

#[test]
fn an_undeclared_path_parameter_is_a_string() {
    let document = document(
        "paths: { '/a/{id}/{b}': { get: { parameters: [{ name: b, in: path, required: true, schema: { type: integer } }], responses: { '200': { description: ok } } } } }",
    );
    let lowered = lower(&document).unwrap();
    let names: Vec<_> =
        lowered.model.operations[0].parameters.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["b", "id"]);
    assert!(lowered.warnings[0].to_string().contains("path parameter `id`"));
}

#[test]
fn paths_may_have_a_query_and_a_fragment() {
    let lowered = lower(&document(
        "
paths:
  /notes/{id}?beta=true&x#Action=Send:
    get:
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: beta, in: query, schema: { type: boolean } }
        - { name: dry, in: query, schema: { type: boolean } }
      responses: { '204': { description: ok } }
  '/notes/{id?}': { get: { responses: { '204': { description: ok } } } }",
    ))
    .unwrap();
    let operations = &lowered.model.operations;
    let parts: Vec<_> =
        operations.iter().map(|one| (one.path.as_str(), one.query.as_str())).collect();
    assert_eq!(parts, [("/notes/{id}", "beta=true&x"), ("/notes/{id?}", "")]);
    let names: Vec<_> = operations[0].parameters.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["id", "dry"]);
    let warning = "parameter skipped: the path has `beta` in its query";
    assert_eq!(lowered.warnings[0].message, warning);
}

#[test]
fn placeholders_in_the_query_of_a_path_are_refused() {
    let refusals = lower(&document(
        "
paths:
  /a?id={id}: { get: { responses: { '204': { description: ok } } } }
  /a#{id}: { get: { responses: { '204': { description: ok } } } }",
    ))
    .unwrap_err();
    let shown: Vec<_> =
        refusals.iter().map(|one| format!("{}: {}", one.pointer, one.construct)).collect();
    assert_eq!(
        shown,
        [
            "#/paths/~1a#{id}/get: `{id}` in the fragment of a path",
            "#/paths/~1a?id={id}/get: `{id}` in the query of a path",
        ]
    );
}

/// RFC 9110, sections 9.3.2, 15.3.5, 15.3.6 and 15.4.5.
#[test]
fn content_that_a_response_cannot_have_is_ignored() {
    let content = "content: { application/json: { schema: { type: object, properties: { a: { type: string } } } } }";
    let lowered = lower(&with_operations(&format!(
        "
head:
  responses: {{ '200': {{ description: ok, {content} }}, '404': {{ description: no, {content} }} }}
get:
  responses: {{ '204': {{ description: ok, {content} }}, '205': {{ description: ok, {content} }}, '304': {{ description: ok, content: {{}} }} }}"
    )))
    .unwrap();
    let model = lowered.model;
    assert_eq!(model.types, []);
    let contents = |index: usize| {
        let responses: &Vec<openapi_lower::ir::Response> = &model.operations[index].responses;
        responses.iter().flat_map(|response| response.contents.clone()).collect::<Vec<_>>()
    };
    let head = contents(0);
    assert!(head.len() == 2 && head.iter().all(|one| one.kind == ContentKind::Empty), "{head:?}");
    assert_eq!(contents(1), []);
    let warnings: Vec<_> = lowered.warnings.iter().map(ToString::to_string).collect();
    let ignored = "`content` is ignored: a response of this status has none";
    assert_eq!(
        warnings,
        [
            format!("#/paths/~1thing/get/responses/204: {ignored}"),
            format!("#/paths/~1thing/get/responses/205: {ignored}"),
        ]
    );
}

/// The generated code of an operation without white space.
fn operation_code(document: &Document) -> String {
    let code = crate::generate(document);
    let (_, operations) = code.split_once("pub mod operations").unwrap();
    operations.split_whitespace().collect()
}

/// The core would write them by their `Display`. What is sent is tested in `tests/wire`.
#[test]
fn date_times_are_written_in_rfc_3339() {
    let document = with_operations(
        "
get:
  parameters:
    - { name: X-Since, in: header, required: true, schema: { type: string, format: date-time } }
    - { name: X-Until, in: header, schema: { type: string, format: date-time } }
  responses: { '204': { description: ok } }",
    );
    let parameters = &lower(&document).unwrap().model.operations[0].parameters;
    assert!(parameters.iter().all(|one| one.schema["format"] == "date-time"));
    let code = operation_code(&document);
    assert!(code.contains("pubfnx_since(mutself,value:implInto<runtime::chrono::DateTime<"));
    let written = "call.header(\"X-Since\",runtime::Expansion::SIMPLE,value";
    assert!(code.contains(written), "{code}");
}

#[test]
fn text_responses_have_their_media_type() {
    let code = |media_type: &str| {
        operation_code(&with_operations(&format!(
            "get: {{ responses: {{ '200': {{ description: ok, content: {{ {media_type}: {{}} }} }} }} }}"
        )))
    };
    assert!(code("Text/Plain").contains("|raw|raw.text()"));
    assert!(code("Text/CSV; header=present").contains("raw.text_of_type(\"text/csv\")"));
}

#[test]
fn an_empty_body_is_null_where_null_is_allowed() {
    let code = |schema: &str| {
        operation_code(&with_operations(&format!(
            "get: {{ responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {schema} }} }} }} }} }}"
        )))
    };
    let is_lenient = |schema: &str| code(schema).contains("raw.json_or_null::<");
    assert!(is_lenient("{ type: [string, 'null'] }"));
    assert!(is_lenient("{}"));
    assert!(!is_lenient("{ type: string }"));
    assert!(!is_lenient("{ type: array, items: { type: [string, 'null'] } }"));
}

#[test]
fn bodies_prefer_json_then_forms_then_text() {
    let content = |types: &str| {
        let body = format!(
            "post: {{ requestBody: {{ content: {{ {types} }} }}, responses: {{ '200': {{ description: ok }} }} }}"
        );
        let body = lower(&with_operations(&body)).unwrap().model.operations.remove(0).body.unwrap();
        body.representations.into_iter().next().unwrap().content
    };
    let form = "application/x-www-form-urlencoded: { schema: { type: object } }";
    assert!(matches!(
        content(&format!("image/png: {{}}, text/plain: {{}}, {form}")),
        BodyContent::Form(_)
    ));
    assert!(matches!(
        content(&format!("{form}, application/merge-patch+json: {{ schema: {{}} }}")),
        BodyContent::Json(_)
    ));
    assert!(matches!(content("image/png: {}, text/plain: {}"), BodyContent::Text));
    assert!(matches!(content("image/png: {}"), BodyContent::Bytes));
}

const PARTLY_BROKEN: &str = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /good: { get: { operationId: good, responses: { '200': { description: ok } } } }
  /tunnel: { additionalOperations: { CONNECT: { responses: { '200': { description: ok } } } } }
  /dangling: { get: { responses: { '200': { $ref: '#/components/responses/Nowhere' } } } }
  /through:
    post: { operationId: alsoGood, responses: { '200': { description: ok } } }
    get: { responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/A' } } } } } }
components:
  schemas:
    A: { type: object, properties: { b: { $ref: '#/components/schemas/B' } } }
    B: { $dynamicRef: '#node' }
    Unused: { $ref: '#/components/schemas/Nowhere' }";

#[test]
fn refused_operations_can_be_skipped() {
    assert!(Document::parse(PARTLY_BROKEN).is_err());
    let document = Document::parse_lenient(PARTLY_BROKEN).unwrap();
    assert!(crate::config().generate_from(&document).is_err());
    let generated = crate::config().skip_refused(true).generate_from(&document).unwrap();
    assert_eq!(generated.operations, ["good", "alsoGood"]);
    let mut skipped: Vec<_> = generated.skipped.iter().map(|one| one.operation.as_str()).collect();
    skipped.sort_unstable();
    assert_eq!(skipped, ["CONNECT /tunnel", "GET /dangling", "GET /through"]);
    assert!(generated.skipped.iter().all(|one| one.to_string().contains(" skipped: #/")));
}

#[test]
fn a_refused_subtype_affects_the_operations_of_its_base() {
    let document = with_schemas(
        "
Thing: { type: object, properties: { pet: { $ref: '#/components/schemas/Pet' } } }
Pet: { type: object, required: [kind], properties: { kind: { type: string } }, discriminator: { propertyName: kind } }
Dog: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object, properties: { a: { type: string } } }] }
Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { properties: { x: { $dynamicRef: '#n' } } }] }",
    );
    let generated = crate::config().skip_refused(true).generate_from(&document).unwrap();
    assert_eq!((generated.operations.len(), generated.skipped.len()), (0, 1));
}

#[test]
fn a_refused_requirement_of_the_document_affects_the_operations_that_have_it() {
    let of_document = |security: &str| {
        document(&format!(
            "
paths:
  /a: {{ get: {{ operationId: a, {security}responses: {{ '200': {{ description: ok }} }} }} }}
  /b: {{ get: {{ operationId: b, security: [{{ Key: [] }}], responses: {{ '200': {{ description: ok }} }} }} }}
security: [{{ Digest: [] }}]
components: {{ securitySchemes: {{ Key: {{ type: http, scheme: bearer }}, Digest: {{ type: http, scheme: digest }} }} }}"
        ))
    };
    let config = crate::config();
    let refusals = config.generate_from(&of_document("")).unwrap_err();
    assert!(refusals.to_string().starts_with("#/security"), "{refusals}");
    let generated = crate::config().skip_refused(true).generate_from(&of_document("")).unwrap();
    assert_eq!(generated.operations, ["b"]);
    let skipped: Vec<_> = generated.skipped.iter().map(ToString::to_string).collect();
    assert!(skipped[0].starts_with("GET /a skipped: #/security"), "{skipped:?}");
    // One that each operation replaces isn't used.
    let generated = config.generate_from(&of_document("security: [], ")).unwrap();
    assert_eq!(generated.operations, ["a", "b"]);
    assert!(generated.code.contains("AUTH: runtime::Auth = runtime::Auth::Bearer"));
}

#[test]
fn anchors_are_references() {
    let document = with_schemas(
        "
Thing: { type: object, properties: { pet: { $ref: '#pet' }, pets: { type: array, items: { $ref: '#pet' } } } }
Pet: { $anchor: pet, type: object, properties: { parent: { $ref: '#pet' } } }",
    );
    let code = crate::config().generate_from(&document).unwrap().code;
    for field in [
        "pub pet: Option<types::Pet>",
        "pub pets: Option<Vec<types::Pet>>",
        "pub parent: Option<Box<types::Pet>>",
    ] {
        assert!(code.contains(field), "{field}: {code}");
    }
}
