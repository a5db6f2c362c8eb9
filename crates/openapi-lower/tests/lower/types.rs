//! What the types are made from: objects, tagged unions, choices.

use openapi_lower::kept::{Kept, Tag, Union};

use crate::{lower, with_schemas};

fn kept(schemas: &str) -> Kept {
    lower(&with_schemas(schemas)).expect("it can be lowered").kept
}

/// The variants of a union: tag, name, type, who writes the tag.
fn variants(union: &Union) -> Vec<(&str, &str, &str, Tag)> {
    union.variants.iter().map(|one| (&*one.value, &*one.rust_name, &*one.target, one.tag)).collect()
}

const CAT_AND_DOG: &str = "
Cat: { type: object, required: [kind, lives], properties: { kind: { type: string, enum: [cat] }, lives: { type: integer } } }
Dog: { type: object, required: [kind], properties: { kind: { type: string, enum: [dog] }, name: { type: string } } }";

#[test]
fn a_mapping_names_the_variants_and_their_tags_are_constants() {
    let kept = kept(&format!(
        "
Thing:
  oneOf: [{{ $ref: '#/components/schemas/Cat' }}, {{ $ref: '#/components/schemas/Dog' }}]
  discriminator:
    propertyName: kind
    mapping: {{ cat: '#/components/schemas/Cat', dog: Dog }}{CAT_AND_DOG}"
    ));
    assert_eq!(kept.unions[0].tag, "kind");
    assert_eq!(
        variants(&kept.unions[0]),
        [("cat", "Cat", "Cat", Tag::Own), ("dog", "Dog", "Dog", Tag::Own)]
    );
    let cat = kept.objects.iter().find(|object| object.rust == "Cat").unwrap();
    assert_eq!(cat.constants[0].value, "cat");
    assert_eq!(cat.fields.iter().map(|field| &*field.name).collect::<Vec<_>>(), ["lives"]);
    assert!(kept.enums.iter().all(|one| !one.used), "{:?}", kept.enums);
}

#[test]
fn members_that_fix_a_property_need_no_discriminator() {
    let kept = kept(&format!(
        "
Thing: {{ anyOf: [{{ $ref: '#/components/schemas/Cat' }}, {{ $ref: '#/components/schemas/Dog' }}] }}{CAT_AND_DOG}"
    ));
    assert_eq!(kept.unions[0].tag, "kind");
    assert_eq!(kept.unions[0].variants.len(), 2);
    assert_eq!(kept.choices, []);
}

#[test]
fn without_a_mapping_the_fixed_value_is_the_tag_and_else_the_schema_s_name() {
    let kept = kept(
        "
Thing:
  oneOf: [{ $ref: '#/components/schemas/a.Cat' }, { $ref: '#/components/schemas/a.Bird' }]
  discriminator: { propertyName: kind }
a.Cat: { type: object, required: [kind], properties: { kind: { type: string, const: cat } } }
a.Bird: { type: object, required: [kind], properties: { kind: { type: string }, wings: { type: integer } } }",
    );
    assert_eq!(
        variants(&kept.unions[0]),
        [("cat", "Cat", "ACat", Tag::Own), ("a.Bird", "ABird", "ABird", Tag::Given)]
    );
    let bird = kept.objects.iter().find(|object| object.rust == "ABird").unwrap();
    assert_eq!(bird.fields.len(), 2, "a tag that isn't fixed stays a field");
}

#[test]
fn a_member_with_two_tags_keeps_the_property() {
    let kept = kept(
        "
Thing:
  oneOf: [{ $ref: '#/components/schemas/Pet' }]
  discriminator:
    propertyName: kind
    mapping: { cat: '#/components/schemas/Pet', dog: '#/components/schemas/Pet' }
Pet: { type: object, required: [kind], properties: { kind: { type: string, enum: [cat] } } }",
    );
    assert_eq!(
        variants(&kept.unions[0]),
        [("cat", "Cat", "Pet", Tag::Given), ("dog", "Dog", "Pet", Tag::Given)]
    );
    assert_eq!(kept.objects[0].constants, []);
}

