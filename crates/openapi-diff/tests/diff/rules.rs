//! The rules, each with a pair of documents.

use std::collections::BTreeSet;

use openapi_diff::rules::ALL;

use crate::{compare_sides, read_pairs};

const PAIRS: &str = include_str!("pairs.yaml");
/// The rules of the document itself, whose changes have no operation.
const OF_THE_DOCUMENT: [&str; 1] = ["info-changed"];

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
        assert_eq!(change.wire, change.rule.wire, "{name}");
        assert_eq!((report.wire(), report.rust()), (change.wire, change.rust), "{name}");
        let expected = usize::from(!OF_THE_DOCUMENT.contains(&name.as_str()));
        assert_eq!(change.operations.len(), expected, "{name}: operations of the change");
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

/// Reviewed: for programs by the rules, for source code by Cargo's.
#[test]
fn verdicts_of_all_pairs() {
    let mut lines = Vec::new();
    for (name, pair) in read_pairs(PAIRS) {
        for change in compare_sides(&pair).changes {
            lines.push(format!("{name}: wire {}, rust {}", change.wire, change.rust));
            let items = change.items.iter();
            lines.extend(
                items.map(|item| format!("  {} {}: {}", item.severity, item.path, item.message)),
            );
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}
