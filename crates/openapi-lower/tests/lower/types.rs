//! Models of types: objects, tagged and untagged unions.

use openapi_lower::ir::{ClientModel, EnumType, TagSource, TagType, TaggedUnion};

use crate::{lower, with_schemas};

fn model(schemas: &str) -> ClientModel {
    lower(&with_schemas(schemas)).expect("the document is lowered").model
}

/// The variants of a union: tag, name, type and tag source.
fn variants(union: &TaggedUnion) -> Vec<(&str, &str, &str, TagSource)> {
    union
        .variants
        .iter()
        .map(|one| (&*one.value, &*one.rust_name, &*one.target, one.tag_source))
        .collect()
}

const CAT_AND_DOG: &str = "
Cat: { type: object, required: [kind, lives], properties: { kind: { type: string, enum: [cat] }, lives: { type: integer } } }
Dog: { type: object, required: [kind], properties: { kind: { type: string, enum: [dog] }, name: { type: string } } }";

#[test]
fn a_mapping_determines_the_variants_and_their_tags() {
    let model = model(&format!(
        "
Thing:
  oneOf: [{{ $ref: '#/components/schemas/Cat' }}, {{ $ref: '#/components/schemas/Dog' }}]
  discriminator:
    propertyName: kind
    mapping: {{ cat: '#/components/schemas/Cat', dog: Dog }}{CAT_AND_DOG}"
    ));
    assert_eq!(model.tagged_unions[0].tag, "kind");
    assert_eq!(
        variants(&model.tagged_unions[0]),
        [("cat", "Cat", "Cat", TagSource::Constant), ("dog", "Dog", "Dog", TagSource::Constant)]
    );
    let cat = model.objects.iter().find(|object| object.rust == "Cat").unwrap();
    assert_eq!(cat.constants[0].value, "cat");
    assert_eq!(cat.fields.iter().map(|field| &*field.name).collect::<Vec<_>>(), ["lives"]);
    assert!(model.enums.iter().all(|one| !one.used), "{:?}", model.enums);
}

#[test]
fn a_tag_is_inferred_from_constant_properties() {
    let model = model(&format!(
        "
Thing: {{ anyOf: [{{ $ref: '#/components/schemas/Cat' }}, {{ $ref: '#/components/schemas/Dog' }}] }}{CAT_AND_DOG}"
    ));
    assert_eq!(model.tagged_unions[0].tag, "kind");
    assert_eq!(model.tagged_unions[0].variants.len(), 2);
    assert_eq!(model.untagged_unions, []);
}

#[test]
fn without_a_mapping_the_tag_is_the_constant_or_the_schema_name() {
    let model = model(
        "
Thing:
  oneOf: [{ $ref: '#/components/schemas/a.Cat' }, { $ref: '#/components/schemas/a.Bird' }]
  discriminator: { propertyName: kind }
a.Cat: { type: object, required: [kind], properties: { kind: { type: string, const: cat } } }
a.Bird: { type: object, required: [kind], properties: { kind: { type: string }, wings: { type: integer } } }",
    );
    assert_eq!(
        variants(&model.tagged_unions[0]),
        [
            ("cat", "Cat", "ACat", TagSource::Constant),
            ("a.Bird", "ABird", "ABird", TagSource::Injected)
        ]
    );
    let bird = model.objects.iter().find(|object| object.rust == "ABird").unwrap();
    assert_eq!(bird.fields.len(), 2, "a tag that is not constant stays a field");
}

#[test]
fn a_member_with_two_tags_has_no_constant() {
    let model = model(
        "
Thing:
  oneOf: [{ $ref: '#/components/schemas/Pet' }]
  discriminator:
    propertyName: kind
    mapping: { cat: '#/components/schemas/Pet', dog: '#/components/schemas/Pet' }
Pet: { type: object, required: [kind], properties: { kind: { type: string, enum: [cat] } } }",
    );
    assert_eq!(
        variants(&model.tagged_unions[0]),
        [("cat", "Cat", "Pet", TagSource::Injected), ("dog", "Dog", "Pet", TagSource::Injected)]
    );
    assert_eq!(model.objects[0].constants, []);
}

#[test]
fn unions_without_a_tag_are_untagged() {
    let model = model(
        "
Thing: { anyOf: [{ type: string }, { type: integer }, { type: array, items: { type: string } }, { $ref: '#/components/schemas/A' }] }
A: { type: object, properties: { a: { type: string } } }",
    );
    let names: Vec<_> = model.untagged_unions[0].members.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["Text", "Integer", "List", "A"]);
}

