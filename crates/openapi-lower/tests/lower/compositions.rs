//! Compositions: `allOf`, `oneOf` and `anyOf` in all combinations become objects, enums and unions.

use std::time::{Duration, Instant};

use openapi_lower::{
    Warning,
    ir::{ClientModel, Object, TagType},
};

use crate::{document, generate, lower, wire_document, with_schemas};

/// The model of a document with these schemas, which causes no warning.
fn model(schemas: &str) -> ClientModel {
    let lowered = lower(&with_schemas(schemas)).expect("the document is lowered");
    assert_eq!(lowered.warnings, []);
    lowered.model
}

/// The model and the warnings of a document with these schemas.
fn model_with_warnings(schemas: &str) -> (ClientModel, Vec<String>) {
    let lowered = lower(&with_schemas(schemas)).expect("the document is lowered");
    (lowered.model, lowered.warnings.iter().map(Warning::to_string).collect())
}

/// The type with a Rust name.
fn object<'m>(model: &'m ClientModel, rust: &str) -> &'m Object {
    let names: Vec<_> = model.objects.iter().map(|object| &object.rust).collect();
    model.objects.iter().find(|object| object.rust == rust).unwrap_or_else(|| panic!("{names:?}"))
}

/// The names of the fields of a type in JSON.
fn fields<'m>(model: &'m ClientModel, rust: &str) -> Vec<&'m str> {
    object(model, rust).fields.iter().map(|field| field.name.as_str()).collect()
}

/// The lowered schema of a field of `Thing`.
fn field_schema(model: &ClientModel, name: &str) -> String {
    let field = object(model, "Thing").fields.iter().find(|field| field.name == name).unwrap();
    field.schema.to_string()
}

#[test]
fn properties_beside_a_union_are_in_each_member() {
    let model = model(
        "
Thing:
  type: object
  required: [at, status]
  oneOf: [{ $ref: '#/components/schemas/Failed' }, { $ref: '#/components/schemas/Done' }]
  discriminator: { propertyName: status, mapping: { '1': Failed, '0': Done } }
  properties: { at: { type: string }, status: { type: integer, enum: [0, 1] } }
Failed: { type: object, required: [error], properties: { error: { type: string } } }
Done: { type: object, required: [result], properties: { result: { type: integer } } }",
    );
    let [union] = model.tagged_unions.as_slice() else { panic!("{model:#?}") };
    assert_eq!((union.tag.as_str(), union.tag_type), ("status", TagType::Integer));
    let mut variants: Vec<_> =
        union.variants.iter().map(|one| (&*one.value, &*one.rust_name, &*one.target)).collect();
    variants.sort_unstable();
    assert_eq!(variants, [("0", "Done", "ThingDone"), ("1", "Failed", "ThingFailed")]);
    assert_eq!(fields(&model, "ThingFailed"), ["at", "error"]);
    assert_eq!(object(&model, "ThingFailed").constants[0].value, 1);
}

#[test]
fn all_of_a_union_is_a_union_with_the_rest_in_each_member() {
    let model = model(
        "
Thing: { allOf: [{ $ref: '#/components/schemas/Info' }, { type: object, required: [hits], properties: { hits: { type: string } } }] }
Info: { oneOf: [{ $ref: '#/components/schemas/Page' }, { $ref: '#/components/schemas/Offset' }] }
Page: { type: object, required: [page], properties: { page: { type: integer } } }
Offset: { type: object, required: [offset], properties: { offset: { type: integer } } }",
    );
    let [union] = model.untagged_unions.as_slice() else { panic!("{model:#?}") };
    let members: Vec<_> = union.members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((union.rust.as_str(), members), ("Thing", vec!["Page", "Offset"]));
    assert_eq!(fields(&model, "ThingPage"), ["hits", "page"]);
}

#[test]
fn members_of_combined_unions_that_exclude_each_other_are_left_out() {
    let model = model(
        "
Thing: { allOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }] }
A: { oneOf: [{ type: object, required: [k], properties: { k: { const: x }, a: { type: string } } }, { type: object, required: [k], properties: { k: { const: y } } }] }
B: { oneOf: [{ type: object, required: [k], properties: { k: { const: x }, b: { type: string } } }, { type: object, required: [k], properties: { k: { const: y } } }] }",
    );
    let [union] = model.tagged_unions.as_slice() else { panic!("{model:#?}") };
    let tags: Vec<_> = union.variants.iter().map(|one| one.value.as_str()).collect();
    assert_eq!(tags, ["x", "y"]);
    assert_eq!(fields(&model, "ThingX"), ["a", "b"]);
}

