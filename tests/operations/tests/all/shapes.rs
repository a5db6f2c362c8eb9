//! Every schema that has a type: JSON → Rust → JSON, and what a newer server may send.

use openapi_document::Pointer;
use openapi_mock::{Api, Fill};
use operations::shapes;
use serde_json::{Value, json};

use crate::normal::difference;

fn api() -> Api {
    Api::parse(include_str!("../../../../spec/openapi.yaml")).expect("the document")
}

#[test]
fn instances_come_back_unchanged() {
    let api = api();
    let (mut schemas, mut instances) = (0, 0);
    for (schema, again) in shapes() {
        schemas += 1;
        for seed in 0..20 {
            for fill in [Fill::Minimal, Fill::Full] {
                let sent = api.instances().of(schema, seed, fill).expect(schema);
                let read =
                    again(&sent).unwrap_or_else(|error| panic!("#{schema}: {error}: {sent}"));
                if let Some(difference) = difference(&sent, &read, "") {
                    panic!("#{schema}, seed {seed}, {fill:?}: {difference}");
                }
                instances += 1;
            }
        }
    }
    println!("{instances} instances of {schemas} schemas");
    assert!(schemas > 100);
}

/// Each variant of each union, with one tag on the wire and none lost.
#[test]
fn every_variant_comes_back_with_its_tag() {
    let api = api();
    let document = api.document();
    let mut variants = 0;
    for (union, again) in shapes() {
        let Some(discriminator) = document.at(&format!("{union}/discriminator")) else { continue };
        let tag = discriminator.text("propertyName").expect("a property");
        for (value, target) in discriminator.get("mapping").expect("a mapping").members() {
            let target = document.target(target.value.as_str().expect("a reference"));
            let target = target.expect("a schema").pointer;
            for seed in 0..5 {
                let mut sent = api.instances().of(&target, seed, Fill::Full).expect("an instance");
                sent[tag] = json!(value);
                // The tag last, then first.
                let map = sent.as_object_mut().expect("an object");
                let tagged = map.shift_remove(tag).expect("the tag");
                let mut first = serde_json::Map::from_iter([(tag.to_owned(), tagged.clone())]);
                first.extend(map.clone());
                map.insert(tag.to_owned(), tagged);
                for sent in [sent, Value::Object(first)] {
                    let read = again(&sent).expect(value);
                    assert_eq!(difference(&sent, &read, ""), None, "{union} {value}");
                    assert_eq!(
                        read.to_string().matches(&format!("\"{tag}\":\"{value}\"")).count(),
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

/// What a newer server may send: a value, a tag, a member that this crate doesn't know.
#[test]
fn what_is_new_is_read_and_kept() {
    let api = api();
    let document = api.document();
    let (mut values, mut tags, mut members) = (0, 0, 0);
    for (schema, again) in shapes() {
        let instance = api.instances().traced(schema, 1, Fill::Full).expect(schema);
        for (place, owner) in &instance.trace {
            let at = document.at(owner).expect("a schema");
            let is_text = |value: &Value| value.is_string();
            if at.value.get("enum").and_then(|list| list.get(0)).is_some_and(is_text) {
                let mut newer = instance.value.clone();
                *newer.pointer_mut(place).expect("a place") = json!("brand_new");
                let read =
                    again(&newer).unwrap_or_else(|error| panic!("#{schema}{place}: {error}"));
                assert_eq!(read.pointer(place), Some(&json!("brand_new")), "#{schema}{place}");
                values += 1;
            }
            if let Some(tag) = at.value.pointer("/discriminator/propertyName") {
                let tag = tag.as_str().expect("a property");
                let mut newer = instance.value.clone();
                newer.pointer_mut(place).expect("a place")[tag] = json!("brand_new");
                let read =
                    again(&newer).unwrap_or_else(|error| panic!("#{schema}{place}: {error}"));
                assert_eq!(read.pointer(place), newer.pointer(place), "an unknown tag is kept");
                tags += 1;
            }
            if instance.value.pointer(place).is_some_and(Value::is_object) {
                let mut newer = instance.value.clone();
                newer.pointer_mut(place).expect("a place")[Pointer::escape("brand/new")] =
                    json!({ "a": 1 });
                again(&newer).unwrap_or_else(|error| panic!("#{schema}{place}: {error}"));
                members += 1;
            }
        }
    }
    println!("{values} values, {tags} tags, {members} members");
    assert!(values > 100 && tags > 10 && members > 100);
}
