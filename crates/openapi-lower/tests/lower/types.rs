//! Models of types: objects, tagged and untagged unions.

use openapi_lower::ir::{ClientModel, Direction, EnumType, TagSource, TagType, TaggedUnion};

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
fn a_constant_next_to_a_reference_is_a_tag() {
    let model = model(
        "
Thing: { oneOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }] }
A: { type: object, required: [kind], properties: { kind: { $ref: '#/components/schemas/Kind', const: a }, p: { type: string } } }
B: { type: object, required: [kind], properties: { kind: { $ref: '#/components/schemas/Kind', const: b }, p: { type: string } } }
Kind: { type: string, enum: [a, b, c] }",
    );
    assert_eq!(model.untagged_unions, []);
    assert_eq!(
        variants(&model.tagged_unions[0]),
        [("a", "A", "A", TagSource::Constant), ("b", "B", "B", TagSource::Constant)]
    );
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
                    ("NoLevel", value("0"), Some("No level\n\nNone.")),
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
    assert!(code.contains("One\n\n`1` of \\<T\\>.\n\nThe value `1`."), "{code}");
}

#[test]
fn titles_and_descriptions_of_constants_are_in_the_docs() {
    let lowered = lower(&crate::wire_document("all-of-unions")).unwrap();
    let docs = |rust: &str| -> Vec<(String, Option<String>)> {
        let one = lowered.model.enums.iter().find(|one| one.rust == rust).unwrap();
        let variants = one.variants.iter();
        variants.map(|variant| (variant.rust_name.clone(), variant.description.clone())).collect()
    };
    let documented = |name: &str, text: &str| (name.to_owned(), Some(text.to_owned()));
    assert_eq!(
        docs("Kind"),
        [documented("Text", "TEXT"), documented("Dm", "DM"), documented("Voice", "VOICE")]
    );
    assert_eq!(
        docs("Role"),
        [documented("Admin", "Admin\n\nmay do all"), documented("User", "User")]
    );
    assert_eq!(docs("Lang"), [("En".to_owned(), None), ("De".to_owned(), None)]);
}

#[test]
fn directions_follow_requests_and_responses() {
    let model = lower(&crate::document(
        "
paths:
  /thing/{id}:
    post:
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: filter, in: query, content: { application/json: { schema: { $ref: '#/components/schemas/Filter' } } } }
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Sent' } } } }
      responses:
        '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Received' } } } } }
        default: { description: error, content: { application/json: { schema: { $ref: '#/components/schemas/Failure' } } } }
    put:
      requestBody: { content: { multipart/form-data: { schema: { type: object, properties: { part: { $ref: '#/components/schemas/Part' } } } } } }
      responses: { '204': { description: ok } }
components:
  schemas:
    Filter: { type: object, properties: { a: { type: string } } }
    Part: { type: object, properties: { a: { type: string } } }
    Sent: { type: object, properties: { shared: { type: object, additionalProperties: { $ref: '#/components/schemas/Shared' } } } }
    Received: { type: object, properties: { shape: { oneOf: [{ $ref: '#/components/schemas/Shared' }, { $ref: '#/components/schemas/Other' }] } } }
    Shared: { type: object, required: [kind], properties: { kind: { const: shared } } }
    Other: { type: object, required: [kind], properties: { kind: { const: other }, a: { type: string } } }
    Failure: { type: object, properties: { message: { type: string } } }",
    ))
    .unwrap()
    .model;
    let mut directions: Vec<_> =
        model.objects.iter().map(|object| (object.rust.as_str(), object.direction)).collect();
    directions.sort_by_key(|(name, _)| *name);
    assert_eq!(
        directions,
        [
            ("Failure", Direction::Response),
            ("Filter", Direction::Request),
            ("Other", Direction::Response),
            ("Part", Direction::Request),
            ("Received", Direction::Response),
            ("Sent", Direction::Request),
            ("Shared", Direction::Both),
        ]
    );
}

