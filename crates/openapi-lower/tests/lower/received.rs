//! Webhooks and callbacks: what is received of an API.

use std::collections::BTreeMap;

use openapi_lower::{Document, Lowered, ir::Direction};

use crate::{config, document, generate, lower, wire_document};

/// A document with an operation and these members.
fn with_members(members: &str) -> Document {
    document(&format!(
        "
paths:
  /a: {{ get: {{ operationId: getA, responses: {{ '204': {{ description: ok }} }} }} }}
{members}"
    ))
}

/// The names of what is received, each with its variant and the values of the tag.
fn received(lowered: &Lowered) -> Vec<(String, String, Vec<String>)> {
    let variants = lowered.model.received.iter().flat_map(|union| &union.variants);
    variants.map(|one| (one.name.clone(), one.rust_name.clone(), one.tags.clone())).collect()
}

fn expected(all: &[(&str, &str, &[&str])]) -> Vec<(String, String, Vec<String>)> {
    let owned = |(name, rust, tags): &(&str, &str, &[&str])| {
        ((*name).to_owned(), (*rust).to_owned(), tags.iter().map(|one| (*one).to_owned()).collect())
    };
    all.iter().map(owned).collect()
}

#[test]
fn webhooks_and_callbacks_are_enums_in_a_module() {
    let lowered = lower(&wire_document("webhooks")).unwrap();
    assert_eq!(
        received(&lowered),
        expected(&[
            ("newPet", "NewPet", &["new"]),
            ("lostPet", "LostPet", &["lost"]),
            ("soldPet", "SoldPet", &["sold", "given"]),
            ("createStream.onData", "CreateStreamOnData", &[]),
            ("createStream.onTimes", "CreateStreamOnTimes", &[]),
        ])
    );
    let pointers: Vec<String> = lowered
        .model
        .received
        .iter()
        .flat_map(|union| &union.variants)
        .map(|one| one.pointer.to_string())
        .collect();
    assert_eq!(
        pointers,
        [
            "#/webhooks/newPet/post",
            "#/webhooks/lostPet/post",
            "#/components/pathItems/Sold/post",
            "#/paths/~1streams/post/callbacks/onData/{$request.body#~1url}/post",
            "#/components/callbacks/Times/{$request.body#~1times}/post",
        ]
    );
    let tags: Vec<_> = lowered
        .model
        .received
        .iter()
        .map(|union| union.tag.as_ref().map(|(tag, _)| tag.as_str()))
        .collect();
    assert_eq!(tags, [Some("kind"), None]);
    assert_eq!(lowered.warnings, []);
    let ids: Vec<_> = lowered.model.operations.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["createStream"]);
}

#[test]
fn payloads_are_received_and_responses_to_them_sent() {
    let model = lower(&wire_document("webhooks")).unwrap().model;
    let directions: BTreeMap<_, _> =
        model.objects.iter().map(|object| (object.rust.as_str(), object.direction)).collect();
    assert_eq!(directions["NewPet"], Direction::Response);
    assert_eq!(directions["LostPetPayload"], Direction::Response);
    assert_eq!(directions["CreateStreamOnDataPayload"], Direction::Response);
    assert_eq!(directions["CreateStreamOnDataResponse"], Direction::Request);
    // An operation sends it, and a webhook has it.
    assert_eq!(directions["Pet"], Direction::Both);
}

