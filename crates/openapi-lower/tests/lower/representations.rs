//! Bodies of several media types, and series of items.

use openapi_lower::{
    Document,
    ir::{BodyContent, ContentKind, Operation, StreamFormat},
};
use serde_json::{Value, json};

use crate::{document, lower, with_operations};

/// The operation of a document that has one, and the warnings.
fn operation(document: &Document) -> (Operation, Vec<String>) {
    let mut lowered = lower(document).unwrap_or_else(|error| panic!("{error}"));
    let warnings = lowered.warnings.iter().map(ToString::to_string).collect();
    (lowered.model.operations.remove(0), warnings)
}

/// The media type of `send` and of `body`, and the names of the others.
fn names(operation: &Operation) -> (Vec<String>, Vec<String>) {
    let bodies = operation.body.iter().flat_map(|body| &body.representations);
    let bodies = bodies.map(|one| format!("{} {}", one.rust_name, one.media_type)).collect();
    let first = &operation.responses[0].contents[0].media_type;
    let sends = operation.alternatives.iter();
    let sends = sends.map(|one| format!("{} {}", one.rust_name, one.media_type));
    ([format!("send {first}")].into_iter().chain(sends).collect(), bodies)
}

const SEVERAL: &str = "
post:
  parameters: [{ name: body_csv, in: query, schema: { type: string } }]
  requestBody:
    content:
      text/csv: {}
      application/vnd.x+json: { schema: { type: object } }
      application/octet-stream: {}
      application/x-www-form-urlencoded: { schema: { type: object } }
  responses:
    '200':
      description: ok
      content:
        image/*: {}
        text/plain: {}
        '*/*': { schema: { type: string } }
        application/problem+json: { schema: { type: object } }
        application/vnd.x+json: { schema: { type: integer } }";

#[test]
fn setters_and_methods_are_named_after_media_types() {
    let (operation, warnings) = operation(&with_operations(SEVERAL));
    let (sends, bodies) = names(&operation);
    assert_eq!(
        sends,
        [
            "send application/problem+json",
            "send_vnd_x_json application/vnd.x+json",
            "send_text text/plain",
            "send_any */*",
            "send_image image/*",
        ]
    );
    assert_eq!(
        bodies,
        [
            "body application/vnd.x+json",
            "body_form application/x-www-form-urlencoded",
            "body_csv2 text/csv",
            "body_octet_stream application/octet-stream",
        ]
    );
    assert_eq!(warnings, [""; 0]);
}

#[test]
fn the_published_representation_stays_the_preferred_one() {
    let before = "
post:
  operationId: thing
  requestBody: { content: { text/csv: {} } }
  responses: { '200': { description: ok, content: { application/pdf: {} } } }";
    let published = lower(&with_operations(before)).unwrap().model.published_names();
    assert_eq!(published["thing#body"], "csv");
    assert_eq!(published["thing#send"], "pdf");
    let after = "
post:
  operationId: thing
  requestBody: { content: { text/csv: {}, application/json: { schema: { type: string } } } }
  responses: { '200': { description: ok, content: { application/pdf: {}, application/json: { schema: { type: string } } } } }";
    let document = with_operations(after);
    let lowered = openapi_lower::lower(&document, &published).unwrap();
    let (sends, bodies) = names(&lowered.model.operations[0]);
    assert_eq!(sends, ["send application/pdf", "send_json application/json"]);
    assert_eq!(bodies, ["body text/csv", "body_json application/json"]);
}

#[test]
fn a_form_that_is_refused_is_a_warning_beside_another_media_type() {
    let (operation, warnings) = operation(&with_operations(
        "
post:
  requestBody:
    content:
      application/json: { schema: { type: string } }
      multipart/form-data: { schema: { type: string } }
  responses: { '200': { description: ok } }",
    ));
    let body = operation.body.unwrap();
    assert_eq!(body.representations.len(), 1);
    let place = "#/paths/~1thing/post/requestBody/content/multipart~1form-data";
    let reason = "not offered: multipart/form-data without properties: the schema must declare a \
                  property for each part";
    assert_eq!(warnings, [format!("{place}: {reason}")]);
}

