//! Comparison of an operation with documentation that shows it.

use openapi_diff::{Change, compare_operation, list_operations};
use serde_json::{Map, Value};

use crate::read_pairs;

const PAIRS: &str = include_str!("documentation.yaml");

/// The changes of the only operation between the two sides of a pair.
fn changes(pair: &Value) -> Vec<Change> {
    let [document, shown] = ["old", "new"].map(|side| crate::document(&pair[side]));
    let (one, other) = (list_operations(&document), list_operations(&shown));
    compare_operation((&document, &one[0]), (&shown, &other[0])).changes
}

#[test]
fn changes_have_their_exact_locations() {
    for (name, pair) in read_pairs(PAIRS) {
        let changes = changes(&pair);
        let expected: &Map<String, Value> = pair["changes"].as_object().unwrap();
        let found: Map<String, Value> = changes
            .iter()
            .map(|change| {
                let location = |exact: &Option<_>, pointer: &Option<_>| {
                    let location: Option<&openapi_document::Pointer> =
                        exact.as_ref().or(pointer.as_ref());
                    Value::from(location.map(ToString::to_string))
                };
                let locations = vec![
                    location(&change.old_location, &change.old_pointer),
                    location(&change.new_location, &change.new_pointer),
                ];
                (change.rule.name.to_owned(), Value::from(locations))
            })
            .collect();
        assert_eq!(&found, expected, "{name}: {changes:#?}");
        let values = |change: &Change| change.old_value != change.new_value;
        assert!(
            changes.iter().all(|change| values(change) || change.old_value.is_none()),
            "{name}"
        );
    }
}

#[test]
fn formats_are_compared_as_written() {
    let pair = |old: &str, new: &str| {
        let side = |format: &str| serde_json::json!({ "response": { "type": "string", "format": format } });
        serde_json::json!({ "old": side(old), "new": side(new) })
    };
    assert_eq!(changes(&pair("email", "email")), []);
    let changes = changes(&pair("email", "uri"));
    let values = (changes[0].old_value.as_deref(), changes[0].new_value.as_deref());
    assert_eq!((changes.len(), values), (1, (Some("string (email)"), Some("string (uri)"))));
}
