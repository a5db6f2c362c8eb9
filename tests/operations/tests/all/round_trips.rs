//! Round trips of every schema with a Rust type, JSON → Rust → JSON, with values of this version
//! and of later ones.

use openapi_document::Pointer;
use openapi_mock::{Api, Fill};
use operations::schema_types;
use serde_json::{Value, json};

use crate::json_difference::difference;

fn api() -> Api {
    Api::parse(include_str!("../../../../spec/openapi.yaml")).expect("the document")
}

#[test]
fn instances_are_unchanged() {
    let api = api();
    let (mut schemas, mut instances) = (0, 0);
    for (schema, round_trip) in schema_types() {
        schemas += 1;
        for seed in 0..20 {
            for fill in [Fill::Minimal, Fill::Full] {
                let sent = api.instances().generate(schema, seed, fill).expect(schema);
                let received =
                    round_trip(&sent).unwrap_or_else(|error| panic!("#{schema}: {error}: {sent}"));
                if let Some(difference) = difference(&sent, &received, "") {
                    panic!("#{schema}, seed {seed}, {fill:?}: {difference}");
                }
                instances += 1;
            }
        }
    }
    println!("{instances} instances of {schemas} schemas");
    assert!(schemas > 100);
}

#[test]
fn every_variant_has_its_tag_exactly_once() {
    let api = api();
    let document = api.document();
    let mut variants = 0;
    for (union, round_trip) in schema_types() {
        let Some(discriminator) = document.node_at(&format!("{union}/discriminator")) else {
            continue;
        };
        let tag = discriminator.text("propertyName").expect("a property");
        for (value, target) in discriminator.get("mapping").expect("a mapping").members() {
            let target = document.target(target.value.as_str().expect("a reference"));
            let target = target.expect("a schema").pointer;
            for seed in 0..5 {
                let mut sent =
                    api.instances().generate(&target, seed, Fill::Full).expect("an instance");
                sent[tag] = json!(value);
                // With the tag as the last property, then as the first.
                let map = sent.as_object_mut().expect("an object");
                let tagged = map.shift_remove(tag).expect("the tag");
                let mut first = serde_json::Map::from_iter([(tag.to_owned(), tagged.clone())]);
                first.extend(map.clone());
                map.insert(tag.to_owned(), tagged);
                for sent in [sent, Value::Object(first)] {
                    let received = round_trip(&sent).expect(value);
                    assert_eq!(difference(&sent, &received, ""), None, "{union} {value}");
                    assert_eq!(
                        received.to_string().matches(&format!("\"{tag}\":\"{value}\"")).count(),
                        1
                    );
                }
            }
            variants += 1;
        }
    }
    println!("{variants} variants");
    assert!(variants > 40);
}

/// A later version of the API may add enum values, variants and properties.
#[test]
fn unknown_enum_values_tags_and_properties_are_decoded() {
    let api = api();
    let document = api.document();
    let (mut values, mut tags, mut properties) = (0, 0, 0);
    for (schema, round_trip) in schema_types() {
        let instance = api.instances().generate_traced(schema, 1, Fill::Full).expect(schema);
        for (pointer, schema_pointer) in &instance.trace {
            let at = document.node_at(schema_pointer).expect("a schema");
            let is_text = |value: &Value| value.is_string();
            if at.value.get("enum").and_then(|list| list.get(0)).is_some_and(is_text) {
                let mut newer = instance.value.clone();
                *newer.pointer_mut(pointer).expect("a value") = json!("brand_new");
                let received = round_trip(&newer)
                    .unwrap_or_else(|error| panic!("#{schema}{pointer}: {error}"));
                assert_eq!(
                    received.pointer(pointer),
                    Some(&json!("brand_new")),
                    "#{schema}{pointer}"
                );
                values += 1;
            }
            if let Some(tag) = at.value.pointer("/discriminator/propertyName") {
                let tag = tag.as_str().expect("a property");
                let mut newer = instance.value.clone();
                newer.pointer_mut(pointer).expect("a value")[tag] = json!("brand_new");
                let received = round_trip(&newer)
                    .unwrap_or_else(|error| panic!("#{schema}{pointer}: {error}"));
                assert_eq!(received.pointer(pointer), newer.pointer(pointer), "unchanged");
                tags += 1;
            }
            if instance.value.pointer(pointer).is_some_and(Value::is_object) {
                let mut newer = instance.value.clone();
                newer.pointer_mut(pointer).expect("a value")[Pointer::escape("brand/new")] =
                    json!({ "a": 1 });
                round_trip(&newer).unwrap_or_else(|error| panic!("#{schema}{pointer}: {error}"));
                properties += 1;
            }
        }
    }
    println!("{values} values, {tags} tags, {properties} properties");
    assert!(values > 100 && tags > 10 && properties > 100);
}