#[test]
fn webhooks_change_no_name_of_other_types() {
    let schemas = "
components:
  schemas:
    First.NewThing: { type: object, properties: { a: { type: string } } }
    Second.NewThing: { type: object, properties: { b: { type: string } } }
    GetAResponse: { type: object, properties: { c: { type: string } } }";
    let paths = "
paths:
  /a:
    get:
      operationId: getA
      responses:
        '200': { description: ok, content: { application/json: { schema: { type: object, properties: { d: { type: string } } } } } }
        '400': { description: no, content: { application/json: { schema: { $ref: '#/components/schemas/First.NewThing' } } } }";
    let webhooks = "
webhooks:
  getA: { post: { requestBody: { content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Second.NewThing' } } } } } } }
  other: { post: { requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/GetAResponse' } } } } } }";
    let names = |text: &str| lower(&document(text)).unwrap().model.published_names();
    let without = names(&format!("{paths}{schemas}"));
    let with = names(&format!("{paths}{webhooks}{schemas}"));
    for (key, name) in &without {
        assert_eq!(with.get(key), Some(name), "{key}");
    }
    assert_eq!(without["First.NewThing"], "NewThing");
    assert_eq!(without["getA#/responses/200/content/application~1json/schema"], "GetAResponse");
    assert_eq!(with["Second.NewThing"], "SecondNewThing");
    assert_eq!(with["GetAResponse"], "GetAResponse2");
    assert_eq!(with["#webhooks::getA"], "GetA");
}

#[test]
fn published_names_of_webhooks_stay() {
    let document = wire_document("webhooks");
    let mut names = lower(&document).unwrap().model.published_names();
    let key = "webhooks.lostPet#/requestBody/content/application~1json/schema";
    assert_eq!(names.insert(key.to_owned(), "Lost".to_owned()).as_deref(), Some("LostPetPayload"));
    names.insert("#webhooks::lostPet".to_owned(), "Gone".to_owned());
    let lowered = openapi_lower::lower(&document, &names).unwrap();
    assert_eq!(lowered.model.published_names(), names);
    assert_eq!(received(&lowered)[1].1, "Gone");
}

#[test]
fn a_document_that_is_only_received_has_no_client() {
    let code = generate(&wire_document("received-only"));
    for absent in ["Client", "SERVER", "AUTH", "mod core", "mod operations"] {
        assert!(!code.contains(absent), "{absent}");
    }
    assert!(code.contains("pub mod webhooks"));
    assert!(generate(&wire_document("webhooks")).contains("pub struct Client"));
}

#[test]
fn operations_of_the_configuration_are_received() {
    let document = document(
        "
paths:
  /hooks/example:
    post:
      operationId: ExampleWebhook
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Event' } } } }
      responses: { '204': { description: ok } }
components: { schemas: { Event: { type: object, required: [id], properties: { id: { type: string } } } } }",
    );
    assert!(generate(&document).contains("pub struct Client"));
    let generated = config().received(["ExampleWebhook"]).generate_from(&document).unwrap();
    assert!(generated.operations.is_empty() && generated.warnings.is_empty());
    assert!(generated.code.contains("ExampleWebhook(types::Event)"));
    assert!(!generated.code.contains("Client") && !generated.code.contains("fn new("));
    let generated = config().received(["ExampleHook"]).generate_from(&document).unwrap();
    assert_eq!(
        generated.warnings[0].to_string(),
        "#: no operation is received as `ExampleHook`: none has this `operationId`"
    );
}

#[test]
fn webhooks_without_json_are_skipped_with_a_warning() {
    let document = with_members(
        "
webhooks:
  ping: { get: { responses: { '200': { description: ok } } } }
  form: { post: { requestBody: { content: { application/x-www-form-urlencoded: { schema: { type: object, properties: { a: { type: string } } } } } } } }
  both: { post: { requestBody: { content: { application/json: { schema: { type: string } }, application/xml: { schema: { type: string } }, application/x+json: {} } } } }
  twice:
    post: { requestBody: { content: { application/json: {} } } }
    put: { callbacks: { a: {} }, requestBody: { content: { application/json: {} } } }",
    );
    let lowered = lower(&document).unwrap();
    assert_eq!(
        received(&lowered),
        expected(&[("both", "Both", &[]), ("twice", "Twice", &[]), ("twice PUT", "TwicePut", &[])])
    );
    let warnings: Vec<String> = lowered.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "#/webhooks/ping/get: this webhook is skipped: it has no body in JSON",
            "#/webhooks/form/post/requestBody/content/application~1x-www-form-urlencoded: this \
             webhook isn't decoded from `application/x-www-form-urlencoded`",
            "#/webhooks/form/post/requestBody/content: this webhook is skipped: it has no body in JSON",
            "#/webhooks/both/post/requestBody/content/application~1xml: this webhook isn't decoded \
             from `application/xml`",
            "#/webhooks/both/post/requestBody/content/application~1x+json: this webhook isn't \
             decoded from `application/x+json`",
            "#/webhooks/twice/put/callbacks: `callbacks` of a webhook or a callback are ignored",
        ]
    );
}

#[test]
fn refused_webhooks_are_skipped_alone() {
    let document = Document::parse_lenient(
        "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /a:
    post:
      operationId: postA
      responses: { '204': { description: ok } }
      callbacks:
        good: { '{$url}': { post: { requestBody: { content: { application/json: { schema: { type: string } } } } } } }
        bad: { '{$url}': { post: { requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Bad' } } } } } } }
        lost: { $ref: '#/components/callbacks/Lost' }
webhooks:
  good: { post: { requestBody: { content: { application/json: { schema: { type: integer } } } } } }
  dangling: { post: { requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Lost' } } } } } }
  cyclic: { $ref: '#/components/pathItems/Cycle' }
  text: 7
components:
  pathItems: { Cycle: { $ref: '#/components/pathItems/Cycle' } }
  schemas: { Bad: { $dynamicRef: '#x' } }",
    )
    .unwrap();
    let refusals = config().generate_from(&document).unwrap_err();
    let pointers: Vec<String> = refusals.iter().map(|one| one.pointer.to_string()).collect();
    assert_eq!(
        pointers,
        [
            "#/paths/~1a/post/callbacks/lost",
            "#/webhooks/dangling/post/requestBody/content/application~1json/schema/$ref",
        ]
    );
    let generated = config().skip_refused(true).generate_from(&document).unwrap();
    assert_eq!(generated.operations, ["postA"]);
    let mut skipped: Vec<_> = generated.skipped.iter().map(|one| one.operation.as_str()).collect();
    skipped.sort_unstable();
    assert_eq!(
        skipped,
        [
            "callback bad of POST /a",
            "callback lost of POST /a",
            "webhook cyclic",
            "webhook dangling",
            "webhook text",
        ]
    );
    for generated_variant in ["PostAGood(String)", "Good(i64)"] {
        assert!(generated.code.contains(generated_variant), "{generated_variant}");
    }
}

#[test]
fn a_shared_property_of_several_values_is_no_tag_of_one_webhook() {
    let webhook = |values: &str| {
        let document = with_members(&format!(
            "
webhooks:
  event: {{ post: {{ requestBody: {{ content: {{ application/json: {{ schema: {{ type: object, required: [kind], properties: {{ kind: {{ enum: {values} }} }} }} }} }} }} }} }}"
        ));
        lower(&document).unwrap().model.received[0].tag.clone()
    };
    assert_eq!(webhook("[a]").map(|(tag, _)| tag).as_deref(), Some("kind"));
    assert_eq!(webhook("[a, b]"), None);
}

#[test]
fn titles_that_a_sibling_lists_choose_the_member_of_a_union() {
    let sibling = |document: &Document| {
        let model = lower(document).unwrap().model;
        model.objects.into_iter().find_map(|object| object.sibling_tag)
    };
    let text = include_str!("../../../../tests/wire/documents/received-only.yaml");
    let found = sibling(&Document::parse(text).unwrap()).unwrap();
    assert_eq!((found.tag.as_str(), found.property.as_str()), ("event", "payload"));
    let variants = [("COMPLETED", "Completed"), ("FAILED", "Failed")];
    assert_eq!(found.variants, variants.map(|(tag, name)| (tag.to_owned(), name.to_owned())));
    for (from, to) in [
        ("title: FAILED", "title: Failed"),
        ("title: FAILED", "title: COMPLETED"),
        ("title: FAILED,", ""),
        ("required: [id, event, payload]", "required: [id, event]"),
        ("enum: [STARTED, COMPLETED, FAILED]", "maxLength: 9"),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text);
        assert_eq!(sibling(&Document::parse(&changed).unwrap()), None, "{to}");
    }
}

#[test]
fn callbacks_of_operations_of_any_method_are_named_by_them() {
    let document = Document::parse(
        "
openapi: 3.2.0
info: { title: T, version: '1' }
paths:
  /a:
    query:
      operationId: queryA
      callbacks: { done: { '{$url}': { post: { requestBody: { content: { application/json: { schema: { type: string } } } } } } } }
      responses: { '204': { description: ok } }
    additionalOperations:
      LINK:
        operationId: linkA
        callbacks: { done: { '{$url}': { post: { requestBody: { content: { application/json: { schema: { type: integer } } } } } } } }
        responses: { '204': { description: ok } }
webhooks:
  linked: { additionalOperations: { LINK: { requestBody: { content: { application/json: {} } } } } }",
    )
    .unwrap();
    let lowered = lower(&document).unwrap();
    assert_eq!(
        received(&lowered),
        expected(&[("queryA.done", "QueryADone", &[]), ("linkA.done", "LinkADone", &[]),])
    );
    assert_eq!(
        lowered.warnings[0].to_string(),
        "#/webhooks/linked/additionalOperations: skipped: webhooks have the methods that path items \
         have"
    );
}