/// The format and the schema of an item of the response with this media type.
fn series(media_type: &str, media: &Value) -> (StreamFormat, Option<Value>, Vec<String>) {
    let content = json!({ media_type: media });
    let document = with_operations(&format!(
        "get: {{ responses: {{ '200': {{ description: ok, content: {content} }} }} }}"
    ));
    let (operation, warnings) = operation(&document);
    let ContentKind::Stream(items) = &operation.responses[0].contents[0].kind else {
        panic!("{operation:#?}")
    };
    (items.format, items.schema.clone(), warnings)
}

#[test]
fn the_schema_of_a_series_is_that_of_an_item() {
    let item = json!({ "type": "integer" });
    let list = json!({ "type": "array", "items": item });
    for name in
        ["application/jsonl", "application/x-ndjson", "application/stream+json", "text/x-ldjson"]
    {
        for media in [json!({ "schema": item }), json!({ "schema": list })] {
            let expected = (StreamFormat::JsonLines, Some(item.clone()), vec![]);
            assert_eq!(series(name, &media), expected, "{name}: {media}");
        }
    }
    for name in ["application/json-seq", "application/geo+json-seq"] {
        let expected = (StreamFormat::JsonSequence, Some(json!({})), vec![]);
        assert_eq!(series(name, &json!({})), expected, "{name}");
    }
    let (_, schema, warnings) =
        series("application/jsonl", &json!({ "schema": { "type": "array" }, "itemSchema": item }));
    assert_eq!(schema, Some(item));
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].ends_with("itemSchema: of OpenAPI 3.2: read all the same"), "{warnings:?}");
}

#[test]
fn an_item_schema_of_another_media_type_is_ignored_with_a_warning() {
    let (operation, warnings) = operation(&with_operations(
        "get: { responses: { '200': { description: ok, content: { multipart/mixed: { itemSchema: { type: string } } } } } }",
    ));
    assert_eq!(operation.responses[0].contents[0].kind, ContentKind::Bytes);
    let ignored = "ignored: the media type isn't a sequential one that is known";
    assert!(warnings.iter().any(|warning| warning.contains(ignored)), "{warnings:?}");
}

#[test]
fn bodies_of_lines_are_series() {
    let (operation, _) = operation(&with_operations(
        "
post:
  requestBody: { content: { application/jsonl: { schema: { type: array, items: { type: string } } } } }
  responses: { '200': { description: ok } }",
    ));
    let body = operation.body.unwrap();
    let BodyContent::Items(items) = &body.representations[0].content else { panic!("{body:?}") };
    assert_eq!(items.schema, Some(json!({ "type": "string" })));
}

#[test]
fn the_kind_of_events_is_that_of_their_schema() {
    let data =
        json!({ "properties": { "data": { "type": "string" }, "id": { "type": "string" } } });
    let nested =
        json!({ "properties": { "data": { "type": "object" }, "event": { "const": "a" } } });
    let other = json!({ "properties": { "data": { "type": "string" }, "more": {} } });
    for (schema, format) in [
        (json!({ "type": "string" }), StreamFormat::EventText),
        (json!({ "type": ["string", "null"] }), StreamFormat::EventText),
        (json!({ "type": "integer" }), StreamFormat::EventData),
        (data.clone(), StreamFormat::TextEvent),
        (nested.clone(), StreamFormat::Event),
        (json!({ "oneOf": [data, nested] }), StreamFormat::Event),
        (other.clone(), StreamFormat::EventData),
        (json!({ "oneOf": [data, other] }), StreamFormat::EventData),
        (json!({ "properties": { "id": {} } }), StreamFormat::EventData),
    ] {
        let media = json!({ "schema": schema });
        assert_eq!(series("text/event-stream", &media).0, format, "{schema}");
    }
    // A document can't choose it by the keyword of the lowering.
    let media = json!({ "schema": { "type": "integer" }, "x-event-items": "text" });
    assert_eq!(series("text/event-stream", &media).0, StreamFormat::EventData);
}

