//! Properties that hold for all documents.

use std::{collections::BTreeMap, fs, path::Path};

use openapi_diff::Report;
use openapi_document::Document;
use proptest::prelude::*;
use serde_json::Value;

use crate::read_fixture;

fn compare(old: &Document, new: &Document) -> Report {
    openapi_diff::diff(old, new, &BTreeMap::new())
}

/// The fixtures, the cases of `openapi-lower`, and the corpus of public documents if it is present:
/// their licences don't allow to include them in this repository.
fn read_documents() -> Vec<(String, Document)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let folders =
        ["tests/fixtures", "crates/openapi-lower/tests/cases", "../shared/corpus/openapi-3.1"];
    let mut documents = Vec::new();
    for folder in folders {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            let Ok(text) = fs::read_to_string(&path) else { continue };
            // Some cases aren't OpenAPI documents.
            if let Ok(document) = Document::parse_lenient(&text) {
                documents.push((path.display().to_string(), document));
            }
        }
    }
    documents
}

/// The same value with the keys of every object in another order.
fn shuffle(value: &Value, seed: &mut u64) -> Value {
    match value {
        Value::Object(map) => {
            let mut members: Vec<_> = map.iter().collect();
            for last in (1..members.len()).rev() {
                *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let other = usize::try_from(*seed >> 33).unwrap() % (last + 1);
                members.swap(last, other);
            }
            members.into_iter().map(|(key, value)| (key.clone(), shuffle(value, seed))).collect()
        }
        Value::Array(items) => items.iter().map(|item| shuffle(item, seed)).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_document_has_no_changes_to_itself() {
    let documents = read_documents();
    assert!(documents.len() >= 15, "{}", documents.len());
    for (name, document) in &documents {
        assert_eq!(compare(document, document).changes, [], "{name}");
    }
    println!("{} documents", documents.len());
}

#[test]
fn the_order_of_keys_is_no_change() {
    for (name, document) in read_documents() {
        let mut seed = 7;
        let text = shuffle(document.root(), &mut seed).to_string();
        let shuffled = Document::parse_lenient(&text).unwrap();
        assert_eq!(compare(&document, &shuffled).changes, [], "{name}");
        assert_eq!(compare(&shuffled, &document).changes, [], "{name}");
    }
}

/// Kinds of changes that become each other when old and new are swapped.
const OPPOSITES: &[(&[&str], &[&str])] = &[
    (&["operation-removed"], &["operation-added"]),
    (&["parameter-removed"], &["parameter-added", "required-parameter-added"]),
    (&["body-removed"], &["body-added", "required-body-added"]),
    (&["success-removed"], &["success-added"]),
    (&["success-body-removed"], &["success-body-added"]),
    (&["error-body-removed"], &["error-body-added"]),
    (&["error-status-removed"], &["error-status-added"]),
    (
        &[
            "request-property-removed",
            "request-property-forbidden",
            "response-property-removed",
            "response-optional-property-removed",
        ],
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

/// Removes an operation, a parameter, a property, an enum value or a union member.
fn remove_element(document: &Value, choice: usize) -> Option<Value> {
    let mut paths = Vec::new();
    find_removable(document, &mut Vec::new(), &mut paths);
    let path = paths.get(choice % paths.len().max(1))?.clone();
    let (last, parent) = path.split_last()?;
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

/// Collects the paths of the elements that [`remove_element`] may remove.
fn find_removable(value: &Value, path: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let parent = path.last().map(String::as_str).unwrap_or_default();
    let is_list_of_elements =
        ["properties", "parameters", "enum", "oneOf", "anyOf", "responses"].contains(&parent);
    let is_path_item = path.len() == 2 && path[0] == "paths";
    let mut visit = |key: String, value: &Value, path: &mut Vec<String>| {
        path.push(key.clone());
        if is_list_of_elements
            || is_path_item
            || ["nullable", "deprecated", "requestBody", "additionalProperties"]
                .contains(&key.as_str())
        {
            paths.push(path.clone());
        }
        find_removable(value, path, paths);
        path.pop();
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| visit(key.clone(), value, path)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| visit(index.to_string(), item, path));
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn swapped_documents_have_opposite_changes(choices in prop::collection::vec(any::<usize>(), 1..6)) {
        let document = read_fixture("1.8.7");
        let mut changed = document.root().clone();
        for choice in choices {
            if let Some(next) = remove_element(&changed, choice) {
                changed = next;
            }
        }
        let changed = Document::parse_lenient(&changed.to_string()).unwrap();
        let (forward, backward) =
            (compare(&document, &changed), compare(&changed, &document));
        let count = |report: &Report, kinds: &[&str]| {
            report.changes.iter().filter(|change| kinds.contains(&change.rule.name)).count()
        };
        for (one, other) in OPPOSITES {
            prop_assert_eq!(count(&forward, one), count(&backward, other), "{:?}\n{:#?}\n{:#?}", one, &forward, &backward);
            prop_assert_eq!(count(&forward, other), count(&backward, one), "{:?}\n{:#?}\n{:#?}", other, &forward, &backward);
        }
    }
}
