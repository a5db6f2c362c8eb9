//! What holds for any documents.

use std::{collections::BTreeMap, fs, path::Path};

use openapi_diff::Report;
use openapi_document::Document;
use proptest::prelude::*;
use serde_json::Value;

use crate::fixture;

fn between(old: &Document, new: &Document) -> Report {
    openapi_diff::diff(old, new, &BTreeMap::new())
}

/// Fixtures, the cases of `openapi-lower`, and public documents where they are at hand: those are
/// others' and can't be part of this repository.
fn documents() -> Vec<(String, Document)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let folders =
        ["tests/fixtures", "crates/openapi-lower/tests/cases", "../shared/corpus/openapi-3.1"];
    let mut documents = Vec::new();
    for folder in folders {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            let Ok(text) = fs::read_to_string(&path) else { continue };
            // Cases of documents that aren't OpenAPI have nothing to compare.
            if let Ok(document) = Document::parse_lenient(&text) {
                documents.push((path.display().to_string(), document));
            }
        }
    }
    documents
}

/// The same document with the members of every object in another order.
fn shuffled(value: &Value, seed: &mut u64) -> Value {
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map.iter().collect();
            for last in (1..members.len()).rev() {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let other = usize::try_from(*seed >> 33).unwrap() % (last + 1);
                members.swap(last, other);
            }
            members.into_iter().map(|(key, value)| (key.clone(), shuffled(value, seed))).collect()
        }
        Value::Array(items) => items.iter().map(|item| shuffled(item, seed)).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_document_is_what_it_is() {
    let documents = documents();
    assert!(documents.len() >= 15, "{}", documents.len());
    for (name, document) in &documents {
        assert_eq!(between(document, document).changes, [], "{name}");
    }
    println!("{} documents", documents.len());
}

#[test]
fn the_order_of_keys_means_nothing() {
    for (name, document) in documents() {
        let mut seed = 7;
        let text = shuffled(document.root(), &mut seed).to_string();
        let shuffled = Document::parse_lenient(&text).unwrap();
        assert_eq!(between(&document, &shuffled).changes, [], "{name}");
        assert_eq!(between(&shuffled, &document).changes, [], "{name}");
    }
}

/// What a kind of change becomes when old and new are swapped.
const OPPOSITES: &[(&[&str], &[&str])] = &[
    (&["operation-removed"], &["operation-added"]),
    (&["parameter-removed"], &["parameter-added", "required-parameter-added"]),
    (&["body-removed"], &["body-added", "required-body-added"]),
    (&["success-removed"], &["success-added"]),
    (&["success-body-removed"], &["success-body-added"]),
    (&["error-body-removed"], &["error-body-added"]),
    (&["error-status-removed"], &["error-status-added"]),
    (
        &["request-property-removed", "response-property-removed"],
        &["request-property-added", "request-required-property-added", "response-property-added"],
    ),
    (&["request-enum-value-removed", "response-enum-value-removed"], &["enum-value-added"]),
    (
        &["request-union-variant-removed", "response-union-variant-removed"],
        &["union-variant-added"],
    ),
    (
        &["request-additional-properties-removed", "response-additional-properties-removed"],
        &["additional-properties-added"],
    ),
    (
        &["request-null-forbidden", "response-null-forbidden"],
        &["request-null-allowed", "response-null-allowed"],
    ),
    (&["operation-undeprecated"], &["operation-deprecated"]),
    (&["property-undeprecated"], &["property-deprecated"]),
];

/// Takes something away: an operation, a parameter, a property, a value, a member.
fn without(document: &Value, choice: usize) -> Option<Value> {
    let mut places = Vec::new();
    removable(document, &mut Vec::new(), &mut places);
    let place = places.get(choice % places.len().max(1))?.clone();
    let (last, parent) = place.split_last()?;
    let mut changed = document.clone();
    let parent = parent.iter().try_fold(&mut changed, |value, key| match value {
        Value::Object(map) => map.get_mut(key),
        Value::Array(items) => items.get_mut(key.parse::<usize>().ok()?),
        _ => None,
    })?;
    match parent {
        Value::Object(map) => {
            map.remove(last);
        }
        Value::Array(items) => {
            items.remove(last.parse().ok()?);
        }
        _ => return None,
    }
    Some(changed)
}

fn removable(value: &Value, at: &mut Vec<String>, places: &mut Vec<Vec<String>>) {
    let parent = at.last().map(String::as_str).unwrap_or_default();
    let within =
        ["properties", "parameters", "enum", "oneOf", "anyOf", "responses"].contains(&parent);
    let is_path = at.len() == 2 && at[0] == "paths";
    let mut child = |key: String, value: &Value, at: &mut Vec<String>| {
        at.push(key.clone());
        if within
            || is_path
            || ["nullable", "deprecated", "requestBody", "additionalProperties"]
                .contains(&key.as_str())
        {
            places.push(at.clone());
        }
        removable(value, at, places);
        at.pop();
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| child(key.clone(), value, at)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(at_index, item)| child(at_index.to_string(), item, at));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Swapping old and new turns what came into what went.
    #[test]
    fn there_and_back(choices in prop::collection::vec(any::<usize>(), 1..6)) {
        let document = fixture("1.8.7");
        let mut changed = document.root().clone();
        for choice in choices {
            if let Some(next) = without(&changed, choice) {
                changed = next;
            }
        }
        let changed = Document::parse_lenient(&changed.to_string()).unwrap();
        let (there, back) = (between(&document, &changed), between(&changed, &document));
        let count = |report: &Report, kinds: &[&str]| {
            report.changes.iter().filter(|change| kinds.contains(&change.rule.name)).count()
        };
        for (gone, come) in OPPOSITES {
            prop_assert_eq!(count(&there, gone), count(&back, come), "{:?}\n{:#?}\n{:#?}", gone, &there, &back);
            prop_assert_eq!(count(&there, come), count(&back, gone), "{:?}\n{:#?}\n{:#?}", come, &there, &back);
        }
    }
}