#[test]
fn more_pairs_of_members_than_64_are_any_value_with_a_warning() {
    let union = |name: &str| {
        let member = |index: usize| {
            format!("{{ type: object, properties: {{ {name}{index}: {{ type: string }} }} }}")
        };
        format!("{{ oneOf: [{}] }}", (0..9).map(member).collect::<Vec<_>>().join(", "))
    };
    let schemas = format!(
        "
Thing: {{ type: object, properties: {{ pair: {{ allOf: [{}, {}] }} }} }}",
        union("a"),
        union("b")
    );
    let (model, warnings) = model_with_warnings(&schemas);
    assert_eq!(field_schema(&model, "pair"), "{}");
    assert_eq!(
        warnings,
        ["#/components/schemas/Thing/properties/pair: the unions combined here have 81 pairs of \
          members, more than 64: read as any value"]
    );
}

#[test]
fn constraints_of_a_reference_do_not_change_its_type() {
    let model = model(
        "
Thing:
  type: object
  properties:
    narrowed: { allOf: [{ $ref: '#/components/schemas/E' }, { enum: [a, b] }] }
    listed: { allOf: [{ $ref: '#/components/schemas/L' }, { minItems: 1 }] }
    same: { allOf: [{ $ref: '#/components/schemas/O' }, { type: object }, { minProperties: 1 }] }
    format: { allOf: [{ type: string }, { format: uuid }] }
    open: { anyOf: [{ $ref: '#/components/schemas/E' }, { type: string }] }
E: { type: string, enum: [a, b, c] }
L: { type: array, items: { type: string } }
O: { type: object, properties: { a: { type: string } } }",
    );
    let reference = |name: &str| format!("{{\"$ref\":\"#/components/schemas/{name}\"}}");
    assert!(field_schema(&model, "narrowed").contains(&reference("E")));
    assert!(field_schema(&model, "same").contains(&reference("O")));
    assert!(field_schema(&model, "listed").contains("\"array\""));
    assert!(field_schema(&model, "format").contains("\"uuid\""));
    assert_eq!(field_schema(&model, "open"), reference("E"));
    let narrowed = &object(&model, "Thing").fields[0];
    assert_eq!(narrowed.description.as_deref(), Some("Constraints: one of `[\"a\",\"b\"]`."));
}

#[test]
fn constraints_that_all_of_adds_are_documented() {
    let lowered = lower(&wire_document("narrowed-schemas")).unwrap();
    let described: Vec<_> = object(&lowered.model, "V")
        .fields
        .iter()
        .filter_map(|field| Some((field.name.as_str(), field.description.as_deref()?)))
        .collect();
    assert_eq!(
        described,
        [
            ("narrowed", "Constraints: one of `[\"a\",\"b\"]`."),
            ("described", "d"),
            ("patterned", "Constraints: matches `^a`."),
            ("bounded", "Constraints: at least 1."),
            ("listed", "Constraints: at least 1 item."),
            ("mapped", "Constraints: at least 1 entry."),
            ("notin", "Constraints: not `{\"enum\":[\"c\"],\"type\":\"string\"}`."),
        ]
    );
}

/// Otherwise equal values would be unequal: `Text("a")` and `Text2("a")`.
#[test]
fn members_that_differ_in_their_constraints_only_are_one_type() {
    let model = model(
        "
Thing:
  type: object
  properties:
    address: { anyOf: [{ $ref: '#/components/schemas/Ip' }, { type: 'null' }] }
    size: { oneOf: [{ type: integer, minimum: 5 }, { type: integer, format: int64, maximum: 0 }] }
    flag: { oneOf: [{ const: true, title: On }, { const: false }] }
    names: { anyOf: [{ type: array, items: { type: string, minLength: 1 } }, { type: array, items: { type: string } }] }
    any: { anyOf: [{ type: string, pattern: '^a', description: One. }, { type: string, description: Other. }] }
Ip: { anyOf: [{ type: string, format: ipv4 }, { type: string, format: ipv6 }] }",
    );
    assert_eq!((model.types.len(), model.untagged_unions.len()), (1, 0), "{:?}", model.types);
    let fields: Vec<_> = object(&model, "Thing")
        .fields
        .iter()
        .map(|field| (field.schema["type"].as_str().unwrap(), field.description.as_deref()))
        .collect();
    assert_eq!(
        fields,
        [
            ("string", Some("Constraints: either format `ipv4`, or format `ipv6`.")),
            ("integer", Some("Constraints: either at least 5, or at most 0.")),
            ("boolean", Some("Constraints: either one of `[true]` (On), or one of `[false]`.")),
            ("array", None),
            ("string", Some("One.\n\nOther.")),
        ]
    );
}

