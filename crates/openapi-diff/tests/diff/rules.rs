//! The rules, each with a pair of documents.

use std::collections::BTreeSet;

use openapi_diff::rules::ALL;

use crate::{compare_sides, read_pairs};

const PAIRS: &str = include_str!("pairs.yaml");

#[test]
fn every_rule_has_a_pair_and_every_pair_a_rule() {
    let rules: BTreeSet<&str> = ALL.iter().map(|rule| rule.name).collect();
    assert_eq!(rules.len(), ALL.len(), "rule names are unique");
    let pairs = read_pairs(PAIRS);
    let pairs: BTreeSet<&str> = pairs.keys().map(String::as_str).collect();
    assert_eq!(pairs, rules);
}

#[test]
fn every_pair_has_exactly_the_change_of_its_rule() {
    for (name, pair) in read_pairs(PAIRS) {
        let report = compare_sides(&pair);
        let kinds: Vec<&str> = report.changes.iter().map(|change| change.rule.name).collect();
        assert_eq!(kinds, [name.as_str()], "{report:#?}");
        let [change] = report.changes.as_slice() else { unreachable!() };
        assert_eq!((change.wire, change.rust), (change.rule.wire, change.rule.rust), "{name}");
        assert_eq!((report.wire(), report.rust()), (change.wire, change.rust), "{name}");
        let expected = if name == "info-changed" { 0 } else { 1 };
        assert_eq!(change.operations.len(), expected, "{name}");
    }
}

#[test]
fn pointers_of_changes_resolve() {
    for (name, pair) in read_pairs(PAIRS) {
        let sides = [crate::document(&pair["old"]), crate::document(&pair["new"])];
        for change in compare_sides(&pair).changes {
            assert!(change.old_pointer.is_some() || change.new_pointer.is_some(), "{name}");
            for (pointer, document) in
                [&change.old_pointer, &change.new_pointer].into_iter().zip(&sides)
            {
                let Some(pointer) = pointer else { continue };
                // The pointer of an absent keyword has no value, but its parent has.
                let mut segments = pointer.segments().to_vec();
                let resolves = |segments: &[String]| {
                    openapi_document::Pointer::from_segments(segments.to_vec())
                        .resolve(document)
                        .is_some()
                };
                if !resolves(&segments) {
                    segments.pop();
                }
                assert!(resolves(&segments), "{name}: {pointer}");
            }
        }
    }
}

#[test]
fn severities_are_those_of_the_specification() {
    let table = [
        ("operation-removed", "major", "major"),
        ("operation-added", "none", "minor"),
        ("operation-renamed", "none", "major"),
        ("schema-renamed", "none", "major"),
        ("path-parameter-renamed", "none", "major"),
        ("type-renamed", "none", "major"),
        ("required-parameter-added", "major", "major"),
        ("request-required-property-added", "major", "major"),
        ("required-body-added", "major", "major"),
        ("parameter-required", "major", "major"),
        ("request-property-required", "major", "major"),
        ("parameter-added", "none", "minor"),
        ("request-property-added", "none", "minor"),
        ("parameter-removed", "minor", "major"),
        ("request-property-removed", "minor", "major"),
        ("request-property-optional", "none", "major"),
        ("parameter-optional", "none", "minor"),
        ("response-property-removed", "major", "major"),
        ("response-property-optional", "major", "major"),
        ("response-null-allowed", "major", "major"),
        ("type-changed", "major", "major"),
        ("response-property-added", "none", "minor"),
        ("response-property-required", "none", "major"),
        ("response-defaulted-property-required", "none", "none"),
        ("enum-value-added", "none", "minor"),
        ("union-variant-added", "none", "minor"),
        ("request-enum-value-removed", "major", "major"),
        ("response-enum-value-removed", "none", "major"),
        ("request-union-variant-removed", "major", "major"),
        ("response-union-variant-removed", "none", "major"),
        ("number-format-changed", "none", "major"),
        ("request-constraint-tightened", "major", "patch"),
        ("default-changed", "minor", "patch"),
        ("body-kind-changed", "major", "major"),
        ("body-media-type-changed", "major", "none"),
        ("response-kind-changed", "major", "major"),
        ("response-media-type-changed", "major", "none"),
        ("success-status-changed", "none", "none"),
        ("error-status-added", "none", "none"),
        ("error-body-added", "none", "minor"),
        ("host-changed", "major", "none"),
        ("operation-path-changed", "major", "none"),
        ("auth-changed", "major", "none"),
        ("operation-deprecated", "none", "minor"),
        ("prose-changed", "none", "patch"),
    ];
    for (name, wire, rust) in table {
        let rule = ALL.iter().find(|rule| rule.name == name).unwrap();
        assert_eq!(
            (rule.wire.to_string(), rule.rust.to_string()),
            (wire.into(), rust.into()),
            "{name}"
        );
    }
}
