//! Pairs of documents whose verdicts were wrong once.

use std::{collections::BTreeMap, fs};

use openapi_diff::Severity;
use openapi_document::Document;

/// The verdicts of a pair, for programs and for source code: any of the listed ones is right.
type Expected = (&'static str, Severity, &'static [Severity]);

use Severity::{Major, Minor, None, Patch};

const PAIRS: [Expected; 16] = [
    ("closed-union-variant-added", None, &[Minor]),
    ("response-int32-to-int64", Major, &[Major]),
    ("request-required-undescribed", Major, &[Major]),
    ("request-int-to-int-or-string", None, &[Major]),
    ("request-int-to-number", None, &[Major]),
    ("response-type-list-narrowed", None, &[Major]),
    ("request-string-to-any", None, &[Major]),
    ("response-optional-to-nullable", None, &[Major, None]),
    ("multipart-encoding", Major, &[Major]),
    ("operation-id-spelling", None, &[None, Patch]),
    ("error-json-to-problem-json", None, &[None, Patch]),
    ("read-only-required-added-30", None, &[Minor, Major]),
    ("field-becomes-boxed", None, &[Minor, Major]),
    ("builder-loses-clone", None, &[Minor, Major]),
    ("map-field-renamed", None, &[Minor, Major]),
    ("second-tag-for-a-member", None, &[Minor, Major]),
];

#[test]
fn pairs_have_their_verdicts() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diff/faults");
    for (name, wire, rust) in PAIRS {
        let read = |side: &str| {
            let text = fs::read_to_string(format!("{folder}/{name}.{side}.yaml")).unwrap();
            Document::parse(&text).unwrap()
        };
        let report = openapi_diff::diff(&read("old"), &read("new"), &BTreeMap::new());
        assert_eq!(report.wire(), wire, "{name}: {report:#?}");
        assert!(rust.contains(&report.rust()), "{name}: {report:#?}");
    }
}
