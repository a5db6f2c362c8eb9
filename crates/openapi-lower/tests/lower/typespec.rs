//! Documents that TypeSpec emits for one API in OpenAPI 3.0 and 3.1 lower to the same.
//!
//! The documents belong to others and aren't in this repository: the test is skipped without them.

use std::{fs, path::Path};

use openapi_lower::{Document, to_openapi_30};
use serde_json::Value;

/// Collects the differences of two documents.
fn collect_differences(left: &Value, right: &Value, at: &str, differences: &mut Vec<String>) {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let keys = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key)));
            for key in keys {
                let (left, right) = (left.get(key), right.get(key));
                let null = Value::Null;
                let at = format!("{at}/{key}");
                collect_differences(
                    left.unwrap_or(&null),
                    right.unwrap_or(&null),
                    &at,
                    differences,
                );
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                collect_differences(left, right, &format!("{at}/{index}"), differences);
            }
        }
        _ if left == right => {}
        _ => differences.push(format!("{at}: 3.1 {left}, 3.0 {right}")),
    }
}

#[test]
fn typespec_3_1_and_3_0_documents_lower_to_the_same() {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/typespec-pairs");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("skipped: {} not found", folder.display());
        return;
    };
    let mut differences = Vec::new();
    let mut compared = 0;
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(base) = name.strip_suffix(".3.1.0.yaml") else { continue };
        let lowered = |path: &Path| {
            let document = Document::parse(&fs::read_to_string(path).unwrap()).unwrap();
            to_openapi_30(&document).unwrap()
        };
        let newer = lowered(&path);
        let older = lowered(&folder.join(format!("{base}.3.0.0.yaml")));
        collect_differences(&newer, &older, base, &mut differences);
        compared += 1;
    }
    assert_eq!(compared, 6);
    let unexplained: Vec<_> = differences
        .iter()
        .filter(|difference| !EXPLAINED.iter().any(|(part, _)| difference.contains(part)))
        .collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    for (part, reason) in EXPLAINED {
        assert!(differences.iter().any(|difference| difference.contains(part)), "{reason}");
    }
}

/// Expected differences, and why they have the same meaning.
const EXPLAINED: [(&str, &str); 4] = [
    ("/format: 3.1 \"byte\", 3.0 \"base64", "`contentEncoding` is the format `byte` in 3.0"),
    ("/format: 3.1 null, 3.0 \"binary\"", "a part without a type is bytes in 3.1"),
    (
        "/type: 3.1 null, 3.0 \"string\"",
        "bytes of a part are a `string` in 3.0; see also the next entry",
    ),
    ("/color/", "`allOf` of a type and a pattern is a type with a pattern"),
];