/// OpenAPI 3.0 says which direction `required` applies to; OpenAPI 3.1 leaves it to the reader.
#[test]
fn read_only_and_write_only_have_the_same_meaning_in_3_0_and_3_1() {
    let text = "
paths:
  /both: { post: { operationId: both, requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Both' } } } }, responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Both' } } } } } } }
  /sent: { post: { operationId: sent, requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Sent' } } } }, responses: { '204': { description: ok } } } }
  /received: { get: { operationId: received, responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Received' } } } } } } }
components:
  schemas:
    Both: { type: object, required: [r, w, b, x], properties: { r: { type: string, readOnly: true, description: An id. }, w: { type: string, writeOnly: true }, b: { type: string }, x: { $ref: '#/components/schemas/Flagged' }, o: { type: string, readOnly: true } } }
    Sent: { type: object, required: [r, w, x], properties: { r: { type: string, readOnly: true }, w: { type: string, writeOnly: true }, x: { $ref: '#/components/schemas/Flagged' } } }
    Received: { type: object, required: [r, w, x], properties: { r: { type: string, readOnly: true }, w: { type: string, writeOnly: true }, x: { $ref: '#/components/schemas/Flagged' } } }
    Flagged: { type: object, readOnly: true, properties: { a: { type: string } } }";
    for version in ["3.0.3", "3.1.0"] {
        let text = format!("openapi: {version}\ninfo: {{ title: T, version: '1' }}\n{text}");
        let model = lower(&openapi_lower::Document::parse(&text).unwrap()).unwrap().model;
        let fields = |name: &str| -> Vec<(String, bool, bool)> {
            let object = model.objects.iter().find(|object| object.rust == name).unwrap();
            let fields = object.fields.iter();
            fields.map(|field| (field.name.clone(), field.required, field.argument)).collect()
        };
        let field = |name: &str, required, argument| (name.to_owned(), required, argument);
        assert_eq!(
            fields("Both"),
            [
                field("r", false, false),
                field("w", false, true),
                field("b", true, true),
                field("x", false, false),
                field("o", false, false),
            ],
            "{version}"
        );
        let sent = [field("r", false, false), field("w", true, true), field("x", false, false)];
        assert_eq!(fields("Sent"), sent, "{version}");
        let received = [field("r", true, false), field("w", false, false), field("x", true, false)];
        assert_eq!(fields("Received"), received, "{version}");
        let both = model.objects.iter().find(|object| object.rust == "Both").unwrap();
        let docs: Vec<_> = both.fields.iter().map(|one| one.description.as_deref()).collect();
        assert_eq!(
            docs,
            [
                Some("An id.\n\nOnly in responses.\n\nResponses always have it."),
                Some("Only in requests.\n\nRequests always need it."),
                None,
                Some("Only in responses.\n\nResponses always have it."),
                Some("Only in responses."),
            ],
            "{version}"
        );
    }
}

/// Two properties that swap places in the document must not swap the arguments of callers.
#[test]
fn arguments_of_new_are_sorted_by_name_and_types_that_are_only_received_have_none() {
    let code = |properties: &str| {
        crate::generate(&crate::document(&format!(
            "
paths:
  /thing:
    post:
      requestBody: {{ content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Thing' }} }} }} }}
      responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Made' }} }} }} }} }}
components:
  schemas:
    Thing: {{ type: object, required: [b, aB, a_c], properties: {properties} }}
    Made: {{ type: object, required: [id], properties: {{ id: {{ type: string }}, note: {{ type: string }} }} }}"
        )))
    };
    let functions = |code: &str| -> Vec<String> {
        let file = syn::parse_file(code).unwrap();
        let items = file.items.iter().filter_map(|item| match item {
            syn::Item::Mod(module) if module.ident == "schemas" => module.content.as_ref(),
            _ => None,
        });
        let blocks = items.flat_map(|(_, items)| items).filter_map(|item| match item {
            syn::Item::Impl(block) if block.trait_.is_none() => Some(&block.items),
            _ => None,
        });
        let functions = blocks.flatten().filter_map(|item| match item {
            syn::ImplItem::Fn(function) => Some(&function.sig),
            _ => None,
        });
        let texts = functions.map(|signature| {
            let file: syn::File = syn::parse_quote!(#signature {});
            prettyplease::unparse(&file).split_whitespace().collect::<Vec<_>>().join(" ")
        });
        texts.collect()
    };
    let first = functions(&code(
        "{ b: { type: string }, aB: { type: integer }, a_c: { type: array, items: { type: string } } }",
    ));
    assert_eq!(
        first,
        [
            "fn new( a_b: impl Into<i64>, a_c: impl IntoIterator<Item = impl Into<String>>, b: impl Into<String>, ) -> Self {}",
            "fn with_b(mut self, b: impl Into<String>) -> Self {}",
            "fn with_a_b(mut self, a_b: impl Into<i64>) -> Self {}",
            "fn with_a_c(mut self, a_c: impl IntoIterator<Item = impl Into<String>>) -> Self {}",
        ]
    );
    let swapped = functions(&code(
        "{ a_c: { type: array, items: { type: string } }, b: { type: string }, aB: { type: integer } }",
    ));
    assert_eq!(swapped[0], first[0]);
}