#[test]
fn members_of_different_types_stay_apart() {
    let model = model(
        "
Thing:
  type: object
  properties:
    key: { anyOf: [{ type: string, format: password }, { type: string }] }
    link: { anyOf: [{ type: string, format: uri }, { type: string, format: uuid }, { type: string }] }
    size: { anyOf: [{ type: integer, format: int32 }, { type: integer, minimum: 0, maximum: 18446744073709551615 }, { type: integer, format: uint64 }] }",
    );
    let members: Vec<Vec<&str>> = model
        .untagged_unions
        .iter()
        .map(|union| union.members.iter().map(|(name, _)| name.as_str()).collect())
        .collect();
    assert_eq!(members, [vec!["Text", "Text2"], vec!["Text", "Uuid"], vec!["Integer", "Integer2"]]);
}

#[test]
fn an_enum_beside_its_type_is_that_enum_and_documents_constraints_of_other_values() {
    let model = model(
        "
Thing:
  type: object
  properties:
    lang: { anyOf: [{ type: string, enum: [en, de] }, { type: string, maxLength: 5 }] }
    level: { anyOf: [{ type: integer }, { oneOf: [{ const: 1, title: Low }, { const: 2, title: High }] }] }
    size: { anyOf: [{ type: integer }, { type: integer, enum: [1, 2] }] }",
    );
    assert_eq!(model.untagged_unions, []);
    let enums: Vec<_> = model.enums.iter().map(|one| one.rust.as_str()).collect();
    assert_eq!(enums, ["ThingLang", "ThingLevel"]);
    let described: Vec<_> =
        object(&model, "Thing").fields.iter().map(|field| field.description.as_deref()).collect();
    assert_eq!(described, [Some("Constraints: other values: at most 5 characters."), None, None]);
}

#[test]
fn schemas_that_contradict_each_other_are_read_as_either_with_a_warning() {
    let (model, warnings) = model_with_warnings(
        "
Thing: { allOf: [{ type: object, properties: { a: { type: string } } }, { type: object, properties: { a: { type: integer } } }] }",
    );
    assert_eq!(
        warnings,
        ["#/components/schemas/Thing: the schemas of `allOf` have different types, `string`, \
          `integer`: read as a value of any of them"]
    );
    let members: Vec<_> =
        model.untagged_unions[0].members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(members, ["Text", "Integer"]);
}