#[test]
fn unions_of_shapes_are_choices() {
    let kept = kept(
        "
Thing: { anyOf: [{ type: string }, { type: integer }, { type: array, items: { type: string } }, { $ref: '#/components/schemas/A' }] }
A: { type: object, properties: { a: { type: string } } }",
    );
    let names: Vec<_> = kept.choices[0].members.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["Text", "Integer", "List", "A"]);
}

#[test]
fn a_discriminator_that_tells_nothing_apart_is_said() {
    let lowered = lower(&with_schemas(
        "
Thing:
  oneOf: [{ type: string }, { $ref: '#/components/schemas/A' }]
  discriminator: { propertyName: kind }
A: { type: object, properties: { kind: { type: string } } }",
    ))
    .unwrap();
    assert_eq!(lowered.kept.choices.len(), 1);
    assert!(lowered.warnings[0].to_string().contains("discriminator"), "{:?}", lowered.warnings);
}

#[test]
fn fields_say_whether_they_must_be_there_and_may_be_null() {
    let kept = kept(
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
        kept.objects[0].fields.iter().map(|f| (&*f.name, f.required, f.nullable)).collect();
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
fn an_object_that_holds_itself_is_boxed_where_it_does() {
    let kept = kept(
        "
Thing: { type: object, properties: { next: { $ref: '#/components/schemas/Other' }, all: { type: array, items: { $ref: '#/components/schemas/Thing' } } } }
Other: { type: object, properties: { thing: { $ref: '#/components/schemas/Thing' } } }",
    );
    let boxed: Vec<_> = kept
        .objects
        .iter()
        .flat_map(|object| object.fields.iter().map(|field| (&*field.name, field.boxed)))
        .collect();
    assert_eq!(boxed, [("next", true), ("all", false), ("thing", true)]);
}

#[test]
fn a_base_is_the_union_of_those_that_include_it() {
    let kept = kept(
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
    let pet = &kept.unions[0];
    assert_eq!(
        variants(pet),
        [
            ("dog", "Dog", "Dog", Tag::Given),
            ("Cat", "Cat", "Cat", Tag::Given),
            ("Puppy", "Puppy", "Puppy", Tag::Given),
        ]
    );
    let fields = |name: &str| -> Vec<String> {
        let object = kept.objects.iter().find(|object| object.rust == name).unwrap();
        object.fields.iter().map(|field| field.name.clone()).collect()
    };
    assert_eq!(fields("Puppy"), ["petType", "name", "bark", "age"]);
}

#[test]
fn setters_have_names_of_their_own() {
    let kept = kept(
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
    let mut names: Vec<&str> = kept.objects[0]
        .fields
        .iter()
        .flat_map(|field| [field.setter.as_str(), field.null_setter.as_str()])
        .collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
    assert_eq!(kept.objects[0].extra.as_ref().unwrap().0, "extra2");
}

#[test]
fn tags_are_all_that_a_member_allows() {
    let union = |schemas: &str| kept(schemas).unions.first().cloned();
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
    let numbers = kept(
        "
Thing: { oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }], discriminator: { propertyName: k, mapping: { '1': A, '2': B } } }
A: { type: object, required: [k], properties: { k: { type: integer, const: 1 } } }
B: { type: object, required: [k], properties: { k: { type: integer, const: 2 } } }",
    );
    assert_eq!((numbers.unions.len(), numbers.choices.len()), (0, 1));
}

#[test]
fn an_heir_that_can_not_be_merged_keeps_the_base_an_object() {
    let lowered = lower(&with_schemas(
        "
Thing: { type: object, properties: { pet: { $ref: '#/components/schemas/Pet' } } }
Pet: { type: object, required: [kind], properties: { kind: { type: string } }, discriminator: { propertyName: kind } }
Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { oneOf: [{ type: object, properties: { a: { type: string } } }, { type: object, properties: { b: { type: string } } }] }] }",
    ))
    .unwrap();
    assert!(lowered.kept.unions.is_empty());
    assert!(
        lowered.warnings[0].to_string().contains("include this base"),
        "{:?}",
        lowered.warnings
    );
}
