//! Warnings: about whatever is read otherwise than it is written, at pointers that exist, and about
//! nothing else.

use openapi_lower::{Document, Lowered, Warning};

use crate::{document, lower, wire_document};

/// Lowers a document, and asserts that each warning points into it.
fn lowered(document: &Document) -> (Lowered, Vec<String>) {
    let lowered = lower(document).unwrap_or_else(|refusals| panic!("{refusals}"));
    for warning in &lowered.warnings {
        assert!(warning.pointer.resolve(document.root()).is_some(), "{warning}");
    }
    let warnings = lowered.warnings.iter().map(Warning::to_string).collect();
    (lowered, warnings)
}

#[test]
fn text_without_quotes_and_nulls_are_read_with_a_warning() {
    let (lowered, warnings) = self::lowered(&wire_document("unquoted-version"));
    assert_eq!(lowered.model.operations.len(), 1);
    assert_eq!(warnings[0], "#/info/version: 1.0 is read as text: it has no quotes");
    let absent = ": null is read as if the member were absent";
    let mut nulls: Vec<_> =
        warnings[1..].iter().map(|one| one.strip_suffix(absent).expect(one)).collect();
    nulls.sort_unstable();
    assert_eq!(
        nulls,
        [
            "#/components/parameters",
            "#/components/schemas/E/properties/a/description",
            "#/components/schemas/E/properties/a/enum",
            "#/components/schemas/E/properties/a/format",
            "#/components/schemas/E/required",
            "#/components/schemas/F/properties",
            "#/paths/~1v/get/deprecated",
            "#/paths/~1v/get/description",
            "#/paths/~1v/get/parameters",
            "#/paths/~1v/get/requestBody",
            "#/paths/~1v/get/responses/200/headers",
            "#/paths/~1v/get/responses/404/description",
            "#/paths/~1v/get/summary",
            "#/paths/~1v/get/tags",
            "#/paths/~1v/parameters",
            "#/servers",
            "#/tags",
        ]
    );
}

#[test]
fn null_entries_are_empty_objects_with_a_warning() {
    let (lowered, mut warnings) = self::lowered(&document(
        "
paths:
  /a:
  /b:
    get:
      responses:
        200:
        404: { description: no, headers: { X-A: }, content: { application/json: } }
    post: { requestBody: { $ref: '#/components/requestBodies/Body' }, responses: { default: } }
components: { requestBodies: { Body: }, responses: { Unused: } }",
    ));
    assert_eq!(lowered.model.operations.len(), 2);
    warnings.sort_unstable();
    let at = |pointer: &str| format!("{pointer}: null is read as an empty object");
    assert_eq!(
        warnings,
        [
            at("#/components/requestBodies/Body"),
            at("#/components/responses/Unused"),
            at("#/paths/~1a"),
            at("#/paths/~1b/get/responses/200"),
            at("#/paths/~1b/get/responses/404/content/application~1json"),
            at("#/paths/~1b/get/responses/404/headers/X-A"),
            at("#/paths/~1b/post/responses/default"),
        ]
    );
}

#[test]
fn an_incomplete_info_is_a_warning() {
    let rest = "paths: { /a: { get: { responses: { '204': { description: ok } } } } }";
    for (info, expected) in [
        ("", &["#: `info` is missing: the API has no title"][..]),
        ("info:\n", &["#/info: null is read as an empty object"]),
        (
            "info: {}\n",
            &[
                "#/info: `title` is missing: it is read as an empty text",
                "#/info: `version` is missing: it is read as an empty text",
            ],
        ),
        (
            "info: { title: [T], version: , license: {}, contact: 5 }\n",
            &[
                "#/info/version: null is read as if the member were absent",
                "#/info/title: ignored: it must be a text",
            ],
        ),
    ] {
        let text = format!("openapi: 3.1.0\n{info}{rest}");
        let (lowered, warnings) = self::lowered(&Document::parse(&text).unwrap());
        assert_eq!(
            (lowered.model.operations.len(), warnings),
            (1, expected.iter().map(|one| (*one).to_owned()).collect()),
            "{info}"
        );
    }
}