#[test]
fn formats_that_contradict_each_other_are_read_without_one_with_a_warning() {
    let (model, warnings) = model_with_warnings(
        "
Thing:
  type: object
  properties:
    at: { allOf: [{ $ref: '#/components/schemas/At' }, { type: string, format: uuid }] }
    size: { allOf: [{ type: integer, format: int32 }, { type: integer, format: int64 }] }
    whole: { allOf: [{ type: number, format: double }, { type: integer, format: int32 }] }
    key: { allOf: [{ type: string, format: uuid }, { type: string, format: password }] }
At: { type: string, format: date-time }",
    );
    let warning = |name: &str, formats: &str| {
        format!(
            "#/components/schemas/Thing/properties/{name}: the schemas of `allOf` have different \
             formats, {formats}: read without a format"
        )
    };
    assert_eq!(
        warnings,
        [
            warning("at", r#""date-time", "uuid""#),
            warning("size", r#""int32", "int64""#),
            warning("key", r#""uuid", "password""#),
        ]
    );
    let fields: Vec<_> = object(&model, "Thing")
        .fields
        .iter()
        .map(|field| (field.schema["format"].as_str(), field.description.as_deref(), field.secret))
        .collect();
    assert_eq!(
        fields,
        [
            (None, Some("Constraints: format `date-time`; format `uuid`."), false),
            (None, Some("Constraints: format `int32`; format `int64`."), false),
            (Some("int32"), None, false),
            (Some("password"), Some("Constraints: format `uuid`; format `password`."), true),
        ]
    );
}

#[test]
fn a_base_that_lists_its_subtypes_is_their_union() {
    let model = model(
        "
Thing:
  type: object
  required: [kind]
  properties: { kind: { type: string }, name: { type: string } }
  discriminator: { propertyName: kind, mapping: { cat: Cat, dog: Dog } }
  oneOf: [{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]
Cat: { allOf: [{ $ref: '#/components/schemas/Thing' }, { type: object, properties: { lives: { type: integer } } }] }
Dog: { allOf: [{ $ref: '#/components/schemas/Thing' }] }",
    );
    let [union] = model.tagged_unions.as_slice() else { panic!("{model:#?}") };
    assert_eq!(union.variants.len(), 2);
    assert_eq!(fields(&model, "Cat"), ["kind", "name", "lives"]);
    assert_eq!(fields(&model, "Dog"), ["kind", "name"]);
}

#[test]
fn descriptions_beside_references_do_not_hide_the_tag() {
    let model = model(
        "
Thing:
  oneOf:
    - { $ref: '#/components/schemas/A', description: The A. }
    - { allOf: [{ $ref: '#/components/schemas/B' }], title: The B }
  discriminator: { propertyName: k, mapping: { a: A, b: B } }
A: { type: object, required: [k], properties: { k: { type: string } } }
B: { type: object, required: [k], properties: { k: { type: string } } }",
    );
    assert_eq!((model.tagged_unions.len(), model.untagged_unions.len()), (1, 0));
}

#[test]
fn keywords_beside_references_do_not_hide_the_tag() {
    let model = model(
        "
Thing:
  oneOf:
    - { $ref: '#/components/schemas/A', required: [x] }
    - { allOf: [{ $ref: '#/components/schemas/B' }, { properties: { y: { type: string } } }] }
  discriminator: { propertyName: k, mapping: { a: A, b: B } }
A: { type: object, required: [k], properties: { k: { type: string }, x: { type: string } } }
B: { type: object, required: [k], properties: { k: { type: string } } }",
    );
    let [union] = model.tagged_unions.as_slice() else { panic!("{model:#?}") };
    let variants: Vec<_> =
        union.variants.iter().map(|one| (&*one.value, &*one.rust_name, &*one.target)).collect();
    assert_eq!(variants, [("a", "A", "ThingA"), ("b", "B", "ThingB")]);
    assert!(object(&model, "ThingA").fields.iter().any(|one| one.name == "x" && one.required));
    assert!(fields(&model, "ThingB").contains(&"y"));
}

#[test]
fn a_combination_that_contains_itself_is_one_type() {
    let model = model(
        "
Thing: { type: object, properties: { next: { allOf: [{ $ref: '#/components/schemas/Thing' }, { type: object, properties: { extra: { type: string } } }] } } }",
    );
    // `next.next` is `next` again: of both, the extra property.
    let names: Vec<_> = model.objects.iter().map(|object| object.rust.as_str()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn schemas_of_shared_responses_and_parameters_are_one_type() {
    let lowered = lower(&document(
        "
paths:
  /a: { get: { operationId: a, parameters: [{ $ref: '#/components/parameters/Sort' }], responses: { '400': { $ref: '#/components/responses/Bad' }, '404': { $ref: '#/components/responses/Bad' } } } }
  /b: { get: { operationId: b, parameters: [{ $ref: '#/components/parameters/Sort' }], responses: { '400': { $ref: '#/components/responses/Bad' } } } }
components:
  parameters: { Sort: { name: sort, in: query, schema: { type: string, enum: [a, b] } } }
  responses: { Bad: { description: bad, content: { application/json: { schema: { type: object, properties: { message: { type: string } } } } } } }",
    ))
    .unwrap();
    let names: Vec<_> = lowered.model.types.iter().map(|one| one.rust.as_str()).collect();
    assert_eq!(names, ["Bad", "Sort"]);
    assert_eq!(
        lowered.model.types[0].pointer.to_string(),
        "#/components/responses/Bad/content/application~1json/schema"
    );
}

#[test]
fn items_of_shared_lists_are_one_type() {
    let model = model(
        "
Thing: { type: object, properties: { a: { $ref: '#/components/schemas/Notes' }, b: { $ref: '#/components/schemas/Notes' } } }
Notes: { type: array, items: { type: object, properties: { text: { type: string } } } }",
    );
    let names: Vec<_> = model.objects.iter().map(|object| object.rust.as_str()).collect();
    assert_eq!(names, ["Thing", "NotesItem"]);
}

#[test]
fn members_with_several_tags_keep_them_beside_shared_properties() {
    let (model, warnings) = model_with_warnings(
        "
Thing:
  oneOf: [{ $ref: '#/components/schemas/B' }, { $ref: '#/components/schemas/C' }]
  discriminator: { propertyName: k }
  properties: { p: { type: string } }
B: { type: object, required: [k], properties: { k: { const: one } } }
C: { type: object, required: [k], properties: { k: { type: string, enum: [two, three] } } }",
    );
    assert_eq!(warnings, [""; 0]);
    let tags: Vec<_> =
        model.tagged_unions[0].variants.iter().map(|one| one.value.as_str()).collect();
    assert_eq!(tags, ["one", "two", "three"]);
    let model = self::model(
        "
Thing:
  oneOf: [{ $ref: '#/components/schemas/B' }, { $ref: '#/components/schemas/C' }]
  discriminator: { propertyName: k }
  properties: { p: { type: string } }
B: { type: object, required: [k], properties: { k: { type: integer, const: 1 } } }
C: { type: object, required: [k], properties: { k: { type: integer, const: 2 } } }",
    );
    assert_eq!(model.tagged_unions[0].tag_type, TagType::Integer);
}

#[test]
fn properties_of_a_text_are_ignored_with_a_warning() {
    let (model, warnings) = model_with_warnings(
        "
Thing: { type: object, properties: { a: { type: string, enum: [a, b], properties: { p: { type: string } } } } }",
    );
    assert_eq!((model.enums.len(), model.objects.len()), (1, 1));
    assert_eq!(
        warnings,
        [
            "#/components/schemas/Thing/properties/a/properties: `properties` is ignored: the type is \
          `string`"
        ]
    );
}

#[test]
fn values_that_an_enum_does_not_have_are_a_warning() {
    let (_, warnings) = model_with_warnings(
        "
Thing: { type: object, properties: { a: { allOf: [{ $ref: '#/components/schemas/E' }, { enum: [z] }] } } }
E: { type: string, enum: [a, b] }",
    );
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert!(warnings[0].contains("no value of `enum` in common"), "{warnings:?}");
}

/// Without bounds, the first takes gigabytes, and the last overflows the stack.
#[test]
fn recursive_and_combined_unions_are_generated_in_bounded_time() {
    for (name, types) in [
        ("map-of-nodes", 3),
        ("base-lists-its-children", 3),
        ("union-products", 37),
        ("recursive-compositions", 1),
    ] {
        let document = wire_document(name);
        let started = Instant::now();
        let code = generate(&document);
        assert!(started.elapsed() < Duration::from_secs(10), "{name}: {:?}", started.elapsed());
        assert!(code.len() < 100_000, "{name}: {} bytes", code.len());
        let model = lower(&document).unwrap().model;
        assert_eq!(model.types.len(), types, "{name}: {:?}", model.types);
    }
}

#[test]
fn unions_that_double_at_each_level_are_refused() {
    let level = |index: usize| {
        let next = format!("{{ $ref: '#/components/schemas/C{}' }}", index + 1);
        let name = if index == 0 { "Thing".to_owned() } else { format!("C{index}") };
        format!(
            "{name}: {{ oneOf: [{next}, {{ allOf: [{next}, {{ type: object, properties: {{ p{index}: {{ type: string }} }} }}] }}] }}"
        )
    };
    let mut schemas: Vec<String> = (0..40).map(level).collect();
    schemas.push("C40: { type: object, properties: { e: { type: string } } }".to_owned());
    let refusals = lower(&with_schemas(&schemas.join("\n"))).unwrap_err();
    assert!(refusals.to_string().contains(": composition: "), "{refusals}");
}

#[test]
fn names_without_letters_are_types() {
    let (model, _) = model_with_warnings(
        "
Thing: { type: object, properties: { a: { $ref: '#/components/schemas/-' }, b: { $ref: '#/components/schemas/Self' }, c: { $ref: '#/components/schemas/self' } } }
'-': { type: object, properties: { a: { type: string } } }
Self: { type: object, properties: { a: { type: string } } }
other: { type: object, properties: { a: { type: string } } }
self: { type: object, properties: { b: { type: string } } }"
    );
    let names: Vec<_> = model.objects.iter().map(|object| object.rust.as_str()).collect();
    assert_eq!(names, ["Thing", "XX", "Self_", "Self2"]);
}
