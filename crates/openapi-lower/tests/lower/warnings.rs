//! Warnings: about whatever is read otherwise than it is written, at pointers that exist, and about
//! nothing else.

use openapi_lower::{Document, Lowered, Warning};

use crate::lower;

/// Lowers a document of `tests/faults`, and asserts that each warning points into it.
fn lowered(text: &str) -> (Lowered, Vec<String>) {
    let document = Document::parse(text).unwrap();
    let lowered = lower(&document).unwrap_or_else(|refusals| panic!("{refusals}"));
    for warning in &lowered.warnings {
        assert!(warning.pointer.resolve(document.root()).is_some(), "{warning}");
    }
    let warnings = lowered.warnings.iter().map(Warning::to_string).collect();
    (lowered, warnings)
}

#[test]
fn text_without_quotes_and_nulls_are_read_with_a_warning() {
    let (lowered, warnings) = self::lowered(include_str!("../faults/16-version-as-a-number.yaml"));
    assert_eq!(lowered.model.operations.len(), 1);
    assert!(warnings.contains(&"#/info/version: 1.0 is read as text: it has no quotes".to_owned()));
    let nulls: Vec<_> = warnings.iter().filter(|one| one.contains("null is read")).collect();
    assert_eq!((nulls.len(), warnings.len()), (17, 18), "{warnings:#?}");
}

#[test]
fn enum_values_of_another_type_are_converted_with_a_warning() {
    let (lowered, warnings) =
        self::lowered(include_str!("../faults/19-string-enum-of-numbers.yaml"));
    let values: Vec<Vec<&str>> = lowered
        .model
        .enums
        .iter()
        .map(|one| one.variants.iter().filter_map(|variant| variant.value.as_str()).collect())
        .collect();
    assert!(values.contains(&vec!["1", "2", "3"]), "{values:?}");
    assert!(values.contains(&vec!["1.0", "1.1"]), "{values:?}");
    assert!(values.contains(&vec!["a", "1.1"]), "{values:?}");
    assert_eq!(warnings.len(), 7, "{warnings:#?}");
    let (_, warnings) = self::lowered(
        "openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths: { /a: { get: { responses: { '200': { description: ok, content: { application/json: { schema: { type: integer, enum: [1, '2', x] } } } } } } } }",
    );
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
    let (_, warnings) = self::lowered(include_str!("../faults/22-defaults.yaml"));
    assert_eq!(
        warnings,
        ["#/components/schemas/Kind: the default \"z\" does not match the schema and is ignored"]
    );
}

#[test]
fn null_beside_an_enum_in_a_union_is_no_warning() {
    let (lowered, warnings) =
        self::lowered(include_str!("../faults/28-nullable-enum-warning.yaml"));
    assert_eq!(warnings, [""; 0]);
    assert!(lowered.model.objects[0].fields[0].nullable);
}

#[test]
fn members_that_look_misspelt_are_warnings() {
    let (_, warnings) = self::lowered(include_str!("../faults/31-misspelt-keywords.yaml"));
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
            "#/paths/~1pets/get/responses/200/content/application~1json/$ref: the reference is \
             ignored: OpenAPI 3.1 allows none here"
                .to_owned(),
            unknown("post/", "requestbody", "requestBody"),
        ]
    );
}

#[test]
fn known_and_foreign_members_are_no_warnings() {
    let (_, warnings) = self::lowered(
        "openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths: { /a: { get: { x-paramters: 1, responses: { '200': { description: ok, content: { application/json: { schema: { type: object, enumNames: [a], foo: 1, order: 2, properties: { paramters: { type: string } } } } } } } } } }",
    );
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn entries_of_a_mapping_that_the_members_contradict_are_warnings() {
    let (lowered, warnings) = self::lowered(
        "
openapi: 3.1.0
info: { title: T, version: '1' }
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
    );
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