#[test]
fn the_content_of_data_is_its_type() {
    let document = document(
        "
paths:
  /events:
    get:
      operationId: events
      responses:
        '200': { description: ok, content: { text/event-stream: { schema: { $ref: '#/components/schemas/Event' } } } }
components:
  schemas:
    Event:
      oneOf:
      - type: object
        required: [event, data]
        properties:
          event: { const: note }
          data: { type: string, contentMediaType: application/json, contentSchema: { $ref: '#/components/schemas/Note' } }
      - { type: object, required: [event], properties: { event: { const: end }, data: { type: string } } }
    Note: { type: object, properties: { text: { type: string } } }",
    );
    let lowered = lower(&document).unwrap();
    let format = match &lowered.model.operations[0].responses[0].contents[0].kind {
        ContentKind::Stream(items) => items.format,
        other => panic!("{other:?}"),
    };
    assert_eq!(format, StreamFormat::Event);
    let objects = &lowered.model.objects;
    let fields = objects.iter().flat_map(|object| &object.fields);
    let data: Vec<_> = fields.filter(|field| field.name == "data").map(|one| &one.schema).collect();
    assert_eq!(
        data,
        [&json!({ "$ref": "#/components/schemas/Note" }), &json!({ "type": "string" })]
    );
}

#[test]
fn content_of_data_that_others_use_too_stays_text() {
    let document = document(
        "
paths:
  /events: { get: { operationId: events, responses: { '200': { description: ok, content: { text/event-stream: { schema: { $ref: '#/components/schemas/Event' } } } } } } }
  /history: { get: { operationId: history, responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Event' } } } } } } }
components:
  schemas:
    Event:
      type: object
      properties: { data: { type: string, contentMediaType: application/json, contentSchema: { type: integer } } }",
    );
    let lowered = lower(&document).unwrap();
    let field = &lowered.model.objects[0].fields[0];
    assert_eq!(field.schema, json!({ "type": "string" }));
    let message = "#/components/schemas/Event/properties/data: `contentSchema` is ignored: the \
                   schema isn't used for events only";
    assert_eq!(lowered.warnings[0].to_string(), message);
}

#[test]
fn the_items_of_a_nullable_array_are_those_of_a_series() {
    let item = json!({ "type": "integer" });
    let list = json!({ "schema": { "type": ["array", "null"], "items": item } });
    assert_eq!(series("application/jsonl", &list).1, Some(item));
}

#[test]
fn events_that_contain_themselves_are_read_in_bounded_time() {
    let members = vec!["{ $ref: '#/components/schemas/E' }"; 20].join(", ");
    let document = document(&format!(
        "
paths:
  /e: {{ get: {{ operationId: e, responses: {{ '200': {{ description: ok, content: {{ text/event-stream: {{ schema: {{ $ref: '#/components/schemas/E' }} }} }} }} }} }} }}
components: {{ schemas: {{ E: {{ anyOf: [{members}] }} }} }}"
    ));
    assert!(lower(&document).is_err());
}

#[test]
fn enums_of_successes_have_names_that_no_builder_has() {
    let successes = "responses: { '200': { description: a, content: { application/json: { schema: { type: string } } } }, '202': { description: b, content: { application/json: { schema: { type: integer } } } } }";
    let document = document(&format!(
        "
paths:
  /payment: {{ get: {{ {successes} }} }}
  /payment/success: {{ get: {{ {successes} }} }}"
    ));
    let operations = lower(&document).unwrap().model.operations;
    let names: Vec<_> = operations
        .iter()
        .flat_map(|operation| [operation.builder.as_str(), &operation.success_type])
        .collect();
    assert_eq!(
        names,
        ["GetPayment", "GetPaymentSuccess2", "GetPaymentSuccess", "GetPaymentSuccessSuccess"]
    );
}