#[test]
fn an_ambiguous_discriminator_is_ignored_with_a_warning() {
    let lowered = lower(&with_schemas(
        "
Thing:
  oneOf: [{ type: string }, { $ref: '#/components/schemas/A' }]
  discriminator: { propertyName: kind }
A: { type: object, properties: { kind: { type: string } } }",
    ))
    .unwrap();
    assert_eq!(lowered.model.untagged_unions.len(), 1);
    assert!(lowered.warnings[0].to_string().contains("discriminator"), "{:?}", lowered.warnings);
}

#[test]
fn fields_are_required_and_nullable_independently() {
    let model = model(
        "
Thing:
  type: object
  required: [must, mustOrNull]
  properties:
    must: { type: array, items: { type: string } }
    mustOrNull: { type: [string, 'null'] }
    may: { type: array, items: { type: string } }
    mayOrNull: { type: [string, 'null'] }",
    );
    let fields: Vec<_> =
        model.objects[0].fields.iter().map(|f| (&*f.name, f.required, f.nullable)).collect();
    assert_eq!(
        fields,
        [
            ("must", true, false),
            ("mustOrNull", true, true),
            ("may", false, false),
            ("mayOrNull", false, true),
        ]
    );
}

#[test]
fn recursive_fields_are_boxed() {
    let model = model(
        "
Thing: { type: object, properties: { next: { $ref: '#/components/schemas/Other' }, all: { type: array, items: { $ref: '#/components/schemas/Thing' } } } }
Other: { type: object, properties: { thing: { $ref: '#/components/schemas/Thing' } } }",
    );
    let boxed: Vec<_> = model
        .objects
        .iter()
        .flat_map(|object| object.fields.iter().map(|field| (&*field.name, field.boxed)))
        .collect();
    assert_eq!(boxed, [("next", true), ("all", false), ("thing", true)]);
}

#[test]
fn a_base_is_the_union_of_its_subtypes() {
    let model = model(
        "
Thing: { type: object, properties: { pet: { $ref: '#/components/schemas/Pet' } } }
Pet:
  type: object
  required: [petType]
  properties: { petType: { type: string }, name: { type: string } }
  discriminator: { propertyName: petType, mapping: { dog: Dog } }
Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object, properties: { claws: { type: integer } } }] }
Dog: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object, properties: { bark: { type: string } } }] }
Puppy: { allOf: [{ $ref: '#/components/schemas/Dog' }, { type: object, properties: { age: { type: integer } } }] }",
    );
    let pet = &model.tagged_unions[0];
    assert_eq!(
        variants(pet),
        [
            ("dog", "Dog", "Dog", TagSource::Injected),
            ("Cat", "Cat", "Cat", TagSource::Injected),
            ("Puppy", "Puppy", "Puppy", TagSource::Injected),
        ]
    );
    let fields = |name: &str| -> Vec<String> {
        let object = model.objects.iter().find(|object| object.rust == name).unwrap();
        object.fields.iter().map(|field| field.name.clone()).collect()
    };
    assert_eq!(fields("Puppy"), ["petType", "name", "bark", "age"]);
}

#[test]
fn setter_names_are_unique() {
    let model = model(
        "
Thing:
  type: object
  additionalProperties: { type: string }
  properties:
    a: { type: [string, 'null'] }
    aNull: { type: string }
    type: { type: string }
    extra: { type: string }",
    );
    let mut names: Vec<&str> = model.objects[0]
        .fields
        .iter()
        .flat_map(|field| [field.setter.as_str(), field.null_setter.as_str()])
        .collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    assert_eq!(model.objects[0].extra.as_ref().unwrap().0, "extra2");
}

#[test]
fn every_allowed_value_is_a_tag() {
    let union = |schemas: &str| model(schemas).tagged_unions.first().cloned();
    let several = union(
        "
Thing: { oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }], discriminator: { propertyName: k } }
A: { type: object, required: [k], properties: { k: { type: string, enum: [a, aa] } } }
B: { type: object, required: [k], properties: { k: { allOf: [{ $ref: '#/components/schemas/K' }, { type: string, enum: [b] }] } } }
K: { type: string, enum: [a, aa, b] }",
    );
    let several = several.unwrap();
    let tags: Vec<_> = several.variants.iter().map(|variant| variant.value.as_str()).collect();
    assert_eq!(tags, ["a", "aa", "b"]);
    let nested = union(
        "
Thing: { oneOf: [{ $ref: '#/components/schemas/Dog' }, { $ref: '#/components/schemas/Feline' }], discriminator: { propertyName: k } }
Dog: { type: object, required: [k], properties: { k: { const: dog } } }
Feline: { oneOf: [{ $ref: '#/components/schemas/Lion' }, { $ref: '#/components/schemas/Tiger' }], discriminator: { propertyName: k } }
Lion: { type: object, required: [k], properties: { k: { const: lion } } }
Tiger: { type: object, required: [k], properties: { k: { const: tiger } } }",
    );
    let nested = nested.unwrap();
    let tags: Vec<_> = nested.variants.iter().map(|variant| variant.value.as_str()).collect();
    assert_eq!(tags, ["dog", "lion", "tiger"]);
    let numbers = model(
        "
Thing: { oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }], discriminator: { propertyName: k, mapping: { '1': A, '2': B } } }
A: { type: object, required: [k], properties: { k: { type: integer, const: 1 } } }
B: { type: object, required: [k], properties: { k: { type: integer, const: 2 } } }",
    );
    assert_eq!(numbers.tagged_unions[0].tag_type, TagType::Integer);
    assert_eq!(
        variants(&numbers.tagged_unions[0]),
        [("1", "A", "A", TagSource::Constant), ("2", "B", "B", TagSource::Constant)]
    );
}

