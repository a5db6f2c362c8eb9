//! Large documents: lowered in time that grows with their size.
//!
//! Nothing here measures time: with quadratic work these tests don't end.

use std::collections::HashSet;

use openapi_lower::Document;
use serde_json::{Map, Value, json};

use crate::lower;

const COUNT: usize = 20_000;

/// A document with these component schemas, of which an operation returns `Thing`.
fn document(schemas: impl IntoIterator<Item = (String, Value)>) -> Document {
    let schemas: Map<String, Value> = schemas.into_iter().collect();
    let content = json!({ "application/json": { "schema": reference("Thing") } });
    let root = json!({
        "openapi": "3.1.0",
        "info": { "title": "t", "version": "1" },
        "paths": { "/things": { "get": {
            "operationId": "getThing",
            "responses": { "200": { "description": "ok", "content": content } },
        } } },
        "components": { "schemas": schemas },
    });
    Document::parse(&root.to_string()).unwrap()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// An object with one property.
fn object(property: &str, schema: Value) -> Value {
    json!({ "type": "object", "properties": { property: schema } })
}

#[test]
fn many_schemas_that_give_one_rust_name_are_numbered() {
    let marks = |index: usize| format!("a{index:015b}").replace('0', "-").replace('1', ".");
    let names: Vec<String> = (0..COUNT).map(marks).collect();
    let property = |(index, name): (usize, &String)| (format!("p{index}"), reference(name));
    let properties: Map<String, Value> = names.iter().enumerate().map(property).collect();
    let schemas = names.iter().map(|name| (name.clone(), object("a", json!({ "type": "string" }))));
    let thing = json!({ "type": "object", "properties": properties });
    let document = document(schemas.chain([("Thing".to_owned(), thing)]));
    let model = lower(&document).unwrap().model;
    let names: HashSet<_> = model.objects.iter().map(|object| &object.rust).collect();
    assert_eq!(names.len(), COUNT + 1);
}

#[test]
fn a_chain_of_references_is_followed_to_its_end() {
    let chain =
        (0..COUNT).map(|index| (format!("S{index}"), reference(&format!("S{}", index + 1))));
    let end = (format!("S{COUNT}"), json!({ "type": "string", "format": "password" }));
    let thing = ("Thing".to_owned(), object("value", reference("S0")));
    let model = lower(&document(chain.chain([end, thing]))).unwrap().model;
    let [thing] = model.objects.as_slice() else { panic!("one object") };
    assert!(thing.fields[0].secret, "the chain ends at a password");
}

#[test]
fn a_chain_of_objects_is_followed_to_its_end() {
    let chain = (0..COUNT)
        .map(|index| (format!("S{index}"), object("next", reference(&format!("S{}", index + 1)))));
    let end = (format!("S{COUNT}"), json!({ "type": "string" }));
    let thing = ("Thing".to_owned(), object("next", reference("S0")));
    let model = lower(&document(chain.chain([end, thing]))).unwrap().model;
    assert_eq!(model.objects.len(), COUNT + 1);
}

#[test]
fn the_members_of_a_large_union_are_examined_once() {
    let count = COUNT / 4;
    let member = |index: usize| {
        let kind = json!({ "const": format!("v{index}") });
        let properties = json!({ "kind": kind, "token": reference("Union") });
        let schema = json!({ "type": "object", "required": ["kind"], "properties": properties });
        (format!("M{index}"), schema)
    };
    let names = (0..count).map(|index| json!({ "allOf": [reference(&format!("M{index}"))] }));
    let union = json!({
        "oneOf": names.collect::<Vec<_>>(),
        "discriminator": { "propertyName": "kind" },
    });
    let thing = object("union", reference("Union"));
    let schemas = [("Union".to_owned(), union), ("Thing".to_owned(), thing)];
    let model = lower(&document((0..count).map(member).chain(schemas))).unwrap().model;
    assert_eq!(model.tagged_unions[0].variants.len(), count);
    let members = model.objects.iter().filter(|one| one.rust != "Thing");
    assert!(members.flat_map(|one| &one.fields).all(|field| field.secret));
}

#[test]
fn the_tag_of_large_objects_is_found_among_their_constants() {
    let count = 2 * COUNT;
    let name = |index: usize| format!("p{index}");
    let member = |own: &str| {
        let value = |index: usize| if index + 1 == count { own } else { "shared" };
        let property = |index: usize| (name(index), json!({ "const": value(index) }));
        let properties: Map<String, Value> = (0..count).map(property).collect();
        let required: Vec<String> = (0..count).map(name).collect();
        json!({ "type": "object", "properties": properties, "required": required })
    };
    let schemas = [
        ("One".to_owned(), member("one")),
        ("Other".to_owned(), member("other")),
        ("Thing".to_owned(), json!({ "oneOf": [reference("One"), reference("Other")] })),
    ];
    let model = lower(&document(schemas)).unwrap().model;
    assert_eq!(model.tagged_unions[0].tag, name(count - 1));
}

#[test]
fn a_large_enum_that_many_properties_share_is_one_type() {
    let count = COUNT / 10;
    let values: Vec<String> = (0..count).map(|index| format!("v{index}")).collect();
    let property = |index| {
        let schema = json!({ "allOf": [reference("Values")], "default": "v1" });
        (format!("p{index}"), schema)
    };
    let properties: Map<String, Value> = (0..count).map(property).collect();
    let thing = json!({ "type": "object", "properties": properties });
    let schemas = [
        ("Values".to_owned(), json!({ "type": "string", "enum": values })),
        ("Thing".to_owned(), thing),
    ];
    let model = lower(&document(schemas)).unwrap().model;
    assert_eq!(model.enums.len(), 1);
    assert_eq!(model.enums[0].variants.len(), count);
}

#[test]
fn few_schemas_that_include_each_other_in_every_order_are_refused() {
    const COUNT: usize = 8;
    let schema = |index: usize| {
        let property = |other: usize| {
            let included =
                [other, (other + index) % COUNT].map(|one| reference(&format!("S{one}")));
            (format!("p{other}"), json!({ "allOf": included }))
        };
        let properties: Map<String, Value> = (0..COUNT).map(property).collect();
        (format!("S{index}"), json!({ "type": "object", "properties": properties }))
    };
    let thing = ("Thing".to_owned(), object("value", reference("S0")));
    let refusals = lower(&document((0..COUNT).map(schema).chain([thing]))).unwrap_err();
    let reason = "its combinations are nested too deeply, or too many; simplify the schema";
    assert!(refusals.iter().all(|refusal| refusal.reason == reason), "{refusals}");
}