#[test]
fn enum_values_of_another_type_are_converted_with_a_warning() {
    let (lowered, warnings) = self::lowered(&wire_document("unquoted-enum-values"));
    let values: Vec<Vec<&str>> = lowered
        .model
        .enums
        .iter()
        .map(|one| one.variants.iter().filter_map(|variant| variant.value.as_str()).collect())
        .collect();
    assert_eq!(
        values,
        [vec!["1", "2", "3"], vec!["a"], vec!["2"], vec!["1.0", "1.1"], vec!["a", "1.1"]]
    );
    let parameter = |index: usize| format!("#/paths/~1a/get/parameters/{index}/schema");
    let property = |name: &str| {
        let schema = "#/paths/~1a/get/responses/200/content/application~1json/schema";
        format!("{schema}/properties/{name}/enum")
    };
    let read = |place: String, value: &str| {
        format!("{place}: {value} is read as \"{value}\": the type is `string`")
    };
    assert_eq!(
        warnings,
        [
            read(parameter(0) + "/enum", "1"),
            read(parameter(0) + "/enum", "2"),
            read(parameter(0) + "/enum", "3"),
            read(parameter(2) + "/const", "2"),
            read(property("s"), "1.0"),
            read(property("s"), "1.1"),
            read(property("t"), "1.1"),
        ]
    );
    let (_, warnings) = self::lowered(&document(
        "paths: { /a: { get: { responses: { '200': { description: ok, content: { application/json: { schema: { type: integer, enum: [1, '2', x] } } } } } } } }",
    ));
    let schema = "#/paths/~1a/get/responses/200/content/application~1json/schema/enum";
    assert_eq!(
        warnings,
        [
            format!("{schema}: \"2\" is read as 2: the type is `integer`"),
            format!("{schema}: \"x\" is ignored: the type is `integer`"),
        ]
    );
}

#[test]
fn a_default_that_its_enum_does_not_list_is_a_warning() {
    let (_, warnings) = self::lowered(&wire_document("defaults"));
    assert_eq!(
        warnings,
        ["#/components/schemas/Kind: the default \"z\" does not match the schema and is ignored"]
    );
}

#[test]
fn null_beside_an_enum_in_a_union_is_no_warning() {
    let (lowered, warnings) = self::lowered(&wire_document("nullable-enums"));
    assert_eq!(warnings, [""; 0]);
    assert!(lowered.model.objects[0].fields[0].nullable);
}

#[test]
fn members_that_look_misspelt_are_warnings() {
    let (_, warnings) = self::lowered(&wire_document("misspelt-members"));
    let unknown = |place: &str, name: &str, meant: &str| {
        format!(
            "#/paths/~1pets/{place}{name}: unknown member `{name}` is ignored: probably `{meant}` is meant"
        )
    };
    assert_eq!(
        warnings,
        [
            unknown("", "Get", "get"),
            unknown("get/", "paramters", "parameters"),
            unknown("post/", "requestbody", "requestBody"),
            "#/paths/~1pets/get/responses/200/content/application~1json/$ref: of OpenAPI 3.2: read \
             all the same"
                .to_owned(),
            "#/components/mediaTypes: of OpenAPI 3.2: read all the same".to_owned(),
        ]
    );
}

#[test]
fn misspelt_members_are_found_in_every_object() {
    let (_, warnings) = self::lowered(&document(
        "
server: [{ url: 'https://a.example' }]
servers: [{ ulr: 'https://a.example' }]
paths:
  /a:
    post:
      requestBodies: { content: {} }
      parameters: [{ name: q, in: query, shema: {}, schema: { $ref: '#/components/schemas/Q' } }]
      requestBody: { content: { multipart/form-data: { schema: { type: object, properties: { p: { type: string } } }, encoding: { p: { contenttype: text/html } } } } }
      responses: { '204': { descripton: x, description: ok, headers: { X-A: { shema: {} } } } }
components:
  securityScheme: {}
  schemas:
    Q: { type: string, minlength: 1, discriminator: { propertyname: k } }",
    ));
    let found: Vec<_> = warnings
        .iter()
        .filter_map(|one| {
            let (pointer, rest) = one.split_once(": unknown member ")?;
            let name = rest.rsplit('`').nth(1)?;
            Some((pointer.rsplit_once('/')?.1, name))
        })
        .collect();
    let mut sorted = found.clone();
    sorted.sort_unstable();
    assert_eq!(
        sorted,
        [
            ("contenttype", "contentType"),
            ("descripton", "description"),
            ("minlength", "minLength"),
            ("propertyname", "propertyName"),
            ("requestBodies", "requestBody"),
            ("securityScheme", "securitySchemes"),
            ("server", "servers"),
            ("shema", "schema"),
            ("shema", "schema"),
            ("ulr", "url"),
        ]
    );
}

#[test]
fn known_and_foreign_members_are_no_warnings() {
    let (_, warnings) = self::lowered(&document(
        "paths: { /a: { get: { x-paramters: 1, responses: { '200': { description: ok, content: { application/json: { schema: { type: object, enumNames: [a], foo: 1, order: 2, properties: { paramters: { type: string } } } } } } } } } }",
    ));
    assert_eq!(warnings, [""; 0]);
}