#[test]
fn a_subtype_of_a_base_may_be_a_union() {
    let lowered = lower(&with_schemas(
        "
Thing: { type: object, properties: { pet: { $ref: '#/components/schemas/Pet' } } }
Pet: { type: object, required: [kind], properties: { kind: { type: string } }, discriminator: { propertyName: kind } }
Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { oneOf: [{ type: object, properties: { a: { type: string } } }, { type: object, properties: { b: { type: string } } }] }] }",
    ))
    .unwrap();
    let [pet] = lowered.model.tagged_unions.as_slice() else { panic!("{:#?}", lowered.model) };
    assert_eq!((pet.rust.as_str(), pet.variants[0].target.as_str()), ("Pet", "Cat"));
    let [cat] = lowered.model.untagged_unions.as_slice() else { panic!("{:#?}", lowered.model) };
    assert_eq!((cat.rust.as_str(), cat.members.len()), ("Cat", 2));
    for name in ["CatVariant1", "CatVariant2"] {
        let object = lowered.model.objects.iter().find(|object| object.rust == name).unwrap();
        assert!(object.fields.iter().any(|field| field.name == "kind"), "{object:?}");
    }
    assert_eq!(lowered.warnings, []);
}

#[test]
fn annotated_numbers_are_enums_named_by_their_titles() {
    let model = model(
        "
Thing:
  type: object
  properties:
    level: { oneOf: [{ const: 0, title: No level, description: None. }, { const: 2.0, title: 'very high' }, { const: -1 }, { const: 2 }] }
    ratio: { oneOf: [{ const: 1, title: Self }, { const: 0.5, title: '%' }] }
    role: { anyOf: [{ const: admin, title: An administrator }, { type: string }, { enum: [user] }] }
    plain: { type: integer, enum: [1, 2] }
    other: { type: integer, enum: [1, 2], x-variants: [{ title: One }, { title: Two }] }
    above: { oneOf: [{ const: 18446744073709551615, title: Max }, { const: 0, title: Min }] }",
    );
    let enums: Vec<_> = model
        .enums
        .iter()
        .map(|one| {
            let variants = one.variants.iter().map(|variant| {
                (
                    variant.rust_name.as_str(),
                    variant.value.to_string(),
                    variant.description.as_deref(),
                )
            });
            (one.rust.as_str(), one.value_type, variants.collect::<Vec<_>>())
        })
        .collect();
    let value = |text: &str| text.to_owned();
    assert_eq!(
        enums,
        [
            (
                "ThingLevel",
                EnumType::Integer,
                vec![
                    ("NoLevel", value("0"), Some("None.")),
                    ("VeryHigh", value("2"), Some("very high")),
                    ("ValueMinus1", value("-1"), None),
                ]
            ),
            (
                "ThingRatio",
                EnumType::Number,
                vec![
                    ("Self_", value("1"), Some("Self")),
                    ("Value0Point5", value("0.5"), Some("%"))
                ]
            ),
            (
                "ThingRole",
                EnumType::Text,
                vec![
                    ("Admin", value("\"admin\""), Some("An administrator")),
                    ("User", value("\"user\""), None),
                ]
            ),
        ]
    );
    let names = model.published_names();
    assert_eq!(names["Thing#/properties/level::-1"], "ValueMinus1");
    let fields = &model.objects[0].fields;
    let field = |name: &str| fields.iter().find(|field| field.name == name).unwrap();
    assert_eq!(field("plain").schema["type"], "integer");
    assert_eq!(field("other").description.as_deref(), Some("Constraints: one of `[1,2]`."));
    assert_eq!(field("above").schema["type"], "integer");
}

#[test]
fn descriptions_of_values_are_docs_of_variants() {
    let code = crate::generate(&with_schemas(
        "
Thing: { type: object, properties: { level: { oneOf: [{ const: 1, title: One, description: '`1` of <T>.' }, { const: 2 }] } } }",
    ));
    assert!(code.contains("`1` of \\<T\\>.\n\nThe value `1`."), "{code}");
}
