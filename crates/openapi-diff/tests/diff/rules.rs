//! Every rule has a pair of documents that shows it.

use std::collections::BTreeSet;

use openapi_diff::rules::ALL;

use crate::{compared, pairs};

const PAIRS: &str = include_str!("pairs.yaml");

#[test]
fn every_rule_has_a_pair_and_every_pair_a_rule() {
    let rules: BTreeSet<&str> = ALL.iter().map(|rule| rule.name).collect();
    assert_eq!(rules.len(), ALL.len(), "two rules have one name");
    let pairs = pairs(PAIRS);
    let pairs: BTreeSet<&str> = pairs.keys().map(String::as_str).collect();
    assert_eq!(pairs, rules);
}

#[test]
fn every_pair_shows_its_rule_and_nothing_else() {
    for (name, pair) in pairs(PAIRS) {
        let report = compared(&pair);
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
fn every_place_leads_somewhere() {
    for (name, pair) in pairs(PAIRS) {
        let sides = [crate::document(&pair["old"]), crate::document(&pair["new"])];
        for change in compared(&pair).changes {
            assert!(change.old.is_some() || change.new.is_some(), "{name}");
            for (place, document) in [&change.old, &change.new].into_iter().zip(&sides) {
                let Some(place) = place else { continue };
                // What isn't said has the place where it would be.
                let mut segments = place.segments().to_vec();
                let found = |segments: &[String]| {
                    openapi_document::Pointer::of(segments.to_vec()).resolve(document).is_some()
                };
                if !found(&segments) {
                    segments.pop();
                }
                assert!(found(&segments), "{name}: {place}");
            }
        }
    }
}

/// The severities of the principles, by hand, for what the table of issue 6 says in as many words.
#[test]
fn severities_are_those_of_the_principles() {
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