/// Whatever these documents contain is generated as it is written, but for these warnings. The
/// clients are tested in `tests/wire`.
#[test]
fn documents_of_single_constructs_cause_no_other_warnings() {
    let tuple = "#/components/schemas/X/properties/tup: `prefixItems` is ignored: the items of a \
                 tuple are decoded as any values";
    let types = "the schemas of `allOf` have different types, `string`, `integer`: read as a value \
                 of any of them";
    let schema = "/get/responses/200/content/application~1json/schema/properties";
    let property = format!("#/paths/~1v{schema}/g: {types}");
    let component = format!("#/components/schemas/C: {types}");
    let default = format!(
        "#/paths/~1s{schema}/lots: the default 18446744073709551615 does not match the schema and \
         is ignored"
    );
    for (name, expected) in [
        ("all-of-unions", vec![tuple]),
        ("base-lists-its-children", vec![]),
        ("bidirectional-text", vec![]),
        ("carriage-return", vec![]),
        ("code-in-a-list", vec![]),
        ("code-in-texts", vec![]),
        ("constrained-members", vec![]),
        ("contradicting-all-of", vec![&*component, &*property]),
        ("date-times", vec![]),
        ("described-members", vec![]),
        ("empty-posts", vec![]),
        ("head", vec![]),
        ("integers", vec![&*default]),
        ("map-of-nodes", vec![]),
        ("multipart-parts", vec![]),
        ("narrowed-schemas", vec![]),
        ("one-of-beside-properties", vec![]),
        ("path-queries", vec![]),
        ("read-only-write-only", vec![]),
        ("recursive-compositions", vec![]),
        ("shared-responses", vec![]),
        ("union-products", vec![]),
        ("version-not-ascii", vec![]),
    ] {
        assert_eq!(lowered(&wire_document(name)).1, expected, "{name}");
    }
}

#[test]
fn entries_of_a_mapping_that_the_members_contradict_are_warnings() {
    let (lowered, warnings) = self::lowered(&document(
        "
paths:
  /a:
    get:
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
components:
  schemas:
    Pet:
      oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
      discriminator: { propertyName: kind, mapping: { cat: Cat, hound: Dog, pet: Pet } }
    Cat: { type: object, required: [kind], properties: { kind: { const: cat } } }
    Dog: { type: object, required: [kind], properties: { kind: { enum: [dog, puppy] } } }
",
    ));
    let mapping = "#/components/schemas/Pet/discriminator/mapping";
    assert_eq!(
        warnings,
        [
            format!(
                "{mapping}/hound: the schema that `hound` stands for only allows `dog`, `puppy` \
                 for `kind`; the mapping decides"
            ),
            format!("{mapping}/pet: ignored: a union can't be a member of itself"),
        ]
    );
    let [union] = lowered.model.tagged_unions.as_slice() else { panic!("one union") };
    let values: Vec<&str> = union.variants.iter().map(|one| one.value.as_str()).collect();
    assert_eq!(values, ["cat", "hound"]);
}

#[test]
fn constructs_of_a_later_version_are_read_with_a_warning() {
    let paths = "
paths:
  /a:
    query: { operationId: search, parameters: [{ name: q, in: querystring, content: { text/plain: {} } }], responses: {} }
    additionalOperations: { COPY: { operationId: copy, responses: {} } }
components:
  mediaTypes: { Unused: {} }
  schemas:
    Pet: { oneOf: [{ $ref: '#/components/schemas/Cat' }], discriminator: { propertyName: kind, defaultMapping: Cat } }
    Cat: { type: object, required: [kind], properties: { kind: { type: string } } }";
    let warnings = |version: &str| {
        let text = format!("openapi: {version}\ninfo: {{ title: T, version: '1' }}{paths}");
        let lowered = crate::lower(&openapi_lower::Document::parse(&text).unwrap()).unwrap();
        assert_eq!(lowered.model.operations.len(), 2);
        lowered.warnings.iter().map(|warning| warning.pointer.to_string()).collect::<Vec<_>>()
    };
    let mapping = "#/components/schemas/Pet/discriminator/defaultMapping";
    assert_eq!(warnings("3.2.0"), [mapping]);
    let mut old = warnings("3.1.0");
    old.sort_unstable();
    assert_eq!(
        old,
        [
            "#/components/mediaTypes",
            mapping,
            "#/paths/~1a/additionalOperations",
            "#/paths/~1a/query",
            "#/paths/~1a/query/parameters/0/in",
        ]
    );
}

#[test]
fn an_optional_parameter_of_another_media_type_is_skipped_with_a_warning() {
    let (lowered, warnings) = self::lowered(&document(
        "
paths:
  /a:
    get:
      parameters: [{ name: xml, in: query, content: { application/xml: {} } }]
      responses: {}",
    ));
    assert!(lowered.model.operations[0].parameters.is_empty());
    let message = "#/paths/~1a/get/parameters/0: parameter skipped: a parameter of the media type \
                   `application/xml`: it can be sent as JSON or text only";
    assert_eq!(warnings, [message]);
}
